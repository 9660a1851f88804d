//! The error numbers that libzmq answers with.
//!
//! Those of POSIX have the target's values: libzmq takes them from the C library (on Windows from
//! its `errno.h`, into which it translates Winsock's). Four are libzmq's own and the same
//! everywhere.

use core::ffi::c_int;

pub use libc::{
    EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EBUSY, ECANCELED, ECONNABORTED,
    ECONNREFUSED, ECONNRESET, EEXIST, EFAULT, EHOSTUNREACH, EINPROGRESS, EINTR, EINVAL, EMFILE,
    EMSGSIZE, ENETDOWN, ENETRESET, ENETUNREACH, ENFILE, ENOBUFS, ENODEV, ENOENT, ENOMEM, ENOTCONN,
    ENOTSOCK, ENOTSUP, EPERM, EPIPE, EPROTO, EPROTONOSUPPORT, ETIMEDOUT,
};

/// Where the numbers begin that no operating system uses.
pub const ZMQ_HAUSNUMERO: c_int = 156_384_712;

/// The operation does not suit the state that the socket is in.
pub const EFSM: c_int = ZMQ_HAUSNUMERO + 51;
/// The transport does not carry this type of socket.
pub const ENOCOMPATPROTO: c_int = ZMQ_HAUSNUMERO + 52;
/// The context was terminated.
pub const ETERM: c_int = ZMQ_HAUSNUMERO + 53;
/// The context has no I/O thread for this.
pub const EMTHREAD: c_int = ZMQ_HAUSNUMERO + 54;
