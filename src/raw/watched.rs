//! A socket that tasks share, with the signal that tells when to look at it again.

use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use libzmq_sys as sys;

use super::{DeferDrops, Errno, HasRaw, Signal, Socket, wait::Watch};

/// What a socket is ready for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readiness {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

impl Socket {
    /// What the socket is ready for. Has C process all that its I/O threads have reported.
    pub(crate) fn readiness(&self) -> Result<Readiness, Errno> {
        let events = self.get_int(sys::ZMQ_EVENTS)? as u32;
        Ok(Readiness {
            readable: events & sys::ZMQ_POLLIN != 0,
            writable: events & sys::ZMQ_POLLOUT != 0,
        })
    }
}

/// A socket of any type that many threads may call on: on one that is not thread-safe they take
/// turns.
///
/// A clone shares the watch, and holds the same socket.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    // Dropped before the socket. Each share of the watch is dropped before the hold of the socket
    // that came with it, so the last share goes while the socket is open.
    watch: Option<Arc<Mutex<Watch>>>,
    turn: Mutex<()>,
    socket: S,
}

// SAFETY: without `S: Sync` the socket is reached through `with` only. There threads take turns,
// which a socket that may migrate allows, unless C says that the type is thread-safe, and over such
// `raw::Shared` is Sync.
unsafe impl<S: Send> Sync for Watched<S> {}

impl<S: HasRaw> Watched<S> {
    pub(crate) fn new(socket: S) -> Result<Self, Errno> {
        let raw = socket.raw();
        let watch = match raw.get_int(sys::ZMQ_THREAD_SAFE)? {
            0 => None,
            _ => {
                // SAFETY: an open thread-safe socket. Who drops a share of the watch drops their
                // hold of the socket after it.
                let watch = unsafe { Watch::new(raw.pointer()?) }?;
                Some(Arc::new(Mutex::new(watch)))
            }
        };
        Ok(Self { watch, turn: Mutex::new(()), socket })
    }

    /// Whether calls on the socket need not take turns.
    pub(crate) fn is_thread_safe(&self) -> bool {
        self.watch.is_some()
    }

    /// Makes a call on the socket, in turn.
    #[inline]
    pub(crate) fn with<R>(&self, call: impl FnOnce(&S) -> R) -> R {
        // Until the turn is over: the drop of an owner may want one.
        let _deferred = DeferDrops::new();
        let _turn = (!self.is_thread_safe())
            .then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        call(&self.socket)
    }

    /// Makes a call on the socket, unless that would have to wait for its turn.
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

    /// What becomes readable when there is something new to the socket. A thread-safe one keeps it
    /// so until it is [taken note of](Self::take_signal); another until the next call on it.
    pub(crate) fn signal(&self) -> Result<Signal, Errno> {
        match &self.watch {
            Some(watch) => watch.lock().unwrap_or_else(PoisonError::into_inner).signal(),
            None => self.with(|socket| socket.raw().signal()),
        }
    }

    pub(crate) fn take_signal(&self) {
        if let Some(watch) = &self.watch {
            let _deferred = DeferDrops::new();
            // What could fail here fails the next call on the socket as well, which tells.
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
