//! Messages of several parts, which libzmq sends and receives whole but takes and gives part by
//! part.

use libc::c_int;
use libzmq_sys as sys;

use super::{Errno, Message, Socket};

impl Socket {
    /// Sends the parts as one message, waiting for room as long as the socket's timeout for sending
    /// allows, or not at all. On failure the parts are as they were, and none of them was sent.
    pub(crate) fn send_parts<'a>(
        &self,
        parts: impl ExactSizeIterator<Item = &'a mut Message>,
        wait: bool,
    ) -> Result<(), Errno> {
        const MORE: c_int = sys::ZMQ_SNDMORE as c_int;

        let last = parts.len().saturating_sub(1);
        let mut broken = Ok(());
        for (place, part) in parts.enumerate() {
            let flags = if place < last { MORE } else { 0 };
            // What C has taken does not come back should a later part fail, so it is given copies,
            // which share the bytes.
            let mut copy = part.copy();
            let sent = if wait && place == 0 {
                self.send(&mut copy, flags)
            } else {
                self.try_send(&mut copy, flags)
            };
            match sent {
                Ok(()) => (),
                Err(errno) if place == 0 => return Err(errno),
                // The peer went away within the message. C takes the parts that follow for the rest
                // of it, and discards them.
                Err(errno) => broken = Err(errno),
            }
        }
        broken
    }
}
