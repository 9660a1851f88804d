//! Multipart messages, which libzmq transfers whole, but takes and returns frame by frame.

use libc::c_int;
use libzmq_sys as sys;

use super::{DeferDrops, Errno, Message, Socket, Wait};

const MORE: c_int = sys::ZMQ_SNDMORE as c_int;

/// Why a message was not sent.
enum Failure {
    /// The socket refused the first frame.
    Refused(Errno),
    /// The connection ended within the message.
    Torn(Errno),
}

impl Socket {
    /// Sends the frames as one message. After an error the frames are as they were, and none of
    /// them was sent.
    ///
    /// If the connection ends within the message, it starts again from the first frame, so that
    /// another peer receives the whole message.
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
                // A libzmq without the patch pipes/torn-message returns EAGAIN.
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
        // Dropping an owner may run user code, which must not send between two frames.
        let mut deferred = DeferDrops::new();
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.iter_mut().enumerate() {
            let flags = if place < last { MORE } else { 0 };
            // libzmq does not return the frames that it has taken when a later one fails, so it
            // gets copies, which share the bytes.
            let mut copy = raw(part).copy();
            if place == 0 {
                let mut sent = self.try_send(&mut copy, flags);
                if wait != Wait::No && matches!(sent, Err(Errno::AGAIN | Errno::INTERRUPTED)) {
                    // No frame was sent yet. Drop the released owners before this call blocks.
                    drop(deferred);
                    deferred = DeferDrops::new();
                    sent = self.wait_to_transmit(&mut copy, flags, wait);
                }
                sent.map_err(Failure::Refused)?;
            } else if let Err(errno) = self.send_rest(&mut copy, flags) {
                if place < last {
                    // libzmq discards frames until the last one of this message. Send a last one.
                    let _ = self.send_rest(&mut Message::new(), 0);
                }
                return Err(Failure::Torn(errno));
            }
        }
        drop(deferred);
        Ok(())
    }
}
