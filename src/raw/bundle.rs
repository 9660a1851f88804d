//! Bundles: thread-safe sockets that share one file descriptor for polling.

use std::{io::Read, rc::Rc, time::Duration};

use libc::c_short;
use libzmq_sys as sys;

use super::{Errno, HasRaw, Poller, Source};

#[cfg(not(windows))]
type Descriptor = std::fs::File;
#[cfg(windows)]
type Descriptor = std::net::TcpStream;

/// Thread-safe sockets, and a file descriptor that becomes readable when the readiness of one of
/// them may have changed.
///
/// A [`Poller`] checks all its sockets at each wakeup. With many sockets, bundles limit the check
/// to the sockets of the bundle that has signalled.
///
/// The descriptor is edge-triggered: the caller must receive from a reported socket until its queue
/// is empty, or remember it.
pub(crate) struct Bundle<I> {
    poller: Poller<'static, I>,
    signals: Rc<Descriptor>,
}

const READABLE: c_short = sys::ZMQ_POLLIN as c_short;

impl<I: Copy> Bundle<I> {
    /// Creates a bundle with a first socket, because the descriptor exists only then.
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

    /// Returns a duplicate of the descriptor, which may be closed after the bundle.
    pub(crate) fn descriptor(&self) -> Source<'static> {
        Source::HeldDescriptor(self.signals.clone())
    }

    /// Resets the descriptor and returns the ids of the readable sockets.
    pub(crate) fn take_readable(&mut self) -> Result<impl Iterator<Item = I>, Errno> {
        // libzmq reads one signal at a time, so they would accumulate under load. If this read
        // fails, libzmq still reads one.
        let _ = (&*self.signals).read(&mut [0; 512]);
        let found = match self.poller.wait(Some(Duration::ZERO)) {
            Ok(found) => Some(found),
            Err(Errno::AGAIN) => None,
            Err(errno) => return Err(errno),
        };
        Ok(found.into_iter().flatten().map(|(id, _)| id))
    }
}
