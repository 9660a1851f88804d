//! The lock of a single-threaded socket that threads share.

use std::{
    hint,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// A lock for calls that do not block. A plain store releases it: the exchange of a `Mutex` takes a
/// twentieth of the time of a small message. So nothing wakes a thread that waits for the lock; it
/// tries again.
#[derive(Debug, Default)]
pub(super) struct Turn(AtomicBool);

/// The turn of this thread, which ends when it is dropped.
#[derive(Debug)]
#[must_use]
pub(super) struct Taken<'t>(&'t Turn);

impl Turn {
    #[inline]
    pub(super) fn take(&self) -> Taken<'_> {
        self.try_take().unwrap_or_else(|| self.wait())
    }

    #[inline]
    pub(super) fn try_take(&self) -> Option<Taken<'_>> {
        // It acquires what the thread before has released.
        (!self.0.swap(true, Ordering::Acquire)).then(|| Taken(self))
    }

    /// Most turns take less than a microsecond. A longer one belongs to a thread that does not run
    /// at the moment, or to a closure of the user.
    #[cold]
    fn wait(&self) -> Taken<'_> {
        const SPINS: u32 = 100;
        const YIELDS: u32 = 2 * SPINS;
        const SLEEP: Duration = Duration::from_micros(50);

        let mut looks = 0_u32;
        loop {
            match looks {
                ..SPINS => hint::spin_loop(),
                SPINS..YIELDS => thread::yield_now(),
                // A thread of a lower priority must get to run, too.
                _ => thread::sleep(SLEEP),
            }
            looks = looks.saturating_add(1);
            if !self.0.load(Ordering::Relaxed) {
                if let Some(taken) = self.try_take() {
                    return taken;
                }
            }
        }
    }
}

impl Drop for Taken<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    #[test]
    fn turns_of_many_threads_do_not_overlap() {
        const THREADS: u64 = 4;
        const TURNS: u64 = 20_000;

        let turn = Turn::default();
        let count = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..TURNS {
                        let _taken = turn.take();
                        // Two steps, which would lose counts without the turn.
                        count.store(count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(count.into_inner(), THREADS * TURNS);
    }

    #[test]
    fn turn_that_takes_long_is_waited_for() {
        let turn = Turn::default();
        let taken = turn.take();
        assert!(turn.try_take().is_none());
        thread::scope(|scope| {
            let waits = scope.spawn(|| drop(turn.take()));
            thread::sleep(Duration::from_millis(20));
            assert!(!waits.is_finished());
            drop(taken);
        });
        assert!(turn.try_take().is_some());
    }
}
