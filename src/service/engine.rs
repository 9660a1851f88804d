//! [`Engine`]: moves messages between the socket and the queues.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use super::{
    kind::Serving,
    outgoing::{Outcome, Portion},
    state::{Item, Phase, Shared},
};
use crate::{
    aio::{Async, Direction, Entry, Timer, Waiters},
    error::{Error, ErrorKind},
};

/// The most messages that the engine reads in one round.
const ROUND: usize = 64;

/// The engine of a service. Only the engine uses the socket.
pub(super) struct Engine<S: Serving> {
    /// `None` after the service has ended.
    socket: Option<Async<S>>,
    shared: Arc<Shared<S>>,
    /// The message with which the socket reports the end of a connection. Clients cannot know it.
    token: Box<[u8]>,
    portions: Vec<Portion<S>>,
    received: Vec<(S::Id, Item<S>)>,
    /// Clients whose connections are to be closed.
    partings: Vec<S::Id>,
    /// How many clients with a full queue in the socket are still to be retried since the socket
    /// last changed.
    retries: usize,
    /// Whether the last round has read all messages of the socket.
    drained: bool,
    timer: Option<(Instant, Timer)>,
    waits: Entry<Arc<Waiters>>,
    waits_for_socket: Entry<Arc<Waiters>>,
}

/// The result of a round.
pub(super) enum Round {
    /// There may be more to do.
    More,
    Nothing,
    Over,
}

/// The next steps of the engine.
struct Plan {
    read: usize,
    over: bool,
    /// Whether to look for idle clients once all messages are read.
    due: bool,
}

impl<S: Serving> Engine<S> {
    pub(super) fn new(socket: S, shared: Arc<Shared<S>>, token: Box<[u8]>) -> Result<Self, Error> {
        let socket = Async::new(socket)?;
        shared.change(|state, _| {
            if state.phase == Phase::Built {
                state.phase = Phase::Running;
            }
        });
        Ok(Self {
            waits: Entry::new(shared.engine.clone(), Direction::Receive),
            waits_for_socket: socket.worker(),
            socket: Some(socket),
            shared,
            token,
            portions: Vec::new(),
            received: Vec::with_capacity(ROUND),
            partings: Vec::new(),
            retries: usize::MAX,
            drained: false,
            timer: None,
        })
    }

