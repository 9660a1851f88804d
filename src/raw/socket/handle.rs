//! The handles of a socket: [`Shared`] by threads, or [`Exclusive`] to one.

use std::{ops::Deref, sync::Arc};

use libc::c_int;

use super::{Context, Errno, Socket};

/// A handle of a socket of C.
pub trait HasRaw {
    /// Returns the socket.
    fn raw(&self) -> &Socket;
}

/// A handle of a thread-safe socket, with state of the typed layer.
#[derive(Debug)]
pub struct Shared<T = ()>(Arc<(Socket, T)>);

// SAFETY: `new` creates thread-safe sockets only. They take a lock in every call that `Socket`
// makes (zmq_socket(3), "Thread safety"), and are closed when the last clone is dropped.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T: Default> Shared<T> {
    /// Creates a socket of a type of C. Returns `EINVAL` if C says that it is not thread-safe.
    pub(crate) fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        let socket = Socket::new(context, kind)?;
        if !socket.is_thread_safe() {
            return Err(Errno::INVALID);
        }
        Ok(Self(Arc::new((socket, T::default()))))
    }
}

impl<T> Shared<T> {
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn state(&self) -> &T {
        &self.0.1
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = Socket;

    #[inline]
    fn deref(&self) -> &Socket {
        &self.0.0
    }
}

/// The handle of a single-threaded socket, with state of the typed layer.
#[derive(Debug)]
pub struct Exclusive<T = ()>(Socket, T);

// SAFETY: zmq_socket(3): such a socket may migrate to another thread "with a full fence memory
// barrier", which every way to send a value to a thread has. It is not Sync, so two threads do not
// use it at the same time.
unsafe impl<T: Send> Send for Exclusive<T> {}

impl<T: Default> Exclusive<T> {
    pub(crate) fn new(context: Arc<Context>, kind: c_int) -> Result<Self, Errno> {
        Socket::new(context, kind).map(|socket| Self(socket, T::default()))
    }
}

impl<T> Exclusive<T> {
    pub(crate) fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    pub(crate) fn state(&self) -> &T {
        &self.1
    }
}

impl<T> Deref for Exclusive<T> {
    type Target = Socket;

    #[inline]
    fn deref(&self) -> &Socket {
        &self.0
    }
}
