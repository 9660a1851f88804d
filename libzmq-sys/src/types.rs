//! The types of `zmq.h` that differ between targets.

use core::ffi::c_uchar;
use core::fmt;

/// A handle of the operating system: a file descriptor, or on Windows a Winsock `SOCKET`.
#[cfg(not(windows))]
pub type zmq_fd_t = core::ffi::c_int;
/// A handle of the operating system: a file descriptor, or on Windows a Winsock `SOCKET`.
#[cfg(windows)]
pub type zmq_fd_t = usize;

/// The set of signals that [`zmq_ppoll`](crate::zmq_ppoll) lets through.
#[cfg(not(windows))]
pub type sigset_t = libc::sigset_t;
/// The set of signals that [`zmq_ppoll`](crate::zmq_ppoll) lets through. On Windows libzmq takes a
/// `void`.
#[cfg(windows)]
pub type sigset_t = core::ffi::c_void;

/// A buffer of [`zmq_sendiov`](crate::zmq_sendiov).
#[cfg(not(windows))]
pub type iovec = libc::iovec;
/// A buffer of [`zmq_sendiov`](crate::zmq_sendiov), as libzmq declares it for itself on Windows.
#[cfg(windows)]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iovec {
    /// The first byte.
    pub iov_base: *mut core::ffi::c_void,
    /// The number of bytes.
    pub iov_len: usize,
}

/// A message. Its content is opaque, and it has the alignment of a pointer.
#[repr(C)]
#[cfg_attr(target_pointer_width = "64", repr(align(8)))]
#[cfg_attr(target_pointer_width = "32", repr(align(4)))]
#[derive(Clone, Copy)]
pub struct zmq_msg_t {
    /// Opaque bytes.
    pub _opaque: [c_uchar; 64],
}

impl fmt::Debug for zmq_msg_t {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("zmq_msg_t").finish_non_exhaustive()
    }
}
