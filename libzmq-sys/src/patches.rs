//! Functions that our patches add. A libzmq has them only if `DEP_ZMQ_HAS` contains `patches`.

use std::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    /// Makes the calls that block to receive on the socket, now and later, fail with `ECANCELED`.
    /// Any thread may call this until the socket is closed.
    pub fn zmq_socket_stop_receiving(socket: *mut c_void) -> c_int;

    /// Connects as `zmq_connect` does, and publishes what becomes of this one connection at an
    /// inproc endpoint, in the frames of monitor event version 3. A socket that makes no second
    /// connection to the endpoint fails with `EEXIST`.
    pub fn zmq_connect_watched(
        socket: *mut c_void,
        endpoint: *const c_char,
        watch: *const c_char,
    ) -> c_int;

    /// Publishes no more at that inproc endpoint, and disconnects the connection if told to.
    pub fn zmq_stop_watching(socket: *mut c_void, watch: *const c_char, disconnect: c_int)
    -> c_int;
}
