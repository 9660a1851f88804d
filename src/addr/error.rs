//! The error of parsing an address.

use crate::error::Error;

/// The error of text that is not an address. It contains the text and the reason.
///
/// Its [`Display`](std::fmt::Display) escapes the text, so it is safe to log.
///
/// # Examples
/// ```
/// use libzmq::addr::Endpoint;
///
/// let err = "tcp://127.0.0.1".parse::<Endpoint>().unwrap_err();
/// assert_eq!(err.text(), "tcp://127.0.0.1");
/// assert_eq!(err.to_string(), r#"the port is missing: "tcp://127.0.0.1""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{msg}: {text:?}")]
pub struct AddrParseError {
    msg: &'static str,
    text: String,
}

impl AddrParseError {
    pub(super) fn new(msg: &'static str, text: impl Into<String>) -> Self {
        Self { msg, text: text.into() }
    }

    /// Returns the reason, without the text.
    pub fn msg(&self) -> &'static str {
        self.msg
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl<T> From<AddrParseError> for Error<T> {
    fn from(error: AddrParseError) -> Self {
        Error::invalid(error.msg(), "parse address")
            .about(error.text())
            .caused_by(error)
            .cast_into()
    }
}
