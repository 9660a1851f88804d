use std::{ffi::CStr, ptr};

use libc::{c_char, c_int};
use libzmq_sys as sys;

use super::{Errno, Socket, owners::call};

/// Whether C tells with each event how many were lost before it: version 3, which only our patches
/// make.
pub(crate) const COUNTS_LOST_EVENTS: bool = cfg!(zmq_has = "patches");

impl Socket {
    /// Has C publish the socket's events at the inproc endpoint. Whoever was told of them before is
    /// told that this ends.
    pub(crate) fn monitor(&self, endpoint: &CStr, events: u64) -> Result<(), Errno> {
        self.publish_events(endpoint.as_ptr(), events)
    }

    /// Has C publish the socket's events no more.
    pub(crate) fn stop_monitor(&self) -> Result<(), Errno> {
        self.publish_events(ptr::null(), 0)
    }

    /// As a publisher, because it drops what its subscriber has no room for: every other type of
    /// socket would wait for room in whatever call or I/O thread has an event to tell.
    fn publish_events(&self, endpoint: *const c_char, events: u64) -> Result<(), Errno> {
        const VERSION: c_int =
            if COUNTS_LOST_EVENTS { 3 } else { sys::ZMQ_CURRENT_EVENT_VERSION_DRAFT as c_int };

        let pointer = self.pointer()?;
        // SAFETY: an open socket, and NULL or a valid string. The call takes a lock of its own
        // (zmq_socket_monitor_versioned(3)), so it disturbs no other call on the socket.
        call(|| unsafe {
            sys::zmq_socket_monitor_versioned(
                pointer,
                endpoint,
                events,
                VERSION,
                sys::ZMQ_PUB as c_int,
            )
        })
        .map(drop)
    }
}
