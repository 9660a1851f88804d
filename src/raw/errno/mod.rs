//! Error numbers of C.

mod system;

use std::{ffi::CStr, fmt};

use libc::c_int;
use libzmq_sys as sys;

/// The error number of a C call: one of the system, or one of the four that ZeroMQ adds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(pub(crate) c_int);

impl Errno {
    pub(crate) const AGAIN: Self = Self(libc::EAGAIN);
    pub(crate) const INTERRUPTED: Self = Self(libc::EINTR);
    pub(crate) const INVALID: Self = Self(libc::EINVAL);
    pub(crate) const TERMINATED: Self = Self(sys::ETERM);
    pub(crate) const CONNECTION_RESET: Self = Self(libc::ECONNRESET);
    pub(crate) const HOST_UNREACHABLE: Self = Self(sys::EHOSTUNREACH);
    pub(crate) const NO_TRANSPORT: Self = Self(sys::EPROTONOSUPPORT);
    /// The program has stopped receiving on the socket.
    pub(crate) const STOPPED: Self = Self(libc::ECANCELED);
    /// An object of the parent process was used in a forked child. No system uses this number.
    pub(crate) const FORKED: Self = Self(-1);

    /// Returns the error of the last C call on this thread.
    #[cold]
    pub(crate) fn last() -> Self {
        // SAFETY: zmq_errno(3) takes nothing and reads this thread's errno.
        Self(unsafe { sys::zmq_errno() })
    }

    /// Returns the error text of C.
    pub(crate) fn message(self) -> String {
        if self == Self::FORKED {
            return "the object belongs to the parent process".into();
        }
        // SAFETY: zmq_strerror(3) returns a valid string for every number, which is constant or
        // valid until the next call; it is copied at once.
        let text = unsafe { CStr::from_ptr(sys::zmq_strerror(self.0)) };
        text.to_string_lossy().into_owned()
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Errno({}: {})", self.0, self.message())
    }
}

/// Converts the `-1` of a C call into its error.
#[inline]
pub(crate) fn check(code: c_int) -> Result<c_int, Errno> {
    if code >= 0 { Ok(code) } else { Err(Errno::last()) }
}