    /// Sends and receives without waiting.
    pub(super) fn round(&mut self, now: Instant) -> Result<Round, Error> {
        let Plan { read, over, due } = self.plan(now);
        if over {
            self.end(false);
            return Ok(Round::Over);
        }
        let idle = self.portions.is_empty() && self.partings.is_empty();
        if read == 0 && idle {
            return Ok(Round::Nothing);
        }
        let Some(socket) = &self.socket else { return Ok(Round::Over) };
        let Self { portions, received, partings, drained, token, .. } = self;
        let progress = socket.with(|socket| {
            let mut progress = false;
            for portion in portions {
                progress |= transmit(socket, portion);
            }
            // Before reading: a message that is read later must not make one of them a new client.
            for id in partings.drain(..) {
                progress = true;
                // An error means that the client has disconnected itself.
                let _ = socket.disconnect_client(&id);
            }
            *drained = false;
            for _ in 0..read {
                match socket.receive() {
                    Ok((id, body)) => {
                        let gone = S::is(&body, token);
                        let item = if gone { Item::Gone } else { Item::Message(body, now) };
                        received.push((id, item));
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        *drained = true;
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(progress || !received.is_empty())
        });
        let more = progress? || self.retries > 0 || self.drained && due;
        Ok(if more { Round::More } else { Round::Nothing })
    }

    /// Records the results of the last round, and takes messages to send from the queues.
    fn plan(&mut self, now: Instant) -> Plan {
        let Self { shared, portions, received, partings, retries, drained, .. } = self;
        shared.change(|state, wakes| {
            state.dirty = false;
            state.settle(portions, now, wakes);
            for (id, item) in received.drain(..) {
                state.accept(id, item, now, wakes);
            }
            if !state.held.is_empty() {
                state.refill(wakes);
            }
            if *drained && state.may_read() {
                state.part_with_idle(now, wakes);
            }
            if !state.parting.is_empty() {
                partings.extend(state.end_partings(now, wakes));
            }
            if state.is_over(now) {
                return Plan { read: 0, over: true, due: false };
            }
            *retries = (*retries).min(state.blocked.len());
            *retries -= state.take_in_hand(portions, *retries);
            let room = match state.may_read() {
                true => state.settings.total.saturating_sub(state.stats.queued_incoming).max(1),
                false => 0,
            };
            Plan { read: room.min(ROUND), over: false, due: state.is_idle_due(now) }
        })
    }

    /// Wakes the task when there is work. Returns `Ready` if there already is; then the caller runs
    /// [`round`](Self::round) again.
    pub(super) fn poll_work(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.waits.enter(cx.waker());
        // Finds work that arrived before the waker was registered. No message is being sent, since
        // the last round sent none.
        let now = Instant::now();
        let (ready, reads, room, deadline) = self.shared.change(|state, wakes| {
            state.settle(&mut self.portions, now, wakes);
            let ready = state.dirty || !state.sendable.is_empty() || state.is_over(now);
            (ready, state.may_read(), !state.blocked.is_empty(), state.next_deadline())
        });
        if ready || self.poll_timer(cx, deadline, now)?.is_ready() {
            return Poll::Ready(Ok(()));
        }
        let Some(socket) = &self.socket else { return Poll::Ready(Ok(())) };
        if !(reads || room) {
            return Poll::Pending;
        }
        let changed = socket.poll_changed(&mut self.waits_for_socket, cx, reads, room);
        if changed.is_ready() {
            self.retries = usize::MAX;
        }
        changed
    }

    /// Unregisters the wakers, and allows all clients with a full queue to be retried.
    pub(super) fn wake_up(&mut self) {
        self.waits.leave();
        self.waits_for_socket.leave();
        self.retries = usize::MAX;
        self.drained = false;
    }

    fn poll_timer(
        &mut self,
        cx: &mut Context<'_>,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Result<Poll<()>, Error> {
        /// The shortest wait, also for deadlines that have passed.
        const LEAST: Duration = Duration::from_millis(1);

        let Some(deadline) = deadline else {
            self.timer = None;
            return Ok(Poll::Pending);
        };
        let timer = match &mut self.timer {
            Some((set, timer)) if *set == deadline => timer,
            timer => {
                let after = deadline.saturating_duration_since(now).max(LEAST);
                &mut timer.insert((deadline, Timer::after(after)?)).1
            }
        };
        let done = timer.poll(cx);
        if done.is_ready() {
            self.timer = None;
        }
        Ok(done)
    }

    /// Ends the service and closes the socket.
    pub(super) fn end(&mut self, aborted: bool) {
        let now = Instant::now();
        let ended = self.shared.change(|state, wakes| {
            state.settle(&mut self.portions, now, wakes);
            for (id, item) in self.received.drain(..) {
                state.accept(id, item, now, wakes);
            }
            state.end(aborted, wakes);
            state.report.clone()
        });
        if self.socket.take().is_some() {
            if let Some(report) = ended {
                super::trace::ended(&report);
            }
        }
        // The socket is closed now.
        drop(self.shared.change(|state, _| state.closing.take()));
    }
}

/// Sends until the queue of the socket is full. Returns whether that made progress.
fn transmit<S: Serving>(socket: &S, portion: &mut Portion<S>) -> bool {
    while let Some(body) = portion.bodies.pop_front() {
        let Err(mut error) = socket.transmit(&portion.id, body) else {
            portion.sent += 1;
            continue;
        };
        if let Some(body) = error.take() {
            portion.bodies.push_front(body);
        }
        portion.outcome = match error.kind() {
            ErrorKind::WouldBlock => Outcome::Full,
            _ => Outcome::Unreachable,
        };
        break;
    }
    portion.sent > 0 || portion.outcome == Outcome::Unreachable
}

/// Ends the service when the future that runs the engine is dropped.
impl<S: Serving> Drop for Engine<S> {
    fn drop(&mut self) {
        self.end(true);
    }
}
