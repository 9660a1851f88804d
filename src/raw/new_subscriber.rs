//! The sender of the subscription that an XPUB received last, and sending to it only.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use libc::c_int;
use libzmq_sys as sys;

use super::{Errno, Socket};

/// Subscriptions take effect without the program.
const AUTOMATIC: u8 = 0;
/// `ZMQ_XPUB_MANUAL`
const MANUAL: u8 = 1;
/// `ZMQ_XPUB_MANUAL_LAST_VALUE`
const LAST_VALUE: u8 = 2;

/// The state of an XPUB that libzmq has no call for.
#[derive(Debug, Default)]
pub(super) struct NewSubscriber {
    mode: AtomicU8,
    /// Whether the last received message was a subscription, and no message was sent to its sender
    /// yet.
    known: AtomicBool,
}

impl NewSubscriber {
    /// Notes an option that was set.
    pub(super) fn note_option(&self, option: u32, on: bool) {
        let mode = match option {
            sys::ZMQ_XPUB_MANUAL if on => MANUAL,
            sys::ZMQ_XPUB_MANUAL_LAST_VALUE if on => LAST_VALUE,
            sys::ZMQ_XPUB_MANUAL | sys::ZMQ_XPUB_MANUAL_LAST_VALUE => AUTOMATIC,
            _ => return,
        };
        self.mode.store(mode, Ordering::Relaxed);
    }
}

impl Socket {
    /// Notes a message that an XPUB has received.
    pub(crate) fn note_subscription(&self, message: &[u8]) {
        self.new_subscriber.known.store(message.first() == Some(&1), Ordering::Relaxed);
    }

    /// Sends to the new subscriber only. Returns `EFSM` if there is none, and `EINVAL` without the
    /// option for manual subscriptions.
    pub(crate) fn for_new_subscriber(
        &self,
        send: impl FnOnce() -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let NewSubscriber { mode, known } = &self.new_subscriber;
        let mode = mode.load(Ordering::Relaxed);
        if mode == AUTOMATIC {
            return Err(Errno::INVALID);
        }
        if !known.load(Ordering::Relaxed) {
            return Err(Errno(sys::EFSM));
        }
        self.set_int(sys::ZMQ_XPUB_MANUAL_LAST_VALUE, c_int::from(true))?;
        let sent = send();
        if mode == MANUAL {
            // libzmq has one flag for both options: the first call resets both.
            self.set_int(sys::ZMQ_XPUB_MANUAL_LAST_VALUE, c_int::from(false))?;
            self.set_int(sys::ZMQ_XPUB_MANUAL, c_int::from(true))?;
        }
        if sent.is_ok() {
            known.store(false, Ordering::Relaxed);
        }
        sent
    }
}
