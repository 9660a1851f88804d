use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::Msg;
use crate::error::Error;

/// Names one peer of a [`Router`](crate::Router), or one connection of a [`Stream`](crate::Stream):
/// 1 to 255 bytes.
///
/// A peer may choose it. It is a name, not a proof of who the peer is.
///
/// ```
/// use libzmq::Identity;
/// use std::collections::HashMap;
///
/// let worker = Identity::new("worker-1").unwrap();
/// assert_eq!(worker.as_bytes(), b"worker-1");
/// assert!(Identity::new("").is_err());
///
/// let tasks = HashMap::from([(worker, 3)]);
/// assert_eq!(tasks.get(&b"worker-1"[..]), Some(&3));
/// ```
#[derive(Clone)]
pub struct Identity(Bytes);

/// Identities that libzmq makes up have five bytes, and few have more than a name has letters:
/// those need no memory of their own.
#[derive(Clone)]
enum Bytes {
    Short(u8, [u8; SHORT]),
    Long(Arc<[u8]>),
}

const SHORT: usize = 22;

impl Identity {
    /// An identity of those bytes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) unless there are 1 to 255.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        let bytes = bytes.as_ref();
        if (1..=255).contains(&bytes.len()) {
            Ok(Self::of(bytes))
        } else {
            Err(Error::invalid("an identity is 1 to 255 bytes long", "make identity")
                .about(bytes.len()))
        }
    }

    fn of(bytes: &[u8]) -> Self {
        let mut short = [0; SHORT];
        Self(match short.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Bytes::Short(bytes.len() as u8, short)
            }
            None => Bytes::Long(bytes.into()),
        })
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short(length, bytes) => &bytes[..usize::from(*length)],
            Bytes::Long(bytes) => bytes,
        }
    }

    pub(crate) fn to_msg(&self) -> Msg {
        self.as_bytes().into()
    }
}

/// What a message that was received begins with.
impl From<Msg> for Identity {
    fn from(msg: Msg) -> Self {
        Self::of(msg.as_bytes())
    }
}

impl AsRef<[u8]> for Identity {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// So that what is kept by identities can be found by their bytes.
impl Borrow<[u8]> for Identity {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Identity {}

impl PartialOrd for Identity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Identity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.as_bytes().escape_ascii())
    }
}
