//! The state of a service under one lock. It needs no socket.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use super::{
    event::{ClientInfo, Reason},
    kind::Serving,
    report::Report,
    settings::{Bound, Overflow, Settings},
    slab::{Key, Slab},
    stats::Stats,
    trace::{self, Note},
};
use crate::{
    addr::Endpoint,
    aio::Waiters,
    raw::{ClosesAtExit, Closing, DeferDrops},
};

/// The phases of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is built and does not run yet.
    Built,
    Running,
    /// It has stopped reading, and ends when all accepted work is done or the deadline passes.
    Draining(Option<Instant>),
    Ended,
}

/// A message or a disconnect, as read from the socket.
#[derive(Debug)]
pub(super) enum Item<S: Serving> {
    Message(S::Body, Instant),
    Gone,
}

/// A client and its queues.
#[derive(Debug)]
pub(super) struct Client<S: Serving> {
    pub(super) info: ClientInfo<S>,
    pub(super) incoming: VecDeque<(S::Body, Instant)>,
    pub(super) outgoing: VecDeque<S::Body>,
    /// Outgoing messages that the engine is sending.
    pub(super) in_hand: usize,
    /// Items of the client that are held because its queue is full.
    pub(super) held: usize,
    /// Requests of the client that a handler is processing.
    pub(super) in_flight: usize,
    /// Whether `Joined` was reported.
    pub(super) announced: bool,
    /// Whether the client is in the ring of clients with events.
    pub(super) listed: bool,
    /// Whether the client is in `sendable` or `blocked`, or the engine is sending its messages.
    pub(super) sending: bool,
    /// Whether sending has failed because the client is gone.
    pub(super) unreachable: bool,
    pub(super) parting: Option<Parting>,
    pub(super) left: Option<(Reason, usize)>,
    /// When a message was last received from the client or sent to it.
    pub(super) active: Instant,
    /// Futures that wait for a message of the client or for room in its queue. Created on first
    /// use.
    pub(super) changed: Option<Arc<Waiters>>,
}

/// A disconnection in progress.
#[derive(Clone, Debug)]
pub(super) struct Parting {
    pub(super) reason: Reason,
    pub(super) deadline: Instant,
    /// How many messages could not be sent. Set when the disconnection is complete.
    pub(super) unsent: Arc<OnceLock<usize>>,
}

impl<S: Serving> Client<S> {
    pub(super) fn new(info: ClientInfo<S>, now: Instant) -> Self {
        Self {
            info,
            incoming: VecDeque::new(),
            outgoing: VecDeque::new(),
            in_hand: 0,
            held: 0,
            in_flight: 0,
            announced: false,
            listed: false,
            sending: false,
            unreachable: false,
            parting: None,
            left: None,
            active: now,
            changed: None,
        }
    }

    /// Returns whether messages can still be sent to the client.
    pub(super) fn is_there(&self) -> bool {
        self.left.is_none() && self.parting.is_none() && !self.unreachable
    }

    /// Frees the memory of empty queues that a burst of messages has enlarged.
    pub(super) fn shrink(&mut self) {
        const KEPT: usize = 256;

        if self.incoming.is_empty() && self.incoming.capacity() > KEPT {
            self.incoming = VecDeque::new();
        }
        if self.outgoing.is_empty() && self.outgoing.capacity() > KEPT {
            self.outgoing = VecDeque::new();
        }
    }

    /// Returns how many messages are still to be sent to the client.
    pub(super) fn unsent(&self) -> usize {
        self.outgoing.len() + self.in_hand
    }

    /// Returns whether the outgoing queue has room for a message. Requests in flight do not count:
    /// otherwise handlers that send to their own client could wait for each other.
    pub(super) fn has_room(&self, bound: Bound) -> bool {
        self.unsent() < bound.limit
    }

    /// Returns whether a handler may process the next request: the outgoing queue has room for all
    /// replies, or drops messages, or no reply can be sent.
    pub(super) fn may_be_served(&self, bound: Bound) -> bool {
        bound.overflow != Overflow::StopReading
            || self.unsent() + self.in_flight < bound.limit
            || !self.is_there()
    }
}

/// The wakers to call, and the notes to report, after the lock is released.
#[derive(Debug)]
pub(super) struct Wakes<S: Serving> {
    pub(super) engine: bool,
    pub(super) readers: bool,
    pub(super) ended: bool,
    clients: Vec<Arc<Waiters>>,
    notes: Vec<Note<S>>,
}

impl<S: Serving> Wakes<S> {
    pub(super) fn client(&mut self, client: &Client<S>) {
        if let Some(changed) = client.changed.as_ref().filter(|changed| changed.any()) {
            self.clients.push(changed.clone());
        }
    }

    #[inline]
    pub(super) fn note(&mut self, note: impl FnOnce() -> Note<S>) {
        if cfg!(feature = "tracing") {
            self.notes.push(note());
        }
    }

    fn wake(self, shared: &Shared<S>) {
        for changed in self.clients {
            changed.take_all().wake();
        }
        let lists = [
            (self.engine, &shared.engine),
            (self.readers, &shared.readers),
            (self.ended, &shared.ended),
        ];
        for (_, waiters) in lists.into_iter().filter(|(wakes, _)| *wakes) {
            waiters.take_all().wake();
        }
        for note in &self.notes {
            trace::tell(note);
        }
    }
}

