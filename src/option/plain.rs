//! Option values as a configuration file has them: numbers, text and booleans that a person would
//! write.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    codec::Codec,
    value::{HighWaterMark, ReconnectStop, RouterNotify},
};
use crate::{
    addr::Endpoint,
    period::Period::{self, Finite, Infinite},
    socket::SocketType,
};

/// What stands for "no limit" and "no end".
const INFINITE: &str = "infinite";

/// What stands for nothing: the system's own choice, a thing switched off.
const NONE: &str = "none";

/// A value as it stands in the file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Plain {
    Flag(bool),
    Number(u64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Turns an option's value between C's form and the file's.
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

/// A value that has a form in a file.
pub(crate) trait Written: Sized {
    /// What to say to anything else.
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
    const EXPECTED: &'static str = "expected a number below 2147483648";

    fn into_plain(self) -> Plain {
        // No option's numbers are negative: -1 stands for something that has a word of its own.
        Plain::Number(u64::try_from(self).unwrap_or_default())
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        Self::try_from(u64::from_plain(plain)?).ok()
    }
}

impl Written for HighWaterMark {
    const EXPECTED: &'static str = "expected a number of messages";

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

impl Written for Duration {
    const EXPECTED: &'static str = "expected a period, such as \"100ms\", \"30s\" or \"5m\"";

    fn into_plain(self) -> Plain {
        // C counts milliseconds, so there is nothing smaller.
        let milliseconds = self.as_millis();
        Plain::Text(if milliseconds % 1000 == 0 {
            format!("{}s", milliseconds / 1000)
        } else {
            format!("{milliseconds}ms")
        })
    }

    fn from_plain(plain: Plain) -> Option<Self> {
        let Plain::Text(text) = plain else { return None };
        let mut rest = text.trim();
        let mut sum = Self::from_millis(take_period(&mut rest)?);
        while !rest.is_empty() {
            sum = sum.checked_add(Self::from_millis(take_period(&mut rest)?))?;
        }
        Some(sum)
    }
}

/// Takes a number and its unit off the front of a text such as `1m 30s`, as milliseconds.
fn take_period(text: &mut &str) -> Option<u64> {
    let (number, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let rest = rest.trim_start();
    let (unit, rest) =
        rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()));
    *text = rest.trim_start();
    let milliseconds = match unit {
        "ms" | "msec" | "millis" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hr" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(milliseconds)
}

impl Written for Period {
    const EXPECTED: &'static str =
        "expected a period, such as \"100ms\" or \"30s\", or \"infinite\"";

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
            Plain::Flag(_) | Plain::Number(_) => None,
        }
    }
}

/// No builder holds these: they are only read.
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
