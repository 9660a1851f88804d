//! Routing ids of peers.

use std::{fmt, num::NonZeroU32};

use crate::error::Error;

/// The routing id of a peer of a [`Server`](crate::Server) or [`Peer`](crate::Peer): a 32-bit
/// number that the socket gives to each connection.
///
/// Each received message carries the routing id of its connection. A routing id is valid for one
/// socket only. A peer that reconnects gets another one. Routing ids are not secret: a socket
/// counts them up. A [`Router`](crate::Router) uses an [`Identity`](crate::Identity) instead.
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
    /// Creates a routing id from its number. Returns `None` for zero, which is not a routing id.
    #[inline]
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the number, which is never zero.
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
