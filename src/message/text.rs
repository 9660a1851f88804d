//! Conversions of messages into text.

use std::{fmt, string::FromUtf8Error};

use super::Msg;

/// Formats the bytes as text, with `\u{FFFD}` in place of bytes that are not UTF-8.
///
/// ```
/// # use libzmq::Msg;
/// assert_eq!(Msg::from("wisdom").to_string(), "wisdom");
/// assert_eq!(Msg::from([b'a', 0xff]).to_string(), "a\u{FFFD}");
/// ```
impl fmt::Display for Msg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// Converts the bytes into text. If they are not UTF-8, the error contains them.
///
/// ```
/// # use libzmq::Msg;
/// assert_eq!(String::try_from(Msg::from("wisdom")).unwrap(), "wisdom");
/// assert_eq!(String::try_from(Msg::from([0xff])).unwrap_err().into_bytes(), [0xff]);
/// ```
impl TryFrom<Msg> for String {
    type Error = FromUtf8Error;

    fn try_from(msg: Msg) -> Result<Self, FromUtf8Error> {
        Self::from_utf8(msg.into())
    }
}
