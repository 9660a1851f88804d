//! PLAIN credentials: a user name and a password.

use std::fmt;

use super::secret::Secret;
use crate::{error::Error, util::itself};

/// The user name and the password of a PLAIN client.
///
/// Each has up to 255 bytes, and the user name contains no NUL. `set_mechanism` or building the
/// socket returns [`InvalidInput`](crate::ErrorKind::InvalidInput) otherwise. Both may be empty
/// with the vendored libzmq; another libzmq returns an error for empty ones.
///
/// `Debug` hides the password, comparisons take constant time, and dropping it overwrites it. With
/// the feature `serde` it is serialized: a configuration file that contains it is a secret, too.
///
/// # Examples
/// ```
/// use libzmq::auth::PlainClientCreds;
///
/// let creds = PlainClientCreds::new("ok", "so far");
/// assert_eq!(creds.username(), "ok");
/// assert!(!format!("{creds:?}").contains("so far"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "ZMQ_PLAIN_USERNAME")]
#[doc(alias = "ZMQ_PLAIN_PASSWORD")]
pub struct PlainClientCreds {
    username: String,
    password: Secret,
}

impl PlainClientCreds {
    /// Creates the credentials from a user name and a password.
    pub fn new<U, P>(username: U, password: P) -> Self
    where
        U: Into<String>,
        P: Into<String>,
    {
        Self { username: username.into(), password: Secret::new(password.into()) }
    }

    /// Returns the user name.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// Returns the password.
    pub fn password(&self) -> &str {
        self.password.as_str()
    }

    /// Returns an error for credentials that libzmq cannot send: it accepts up to 255 bytes, and
    /// ends a user name at a NUL. Without the patches it accepts no empty values.
    pub(super) fn check(&self, operation: &'static str) -> Result<(), Error> {
        const LEAST: usize = if cfg!(zmq_has = "patches") { 0 } else { 1 };
        const LENGTH: &str = if LEAST == 0 {
            "a PLAIN user name and a password have up to 255 bytes each"
        } else {
            "a PLAIN user name and a password have 1 to 255 bytes each with this libzmq"
        };
        const NUL: &str = "a PLAIN user name has no NUL in it";

        if ![self.username(), self.password()]
            .iter()
            .all(|text| (LEAST..=255).contains(&text.len()))
        {
            return Err(Error::invalid(LENGTH, operation));
        }
        if self.username.contains('\0') { Err(Error::invalid(NUL, operation)) } else { Ok(()) }
    }

    /// Compares in constant time.
    pub(super) fn has_password(&self, password: &Secret) -> bool {
        self.password == *password
    }

    pub(super) fn into_parts(self) -> (String, Secret) {
        (self.username, self.password)
    }
}

impl fmt::Debug for PlainClientCreds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlainClientCreds")
            .field("username", &self.username)
            .field("password", &self.password)
            .finish()
    }
}

itself!(PlainClientCreds);
