//! The builder as a configuration file.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::Builder;
use crate::{
    addr::Endpoint,
    option::{
        ROWS,
        plain::{Plain, Written},
    },
    socket::Socket,
};

const BIND: &str = "bind";
const CONNECT: &str = "connect";
const MECHANISM: &str = "mechanism";

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
            match key.as_str() {
                BIND => builder.bind = endpoints(&mut map, BIND)?,
                CONNECT => builder.connect = endpoints(&mut map, CONNECT)?,
                MECHANISM => builder.mechanism = value(&mut map, MECHANISM)?,
                interest if Some(interest) == S::INTEREST => {
                    builder.interests = value::<A, OneOrMany<Interest>>(&mut map, interest)?
                        .into_iter()
                        .map(|Interest(bytes)| bytes)
                        .collect();
                }
                option => {
                    let (place, row) = ROWS
                        .iter()
                        .enumerate()
                        .find(|(_, row)| {
                            row.name == option && row.buildable && (row.takers)(&S::KIND)
                        })
                        .ok_or_else(|| {
                            A::Error::custom(format_args!(
                                "a {} has no option `{option}`",
                                S::KIND.socket_type
                            ))
                        })?;
                    let value = (row.plain.write)(value(&mut map, option)?)
                        .map_err(|why| A::Error::custom(format_args!("{option}: {why}")))?;
                    builder.options.insert(place, value);
                }
            }
        }
        Ok(builder)
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
    let parse = |text: String| {
        Endpoint::try_from(text).map_err(|error| A::Error::custom(format_args!("{key}: {error}")))
    };
    value::<A, OneOrMany<String>>(map, key)?.into_iter().map(parse).collect()
}

/// One thing, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_iter(self) -> impl Iterator<Item = T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
        .into_iter()
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
