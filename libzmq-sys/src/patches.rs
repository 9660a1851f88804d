//! Functions that our patches add. A libzmq has them only if `DEP_ZMQ_HAS` contains `patches`.

use std::ffi::{c_int, c_void};

unsafe extern "C" {
    /// Makes the calls that block to receive on the socket, now and later, fail with `ECANCELED`.
    /// Any thread may call this until the socket is closed.
    pub fn zmq_socket_stop_receiving(socket: *mut c_void) -> c_int;
}
