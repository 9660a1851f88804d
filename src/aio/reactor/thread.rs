//! A thread that waits for the signal of one socket.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{
    error::{Error, ErrorKind},
    raw::Signal,
};

/// How often the thread looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Waiting {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Whom to wake at the signal. The thread waits for it only if there is somebody.
    waker: Option<Waker>,
    signalled: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, signal: &Signal) {
        loop {
            {
                let idle = |state: &mut State| !state.ended && (state.waker.is_none() || state.signalled);
                let state = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
                if state.ended {
                    return;
                }
            }
            // A failure is for the call on the socket to tell, which being woken leads to.
            if signal.wait(LOOK).unwrap_or(true) {
                let waker = {
                    let mut state = self.lock();
                    state.signalled = true;
                    state.waker.take()
                };
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        }
    }
}

impl Waiting {
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        let shared = Arc::<Shared>::default();
        let thread = {
            let shared = shared.clone();
            thread::Builder::new().name("libzmq wait".into()).spawn(move || shared.run(&signal))
        };
        let thread = thread.map_err(|error| Error::new(ErrorKind::Os(error.raw_os_error().unwrap_or_default()), "make async"))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    pub(super) fn poll_signal(&self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        let mut state = self.shared.lock();
        if std::mem::take(&mut state.signalled) {
            return Poll::Ready(Ok(()));
        }
        state.waker = Some(cx.waker().clone());
        drop(state);
        self.shared.changed.notify_one();
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // The descriptor is the socket's own, so the thread must be gone before the socket is.
            let _ = thread.join();
        }
    }
}
