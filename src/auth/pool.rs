//! The threads of the authenticators: a few threads that poll futures. A slow call delays only its
//! own peer, and peers that wait for a thread.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker as TaskWaker},
    thread,
    time::Duration,
};

use super::{AuthAnswer, authenticator::Judging, zap::ReplyTo};
use crate::{poll::Waker, raw::contained};

/// The threads that call authenticators. A call that blocks occupies one of them.
const WORKERS: usize = 4;

/// The limit of requests that are being answered or wait for a thread.
pub(super) const PENDING: usize = 1024;

/// An idle thread ends after this time.
const IDLE: Duration = Duration::from_secs(10);

const PANICKED: &str = "the authenticator panicked";
const GAVE_UP: &str = "the authenticator gave no answer";
pub(super) const BUSY: &str = "too many clients wait for the authenticator";

/// The handler's end of the pool. Dropping it drops the requests without an answer.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    /// Wakes the handler's poller.
    waker: Waker,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Arc<Task>>,
    answers: Vec<(ReplyTo, AuthAnswer)>,
    pending: usize,
    workers: usize,
    idle: usize,
    closed: bool,
}

impl Pool {
    /// Creates a pool that wakes the handler for each answer.
    pub(super) fn new(waker: Waker) -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), work: Condvar::new(), waker }))
    }

    /// Queues a request. Its answer comes out of [`answers`](Self::answers) in every case.
    pub(super) fn submit(&self, judging: Judging, reply_to: ReplyTo) {
        let shared = &self.0;
        let mut state = shared.lock();
        if state.pending >= PENDING {
            state.answers.push((reply_to, AuthAnswer::later(BUSY)));
            return;
        }
        state.pending += 1;
        let ticket = Ticket { shared: shared.clone(), reply_to: Some(reply_to) };
        let step = Step::Queued(judging, ticket);
        state.ready.push_back(Arc::new(Task { shared: shared.clone(), step: Mutex::new(step) }));
        shared.work.notify_one();
        if state.ready.len() <= state.idle || state.workers == WORKERS {
            return;
        }
        state.workers += 1;
        drop(state);
        let worker = Worker(shared.clone());
        if thread::Builder::new().name("zmq-authenticator".into()).spawn(|| worker.run()).is_err() {
            // The failed spawn dropped the worker. Without another worker, the handler answers with
            // a temporary error.
            let mut state = shared.lock();
            if state.workers == 0 {
                let ready = mem::take(&mut state.ready);
                drop(state);
                ready.iter().for_each(|task| task.give_up());
            }
        }
    }

    /// Returns the answers that are complete.
    pub(super) fn answers(&self) -> Vec<(ReplyTo, AuthAnswer)> {
        mem::take(&mut self.0.lock().answers)
    }

    /// Returns how many requests are being answered or wait for a thread.
    pub(super) fn pending(&self) -> usize {
        self.0.lock().pending
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        let ready = mem::take(&mut state.ready);
        drop(state);
        self.0.work.notify_all();
        // Without the lock, and one by one: the futures are the program's, and the second panic of
        // their drops would abort the process.
        for task in ready {
            contained(|| drop(task));
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, task: Arc<Task>) {
        let mut state = self.lock();
        if state.closed {
            // Dropped without the lock, because the future is the program's.
            drop(state);
            contained(|| drop(task));
            return;
        }
        state.ready.push_back(task);
        drop(state);
        self.work.notify_one();
    }
}

/// One thread of a pool.
struct Worker(Arc<Shared>);

impl Worker {
    fn run(self) {
        while let Some(task) = self.next() {
            task.poll();
        }
    }

    /// Returns the next task, or `None` if the thread has to end.
    fn next(&self) -> Option<Arc<Task>> {
        let mut state = self.0.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(task) = state.ready.pop_front() {
                return Some(task);
            }
            state.idle += 1;
            let (awake, timeout) =
                self.0.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = awake;
            state.idle -= 1;
            if timeout.timed_out() && state.ready.is_empty() {
                return None;
            }
        }
    }
}

/// It runs even if the drop of a task panics: another thread can start then.
impl Drop for Worker {
    fn drop(&mut self) {
        self.0.lock().workers -= 1;
    }
}

/// The request of one peer.
struct Task {
    shared: Arc<Shared>,
    step: Mutex<Step>,
}

enum Step {
    /// Waits for a thread of the pool.
    Queued(Judging, Ticket),
    /// Waits for its waker.
    Waiting(Judging, Ticket),
    Polled {
        /// Whether its waker was called during the poll.
        woken: bool,
    },
    Done,
}

impl Task {
    fn step(&self) -> MutexGuard<'_, Step> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll(self: Arc<Self>) {
        let step = mem::replace(&mut *self.step(), Step::Polled { woken: false });
        let Step::Queued(mut judging, ticket) = step else { return };

        let waker = TaskWaker::from(self.clone());
        let polled = contained(|| judging.as_mut().poll(&mut Context::from_waker(&waker)));
        match polled {
            Some(Poll::Pending) => {
                let mut step = self.step();
                let woken = matches!(*step, Step::Polled { woken: true });
                *step = if woken {
                    Step::Queued(judging, ticket)
                } else {
                    Step::Waiting(judging, ticket)
                };
                drop(step);
                if woken {
                    self.shared.push(self.clone());
                }
                return;
            }
            Some(Poll::Ready(answer)) => ticket.answer(answer),
            None => ticket.answer(AuthAnswer::failed(PANICKED)),
        }
        *self.step() = Step::Done;
        contained(|| drop(judging));
    }

    /// Answers with a temporary error: the peer connects again later.
    fn give_up(&self) {
        let step = mem::replace(&mut *self.step(), Step::Done);
        if let Step::Queued(judging, ticket) = step {
            ticket.answer(AuthAnswer::later(BUSY));
            contained(|| drop(judging));
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let mut step = self.step();
        match mem::replace(&mut *step, Step::Done) {
            Step::Waiting(judging, ticket) => {
                *step = Step::Queued(judging, ticket);
                drop(step);
                let shared = self.shared.clone();
                shared.push(self);
            }
            Step::Polled { .. } => *step = Step::Polled { woken: true },
            other => *step = other,
        }
    }
}

/// Answers its request exactly once, at the latest when it is dropped.
struct Ticket {
    shared: Arc<Shared>,
    reply_to: Option<ReplyTo>,
}

impl Ticket {
    fn answer(mut self, answer: AuthAnswer) {
        self.give(answer);
    }

    fn give(&mut self, answer: AuthAnswer) {
        let Some(reply_to) = self.reply_to.take() else { return };
        let mut state = self.shared.lock();
        state.pending -= 1;
        if !state.closed {
            state.answers.push((reply_to, answer));
        }
        drop(state);
        self.shared.waker.wake();
    }
}

/// If nothing holds a future's waker any more, the task and its ticket are dropped.
impl Drop for Ticket {
    fn drop(&mut self) {
        self.give(AuthAnswer::failed(GAVE_UP));
    }
}
