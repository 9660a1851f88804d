//! The subscriber that an XPUB heard of last, and how a message is sent to it alone.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use libc::c_int;
use libzmq_sys as sys;

use super::{Errno, Socket};

/// Subscriptions count without the program.
const AUTOMATIC: u8 = 0;
/// `ZMQ_XPUB_MANUAL`
const MANUAL: u8 = 1;
/// `ZMQ_XPUB_MANUAL_LAST_VALUE`
const LAST_VALUE: u8 = 2;

/// What C does not tell of an XPUB.
#[derive(Debug, Default)]
pub(super) struct Newcomer {
    mode: AtomicU8,
    /// Whether the message received last was a subscription, and none was sent to its sender yet.
    known: AtomicBool,
}

impl Newcomer {
    /// Takes note of an option that was set.
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
    /// Takes note of a message that an XPUB received.
    pub(crate) fn note_subscription(&self, message: &[u8]) {
        self.newcomer.known.store(message.first() == Some(&1), Ordering::Relaxed);
    }

    /// Sends to the newcomer alone; `EFSM` if there is none, `EINVAL` if subscriptions do not wait
    /// for the program.
    pub(crate) fn for_newcomer(
        &self,
        send: impl FnOnce() -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let Newcomer { mode, known } = &self.newcomer;
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
            // The first takes back both, because C has one flag for the two.
            self.set_int(sys::ZMQ_XPUB_MANUAL_LAST_VALUE, c_int::from(false))?;
            self.set_int(sys::ZMQ_XPUB_MANUAL, c_int::from(true))?;
        }
        if sent.is_ok() {
            known.store(false, Ordering::Relaxed);
        }
        sent
    }
}
