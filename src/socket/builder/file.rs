//! The builder as a configuration file.

use std::{collections::BTreeMap, fmt, marker::PhantomData, time::Duration};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::Builder;
use crate::{
    addr::{Endpoint, EndpointText},
    option::{
        ROWS, Row, SocketOption,
        file::{Plain, Written},
        opt,
    },
    socket::Socket,
};

const BIND: &str = "bind";
const CONNECT: &str = "connect";
const MECHANISM: &str = "mechanism";
const SPIN: &str = "spin";

/// Keys that configuration files of `libzmq` 0.2 have, and their present names.
mod before {
    /// The three options of a heartbeat in a map of their own.
    pub(super) const HEARTBEAT: &str = "heartbeat";
    /// The groups that a `Dish` joins.
    pub(super) const GROUPS: &str = "groups";
    /// Other names of options.
    pub(super) const OPTIONS: [(&str, &str); 3] = [
        ("send_high_water_mark", "send_hwm"),
        ("recv_high_water_mark", "recv_hwm"),
        ("no_drop", "wait_for_subscribers"),
    ];
}

impl<S: Socket> Serialize for Builder<S> {
    fn serialize<W: Serializer>(&self, serializer: W) -> Result<W::Ok, W::Error> {
        if let Some(refused) = &self.refused {
            return Err(serde::ser::Error::custom(refused));
        }
        let mut map = serializer.serialize_map(None)?;
        for (key, endpoints) in [(BIND, &self.bind), (CONNECT, &self.connect)] {
            if !endpoints.is_empty() {
                map.serialize_entry(key, endpoints)?;
            }
        }
        if let Some(mechanism) = &self.mechanism {
            map.serialize_entry(MECHANISM, mechanism)?;
        }
        if let Some(spin) = self.spin {
            map.serialize_entry(SPIN, &spin.into_plain())?;
        }
        if let Some(key) = S::INTEREST.filter(|_| !self.interests.is_empty()) {
            let interests: Vec<Plain> =
                self.interests.iter().cloned().map(Written::into_plain).collect();
            map.serialize_entry(key, &interests)?;
        }
        for (row, value) in self.options() {
            let plain =
                (row.plain.read)(value).ok_or_else(|| serde::ser::Error::custom(row.name))?;
            map.serialize_entry(row.name, &plain)?;
        }
        map.end()
    }
}

impl<'de, S: Socket> Deserialize<'de> for Builder<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<S>(PhantomData<S>);

impl<'de, S: Socket> Visitor<'de> for Entries<S> {
    type Value = Builder<S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration of a {} socket", S::KIND.socket_type)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut builder = Builder { options: BTreeMap::new(), ..Builder::default() };
        while let Some(key) = map.next_key::<String>()? {
            builder.read_entry(&key, &mut map)?;
        }
        Ok(builder)
    }
}

impl<S: Socket> Builder<S> {
    fn read_entry<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            BIND => self.bind = endpoints(map, BIND)?,
            CONNECT => self.connect = endpoints(map, CONNECT)?,
            MECHANISM => self.mechanism = value(map, MECHANISM)?,
            SPIN if S::KIND.receives => {
                if let Some(plain) = value::<A, Option<Plain>>(map, SPIN)? {
                    let expected =
                        || A::Error::custom(format_args!("{SPIN}: {}", Duration::EXPECTED));
                    self.spin = Some(Duration::from_plain(plain).ok_or_else(expected)?);
                }
            }
            before::HEARTBEAT if S::KIND.heartbeats => {
                if let Some(heartbeat) = value::<A, Option<HeartbeatEntry>>(map, key)? {
                    for (name, value) in heartbeat.options() {
                        self.set_plain(name, value).map_err(A::Error::custom)?;
                    }
                }
            }
            _ if S::INTEREST.is_some_and(|name| is_interest(key, name)) => {
                let interests: Vec<Interest> = list(map, key)?;
                self.interests = interests.into_iter().map(|Interest(bytes)| bytes).collect();
            }
            _ => {
                let name = before::OPTIONS.iter().find(|(old, _)| *old == key);
                let name = name.map_or(key, |(_, name)| *name);
                // An unknown name is the error, not the type of its value.
                Self::row(name).map_err(A::Error::custom)?;
                let plain = value(map, key)?;
                self.set_plain(name, plain).map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }

    /// Returns the option with this name, and its place in the table.
    fn row(name: &str) -> Result<(usize, &'static Row), String> {
        let known = |row: &Row| row.name == name && row.buildable && (row.takers)(&S::KIND);
        ROWS.iter()
            .enumerate()
            .find(|(_, row)| known(row))
            .ok_or_else(|| format!("a {} has no option `{name}`", S::KIND.socket_type))
    }

    /// Sets an option by its name. `None` leaves it unchanged.
    fn set_plain(&mut self, name: &str, value: Option<Plain>) -> Result<(), String> {
        let (place, row) = Self::row(name)?;
        if let Some(value) = value {
            let value = (row.plain.write)(value.clone()).map_err(|why| {
                if row.secret {
                    format!("{name}: {why}")
                } else {
                    format!("{name}: {why}, not {value}")
                }
            })?;
            self.options.insert(place, value);
        }
        Ok(())
    }
}

/// Whether the key is the socket type's key for its topics or groups.
fn is_interest(key: &str, name: &str) -> bool {
    key == name || (name == "join" && key == before::GROUPS)
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a map of `interval`, `timeout` and `ttl`, each a period with its unit"
)]
struct HeartbeatEntry {
    interval: Plain,
    timeout: Option<Plain>,
    ttl: Option<Plain>,
}

impl HeartbeatEntry {
    fn options(self) -> [(&'static str, Option<Plain>); 3] {
        [
            (opt::HeartbeatInterval::NAME, Some(self.interval)),
            (opt::HeartbeatTimeout::NAME, self.timeout),
            (opt::HeartbeatTtl::NAME, self.ttl),
        ]
    }
}

/// The value of a key, or an error that names the key.
fn value<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    key: &str,
) -> Result<T, A::Error> {
    map.next_value().map_err(|error| A::Error::custom(format_args!("{key}: {error}")))
}

fn endpoints<'de, A: MapAccess<'de>>(map: &mut A, key: &str) -> Result<Vec<Endpoint>, A::Error> {
    let parse = |EndpointText(text)| {
        Endpoint::try_from(text).map_err(|error| A::Error::custom(format_args!("{key}: {error}")))
    };
    list(map, key)?.into_iter().map(parse).collect()
}

/// One value, a list, or null.
fn list<'de, A, T>(map: &mut A, key: &str) -> Result<Vec<T>, A::Error>
where
    A: MapAccess<'de>,
    T: Deserialize<'de>,
{
    Ok(value::<A, Option<OneOrMany<T>>>(map, key)?.map_or_else(Vec::new, OneOrMany::into_vec))
}

/// One value, or a list.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected text, or a list of texts")]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// A topic or the name of a group.
struct Interest(Vec<u8>);

impl<'de> Deserialize<'de> for Interest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plain = Plain::deserialize(deserializer)?;
        Vec::from_plain(plain).map(Self).ok_or_else(|| D::Error::custom(<Vec<u8>>::EXPECTED))
    }
}
