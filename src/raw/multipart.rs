//! Messages of several parts, which libzmq sends and receives whole but takes and gives part by
//! part.

use libc::c_int;
use libzmq_sys as sys;

use super::{DeferDrops, Errno, Message, Socket};

impl Socket {
    /// Sends the parts as one message, waiting for room as long as the socket's timeout for sending
    /// allows, or not at all. On failure the parts are as they were, and none of them was sent.
    pub(crate) fn send_parts<'a>(
        &self,
        parts: impl ExactSizeIterator<Item = &'a mut Message>,
        wait: bool,
    ) -> Result<(), Errno> {
        const MORE: c_int = sys::ZMQ_SNDMORE as c_int;

        // The drop of an owner must not send on this socket between two parts.
        let mut deferred = DeferDrops::new();
        let last = parts.len().saturating_sub(1);
        let mut broken = Ok(());
        for (place, part) in parts.enumerate() {
            let flags = if place < last { MORE } else { 0 };
            // What C has taken does not come back should a later part fail, so it is given copies,
            // which share the bytes.
            let mut copy = part.copy();
            let mut sent = self.try_send(&mut copy, flags);
            let must_wait = matches!(sent, Err(Errno::AGAIN | Errno::INTERRUPTED));
            if wait && place == 0 && must_wait {
                // Nothing was sent yet, and what was released does not wait for this.
                drop(deferred);
                deferred = DeferDrops::new();
                sent = self.wait_to_send(&mut copy, flags);
            }
            match sent {
                Ok(()) => (),
                Err(errno) if place == 0 => return Err(errno),
                // The peer went away within the message. C takes the parts that follow for the rest
                // of it, and discards them.
                Err(errno) => broken = Err(errno),
            }
        }
        drop(deferred);
        broken
    }
}
