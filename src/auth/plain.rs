//! PLAIN: a name and a password.

use std::fmt;

use super::secret::Secret;
use crate::{error::Error, util::itself};

/// The name and the password that a PLAIN client presents.
///
/// Each has up to 255 bytes. `set_mechanism`, or building the socket, checks that, and fails with
/// [`InvalidInput`](crate::ErrorKind::InvalidInput). Both may be empty; a libzmq that this crate did
/// not compile refuses empty ones.
///
/// The password is hidden from `Debug`, compared in constant time and overwritten when dropped.
/// With feature `serde` it is written out: a configuration file that has it is a secret, too.
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
    /// Credentials of a name and a password.
    pub fn new<U, P>(username: U, password: P) -> Self
    where
        U: Into<String>,
        P: Into<String>,
    {
        Self { username: username.into(), password: Secret::new(password.into()) }
    }

    /// The name.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password.
    pub fn password(&self) -> &str {
        self.password.as_str()
    }

    /// Refuses what no client can present: libzmq takes texts of up to 255 bytes, and ends a user's
    /// name at a NUL. Without our patches it takes no empty ones.
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
