//! Descriptors of the system: of anything on Unix, and of sockets on Windows.

use libzmq_sys as sys;

use crate::raw::Errno;

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

/// A duplicate of a descriptor of C's, which may be closed before or after it.
///
/// # Safety
/// It must be open.
pub(in crate::raw) unsafe fn duplicate(number: sys::zmq_fd_t) -> Result<OwnedDescriptor, Errno> {
    // SAFETY: the caller's promise. An open descriptor is not the one number that stands for none.
    let descriptor = unsafe { BorrowedDescriptor::borrow_raw(number as _) };
    descriptor.try_clone_to_owned().map_err(|error| Errno::of_system(&error))
}
