//! What the patches add to libzmq: only a libzmq that `DEP_ZMQ_HAS` says has `patches` links it.

use std::ffi::{c_int, c_void};

unsafe extern "C" {
    /// Has the calls that wait for a message on the socket, now or later, fail with `ECANCELED`.
    /// Any thread may call this until the socket is closed.
    pub fn zmq_socket_stop_receiving(socket: *mut c_void) -> c_int;
}
