//! Waiting for a change of a socket's readiness, without a blocking call on the socket.

use std::{
    ptr,
    time::{Duration, Instant},
};

use libc::{c_int, c_long, c_short, c_void};
use libzmq_sys as sys;

use super::{
    Errno,
    os::fork::Process,
    owners::{DeferDrops, blocking_call, call},
};

/// The time at which a call stops blocking.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    /// Returns the deadline after a number of milliseconds. A negative number is infinite.
    pub(super) fn after(milliseconds: c_int) -> Self {
        u64::try_from(milliseconds).map_or_else(
            |_| Self::never(),
            |milliseconds| Self::within(Duration::from_millis(milliseconds)),
        )
    }

    pub(super) fn within(period: Duration) -> Self {
        Self(Instant::now().checked_add(period))
    }

    pub(super) fn never() -> Self {
        Self(None)
    }

    /// Returns the milliseconds that are left, rounded up so that a wait does not end early, or
    /// `None` after the deadline. -1 is infinite.
    pub(super) fn left(self) -> Option<c_long> {
        let Some(end) = self.0 else { return Some(-1) };
        let left = end.checked_duration_since(Instant::now())?;
        let milliseconds = left.as_nanos().div_ceil(1_000_000);
        (milliseconds > 0).then(|| c_long::try_from(milliseconds).unwrap_or(c_long::MAX))
    }
}

/// Waits with `zmq_poll` until the item has one of its events. Continues after a signal.
pub(super) fn poll(item: sys::zmq_pollitem_t, deadline: Deadline) -> Result<(), Errno> {
    let mut item = item;
    loop {
        let Some(left) = deadline.left() else { return Err(Errno::AGAIN) };
        // SAFETY: one valid item. Its socket or descriptor is open, because the caller borrows its
        // owner.
        match blocking_call(|| unsafe { sys::zmq_poll(&raw mut item, 1, left) }) {
            Ok(0) | Err(Errno::INTERRUPTED) => (),
            Ok(_) => return Ok(()),
            Err(errno) => return Err(errno),
        }
    }
}

/// Signals when the readiness of a thread-safe socket may have changed: after a message, when a
/// queue has room again, when a peer connects or disconnects.
///
/// It polls the descriptor of a `zmq_poller`. `zmq_poller_wait` cannot wait for such a change,
/// because a SERVER always counts as writable.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) process: Process,
    poller: *mut c_void,
    pub(super) fd: sys::zmq_fd_t,
    socket: *mut c_void,
}

// SAFETY: a poller is not bound to a thread, and `&mut self` guards each call on it.
unsafe impl Send for Watch {}

impl Watch {
    /// # Safety
    /// `socket` must be an open thread-safe socket that is not closed before the watch is dropped.
    pub(super) unsafe fn new(socket: *mut c_void) -> Result<Self, Errno> {
        // SAFETY: takes nothing; NULL means failure.
        let poller = unsafe { sys::zmq_poller_new() };
        if poller.is_null() {
            return Err(Errno::last());
        }
        let mut watch = Self { process: Process::current(), poller, fd: 0 as _, socket };
        // SAFETY: a valid poller and socket, which the caller keeps open.
        call(|| unsafe {
            sys::zmq_poller_add(poller, socket, ptr::null_mut(), sys::ZMQ_POLLIN as c_short)
        })?;
        // SAFETY: a valid poller that has a thread-safe socket, and a place for its descriptor.
        call(|| unsafe { sys::zmq_poller_fd(poller, &raw mut watch.fd) })?;
        Ok(watch)
    }

    /// Waits for the next change, and resets the signal.
    pub(super) fn wait(&mut self, deadline: Deadline) -> Result<(), Errno> {
        let item = sys::zmq_pollitem_t {
            socket: ptr::null_mut(),
            fd: self.fd,
            events: sys::ZMQ_POLLIN as c_short,
            revents: 0,
        };
        poll(item, deadline)?;
        self.take_signal()
    }

    /// Reads all signals from the descriptor, so that it becomes readable at the next change.
    #[cfg(unix)]
    pub(super) fn take_signal(&mut self) -> Result<(), Errno> {
        self.process.check()?;
        // libzmq would read one of them, and each of the others would cause a needless wakeup.
        let mut signals = [0_u8; 512];
        // SAFETY: the descriptor of a valid poller, which does not block, and a buffer. libzmq
        // reads from it only in calls on the poller, which `&mut self` excludes. An empty
        // descriptor is no error.
        unsafe { libc::read(self.fd, signals.as_mut_ptr().cast(), signals.len()) };
        Ok(())
    }

    /// Reads a signal from the descriptor, so that it becomes readable at the next change.
    #[cfg(not(unix))]
    pub(super) fn take_signal(&mut self) -> Result<(), Errno> {
        self.process.check()?;
        let mut event = sys::zmq_poller_event_t {
            socket: ptr::null_mut(),
            fd: self.fd,
            user_data: ptr::null_mut(),
            events: 0,
        };
        // Only this call reads the signal. Its event does not matter. SAFETY: a valid poller, and a
        // pointer to one event.
        match call(|| unsafe { sys::zmq_poller_wait_all(self.poller, &raw mut event, 1, 0) }) {
            Ok(_) | Err(Errno::AGAIN | Errno::INTERRUPTED) => Ok(()),
            Err(errno) => Err(errno),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // In a forked child the poller is leaked, like the socket.
        if !self.process.is_current() {
            return;
        }
        let _deferred = DeferDrops::new();
        // SAFETY: the poller is valid, and its socket is still open; both calls remove the signaler
        // from the socket. Removing fails without effect if adding has failed.
        unsafe {
            sys::zmq_poller_remove(self.poller, self.socket);
            sys::zmq_poller_destroy(&raw mut self.poller);
        }
    }
}
