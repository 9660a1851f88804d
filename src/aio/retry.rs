//! Asking again after a while, where nothing tells when.
//!
//! A ROUTER that waits for room for one of its peers says that it is writable, and so does a PUB
//! that must not drop. Then the signal of the room may be swallowed by any call on the socket, and
//! nothing is left to see of it.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    thread,
    time::Duration,
};

use super::waiters::Waiters;
use crate::raw::{GENERATIONS, PerProcess};

const WHILE: Duration = Duration::from_millis(5);

/// How many times in a row there must be nothing to do before the thread ends.
const IDLE: u32 = 100;

/// Whose tasks are to ask again, and whether there is a thread that tells them: one for all
/// sockets, and only while one needs it.
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

/// Wakes all that wait in a while.
pub(super) fn soon(waiters: &Arc<Waiters>) {
    if waiters.retried.swap(true, Ordering::SeqCst) {
        return;
    }
    let mut retries = retries();
    retries.list.push(waiters.clone());
    if !retries.running {
        retries.running = thread::Builder::new().name("libzmq retry".into()).spawn(run).is_ok();
    }
    if !retries.running {
        // Without a thread they ask at once.
        let list = mem::take(&mut retries.list);
        drop(retries);
        wake(list);
    }
}

fn run() {
    let mut idle = 0;
    while idle < IDLE {
        thread::sleep(WHILE);
        let mut retries = retries();
        let list = mem::take(&mut retries.list);
        idle = if list.is_empty() { idle + 1 } else { 0 };
        retries.running = idle < IDLE;
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

    struct Tells(Sender<()>);

    impl Wake for Tells {
        fn wake(self: Arc<Self>) {
            self.0.send(()).unwrap();
        }
    }

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a task that does not want to be woken");
        }
    }

    #[test]
    fn who_asks_is_woken_each_time() {
        let waiters = Arc::<Waiters>::default();
        let (told, tells) = channel();
        let waker = Waker::from(Arc::new(Tells(told)));
        let mut entry = Entry::new(&*waiters, Direction::Send);
        for pause in [Duration::ZERO, Duration::ZERO, WHILE * (IDLE + 50)] {
            // After the long one the thread is gone, and another comes.
            thread::sleep(pause);
            let others = Arc::<Waiters>::default();
            let mut other = Entry::new(&*others, Direction::Send);
            other.enter(&Waker::from(Arc::new(Panics)));
            soon(&others);

            entry.enter(&waker);
            soon(&waiters);
            soon(&waiters);
            tells.recv_timeout(Duration::from_secs(20)).unwrap();
            assert!(tells.try_recv().is_err());
        }
    }
}
