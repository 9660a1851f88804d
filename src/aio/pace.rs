//! Yields of a task whose socket is always ready.

use std::{cell::Cell, task::Context};
#[cfg(all(not(windows), feature = "tokio"))]
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Wake, Waker},
};

#[cfg(all(not(windows), feature = "tokio"))]
use crate::raw::contained;

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
pub(super) fn pause(cx: &mut Context<'_>) -> bool {
    LEFT.with(|left| match left.get() {
        0 => {
            left.set(STEPS);
            yield_now(cx);
            true
        }
        steps => {
            left.set(steps - 1);
            false
        }
    })
}

/// Wakes the task that is polled, which runs again after others, and after tokio's reactor has
/// looked for signals.
pub(super) fn yield_now(cx: &mut Context<'_>) {
    // tokio offers a task that wakes itself to its other threads. That costs system calls, and the
    // memory of the socket moves to another processor.
    #[cfg(all(not(windows), feature = "tokio"))]
    {
        let waker = Waker::from(Arc::new(Contained(Some(cx.waker().clone()))));
        let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
    }
    #[cfg(not(all(not(windows), feature = "tokio")))]
    cx.waker().wake_by_ref();
}

/// The waker of a task for tokio to wake, whose panic must not reach tokio.
#[cfg(all(not(windows), feature = "tokio"))]
struct Contained(Option<Waker>);

#[cfg(all(not(windows), feature = "tokio"))]
impl Wake for Contained {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(waker) = &self.0 {
            contained(|| waker.wake_by_ref());
        }
    }
}

#[cfg(all(not(windows), feature = "tokio"))]
impl Drop for Contained {
    fn drop(&mut self) {
        let waker = self.0.take();
        contained(|| drop(waker));
    }
}

/// Resets the count, because the task waits.
pub(super) fn paused() {
    LEFT.with(|left| left.set(STEPS));
}
