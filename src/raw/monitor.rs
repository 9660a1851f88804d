//! Starting and stopping the monitor of a socket.

use std::{ffi::CStr, ptr};

use libc::{c_char, c_int};
use libzmq_sys as sys;

use super::{Errno, Socket, owners::call};

/// Whether each event contains the number of events that were lost before it: version 3, which our
/// patches add.
pub(crate) const COUNTS_LOST_EVENTS: bool = cfg!(zmq_has = "patches");

impl Socket {
    /// Makes libzmq publish the events of the socket at an inproc endpoint. An earlier monitor
    /// receives the event that it has ended.
    pub(crate) fn monitor(&self, endpoint: &CStr, events: u64) -> Result<(), Errno> {
        self.publish_events(endpoint.as_ptr(), events)
    }

    /// Makes libzmq stop publishing the events of the socket.
    pub(crate) fn stop_monitor(&self) -> Result<(), Errno> {
        self.publish_events(ptr::null(), 0)
    }

    /// Uses a PUB, which drops events when the queue is at its high water mark. Every other socket
    /// type would block the call or the I/O thread that publishes an event.
    fn publish_events(&self, endpoint: *const c_char, events: u64) -> Result<(), Errno> {
        const VERSION: c_int =
            if COUNTS_LOST_EVENTS { 3 } else { sys::ZMQ_CURRENT_EVENT_VERSION_DRAFT as c_int };

        let pointer = self.pointer()?;
        // SAFETY: an open socket, and NULL or a valid string. The call takes its own lock
        // (zmq_socket_monitor_versioned(3)), so other threads may call on the socket.
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
