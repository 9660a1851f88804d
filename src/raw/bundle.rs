//! Thread-safe sockets that are waited for together, through one descriptor.

use std::{io::Read, rc::Rc, time::Duration};

use libc::c_short;
use libzmq_sys as sys;

use super::{Errno, HasRaw, Poller, Source};

#[cfg(not(windows))]
type Descriptor = std::fs::File;
#[cfg(windows)]
type Descriptor = std::net::TcpStream;

/// Thread-safe sockets, and a descriptor that is readable once something is new to one of them: a
/// message to one that had none, room in a queue that had none, a peer that came or went.
///
/// A [`Poller`] asks all its sockets each time. Where there are many, bundles of them spare those
/// that have nothing new.
///
/// The descriptor tells of changes, not of states: whoever is told of a socket receives until there
/// is nothing left, or remembers it.
pub(crate) struct Bundle<I> {
    poller: Poller<'static, I>,
    signals: Rc<Descriptor>,
}

const READABLE: c_short = sys::ZMQ_POLLIN as c_short;

impl<I: Copy> Bundle<I> {
    /// A bundle has a descriptor from its first socket on.
    pub(crate) fn of(first: impl HasRaw + 'static, id: I) -> Result<Self, Errno> {
        let mut poller = Poller::new();
        poller.add(Source::HeldSocket(Rc::new(first)), id, READABLE)?;
        let signals = poller.duplicate_descriptor()?.into();
        Ok(Self { poller, signals: Rc::new(signals) })
    }

    pub(crate) fn add(&mut self, socket: impl HasRaw + 'static, id: I) -> Result<(), Errno> {
        self.poller.add(Source::HeldSocket(Rc::new(socket)), id, READABLE)
    }

    pub(crate) fn remove(&mut self, socket: &impl HasRaw) -> Result<(), Errno> {
        self.poller.remove(&Source::Socket(socket.raw()))
    }

    pub(crate) fn len(&self) -> usize {
        self.poller.len()
    }

    /// What to wait for. It is a duplicate, which may be closed after the bundle.
    pub(crate) fn descriptor(&self) -> Source<'static> {
        Source::HeldDescriptor(self.signals.clone())
    }

    /// Takes the signals that have made the descriptor readable, and answers with the sockets that
    /// have something to receive.
    pub(crate) fn look(&mut self) -> Result<impl Iterator<Item = I>, Errno> {
        // C itself takes one of them at a time, so that under load they would pile up. Should this
        // take none, C still does.
        let _ = (&*self.signals).read(&mut [0; 512]);
        let found = match self.poller.wait(Some(Duration::ZERO)) {
            Ok(found) => Some(found),
            Err(Errno::AGAIN) => None,
            Err(errno) => return Err(errno),
        };
        Ok(found.into_iter().flatten().map(|(id, _)| id))
    }
}
