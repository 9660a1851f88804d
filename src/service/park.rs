//! Blocks on futures on a thread without a runtime.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use crate::util::Period;

/// Unparks a thread. The future may park the thread too and so take the token of an `unpark`: only
/// the flag tells whether it was woken.
struct Unparks {
    thread: Thread,
    woken: AtomicBool,
}

impl Unparks {
    /// Parks the thread until it is woken. Returns `false` if the deadline passes first.
    fn park(&self, deadline: Option<Instant>) -> bool {
        while !self.woken.swap(false, Ordering::SeqCst) {
            match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(Duration::ZERO) => return false,
                Some(left) => thread::park_timeout(left),
            }
        }
        true
    }
}

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// Blocks until the future is ready and returns its output. Returns `None` if `limit` passes first.
pub(super) fn within<F: Future>(limit: Period, future: F) -> Option<F::Output> {
    let deadline = limit.deadline();
    let mut future = pin!(future);
    let unparks = Arc::new(Unparks { thread: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(unparks.clone());
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        if !unparks.park(deadline) {
            return None;
        }
    }
}

/// Blocks until the future is ready and returns its output.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Some(output) = within(Period::Infinite, future.as_mut()) {
            return output;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[test]
    fn wake_up_is_not_lost_if_the_future_takes_the_token() {
        let mut polls = 0;
        let future = poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            // Returns at once, with the token.
            thread::park();
            Poll::Pending
        });
        assert_eq!(within(Duration::from_secs(20).into(), future), Some(()));
        assert_eq!(polls, 2);
    }
}
