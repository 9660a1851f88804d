//! A socket that async tasks share, with the signaler of its readiness.

use std::sync::{Arc, Mutex, PoisonError, TryLockError, atomic::Ordering};

use libzmq_sys as sys;

use super::{DeferDrops, Errno, HasRaw, Signaler, Socket, wait::Watch};

/// Whether a socket is readable and writable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readiness {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

impl Socket {
    /// Whether the socket was ever bound or connected to an inproc endpoint.
    pub(crate) fn has_inproc(&self) -> bool {
        self.inproc.load(Ordering::Relaxed)
    }

    /// Returns the readiness. libzmq processes all reports of its I/O threads before.
    pub(crate) fn readiness(&self) -> Result<Readiness, Errno> {
        let events = self.get_int(sys::ZMQ_EVENTS)? as u32;
        Ok(Readiness {
            readable: events & sys::ZMQ_POLLIN != 0,
            writable: events & sys::ZMQ_POLLOUT != 0,
        })
    }
}

/// A socket of any type that many threads may use. On a single-threaded socket they take turns.
///
/// A clone has the same watch and the same socket.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    // Dropped before the socket. Each clone drops its share of the watch before its handle of the
    // socket, so the last share is dropped while the socket is open.
    watch: Option<Arc<Mutex<Watch>>>,
    turn: Mutex<()>,
    socket: S,
}

// SAFETY: without `S: Sync` the socket is accessed through `with` only. There threads take turns,
// which a socket that may migrate allows. They do not if libzmq says that the type is thread-safe,
// and the handle of such a socket, `raw::Shared`, is Sync.
unsafe impl<S: Send> Sync for Watched<S> {}

impl<S: HasRaw> Watched<S> {
    pub(crate) fn new(socket: S) -> Result<Self, Errno> {
        let raw = socket.raw();
        let watch = match raw.get_int(sys::ZMQ_THREAD_SAFE)? {
            0 => None,
            _ => {
                // SAFETY: an open thread-safe socket. Each `Watched` drops its share of the watch
                // before its handle of the socket.
                let watch = unsafe { Watch::new(raw.pointer()?) }?;
                Some(Arc::new(Mutex::new(watch)))
            }
        };
        Ok(Self { watch, turn: Mutex::new(()), socket })
    }

    /// Whether the socket is thread-safe, so that calls need not take turns.
    pub(crate) fn is_thread_safe(&self) -> bool {
        self.watch.is_some()
    }

    /// Makes a call on the socket, after waiting for its turn.
    #[inline]
    pub(crate) fn with<R>(&self, call: impl FnOnce(&S) -> R) -> R {
        // Owners are dropped after the turn, because their drop may take one.
        self.with_deferred(&DeferDrops::new(), call)
    }

    /// As [`Self::with`], for a caller that defers drops already.
    #[inline]
    pub(crate) fn with_deferred<R>(&self, _: &DeferDrops, call: impl FnOnce(&S) -> R) -> R {
        let _turn = (!self.is_thread_safe())
            .then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        call(&self.socket)
    }

    /// Makes a call on the socket, or returns `None` if another call has its turn.
    pub(crate) fn try_with<R>(&self, call: impl FnOnce(&S) -> R) -> Option<R> {
        let _deferred = DeferDrops::new();
        let _turn = match self.turn.try_lock() {
            _ if self.is_thread_safe() => None,
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(call(&self.socket))
    }

    /// Returns a descriptor that becomes readable when the readiness of the socket may have
    /// changed. [`take_signal`](Self::take_signal) resets it. On a single-threaded socket any call
    /// may reset it.
    pub(crate) fn duplicate_signaler(&self) -> Result<Signaler, Errno> {
        match &self.watch {
            Some(watch) => {
                watch.lock().unwrap_or_else(PoisonError::into_inner).duplicate_signaler()
            }
            None => self.with(|socket| socket.raw().duplicate_signaler()),
        }
    }

    pub(crate) fn take_signal(&self) {
        if let Some(watch) = &self.watch {
            let _deferred = DeferDrops::new();
            // An error here also occurs in the next call on the socket, which returns it.
            let _ = watch.lock().unwrap_or_else(PoisonError::into_inner).take_signal();
        }
    }

    pub(crate) fn into_inner(self) -> S {
        drop(self.watch);
        self.socket
    }
}

impl<S: Sync> Watched<S> {
    pub(crate) fn get_ref(&self) -> &S {
        &self.socket
    }
}

impl<S: HasRaw + Clone> Clone for Watched<S> {
    fn clone(&self) -> Self {
        Self { watch: self.watch.clone(), turn: Mutex::new(()), socket: self.socket.clone() }
    }
}
