mod system;

use std::{ffi::CStr, fmt};

use libc::c_int;
use libzmq_sys as sys;

/// What a C call left in `errno`: the system's own numbers and the four that ZeroMQ adds.
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
    /// The socket was told to stop receiving.
    pub(crate) const STOPPED: Self = Self(libc::ECANCELED);
    /// An object of the parent process, used in a child that `fork` made. No system uses the
    /// number.
    pub(crate) const FORKED: Self = Self(-1);

    /// The error of the C call that has just failed on this thread.
    pub(crate) fn last() -> Self {
        // SAFETY: zmq_errno(3) takes nothing and reads this thread's errno.
        Self(unsafe { sys::zmq_errno() })
    }

    /// C's sentence for this error.
    pub(crate) fn message(self) -> String {
        if self == Self::FORKED {
            return "the object belongs to the parent process".into();
        }
        // SAFETY: zmq_strerror(3) answers every number with a valid string, that is constant or
        // stays until the next call; it is copied at once.
        let text = unsafe { CStr::from_ptr(sys::zmq_strerror(self.0)) };
        text.to_string_lossy().into_owned()
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Errno({}: {})", self.0, self.message())
    }
}

/// Turns C's `-1` into the errno behind it.
#[inline]
pub(crate) fn check(code: c_int) -> Result<c_int, Errno> {
    if code >= 0 { Ok(code) } else { Err(Errno::last()) }
}
