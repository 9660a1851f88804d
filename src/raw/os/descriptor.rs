//! File descriptors, which are sockets on Windows.

use libc::c_int;
use libzmq_sys as sys;

use crate::raw::{Errno, Size, Socket};

#[cfg(not(windows))]
pub use std::os::fd::{
    AsFd as AsDescriptor, BorrowedFd as BorrowedDescriptor, OwnedFd as OwnedDescriptor,
};
#[cfg(windows)]
pub use std::os::windows::io::{
    AsSocket as AsDescriptor, BorrowedSocket as BorrowedDescriptor, OwnedSocket as OwnedDescriptor,
};

#[cfg(not(windows))]
pub(crate) fn descriptor<D: AsDescriptor + ?Sized>(owner: &D) -> BorrowedDescriptor<'_> {
    owner.as_fd()
}

#[cfg(windows)]
pub(crate) fn descriptor<D: AsDescriptor + ?Sized>(owner: &D) -> BorrowedDescriptor<'_> {
    owner.as_socket()
}

#[cfg(not(windows))]
pub(in crate::raw) fn number(descriptor: BorrowedDescriptor<'_>) -> sys::zmq_fd_t {
    std::os::fd::AsRawFd::as_raw_fd(&descriptor)
}

#[cfg(windows)]
pub(in crate::raw) fn number(descriptor: BorrowedDescriptor<'_>) -> sys::zmq_fd_t {
    std::os::windows::io::AsRawSocket::as_raw_socket(&descriptor) as sys::zmq_fd_t
}

impl Socket {
    /// Returns the number of the file descriptor of a single-threaded socket.
    #[cfg(any(unix, feature = "tokio", feature = "async-io"))]
    pub(in crate::raw) fn signaler(&self) -> Result<sys::zmq_fd_t, Errno> {
        let bytes = self.get(sys::ZMQ_FD as c_int, Size::Exactly(size_of::<sys::zmq_fd_t>()))?;
        let bytes = bytes.as_slice().try_into().map_err(|_| Errno::INVALID)?;
        Ok(sys::zmq_fd_t::from_ne_bytes(bytes))
    }

    /// Returns the file descriptor of a single-threaded socket.
    #[cfg(unix)]
    pub(crate) fn descriptor(&self) -> Result<BorrowedDescriptor<'_>, Errno> {
        let number = self.signaler()?;
        // SAFETY: libzmq returned an open descriptor, and closes it with the socket, which the
        // result borrows.
        Ok(unsafe { BorrowedDescriptor::borrow_raw(number) })
    }
}

/// Duplicates a descriptor of libzmq. Either may be closed first.
///
/// # Safety
/// The descriptor must be open.
pub(in crate::raw) unsafe fn duplicate(number: sys::zmq_fd_t) -> Result<OwnedDescriptor, Errno> {
    // SAFETY: the caller guarantees that it is open, so it is not the number for "none".
    let descriptor = unsafe { BorrowedDescriptor::borrow_raw(number as _) };
    descriptor.try_clone_to_owned().map_err(|error| Errno::of_system(&error))
}
