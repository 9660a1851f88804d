//! Receives that try again for a while before they block.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use super::{DeferDrops, Errno, Message, Socket, Wait, wait::Deadline};

impl Socket {
    /// How long a receive tries before it blocks.
    pub(crate) fn spin(&self) -> Duration {
        Duration::from_nanos(self.spin.load(Ordering::Relaxed))
    }

    pub(crate) fn set_spin(&self, spin: Duration) {
        let nanoseconds = u64::try_from(spin.as_nanos()).unwrap_or(u64::MAX);
        self.spin.store(nanoseconds, Ordering::Relaxed);
    }

    /// Tries to receive until the spin or the limit of the call has passed, and then blocks.
    #[cold]
    pub(super) fn spin_to_recv(
        &self,
        deferred: &DeferDrops,
        message: &mut Message,
        wait: Wait,
    ) -> Result<(), Errno> {
        let begin = Instant::now();
        let limit = self.waits_to_receive(wait);
        let spin = limit.map_or(self.spin(), |limit| limit.min(self.spin()));
        while begin.elapsed() < spin {
            // The peer, an I/O thread or a thread that waits for the lock of this socket may need
            // the processor.
            thread::yield_now();
            match self.try_recv_within(deferred, message) {
                Err(Errno::AGAIN) => (),
                done => return done,
            }
        }
        match limit.map(|limit| limit.saturating_sub(begin.elapsed())) {
            None if wait == Wait::AsSet => self.wait_to_recv(message),
            None => self.recv_within(message, Deadline::never()),
            Some(Duration::ZERO) => Err(Errno::AGAIN),
            Some(left) => self.recv_within(message, Deadline::within(left)),
        }
    }
}
