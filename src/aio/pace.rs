//! Pauses of a task that always finds its socket ready.

use std::{cell::Cell, task::Context};

/// How many calls in a row may be ready at once, on one thread: some tens of microseconds of work.
/// A pause costs about as much as a hundred calls, because the runtime offers the task to its other
/// threads.
const STEPS: u32 = 512;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(STEPS) };
}

/// Whether it is time to pause. If so the task is woken again, after others.
#[inline]
pub(super) fn pause(cx: &Context<'_>) -> bool {
    LEFT.with(|left| match left.get() {
        0 => {
            left.set(STEPS);
            cx.waker().wake_by_ref();
            true
        }
        steps => {
            left.set(steps - 1);
            false
        }
    })
}

/// Notes that a task waits anyway.
pub(super) fn paused() {
    LEFT.with(|left| left.set(STEPS));
}
