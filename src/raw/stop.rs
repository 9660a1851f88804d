//! Telling a socket, from any thread, that receiving calls on it are to end.

use std::{
    ptr::NonNull,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use libc::c_void;

use super::{Errno, os::fork::Process};

/// Whether C can wake a thread that waits in a receive: a function of our patches.
pub(crate) const STOPS_RECEIVING: bool = cfg!(zmq_has = "patches");

/// What a socket shares with the handles that may stop it.
#[derive(Debug)]
pub(crate) struct Stop {
    stopped: AtomicBool,
    /// The socket, until it closes.
    socket: Mutex<Option<Pointer>>,
    process: Process,
}

#[derive(Debug)]
struct Pointer(NonNull<c_void>);

// SAFETY: the pointer is for `zmq_socket_stop_receiving` only, which any thread may call.
unsafe impl Send for Pointer {}

impl Stop {
    pub(super) fn new(socket: NonNull<c_void>) -> Arc<Self> {
        Arc::new(Self {
            stopped: AtomicBool::new(false),
            socket: Mutex::new(Some(Pointer(socket))),
            process: Process::current(),
        })
    }

    /// An error once the socket was stopped.
    #[inline]
    pub(crate) fn check(&self) -> Result<(), Errno> {
        if self.is_stopped() { Err(Errno::STOPPED) } else { Ok(()) }
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn stop(&self) {
        // A forked child must touch neither the socket nor the lock, which its parent may hold.
        if !STOPS_RECEIVING || !self.process.is_current() {
            return;
        }
        self.stopped.store(true, Ordering::Release);
        let socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Pointer(socket)) = &*socket {
            #[cfg(zmq_has = "patches")]
            // SAFETY: an open socket, since `close` takes the same lock before the socket closes.
            unsafe {
                libzmq_sys::zmq_socket_stop_receiving(socket.as_ptr())
            };
            #[cfg(not(zmq_has = "patches"))]
            let _ = socket;
        }
    }

    /// Forgets the socket, which is about to close.
    pub(super) fn close(&self) {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
