//! Messages of several parts, which libzmq sends and receives whole but takes and gives part by
//! part.

use libc::c_int;
use libzmq_sys as sys;

use super::{DeferDrops, Errno, Message, Socket, Wait};

const MORE: c_int = sys::ZMQ_SNDMORE as c_int;

/// Why a message was not sent.
enum Failure {
    /// The socket refused the first part.
    Refused(Errno),
    /// The peer went away within the message.
    Torn(Errno),
}

impl Socket {
    /// Sends the parts as one message, and blocks no longer than it may. On failure the parts are as
    /// they were, and none of them was sent.
    ///
    /// Starts again from the first part if the peer goes away within the message, so that another
    /// peer receives the whole message.
    pub(crate) fn send_parts<P>(
        &self,
        parts: &mut [P],
        raw: impl Fn(&mut P) -> &mut Message,
        mut wait: Wait,
    ) -> Result<(), Errno> {
        let deadline = self.deadline_to_send(wait);
        loop {
            match self.attempt(parts, &raw, wait) {
                Ok(()) => return Ok(()),
                // A libzmq without the patch for torn messages says EAGAIN.
                Err(Failure::Torn(Errno::CONNECTION_RESET | Errno::AGAIN)) => (),
                Err(Failure::Refused(errno) | Failure::Torn(errno)) => return Err(errno),
            }
            wait = Wait::until(deadline);
        }
    }

    fn attempt<P>(
        &self,
        parts: &mut [P],
        raw: impl Fn(&mut P) -> &mut Message,
        wait: Wait,
    ) -> Result<(), Failure> {
        // The drop of an owner must not send on this socket between two parts.
        let mut deferred = DeferDrops::new();
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.iter_mut().enumerate() {
            let flags = if place < last { MORE } else { 0 };
            // C does not give back the parts that it has taken when a later one fails, so it is
            // given copies, which share the bytes.
            let mut copy = raw(part).copy();
            if place == 0 {
                let mut sent = self.try_send(&mut copy, flags);
                if wait != Wait::No && matches!(sent, Err(Errno::AGAIN | Errno::INTERRUPTED)) {
                    // Nothing was sent yet, and what was released does not wait for this.
                    drop(deferred);
                    deferred = DeferDrops::new();
                    sent = self.wait_to_transmit(&mut copy, flags, wait);
                }
                sent.map_err(Failure::Refused)?;
            } else if let Err(errno) = self.send_rest(&mut copy, flags) {
                if place < last {
                    // C refuses or discards the parts that follow for the rest of this message, up
                    // to the last one. This is the last one.
                    let _ = self.send_rest(&mut Message::new(), 0);
                }
                return Err(Failure::Torn(errno));
            }
        }
        drop(deferred);
        Ok(())
    }
}
