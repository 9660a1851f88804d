use std::fmt;

use super::Msg;
use crate::error::Error;

/// Names one peer of a [`Router`](crate::Router), or one connection of a [`Stream`](crate::Stream): 1 to 255 bytes.
///
/// A peer may choose it. It is a name, not a proof of who the peer is.
///
/// ```
/// use libzmq::Identity;
///
/// assert_eq!(Identity::new("worker-1").unwrap().as_bytes(), b"worker-1");
/// assert!(Identity::new("").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity(Msg);

impl Identity {
    /// An identity of those bytes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) unless there are 1 to 255.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = bytes.as_ref();
        if (1..=255).contains(&bytes.len()) {
            Ok(Self(bytes.into()))
        } else {
            Err(Error::invalid("an identity is 1 to 255 bytes long", "make identity").about(bytes.len()))
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn as_msg(&self) -> &Msg {
        &self.0
    }
}

/// What a message that was received begins with.
impl From<Msg> for Identity {
    fn from(msg: Msg) -> Self {
        Self(msg)
    }
}

impl AsRef<[u8]> for Identity {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.as_bytes().escape_ascii())
    }
}