/// The data under the lock.
#[derive(Debug)]
pub(super) struct State<S: Serving> {
    pub(super) settings: Settings,
    /// The last message to a client before the service disconnects it.
    pub(super) farewell: Option<S::Body>,
    pub(super) phase: Phase,
    /// Whether the engine has work that it has not seen yet.
    pub(super) dirty: bool,
    pub(super) clients: Slab<Client<S>>,
    /// The connected clients.
    pub(super) by_id: HashMap<S::Id, Key>,
    /// Disconnected clients whose connections the service cannot close.
    pub(super) refused: HashSet<S::Id>,
    /// Clients with events. Each is listed once, and they take turns.
    pub(super) ring: VecDeque<Key>,
    /// Clients with messages to send.
    pub(super) sendable: VecDeque<Key>,
    /// Clients whose queue in the socket was full.
    pub(super) blocked: VecDeque<Key>,
    /// When to check whether a client is idle.
    pub(super) idle: BinaryHeap<Reverse<(Instant, Key)>>,
    pub(super) parting: Vec<Key>,
    /// Items of clients whose queues are full.
    pub(super) held: VecDeque<(Key, Item<S>)>,
    /// How many streams and handlers receive events.
    pub(super) readers: usize,
    /// How many handles and streams exist. With the last of them, a service with its own thread
    /// ends.
    pub(super) handles: usize,
    /// `Some` for a service with its own thread.
    pub(super) alone: Option<ClosesAtExit>,
    /// Makes the exit of the process wait for a service whose last handle was dropped.
    pub(super) closing: Option<Closing>,
    /// How many clients have left without `Left` being reported.
    pub(super) gone: usize,
    pub(super) stats: Stats,
    pub(super) report: Option<Report<S>>,
}

/// The data that the engine, the handles and the streams of a service share.
#[derive(Debug)]
pub(super) struct Shared<S: Serving> {
    state: Mutex<State<S>>,
    /// Wakes the engine.
    pub(super) engine: Arc<Waiters>,
    /// Wakes the readers of events.
    pub(super) readers: Arc<Waiters>,
    /// Wakes the futures that wait for the end of the service.
    pub(super) ended: Arc<Waiters>,
    pub(super) endpoints: Vec<Endpoint>,
}

impl<S: Serving> Shared<S> {
    pub(super) fn new(
        settings: Settings,
        farewell: Option<S::Body>,
        endpoints: Vec<Endpoint>,
    ) -> Arc<Self> {
        let state = State {
            settings,
            farewell,
            phase: Phase::Built,
            dirty: false,
            clients: Slab::default(),
            by_id: HashMap::new(),
            refused: HashSet::new(),
            ring: VecDeque::new(),
            sendable: VecDeque::new(),
            blocked: VecDeque::new(),
            idle: BinaryHeap::new(),
            parting: Vec::new(),
            held: VecDeque::new(),
            readers: 0,
            handles: 0,
            alone: None,
            closing: None,
            gone: 0,
            stats: Stats::default(),
            report: None,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            engine: Arc::default(),
            readers: Arc::default(),
            ended: Arc::default(),
            endpoints,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State<S>) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state, releases the lock, and then calls the wakers.
    ///
    /// Owners of dropped messages, and wakers, run code of the user, so they run without the lock.
    #[inline]
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State<S>, &mut Wakes<S>) -> T) -> T {
        let _deferred = DeferDrops::new();
        let mut wakes = Wakes {
            engine: false,
            readers: false,
            ended: false,
            clients: Vec::new(),
            notes: Vec::new(),
        };
        let mut state = self.lock();
        let done = change(&mut state, &mut wakes);
        state.dirty |= wakes.engine;
        drop(state);
        wakes.wake(self);
        done
    }
}

impl<S: Serving> State<S> {
    /// Returns the connected client with this id.
    pub(super) fn client(&self, id: &S::Id) -> Option<&Client<S>> {
        self.clients.get(*self.by_id.get(id)?)
    }

    /// Returns the counters, completed with the values that are kept elsewhere.
    pub(super) fn snapshot(&self) -> Stats {
        let mut stats = self.stats.clone();
        stats.clients = self.by_id.len();
        stats.queued_incoming += self.held_messages();
        stats
    }

    fn held_messages(&self) -> usize {
        self.held.iter().filter(|(_, item)| matches!(item, Item::Message(..))).count()
    }

    /// Returns whether the engine may read messages from the socket.
    pub(super) fn may_read(&self) -> bool {
        self.phase == Phase::Running
            && self.held.is_empty()
            && self.gone < self.settings.total
            && (self.settings.incoming.overflow != Overflow::StopReading
                || self.stats.queued_incoming < self.settings.total)
    }

    /// Returns the futures that wait for changes of a client.
    pub(super) fn waiters(&mut self, key: Key) -> Option<Arc<Waiters>> {
        Some(self.clients.get_mut(key)?.changed.get_or_insert_default().clone())
    }

    /// Returns the idle time after which the service disconnects a client.
    pub(super) fn idle_time(&self) -> Option<Duration> {
        self.settings.idle
    }
}
