//! Endpoints in configuration files: text, or as in 0.2 a map of the transport to the address.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use super::Endpoint;

/// The text of an endpoint before it is parsed.
pub(crate) struct EndpointText(pub(crate) String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Text(String),
    Map(BTreeMap<String, String>),
}

impl<'de> Deserialize<'de> for EndpointText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "expected `transport://address`, or `transport: address`";

        let map = match Form::deserialize(deserializer).map_err(|_| D::Error::custom(EXPECTED))? {
            Form::Text(text) => return Ok(Self(text)),
            Form::Map(map) => map,
        };
        let mut entries = map.into_iter();
        match (entries.next(), entries.next()) {
            (Some((transport, address)), None) => Ok(Self(format!("{transport}://{address}"))),
            _ => Err(D::Error::custom(EXPECTED)),
        }
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EndpointText::deserialize(deserializer)?.0.parse().map_err(D::Error::custom)
    }
}
