//! The one error of this module.

use std::{error, fmt};

use crate::error::Error;

/// A text is not an address; it says why, and quotes the text.
///
/// Its [`Display`](fmt::Display) escapes what it quotes, so that it is safe to log whatever was
/// parsed.
///
/// # Example
/// ```
/// use libzmq::addr::Endpoint;
///
/// let err = "tcp://127.0.0.1".parse::<Endpoint>().unwrap_err();
/// assert_eq!(err.text(), "tcp://127.0.0.1");
/// assert_eq!(err.to_string(), r#"the port is missing: "tcp://127.0.0.1""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AddrParseError {
    msg: &'static str,
    text: String,
}

impl AddrParseError {
    pub(super) fn new(msg: &'static str, text: impl Into<String>) -> Self {
        Self { msg, text: text.into() }
    }

    /// What is wrong, without the text.
    pub fn msg(&self) -> &'static str {
        self.msg
    }

    /// The whole text that was refused.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for AddrParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.msg, self.text)
    }
}

impl error::Error for AddrParseError {}

impl<T> From<AddrParseError> for Error<T> {
    fn from(error: AddrParseError) -> Self {
        Error::invalid(error.msg(), "parse address").about(error.text()).cast_into()
    }
}
