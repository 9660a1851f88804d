//! The error numbers of libzmq.
//!
//! Those of POSIX have the values of the target's C library. On Windows libzmq translates Winsock's
//! numbers into those of `errno.h`. Four numbers are libzmq's own, and the same on all targets.

use core::ffi::c_int;

pub use libc::{
    EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EBUSY, ECANCELED, ECONNABORTED,
    ECONNREFUSED, ECONNRESET, EEXIST, EFAULT, EHOSTUNREACH, EINPROGRESS, EINTR, EINVAL, EMFILE,
    EMSGSIZE, ENETDOWN, ENETRESET, ENETUNREACH, ENFILE, ENOBUFS, ENODEV, ENOENT, ENOMEM, ENOTCONN,
    ENOTSOCK, ENOTSUP, EPERM, EPIPE, EPROTO, EPROTONOSUPPORT, ETIMEDOUT,
};

/// The first of the numbers that no operating system uses.
pub const ZMQ_HAUSNUMERO: c_int = 156_384_712;

/// The socket's state does not allow the operation.
pub const EFSM: c_int = ZMQ_HAUSNUMERO + 51;
/// The transport does not carry this socket type.
pub const ENOCOMPATPROTO: c_int = ZMQ_HAUSNUMERO + 52;
/// The context was terminated.
pub const ETERM: c_int = ZMQ_HAUSNUMERO + 53;
/// The context has no I/O thread.
pub const EMTHREAD: c_int = ZMQ_HAUSNUMERO + 54;
