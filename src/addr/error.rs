//! The one error of this module.

use crate::error::Error;

/// A text is not an address; it says why, and quotes the text.
///
/// Its [`Display`](std::fmt::Display) escapes what it quotes, so that it is safe to log whatever was
/// parsed.
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

    /// What is wrong, without the text.
    pub fn msg(&self) -> &'static str {
        self.msg
    }

    /// The whole text that was refused.
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
