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
    option::{ROWS, plain::Plain},
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
        for (row, value) in self.options() {
            let plain = (row.plain.read)(value).ok_or_else(|| serde::ser::Error::custom(row.name))?;
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
                BIND => builder.bind = map.next_value::<Endpoints>()?.into(),
                CONNECT => builder.connect = map.next_value::<Endpoints>()?.into(),
                MECHANISM => builder.mechanism = map.next_value()?,
                option => {
                    let (place, row) = ROWS
                        .iter()
                        .enumerate()
                        .find(|(_, row)| row.name == option && row.buildable && (row.takers)(&S::KIND))
                        .ok_or_else(|| A::Error::custom(format_args!("a {} has no option `{option}`", S::KIND.socket_type)))?;
                    let value = (row.plain.write)(map.next_value::<Plain>()?)
                        .map_err(|why| A::Error::custom(format_args!("{option}: {why}")))?;
                    builder.options.insert(place, value);
                }
            }
        }
        Ok(builder)
    }
}

/// One endpoint, or a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Endpoints {
    One(Endpoint),
    Many(Vec<Endpoint>),
}

impl From<Endpoints> for Vec<Endpoint> {
    fn from(endpoints: Endpoints) -> Self {
        match endpoints {
            Endpoints::One(endpoint) => vec![endpoint],
            Endpoints::Many(endpoints) => endpoints,
        }
    }
}
