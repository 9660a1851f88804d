//! Attempts with one C call, which does not block and which a signal may interrupt. A caller makes
//! the whole call after one that fails.

use libc::c_int;
use libzmq_sys as sys;

use super::{DeferDrops, Errno, Message, Socket, errno::check};

/// Why an attempt with one C call has not sent or received.
#[cfg(any(feature = "tokio", feature = "async-io"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDone {
    WouldBlock,
    /// The whole call finds out, and loses nothing by the attempt.
    Unknown,
}

#[cfg(any(feature = "tokio", feature = "async-io"))]
impl From<Errno> for NotDone {
    fn from(errno: Errno) -> Self {
        if errno == Errno::AGAIN { Self::WouldBlock } else { Self::Unknown }
    }
}

impl Socket {
    /// Receives a frame.
    #[inline]
    pub(super) fn recv_at_once(
        &self,
        _deferred: &DeferDrops,
        message: &mut Message,
    ) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let message = message.as_mut_ptr();
        // SAFETY: an open socket and an initialised message, zmq_msg_recv(3).
        check(unsafe { sys::zmq_msg_recv(message, pointer, sys::ZMQ_DONTWAIT as c_int) }).map(drop)
    }

    /// Sends a message. It may fail although the queue has room: see [`Self::refresh`].
    #[cfg(any(feature = "tokio", feature = "async-io"))]
    #[inline]
    pub(crate) fn send_at_once(
        &self,
        _deferred: &DeferDrops,
        message: &mut Message,
    ) -> Result<(), Errno> {
        let pointer = self.pointer()?;
        let message = message.as_mut_ptr();
        // SAFETY: an open socket and an initialised message, zmq_msg_send(3).
        check(unsafe { sys::zmq_msg_send(message, pointer, sys::ZMQ_DONTWAIT as c_int) }).map(drop)
    }
}
