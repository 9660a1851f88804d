//! Option values in configuration files: numbers, text and booleans, as people write them.

use std::{fmt, time::Duration};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{SeqAccess, Visitor},
};

use super::{
    codec::Codec,
    period,
    value::{GssapiNameType, HighWaterMark, NormCongestionControl, ReconnectStop, RouterNotify},
};
use crate::{
    addr::Endpoint,
    poll::Trigger,
    socket::kind::SocketType,
    util::Period::{self, Finite, Infinite},
};

/// The word for "no limit" and "infinite".
const INFINITE: &str = "infinite";

/// The word for `None`: off, or the system's choice.
const NONE: &str = "none";

/// A value in a configuration file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Plain {
    Flag(bool),
    Number(u64),
    Text(String),
    Bytes(Vec<u8>),
    /// A value that no option accepts, with the text of the file.
    Other(String),
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => write!(f, "{bytes:?}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

/// Accepts any value of the file. The option checks it.
struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false, a number, text, or a list of bytes")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Plain, E> {
        Ok(Plain::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
        Ok(match u64::try_from(number) {
            Ok(number) => Plain::Number(number),
            Err(_) => Plain::Other(number.to_string()),
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
        Ok(Plain::Other(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Plain, E> {
        Ok(Plain::Bytes(bytes.to_vec()))
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Other("nothing".to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Plain, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = list.next_element()? {
            bytes.push(byte);
        }
        Ok(Plain::Bytes(bytes))
    }
}

/// Converts an option's value between the bytes of C and the configuration file.
#[derive(Clone, Copy)]
pub(crate) struct Converter {
    pub(crate) read: fn(&[u8]) -> Option<Plain>,
    pub(crate) write: fn(Plain) -> Result<Vec<u8>, &'static str>,
}

impl Converter {
    pub(super) const fn of<C>() -> Self
    where
        C: Codec,
        C::Value: Written,
    {
        Self {
            read: |bytes| C::decode(bytes).map(Written::into_plain),
            write: |plain| C::encode(&C::Value::from_plain(plain).ok_or(C::Value::EXPECTED)?),
        }
    }
}

/// A type of value that can be in a configuration file.
pub(crate) trait Written: Sized {
    /// The error text for other values.
    const EXPECTED: &'static str;

    fn into_plain(self) -> Plain;
    fn from_plain(plain: Plain) -> Option<Self>;
}

impl Written for bool {
    const EXPECTED: &'static str = "expected true or false";

    fn into_plain(self) -> Plain {
        Plain::Flag(self)
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        if let Plain::Flag(flag) = plain { Some(flag) } else { None }
    }
}

impl Written for u64 {
    const EXPECTED: &'static str = "expected a number";

    fn into_plain(self) -> Plain {
        Plain::Number(self)
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        if let Plain::Number(number) = plain { Some(number) } else { None }
    }
}

impl Written for i32 {
    const EXPECTED: &'static str = "expected a number from 0 to 2147483647";

    fn into_plain(self) -> Plain {
        // No option has a negative number: -1 has a word.
        Plain::Number(u64::try_from(self).unwrap_or_default())
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        Self::try_from(u64::from_plain(plain)?).ok()
    }
}

impl Written for HighWaterMark {
    const EXPECTED: &'static str =
        "expected a number of messages from 0, which is no limit, to 2147483647";

    fn into_plain(self) -> Plain {
        self.get().into_plain()
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        i32::from_plain(plain).map(Self::from)
    }
}

macro_rules! bits {
    ($($flags:ty: $expected:literal),*) => {$(
        impl Written for $flags {
            const EXPECTED: &'static str = $expected;

            fn into_plain(self) -> Plain {
                self.bits().into_plain()
            }

            fn from_plain(plain: Plain) -> Option<Self> {
                Self::from_bits(i32::from_plain(plain)?)
            }
        }
    )*};
}

bits!(
    ReconnectStop: "expected the sum of 1 (refused), 2 (handshake failed) and 4 (disconnected)",
    RouterNotify: "expected the sum of 1 (connected) and 2 (disconnected)"
);

macro_rules! words {
    ($($value:ty: $expected:literal),*) => {$(
        impl Written for $value {
            const EXPECTED: &'static str = $expected;

            fn into_plain(self) -> Plain {
                let word = Self::WORDS.iter().find(|(_, value)| *value == self);
                Plain::Text(word.map_or_else(String::new, |(word, _)| (*word).to_owned()))
            }

            fn from_plain(plain: Plain) -> Option<Self> {
                let Plain::Text(text) = plain else { return None };
                Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
            }
        }
    )*};
}

words!(
    GssapiNameType: "expected \"host_based\", \"user_name\" or \"krb5_principal\"",
    NormCongestionControl: "expected \"fixed\", \"cc\", \"ccl\", \"cce\" or \"cce_ecn_only\""
);

impl Written for Duration {
    const EXPECTED: &'static str =
        "expected a period with its unit, such as \"100ms\", \"1.5s\" or \"1m30s\"";

    fn into_plain(self) -> Plain {
        let milliseconds = self.as_millis();
        Plain::Text(match (self.subsec_nanos(), self.subsec_nanos() % 1_000_000) {
            (0, _) => format!("{}s", self.as_secs()),
            (_, 0) => format!("{milliseconds}ms"),
            // Options of C have whole milliseconds.
            _ => format!("{}ns", self.as_nanos()),
        })
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        let Plain::Text(text) = plain else { return None };
        period::parse(&text)
    }
}

impl Written for Period {
    const EXPECTED: &'static str = "expected a period with its unit, such as \"100ms\", \"1.5s\" \
                                    or \"1m30s\", or \"infinite\"";

    fn into_plain(self) -> Plain {
        match self {
            Infinite => Plain::Text(INFINITE.into()),
            Finite(duration) => duration.into_plain(),
        }
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        match plain {
            Plain::Text(text) if text == INFINITE => Some(Infinite),
            plain => Duration::from_plain(plain).map(Finite),
        }
    }
}

impl<T: Written> Written for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn into_plain(self) -> Plain {
        self.map_or_else(|| Plain::Text(NONE.into()), T::into_plain)
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        match plain {
            Plain::Text(text) if text == NONE => Some(None),
            plain => T::from_plain(plain).map(Some),
        }
    }
}

impl Written for String {
    const EXPECTED: &'static str = "expected text";

    fn into_plain(self) -> Plain {
        Plain::Text(self)
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        if let Plain::Text(text) = plain { Some(text) } else { None }
    }
}

impl Written for Vec<u8> {
    const EXPECTED: &'static str = "expected text or a list of bytes";

    fn into_plain(self) -> Plain {
        String::from_utf8(self).map_or_else(|error| Plain::Bytes(error.into_bytes()), Plain::Text)
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        match plain {
            Plain::Text(text) => Some(text.into_bytes()),
            Plain::Bytes(bytes) => Some(bytes),
            Plain::Flag(_) | Plain::Number(_) | Plain::Other(_) => None,
        }
    }
}

/// These values are read only, so no builder has them.
macro_rules! only_read {
    ($($value:ty),*) => {$(
        impl Written for $value {
            const EXPECTED: &'static str = "the option can only be read";

            fn into_plain(self) -> Plain {
                Plain::Text(self.to_string())
            }

            fn from_plain(_: Plain) -> Option<Self> {
                None
            }
        }
    )*};
}

only_read!(SocketType, Endpoint);

impl Written for Trigger {
    const EXPECTED: &'static str = "the option can only be read";

    fn into_plain(self) -> Plain {
        i32::from(self.bits()).into_plain()
    }

    fn from_plain(_: Plain) -> Option<Self> {
        None
    }
}
