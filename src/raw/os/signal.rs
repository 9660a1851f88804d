//! Descriptors that the reactor of an async runtime can wait for.

use libzmq_sys as sys;

use crate::raw::{Errno, OwnedDescriptor, Socket, os::descriptor::duplicate, wait::Watch};

impl Watch {
    /// What becomes readable with each change.
    pub(in crate::raw) fn signal(&self) -> Result<Signal, Errno> {
        self.process.check()?;
        Signal::of(self.fd)
    }
}

impl Socket {
    /// What becomes readable when there is something new to a socket that is not thread-safe. The
    /// next call on the socket takes that back, whatever the call is.
    pub(in crate::raw) fn signal(&self) -> Result<Signal, Errno> {
        Signal::of(self.signaler()?)
    }
}

/// A descriptor to wait for, and never to read: a duplicate of C's.
#[derive(Debug)]
pub(crate) struct Signal(OwnedDescriptor);

impl Signal {
    fn of(fd: sys::zmq_fd_t) -> Result<Self, Errno> {
        // SAFETY: the caller borrows what keeps the descriptor open.
        unsafe { duplicate(fd) }.map(Self)
    }

    pub(crate) fn into_descriptor(self) -> OwnedDescriptor {
        self.0
    }
}
