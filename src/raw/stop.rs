//! Stopping the calls that receive on a socket, from any thread.

use std::{
    ptr::NonNull,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use libc::c_void;

use super::{Errno, os::fork::Process};

/// Whether libzmq can wake a thread that is blocked in a receive. Our patches add the function.
pub(crate) const STOPS_RECEIVING: bool = cfg!(zmq_has = "patches");

/// The state that a socket shares with the handles that stop it.
#[derive(Debug)]
pub(crate) struct Stop {
    stopped: AtomicBool,
    /// The socket, or `None` after it was closed.
    socket: Mutex<Option<Pointer>>,
    process: Process,
}

#[derive(Debug)]
struct Pointer(NonNull<c_void>);

// SAFETY: it is used for `zmq_socket_stop_receiving` only, which any thread may call.
unsafe impl Send for Pointer {}

impl Stop {
    pub(super) fn new(socket: NonNull<c_void>) -> Arc<Self> {
        Arc::new(Self {
            stopped: AtomicBool::new(false),
            socket: Mutex::new(Some(Pointer(socket))),
            process: Process::current(),
        })
    }

    /// Returns an error if the socket was stopped.
    #[inline]
    pub(crate) fn check(&self) -> Result<(), Errno> {
        if self.is_stopped() { Err(Errno::STOPPED) } else { Ok(()) }
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn stop(&self) {
        // A forked child must use neither the socket nor the lock, which its parent may hold.
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

    /// Removes the socket, which is about to be closed.
    pub(super) fn close(&self) {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
