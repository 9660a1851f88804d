//! File descriptors of signalers, which the reactor of an async runtime waits for.

use libzmq_sys as sys;

use crate::raw::{Errno, OwnedDescriptor, Socket, os::descriptor::duplicate, wait::Watch};

impl Watch {
    /// Returns a descriptor that becomes readable when the readiness of the socket may have
    /// changed.
    pub(in crate::raw) fn duplicate_signaler(&self) -> Result<Signaler, Errno> {
        self.process.check()?;
        Signaler::of(self.fd)
    }
}

impl Socket {
    /// Returns a descriptor that becomes readable when the readiness of a single-threaded socket
    /// may have changed. Any call on the socket may reset it.
    pub(in crate::raw) fn duplicate_signaler(&self) -> Result<Signaler, Errno> {
        Signaler::of(self.signaler()?)
    }
}

/// A duplicate of the file descriptor of a signaler. It must not be read.
#[derive(Debug)]
pub(crate) struct Signaler(OwnedDescriptor);

impl Signaler {
    fn of(fd: sys::zmq_fd_t) -> Result<Self, Errno> {
        // SAFETY: the caller borrows the owner of the descriptor, so it is open.
        unsafe { duplicate(fd) }.map(Self)
    }

    pub(crate) fn into_descriptor(self) -> OwnedDescriptor {
        self.0
    }
}
