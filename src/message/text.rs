//! Messages as text.

use std::{fmt, string::FromUtf8Error};

use super::Msg;

/// The bytes as text, with `\u{FFFD}` for what is not UTF-8.
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

/// The bytes as text, or an error that has them if they are not UTF-8.
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
