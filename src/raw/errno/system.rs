//! Conversions between error numbers and errors of the standard library.

use std::io;

use super::Errno;

#[cfg(not(windows))]
impl Errno {
    /// Returns the number of an error of the standard library.
    pub(crate) fn of_system(error: &io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or(libc::EIO))
    }

    /// Returns the kind in the standard library.
    pub(crate) fn io_kind(self) -> io::ErrorKind {
        io::Error::from_raw_os_error(self.0).kind()
    }
}

/// The numbers of the C library that have an `ErrorKind`. If several have the same, the first is
/// the usual one. Windows itself has other numbers.
#[cfg(windows)]
const NAMES: [(libc::c_int, io::ErrorKind); 22] = [
    (libc::EACCES, io::ErrorKind::PermissionDenied),
    (libc::EPERM, io::ErrorKind::PermissionDenied),
    (libc::EADDRINUSE, io::ErrorKind::AddrInUse),
    (libc::EADDRNOTAVAIL, io::ErrorKind::AddrNotAvailable),
    (libc::EAGAIN, io::ErrorKind::WouldBlock),
    (libc::ECONNABORTED, io::ErrorKind::ConnectionAborted),
    (libc::ECONNREFUSED, io::ErrorKind::ConnectionRefused),
    (libc::ECONNRESET, io::ErrorKind::ConnectionReset),
    (libc::EEXIST, io::ErrorKind::AlreadyExists),
    (libc::EHOSTUNREACH, io::ErrorKind::HostUnreachable),
    (libc::EINTR, io::ErrorKind::Interrupted),
    (libc::EINVAL, io::ErrorKind::InvalidInput),
    (libc::ENETDOWN, io::ErrorKind::NetworkDown),
    (libc::ENETUNREACH, io::ErrorKind::NetworkUnreachable),
    (libc::ENOENT, io::ErrorKind::NotFound),
    (libc::ENOMEM, io::ErrorKind::OutOfMemory),
    (libc::ENOSPC, io::ErrorKind::StorageFull),
    (libc::ENOTCONN, io::ErrorKind::NotConnected),
    (libc::ENOTDIR, io::ErrorKind::NotADirectory),
    (libc::EPIPE, io::ErrorKind::BrokenPipe),
    (libc::EROFS, io::ErrorKind::ReadOnlyFilesystem),
    (libc::ETIMEDOUT, io::ErrorKind::TimedOut),
];

#[cfg(windows)]
impl Errno {
    /// Returns the number of an error of the standard library.
    pub(crate) fn of_system(error: &io::Error) -> Self {
        // `ERROR_TOO_MANY_OPEN_FILES`, `WSAEMFILE` and `WSAENOBUFS` have no `ErrorKind`.
        let number = match error.raw_os_error() {
            Some(4 | 10_024) => Some(libc::EMFILE),
            Some(10_055) => Some(libc::ENOBUFS),
            _ => NAMES.iter().find(|(_, name)| *name == error.kind()).map(|(number, _)| *number),
        };
        Self(number.unwrap_or(libc::EIO))
    }

    /// Returns the kind in the standard library.
    pub(crate) fn io_kind(self) -> io::ErrorKind {
        NAMES
            .iter()
            .find(|(number, _)| *number == self.0)
            .map_or(io::ErrorKind::Other, |(_, name)| *name)
    }
}
