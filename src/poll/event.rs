//! Events: what a poller reports.

use std::{slice, vec};

use bitflags::bitflags;
use libc::c_short;
use libzmq_sys as sys;

bitflags! {
    /// The readiness that a poller waits for: readable, writable, or both.
    ///
    /// ```
    /// use libzmq::poll::*;
    ///
    /// let either = READABLE | WRITABLE;
    /// assert!(either.contains(READABLE));
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Trigger: c_short {
        /// Neither. The socket stays registered and has no events.
        const EMPTY = 0;
        /// A message can be received without blocking.
        const READABLE = sys::ZMQ_POLLIN as c_short;
        /// A message can be sent without blocking.
        ///
        /// A [`Server`](crate::Server), [`Peer`](crate::Peer) or [`Router`](crate::Router) is
        /// always writable, since that depends on the peer. A [`Pub`](crate::Pub),
        /// [`XPub`](crate::XPub) or [`Radio`](crate::Radio) is always writable, and with the option
        /// [`NoDrop`](crate::opt::NoDrop) while no subscriber's queue is full.
        const WRITABLE = sys::ZMQ_POLLOUT as c_short;
    }
}

/// [`Trigger::EMPTY`].
pub const EMPTY: Trigger = Trigger::EMPTY;
/// [`Trigger::READABLE`].
#[doc(alias = "ZMQ_POLLIN")]
pub const READABLE: Trigger = Trigger::READABLE;
/// [`Trigger::WRITABLE`].
#[doc(alias = "ZMQ_POLLOUT")]
pub const WRITABLE: Trigger = Trigger::WRITABLE;

/// The number that a socket was registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PollId(pub usize);

impl From<usize> for PollId {
    fn from(number: usize) -> Self {
        Self(number)
    }
}

impl From<PollId> for usize {
    fn from(id: PollId) -> Self {
        id.0
    }
}

/// A socket or file descriptor that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "zmq_poller_event_t")]
pub struct Event<I = PollId> {
    id: I,
    causes: c_short,
}

impl<I: Copy> Event<I> {
    pub(super) fn new(id: I, causes: c_short) -> Self {
        Self { id, causes }
    }

    fn has(&self, cause: u32) -> bool {
        self.causes & cause as c_short != 0
    }

    /// Whether it is readable or writable.
    pub(crate) fn trigger(&self) -> Trigger {
        Trigger::from_bits_truncate(self.causes)
    }

    /// Returns whether the socket or file descriptor is readable.
    pub fn is_readable(&self) -> bool {
        self.has(sys::ZMQ_POLLIN)
    }

    /// Returns whether the socket or file descriptor is writable.
    pub fn is_writable(&self) -> bool {
        self.has(sys::ZMQ_POLLOUT)
    }

    /// Returns whether a file descriptor has an error, for example because the peer has closed the
    /// connection. Never for ZeroMQ sockets.
    #[doc(alias = "ZMQ_POLLERR")]
    pub fn is_error(&self) -> bool {
        self.has(sys::ZMQ_POLLERR)
    }

    /// Returns whether a file descriptor has urgent data. Never for ZeroMQ sockets.
    #[doc(alias = "ZMQ_POLLPRI")]
    pub fn is_priority(&self) -> bool {
        self.has(sys::ZMQ_POLLPRI)
    }

    /// Returns the id that the socket or file descriptor was registered with.
    pub fn id(&self) -> I {
        self.id
    }
}

/// The events of a poll. It can be used for any number of polls; each one clears it first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Events<I = PollId> {
    pub(super) list: Vec<Event<I>>,
    pub(super) woken: bool,
}

impl Events {
    /// Creates an empty set of events. For ids of another type than [`PollId`], use
    /// `Events::default()`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty set of events with capacity for this number. It grows as needed.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), woken: false }
    }
}

impl<I: Copy> Events<I> {
    /// Returns the number of events that fit without another allocation.
    pub fn capacity(&self) -> usize {
        self.list.capacity()
    }

    /// Returns the number of events.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether there are no events. A poll that a waker has ended may have none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns whether a [`Waker`](super::Waker) has woken the poller.
    pub fn is_woken(&self) -> bool {
        self.woken
    }

    /// Returns an iterator over the events.
    pub fn iter(&self) -> Iter<'_, I> {
        Iter(self.list.iter())
    }

    /// Removes all events.
    pub fn clear(&mut self) {
        self.list.clear();
        self.woken = false;
    }
}

impl<I> Default for Events<I> {
    fn default() -> Self {
        Self { list: Vec::new(), woken: false }
    }
}

/// An iterator over the events of a borrowed [`Events`].
#[derive(Clone, Debug)]
pub struct Iter<'a, I = PollId>(slice::Iter<'a, Event<I>>);

impl<I: Copy> Iterator for Iter<'_, I> {
    type Item = Event<I>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// An iterator over the events of an owned [`Events`].
#[derive(Clone, Debug)]
pub struct IntoIter<I = PollId>(vec::IntoIter<Event<I>>);

impl<I> Iterator for IntoIter<I> {
    type Item = Event<I>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'a, I: Copy> IntoIterator for &'a Events<I> {
    type Item = Event<I>;
    type IntoIter = Iter<'a, I>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<I> IntoIterator for Events<I> {
    type Item = Event<I>;
    type IntoIter = IntoIter<I>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(self.list.into_iter())
    }
}
