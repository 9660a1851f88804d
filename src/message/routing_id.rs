use std::{fmt, num::NonZeroU32};

use crate::error::Error;

/// Names one peer of a [`Server`](crate::Server) or `Peer`: the socket gives a number to each
/// connection, and each message received carries the number of the connection that it came by.
///
/// A routing id has a meaning only to the socket that gave it. It is no secret: the numbers of a
/// socket follow each other. A peer that reconnects gets a new one.
///
/// ```
/// use libzmq::RoutingId;
///
/// assert_eq!(RoutingId::new(0), None);
/// assert_eq!(RoutingId::new(7).unwrap().get(), 7);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct RoutingId(pub(crate) NonZeroU32);

impl RoutingId {
    /// The routing id of that number; `None` for zero, which names nobody.
    #[inline]
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, which is not zero.
    #[inline]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl TryFrom<u32> for RoutingId {
    type Error = Error;

    fn try_from(number: u32) -> Result<Self, Error> {
        Self::new(number)
            .ok_or_else(|| Error::invalid("a routing id is not zero", "make routing id"))
    }
}

impl From<RoutingId> for u32 {
    fn from(id: RoutingId) -> Self {
        id.get()
    }
}

impl fmt::Debug for RoutingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoutingId({})", self.0)
    }
}

impl fmt::Display for RoutingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
