//! The [`Mechanism`] in a configuration file: its name, or a map of its name to its credentials.
//! All formats can write both. YAML's tags work as well.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{EnumAccess, Error, MapAccess, VariantAccess, Visitor},
    ser::SerializeMap,
};

use super::Mechanism;

const NULL: &str = "null";
const PLAIN_CLIENT: &str = "plain_client";
const PLAIN_SERVER: &str = "plain_server";
const CURVE_CLIENT: &str = "curve_client";
const CURVE_SERVER: &str = "curve_server";
const ALL: &[&str] = &[NULL, PLAIN_CLIENT, PLAIN_SERVER, CURVE_CLIENT, CURVE_SERVER];

impl Serialize for Mechanism {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn entry<S: Serializer>(
            serializer: S,
            name: &str,
            creds: &impl Serialize,
        ) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(name, creds)?;
            map.end()
        }

        match self {
            Self::Null => serializer.serialize_str(NULL),
            Self::PlainServer => serializer.serialize_str(PLAIN_SERVER),
            Self::PlainClient(creds) => entry(serializer, PLAIN_CLIENT, creds),
            Self::CurveClient(creds) => entry(serializer, CURVE_CLIENT, creds),
            Self::CurveServer(creds) => entry(serializer, CURVE_SERVER, creds),
        }
    }
}

impl<'de> Deserialize<'de> for Mechanism {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Form)
    }
}

struct Form;

impl<'de> Visitor<'de> for Form {
    type Value = Mechanism;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}, or a map of its name to its credentials", ALL.join(", "))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Mechanism, E> {
        match name {
            NULL => Ok(Mechanism::Null),
            PLAIN_SERVER => Ok(Mechanism::PlainServer),
            PLAIN_CLIENT | CURVE_CLIENT | CURVE_SERVER => {
                Err(E::custom(format_args!("{name} needs its credentials")))
            }
            _ => Err(E::unknown_variant(name, ALL)),
        }
    }

    fn visit_unit<E>(self) -> Result<Mechanism, E> {
        Ok(Mechanism::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mechanism, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(A::Error::custom("the mechanism is missing"));
        };
        let mechanism = match name.as_str() {
            PLAIN_CLIENT => Mechanism::PlainClient(map.next_value()?),
            CURVE_CLIENT => Mechanism::CurveClient(map.next_value()?),
            CURVE_SERVER => Mechanism::CurveServer(map.next_value()?),
            _ => return Err(A::Error::unknown_variant(&name, ALL)),
        };
        match map.next_key::<String>()? {
            None => Ok(mechanism),
            Some(other) => {
                Err(A::Error::custom(format_args!("a mechanism besides {name}: {other}")))
            }
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Mechanism, A::Error> {
        let (name, value) = tagged.variant::<String>()?;
        match name.as_str() {
            PLAIN_CLIENT => value.newtype_variant().map(Mechanism::PlainClient),
            CURVE_CLIENT => value.newtype_variant().map(Mechanism::CurveClient),
            CURVE_SERVER => value.newtype_variant().map(Mechanism::CurveServer),
            _ => {
                value.unit_variant()?;
                self.visit_str(&name)
            }
        }
    }
}
