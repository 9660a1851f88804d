//! Many messages in one call, for which libzmq takes the lock of a thread-safe socket once and
//! looks at its commands once.

#[cfg(zmq_has = "patches")]
use std::mem::MaybeUninit;

#[cfg(zmq_has = "patches")]
use super::owners::call;
use super::{Message, Socket};

impl Socket {
    /// Sends messages of one part until one fails, without waiting, and returns how many. What was
    /// sent is empty; the others are as they were. The next call tells why one failed.
    #[cfg(zmq_has = "patches")]
    pub(crate) fn send_many<P>(
        &self,
        messages: &mut [P],
        raw: impl Fn(&mut P) -> &mut Message,
    ) -> usize {
        /// How many are sent before other threads may have the lock.
        const MOST: usize = 64;

        let mut sent = 0;
        for messages in messages.chunks_mut(MOST) {
            let Ok(pointer) = self.pointer() else { break };
            let mut places = [std::ptr::null_mut(); MOST];
            for (place, message) in places.iter_mut().zip(&mut *messages) {
                *place = raw(message).as_mut_ptr();
            }
            let count = libc::c_int::try_from(messages.len()).unwrap_or(0);
            // SAFETY: an open socket, and as many initialised messages, which are borrowed mutably.
            // C sends those that come first and leaves the others alone.
            let done =
                call(|| unsafe { libzmq_sys::zmq_msg_send_many(places.as_ptr(), count, pointer) });
            let done = done.map_or(0, |count| usize::try_from(count).unwrap_or(0));
            sent += done;
            if done < messages.len() {
                break;
            }
        }
        sent
    }

    /// Receives up to `limit` messages that are queued, without waiting, and returns how many. The
    /// next call tells why there are no more. A stopped socket receives none this way.
    ///
    /// The last one may be the first part of a multipart message.
    #[cfg(zmq_has = "patches")]
    pub(crate) fn recv_many(&self, limit: usize, mut keep: impl FnMut(Message)) -> usize {
        /// How many are received before other threads may have the lock.
        const MOST: usize = 32;

        let mut received = 0;
        while received < limit && !self.stop().is_stopped() {
            let Ok(pointer) = self.pointer() else { break };
            let mut messages = [const { MaybeUninit::<libzmq_sys::zmq_msg_t>::uninit() }; MOST];
            let count = libc::c_int::try_from(MOST.min(limit - received)).unwrap_or(0);
            // SAFETY: an open socket, and places for at least as many messages.
            let done = call(|| unsafe {
                libzmq_sys::zmq_msg_recv_many(messages.as_mut_ptr().cast(), count, pointer)
            });
            let done = done.map_or(0, |count| usize::try_from(count).unwrap_or(0));
            let mut more = false;
            for message in messages.into_iter().take(done) {
                // SAFETY: C has initialised as many as it returned, and this takes each once.
                let mut message = unsafe { Message::from_c(message.assume_init()) };
                more = message.more();
                keep(message);
            }
            received += done;
            // C also ends early to look at its commands, but seldom.
            if more || done < MOST {
                break;
            }
        }
        received
    }

    /// A libzmq without our patches has no such call.
    #[cfg(not(zmq_has = "patches"))]
    pub(crate) fn send_many<P>(
        &self,
        messages: &mut [P],
        raw: impl Fn(&mut P) -> &mut Message,
    ) -> usize {
        let is_sent = |message| self.try_send(raw(message), 0).is_ok();
        messages.iter_mut().map(is_sent).take_while(|&is_sent| is_sent).count()
    }

    /// A libzmq without our patches has no such call.
    #[cfg(not(zmq_has = "patches"))]
    pub(crate) fn recv_many(&self, limit: usize, mut keep: impl FnMut(Message)) -> usize {
        let mut received = 0;
        while received < limit && !self.stop().is_stopped() {
            let mut message = Message::new();
            if self.try_recv(&mut message).is_err() {
                break;
            }
            let more = message.more();
            keep(message);
            received += 1;
            if more {
                break;
            }
        }
        received
    }
}
