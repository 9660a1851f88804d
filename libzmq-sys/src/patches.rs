//! Functions that our patches add. A libzmq has them only if `DEP_ZMQ_HAS` contains `patches`.

use std::ffi::{c_char, c_int, c_void};

use crate::zmq_msg_t;

unsafe extern "C" {
    /// Makes the calls that block to receive on the socket, now and later, fail with `ECANCELED`.
    /// Any thread may call this until the socket is closed.
    pub fn zmq_socket_stop_receiving(socket: *mut c_void) -> c_int;

    /// Sends messages of one part under one lock, without waiting, until one fails. Returns how
    /// many were sent, or -1 if none was.
    pub fn zmq_msg_send_many(
        msgs: *const *mut zmq_msg_t,
        count: c_int,
        socket: *mut c_void,
    ) -> c_int;

    /// Receives messages under one lock, without waiting, until there is none or one has more
    /// parts. Initialises as many of them as it returns: -1 if there was none.
    pub fn zmq_msg_recv_many(msgs: *mut zmq_msg_t, count: c_int, socket: *mut c_void) -> c_int;

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

unsafe extern "C" {
    /// Ends the connection of a SERVER or PEER to the peer that has that routing id. Upstream has
    /// this function in versions after 4.3.5: a libzmq that `DEP_ZMQ_HAS` says has
    /// `disconnect_peer` links it.
    pub fn zmq_disconnect_peer(socket: *mut c_void, routing_id: u32) -> c_int;
}
