//! Waiting for a socket to change, without a blocking call on the socket itself.

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

/// When to stop waiting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    /// Counts C's milliseconds from now; a negative number never ends.
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

    /// What is left in C's milliseconds, rounded up so that a wait does not end early; `None` if
    /// nothing is.
    pub(super) fn left(self) -> Option<c_long> {
        let Some(end) = self.0 else { return Some(-1) };
        let left = end.checked_duration_since(Instant::now())?;
        let milliseconds = left.as_nanos().div_ceil(1_000_000);
        (milliseconds > 0).then(|| c_long::try_from(milliseconds).unwrap_or(c_long::MAX))
    }
}

/// Waits with `zmq_poll` until the item has one of its events. Interruptions by signals do not
/// count.
pub(super) fn poll(item: sys::zmq_pollitem_t, deadline: Deadline) -> Result<(), Errno> {
    let mut item = item;
    loop {
        let Some(left) = deadline.left() else { return Err(Errno::AGAIN) };
        // SAFETY: one valid item. Its socket or descriptor is open, because the caller borrows what
        // owns it.
        match blocking_call(|| unsafe { sys::zmq_poll(&raw mut item, 1, left) }) {
            Ok(0) | Err(Errno::INTERRUPTED) => (),
            Ok(_) => return Ok(()),
            Err(errno) => return Err(errno),
        }
    }
}

/// Feels every change of one thread-safe socket: a message, room in a queue, a peer that came or
/// went.
///
/// `zmq_poller_wait` cannot wait for that, since a SERVER always counts as writable; the descriptor
/// under the poller can.
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

    /// Waits for the next change after the last call that found nothing to do, then arms itself
    /// again.
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

    /// Takes the signals from the descriptor, if there are any: it will be readable at the next
    /// change.
    #[cfg(unix)]
    pub(super) fn take_signal(&mut self) -> Result<(), Errno> {
        self.process.check()?;
        // C would take one of them, and each of the others would wake somebody for nothing.
        let mut signals = [0_u8; 512];
        // SAFETY: the descriptor of a valid poller, which does not block, and a place for what is
        // read. C reads from it in calls on the poller only, and `&mut self` guards those. If
        // nothing was there, nothing is to be done.
        unsafe { libc::read(self.fd, signals.as_mut_ptr().cast(), signals.len()) };
        Ok(())
    }

    /// Takes a signal from the descriptor, if there is one: without any it will be readable at the
    /// next change.
    #[cfg(not(unix))]
    pub(super) fn take_signal(&mut self) -> Result<(), Errno> {
        self.process.check()?;
        let mut event = sys::zmq_poller_event_t {
            socket: ptr::null_mut(),
            fd: self.fd,
            user_data: ptr::null_mut(),
            events: 0,
        };
        // Only this takes the signal from the descriptor. Whether the socket is readable is of no
        // interest. SAFETY: a valid poller, and a place for one event.
        match call(|| unsafe { sys::zmq_poller_wait_all(self.poller, &raw mut event, 1, 0) }) {
            Ok(_) | Err(Errno::AGAIN | Errno::INTERRUPTED) => Ok(()),
            Err(errno) => Err(errno),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // In a forked child the poller is leaked, as the socket is.
        if !self.process.is_current() {
            return;
        }
        let _deferred = DeferDrops::new();
        // SAFETY: the poller is valid, and its socket is still open: both calls forget the socket's
        // signaler. The removal fails harmlessly if adding failed.
        unsafe {
            sys::zmq_poller_remove(self.poller, self.socket);
            sys::zmq_poller_destroy(&raw mut self.poller);
        }
    }
}
