use std::{slice, vec};

use bitflags::bitflags;
use libc::c_short;
use libzmq_sys as sys;

bitflags! {
    /// What something is waited for.
    ///
    /// ```
    /// use libzmq::poll::*;
    ///
    /// let either = READABLE | WRITABLE;
    /// assert!(either.contains(READABLE));
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Trigger: c_short {
        /// Nothing: it stays registered, and has no events.
        const EMPTY = 0;
        /// There is something to receive without waiting.
        const READABLE = sys::ZMQ_POLLIN as c_short;
        /// There is room to send without waiting. A [`Server`](crate::Server),
        /// [`Peer`](crate::Peer) or [`Router`](crate::Router) always says so, since that depends on
        /// the peer. A [`Pub`](crate::Pub), [`XPub`](crate::XPub) or [`Radio`](crate::Radio) that
        /// drops nothing ([`NoDrop`](crate::opt::NoDrop)) is writable while no subscriber's queue
        /// is full, and one that drops messages always is.
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

/// The number by which something was registered.
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

/// Something that was registered is ready.
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

    /// What it is ready for.
    pub(crate) fn trigger(&self) -> Trigger {
        Trigger::from_bits_truncate(self.causes)
    }

    /// Whether there is something to receive.
    pub fn is_readable(&self) -> bool {
        self.has(sys::ZMQ_POLLIN)
    }

    /// Whether there is room to send.
    pub fn is_writable(&self) -> bool {
        self.has(sys::ZMQ_POLLOUT)
    }

    /// Whether a file descriptor is in error, closed by its peer for one. ZeroMQ sockets never are.
    #[doc(alias = "ZMQ_POLLERR")]
    pub fn is_error(&self) -> bool {
        self.has(sys::ZMQ_POLLERR)
    }

    /// Whether a file descriptor has urgent data. ZeroMQ sockets never have.
    #[doc(alias = "ZMQ_POLLPRI")]
    pub fn is_priority(&self) -> bool {
        self.has(sys::ZMQ_POLLPRI)
    }

    /// What it was registered by.
    pub fn id(&self) -> I {
        self.id
    }
}

/// The events that a poll has found. It can be used for any number of polls: each clears it first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Events<I = PollId> {
    pub(super) list: Vec<Event<I>>,
    pub(super) woken: bool,
}

impl Events {
    /// Without events. For ids other than [`PollId`] there is `Events::default()`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Without events, with room for so many. A poll makes room for what it finds.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), woken: false }
    }
}

impl<I: Copy> Events<I> {
    /// For how many events there is room.
    pub fn capacity(&self) -> usize {
        self.list.capacity()
    }

    /// The number of events.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are no events.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether a [`Waker`](super::Waker) has woken the poller.
    pub fn is_woken(&self) -> bool {
        self.woken
    }

    /// The events.
    pub fn iter(&self) -> Iter<'_, I> {
        Iter(self.list.iter())
    }

    /// Takes out all events.
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

/// The events of an [`Events`], one after the other.
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

/// The events of an [`Events`] that was given away, one after the other.
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
