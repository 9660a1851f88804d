//! Runs an engine, together with the handlers of requests.

use std::{
    future::{Future, poll_fn},
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use super::{
    engine::{Engine, Round},
    event::{Incoming, ReplyTo},
    kind::Serving,
    outgoing::Place,
    reply::Reply,
    state::Shared,
    tasks::Tasks,
    trace,
};
use crate::{error::Error, raw::contained};

/// Work besides the engine's, in the same task.
pub(super) trait Work {
    /// Makes progress without waiting. Returns whether there was any.
    fn advance(&mut self, now: Instant) -> bool;
}

/// No work.
impl Work for () {
    fn advance(&mut self, _: Instant) -> bool {
        false
    }
}

/// Runs an engine until the service ends.
pub(super) async fn drive<S: Serving>(
    mut engine: Engine<S>,
    mut work: impl Work,
) -> Result<(), Error> {
    /// The most rounds in a row before other tasks run.
    const ROUNDS: usize = 8;

    poll_fn(move |cx: &mut Context<'_>| {
        engine.wake_up();
        for _ in 0..ROUNDS {
            let now = Instant::now();
            let more = match engine.round(now)? {
                Round::Over => return Poll::Ready(Ok(())),
                Round::More => true,
                Round::Nothing => false,
            };
            if work.advance(now) || more {
                continue;
            }
            match engine.poll_work(cx)? {
                Poll::Ready(()) => engine.wake_up(),
                Poll::Pending => return Poll::Pending,
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// A request that a handler is processing.
struct Asked<S: Serving> {
    to: ReplyTo<S>,
    span: trace::Request,
}

/// The result of a handler.
enum Answer<S: Serving> {
    Reply(Reply<S>),
    Panicked,
}

/// The handlers of requests.
pub(super) struct Handlers<S: Serving, H, F, N> {
    shared: Arc<Shared<S>>,
    handler: H,
    tasks: Tasks<F, Asked<S>, N>,
    limit: usize,
    requests: Vec<Incoming<S>>,
    answers: Vec<(ReplyTo<S>, Answer<S>)>,
    panic_reply: Option<S::Body>,
}

/// Returns a function that wakes the task of the engine.
pub(super) fn notifier<S: Serving>(shared: &Arc<Shared<S>>) -> impl Fn() + Send + Sync + use<S> {
    // Weak, because a waker that the user keeps can outlive the service.
    let shared = Arc::downgrade(shared);
    move || {
        if let Some(shared) = shared.upgrade() {
            shared.change(|_, wakes| wakes.engine = true);
        }
    }
}

impl<S, H, F, R, N> Handlers<S, H, F, N>
where
    S: Serving,
    H: FnMut(Incoming<S>) -> F,
    F: Future<Output = R>,
    R: Into<Reply<S>>,
    N: Fn() + Send + Sync + 'static,
{
    pub(super) fn new(
        shared: Arc<Shared<S>>,
        handler: H,
        panic_reply: Option<S::Body>,
        notify: N,
    ) -> Self {
        let limit = shared.change(|state, wakes| {
            state.add_reader(wakes);
            state.settings.in_flight
        });
        let tasks = Tasks::new(notify);
        let (requests, answers) = (Vec::new(), Vec::new());
        Self { shared, handler, tasks, limit, requests, answers, panic_reply }
    }

    fn start(&mut self, request: Incoming<S>) {
        let to = request.reply_to().clone();
        let span = trace::Request::new::<S>(to.client());
        let handler = &mut self.handler;
        match contained(|| span.run(|| handler(request))) {
            Some(future) => {
                let place = self.tasks.add(future, Asked { to, span });
                self.poll_at(place);
            }
            None => self.answers.push((to, Answer::Panicked)),
        }
    }

    fn poll_at(&mut self, place: usize) {
        let done = self.tasks.poll_at(
            place,
            |asked, future, cx| {
                let poll = || asked.span.run(|| future.poll(cx).map(Into::into));
                match contained(poll) {
                    Some(Poll::Pending) => Poll::Pending,
                    Some(Poll::Ready(reply)) => Poll::Ready(Answer::Reply(reply)),
                    None => Poll::Ready(Answer::Panicked),
                }
            },
            |drop| {
                contained(drop);
            },
        );
        if let Some((answer, asked)) = done {
            self.answers.push((asked.to, answer));
        }
    }

    /// Passes the replies to the service. Returns whether there were any.
    fn give(&mut self, now: Instant) -> bool {
        if self.answers.is_empty() {
            return false;
        }
        let Self { shared, answers, panic_reply, .. } = self;
        for (to, _) in answers.iter().filter(|(_, answer)| matches!(answer, Answer::Panicked)) {
            trace::panicked::<S>(to.client());
        }
        shared.change(|state, wakes| {
            for (to, answer) in answers.drain(..) {
                state.answered(&to, wakes);
                // An error means that the client has left. Its reply is dropped.
                let _ = match answer {
                    Answer::Reply(Reply(Some(body))) => {
                        state.reply(&to, body, Place::Reserved, now, wakes)
                    }
                    Answer::Reply(Reply(None)) => Ok(()),
                    Answer::Panicked => {
                        state.stats.panics += 1;
                        match (panic_reply.clone(), S::failure(&to.path)) {
                            (Some(body), _) => state.reply(&to, body, Place::Reserved, now, wakes),
                            (None, Some(body)) => {
                                state.send(to.client(), body, Place::Reserved, now, wakes)
                            }
                            (None, None) => Ok(()),
                        }
                    }
                };
            }
        });
        true
    }
}

impl<S, H, F, R, N> Work for Handlers<S, H, F, N>
where
    S: Serving,
    H: FnMut(Incoming<S>) -> F,
    F: Future<Output = R>,
    R: Into<Reply<S>>,
    N: Fn() + Send + Sync + 'static,
{
    fn advance(&mut self, now: Instant) -> bool {
        /// The most requests that are started at once.
        const PORTION: usize = 64;

        let woken = self.tasks.woken();
        for place in &woken {
            self.poll_at(*place);
        }
        self.tasks.give_back(woken);

        let free = self.limit.saturating_sub(self.tasks.len()).min(PORTION);
        if free > 0 {
            let mut requests = std::mem::take(&mut self.requests);
            self.shared.change(|state, wakes| {
                let next = || state.next_request(now, wakes);
                requests.extend(std::iter::from_fn(next).take(free));
            });
            for request in requests.drain(..) {
                self.start(request);
            }
            self.requests = requests;
        }
        self.give(now)
    }
}

impl<S: Serving, H, F, N> Drop for Handlers<S, H, F, N> {
    fn drop(&mut self) {
        self.shared.change(|state, wakes| state.remove_reader(wakes));
    }
}
