//! Yields of a task whose socket is always ready.

use std::{cell::Cell, task::Context};

/// How many calls in a row may complete at once, on one thread: some tens of microseconds of work.
/// A yield costs about as much as a hundred calls, because the runtime offers the task to its other
/// threads.
const STEPS: u32 = 512;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(STEPS) };
}

/// Returns whether the task may go on without yielding. If so, [`pause`] agrees once more.
#[inline]
pub(super) fn goes_on() -> bool {
    LEFT.with(|left| match left.get() {
        0 | 1 => {
            left.set(0);
            false
        }
        steps => {
            left.set(steps - 1);
            true
        }
    })
}

/// Returns whether the task should yield now. If so, it wakes the task, which runs again after
/// others.
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

/// Resets the count, because the task waits.
pub(super) fn paused() {
    LEFT.with(|left| left.set(STEPS));
}
