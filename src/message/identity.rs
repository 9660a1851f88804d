//! Identities of peers.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::Arc,
};

use super::Msg;
use crate::error::Error;

/// The identity of a peer of a [`Router`](crate::Router), or of a connection of a
/// [`Stream`](crate::Stream): 1 to 255 bytes.
///
/// libzmq calls it routing id (`ZMQ_ROUTING_ID`), like the number of a
/// [`RoutingId`](crate::RoutingId). A peer may choose its identity, so it does not authenticate the
/// peer.
///
/// ```
/// use libzmq::Identity;
/// use std::collections::HashMap;
///
/// let worker: Identity = "worker-1".parse().unwrap();
/// assert_eq!(worker.as_bytes(), b"worker-1");
/// assert_eq!(Identity::try_from([0, 1].as_slice()).unwrap().to_string(), r"\x00\x01");
/// assert!(Identity::new("").is_err());
///
/// let tasks = HashMap::from([(worker, 3)]);
/// assert_eq!(tasks.get(&b"worker-1"[..]), Some(&3));
/// ```
#[derive(Clone)]
pub struct Identity(Bytes);

/// Identities that libzmq makes up have 5 bytes, and most others are short: those are inline.
#[derive(Clone)]
enum Bytes {
    Short(u8, [u8; SHORT]),
    Long(Arc<[u8]>),
}

const SHORT: usize = 22;

impl Identity {
    /// Creates an identity.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) unless there are 1 to 255 bytes.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::check(bytes.as_ref(), "make identity")?;
        Ok(Self::of(bytes.as_ref()))
    }

    /// Returns an error unless the bytes can be an identity.
    pub(crate) fn check(bytes: &[u8], operation: &'static str) -> Result<(), Error> {
        match bytes.len() {
            1..=255 => Ok(()),
            length => Err(Error::invalid("an identity has 1 to 255 bytes", operation)
                .about(format_args!("{length} bytes"))),
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

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short(length, bytes) => &bytes[..usize::from(*length)],
            Bytes::Long(bytes) => bytes,
        }
    }
}

macro_rules! try_from {
    ($($from:ty),*) => {$(
        impl TryFrom<$from> for Identity {
            type Error = Error;

            fn try_from(bytes: $from) -> Result<Self, Error> {
                Self::new(bytes)
            }
        }
    )*};
}

try_from!(&str, String, &String, &[u8], Vec<u8>);

impl<const N: usize> TryFrom<&[u8; N]> for Identity {
    type Error = Error;

    fn try_from(bytes: &[u8; N]) -> Result<Self, Error> {
        Self::new(bytes)
    }
}

impl FromStr for Identity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl From<&Identity> for Identity {
    fn from(identity: &Identity) -> Self {
        identity.clone()
    }
}

/// The value of [`opt::RoutingIdentity`](crate::opt::RoutingIdentity).
impl From<Identity> for Vec<u8> {
    fn from(identity: Identity) -> Self {
        identity.as_bytes().to_vec()
    }
}

/// The value of [`opt::RoutingIdentity`](crate::opt::RoutingIdentity).
impl From<&Identity> for Vec<u8> {
    fn from(identity: &Identity) -> Self {
        identity.as_bytes().to_vec()
    }
}

/// The first frame of a received message is an identity.
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

/// Allows lookups by bytes in a map whose keys are identities.
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

/// Formats the bytes as text. Bytes that are not printable ASCII are escaped.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().escape_ascii().fmt(f)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.as_bytes().escape_ascii())
    }
}
