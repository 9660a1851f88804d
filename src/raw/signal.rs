//! Descriptors that the reactor of an async runtime can wait for.

#[cfg(not(unix))]
use std::time::Duration;

use libc::c_int;
use libzmq_sys as sys;

#[cfg(not(unix))]
use super::wait::{Deadline, poll};
use super::{Errno, Socket, options::Size, wait::Watch};

impl Watch {
    /// What becomes readable with each change.
    pub(super) fn signal(&self) -> Result<Signal, Errno> {
        self.process.check()?;
        Signal::of(self.fd)
    }
}

impl Socket {
    /// What becomes readable when there is something new to a socket that is not thread-safe. The next call on the socket takes that
    /// back, whatever the call is.
    pub(super) fn signal(&self) -> Result<Signal, Errno> {
        let bytes = self.get(sys::ZMQ_FD as c_int, Size::Exactly(size_of::<sys::zmq_fd_t>()))?;
        let bytes = bytes.as_slice().try_into().map_err(|_| Errno::INVALID)?;
        Signal::of(sys::zmq_fd_t::from_ne_bytes(bytes))
    }
}

/// A descriptor to wait for, and never to read.
///
/// On Unix it is a duplicate, which may be closed before or after what it tells of.
#[derive(Debug)]
pub(crate) struct Signal(#[cfg(unix)] std::os::fd::OwnedFd, #[cfg(not(unix))] sys::zmq_fd_t);

#[cfg(unix)]
impl Signal {
    fn of(fd: sys::zmq_fd_t) -> Result<Self, Errno> {
        use std::os::fd::BorrowedFd;

        // SAFETY: the caller borrows what keeps the descriptor open.
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        fd.try_clone_to_owned().map(Self).map_err(|error| Errno(error.raw_os_error().unwrap_or(libc::EMFILE)))
    }

    pub(crate) fn into_fd(self) -> std::os::fd::OwnedFd {
        self.0
    }
}

#[cfg(not(unix))]
impl Signal {
    fn of(fd: sys::zmq_fd_t) -> Result<Self, Errno> {
        Ok(Self(fd))
    }

    /// Waits a while for the signal, and answers whether it is there.
    pub(crate) fn wait(&self, limit: Duration) -> Result<bool, Errno> {
        let item = sys::zmq_pollitem_t { socket: std::ptr::null_mut(), fd: self.0, events: sys::ZMQ_POLLIN as libc::c_short, revents: 0 };
        match poll(item, Deadline::after(c_int::try_from(limit.as_millis()).unwrap_or(c_int::MAX))) {
            Ok(()) => Ok(true),
            Err(Errno::AGAIN) => Ok(false),
            Err(errno) => Err(errno),
        }
    }
}
