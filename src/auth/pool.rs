//! Where authenticators run: a few threads that poll futures, so that a slow one delays no one but
//! the peers that it judges.

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

/// The threads that call authenticators. Those that block take one each.
const WORKERS: usize = 4;

/// How many peers may be judged or wait for it at once.
pub(super) const PENDING: usize = 1024;

/// After this a thread with nothing to do ends.
const IDLE: Duration = Duration::from_secs(10);

const PANICKED: &str = "the authenticator panicked";
const GAVE_UP: &str = "the authenticator gave no answer";
pub(super) const BUSY: &str = "too many peers are being judged";

/// The end of it that the handler has. When it is dropped, what was not judged yet is not.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    /// Of the handler.
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
    /// A pool that wakes the handler for each answer.
    pub(super) fn new(waker: Waker) -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), work: Condvar::new(), waker }))
    }

    /// Has a peer judged. Its answer comes out of [`answers`](Self::answers), whatever happens.
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
            // The closure with the worker is gone. Without another worker, the handler answers with
            // a temporary error.
            let mut state = shared.lock();
            if state.workers == 0 {
                let ready = mem::take(&mut state.ready);
                drop(state);
                ready.iter().for_each(|task| task.give_up());
            }
        }
    }

    /// The answers that there are by now.
    pub(super) fn answers(&self) -> Vec<(ReplyTo, AuthAnswer)> {
        mem::take(&mut self.0.lock().answers)
    }

    /// How many peers are being judged or wait for it.
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
        // Not under the lock, because futures of the program are dropped.
        drop(ready);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, task: Arc<Task>) {
        let mut state = self.lock();
        if state.closed {
            // Not under the lock, because a future of the program is dropped.
            drop(state);
            drop(task);
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

    /// The next task, or `None` if the thread is to end.
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

/// Also if the drop of a task panics: then another thread takes its place.
impl Drop for Worker {
    fn drop(&mut self) {
        self.0.lock().workers -= 1;
    }
}

/// The judging of one peer.
struct Task {
    shared: Arc<Shared>,
    step: Mutex<Step>,
}

enum Step {
    /// For a thread of the pool.
    Queued(Judging, Ticket),
    /// For its waker.
    Waiting(Judging, Ticket),
    Polled {
        /// Whether it was woken meanwhile.
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

    /// Tells the peer to come again.
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

/// Owes an answer to a peer.
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

/// A future that nothing will wake any more is dropped with its task.
impl Drop for Ticket {
    fn drop(&mut self) {
        self.give(AuthAnswer::failed(GAVE_UP));
    }
}
