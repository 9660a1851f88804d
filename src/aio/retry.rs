//! Retries after a period, for sockets whose readiness libzmq cannot report.
//!
//! A ROUTER always reports that it is writable, also while the queue of the one peer is full that a
//! task waits for. So does a PUB that drops nothing. Any call on the socket may reset the signal
//! that the queue has room again, and then nothing reports it.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    thread,
    time::Duration,
};

use super::waiters::Waiters;
use crate::raw::{GENERATIONS, PerProcess};

const RETRY_PERIOD: Duration = Duration::from_millis(5);

/// How many periods in a row without a retry end the thread.
const IDLE_PERIODS: u32 = 100;

/// The sockets whose tasks retry, and whether the thread that wakes them runs. One thread serves
/// all sockets, and runs only while one needs it.
struct Retries {
    list: Vec<Arc<Waiters>>,
    running: bool,
}

static RETRIES: PerProcess<Mutex<Retries>> = PerProcess::new(
    [const { Mutex::new(Retries { list: Vec::new(), running: false }) }; GENERATIONS],
);

fn retries() -> MutexGuard<'static, Retries> {
    RETRIES.get().lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes all waiters of a socket after the period.
pub(crate) fn after_period(waiters: &Arc<Waiters>) {
    if waiters.retried.swap(true, Ordering::SeqCst) {
        return;
    }
    let mut retries = retries();
    retries.list.push(waiters.clone());
    if !retries.running {
        retries.running = thread::Builder::new().name("libzmq retry".into()).spawn(run).is_ok();
    }
    if !retries.running {
        // The system has no thread left: they retry at once.
        let list = mem::take(&mut retries.list);
        drop(retries);
        wake(list);
    }
}

fn run() {
    let mut idle = 0;
    while idle < IDLE_PERIODS {
        thread::sleep(RETRY_PERIOD);
        let mut retries = retries();
        let list = mem::take(&mut retries.list);
        idle = if list.is_empty() { idle + 1 } else { 0 };
        retries.running = idle < IDLE_PERIODS;
        drop(retries);
        wake(list);
    }
}

fn wake(list: Vec<Arc<Waiters>>) {
    for waiters in list {
        waiters.retried.store(false, Ordering::SeqCst);
        waiters.take_all().wake();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

    use std::{
        sync::mpsc::{Sender, channel},
        task::{Wake, Waker},
    };

    use super::*;
    use crate::aio::waiters::{Direction, Entry};

    struct Sends(Sender<()>);

    impl Wake for Sends {
        fn wake(self: Arc<Self>) {
            self.0.send(()).unwrap();
        }
    }

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a task whose waker panics");
        }
    }

    #[test]
    fn each_retry_wakes_the_task_once() {
        let waiters = Arc::<Waiters>::default();
        let (sender, wakes) = channel();
        let waker = Waker::from(Arc::new(Sends(sender)));
        let mut entry = Entry::new(&*waiters, Direction::Send);
        for pause in [Duration::ZERO, Duration::ZERO, RETRY_PERIOD * (IDLE_PERIODS + 50)] {
            // During the long pause the thread ends, and the next retry starts another.
            thread::sleep(pause);
            let others = Arc::<Waiters>::default();
            let mut other = Entry::new(&*others, Direction::Send);
            other.enter(&Waker::from(Arc::new(Panics)));
            after_period(&others);

            entry.enter(&waker);
            after_period(&waiters);
            after_period(&waiters);
            wakes.recv_timeout(Duration::from_secs(20)).unwrap();
            assert!(wakes.try_recv().is_err());
        }
    }
}
