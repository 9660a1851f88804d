//! What a service knows of its clients: the part that needs no socket, under one lock.

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
    settings::{Bound, Settings},
    slab::{Key, Slab},
    stats::Stats,
    trace::{self, Note},
};
use crate::{addr::Endpoint, aio::Waiters, raw::DeferDrops};

/// How far a service has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is built, and does not run yet.
    Built,
    Running,
    /// It reads no more, and ends when all is done that was accepted, or at that time.
    Draining(Option<Instant>),
    Ended,
}

/// What the socket has given.
#[derive(Debug)]
pub(super) enum Item<S: Serving> {
    Message(S::Body, Instant),
    Gone,
}

/// A client, and its queues.
#[derive(Debug)]
pub(super) struct Client<S: Serving> {
    pub(super) info: ClientInfo<S>,
    pub(super) incoming: VecDeque<(S::Body, Instant)>,
    pub(super) outgoing: VecDeque<S::Body>,
    /// How many outgoing messages the engine has in hand.
    pub(super) in_hand: usize,
    /// How many items of the client are held because its queue is full.
    pub(super) held: usize,
    /// How many requests of it a handler has in hand.
    pub(super) in_flight: usize,
    /// Whether `Joined` was reported.
    pub(super) announced: bool,
    /// Whether it is in the ring of those with something to report.
    pub(super) listed: bool,
    /// Whether it is among those that have something to send, or in the engine's hands.
    pub(super) sending: bool,
    /// Whether the socket has said that it is gone.
    pub(super) unreachable: bool,
    pub(super) parting: Option<Parting>,
    pub(super) left: Option<(Reason, usize)>,
    /// When something was received from it or sent to it.
    pub(super) active: Instant,
    /// Who waits for a message of it, or for room in its queue, if anybody ever did.
    pub(super) changed: Option<Arc<Waiters>>,
}

/// The end of a client that the service parts with.
#[derive(Clone, Debug)]
pub(super) struct Parting {
    pub(super) reason: Reason,
    pub(super) deadline: Instant,
    /// How many messages could not be sent, once it is over.
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

    /// Whether messages can still be sent to it.
    pub(super) fn is_there(&self) -> bool {
        self.left.is_none() && self.parting.is_none() && !self.unreachable
    }

    /// Gives memory back that only a burst of messages has needed.
    pub(super) fn shrink(&mut self) {
        const KEPT: usize = 256;

        if self.incoming.is_empty() && self.incoming.capacity() > KEPT {
            self.incoming = VecDeque::new();
        }
        if self.outgoing.is_empty() && self.outgoing.capacity() > KEPT {
            self.outgoing = VecDeque::new();
        }
    }

    /// How many messages are to be sent to it.
    pub(super) fn unsent(&self) -> usize {
        self.outgoing.len() + self.in_hand
    }

    /// Whether the queue to it takes another message, beside the replies to its requests.
    pub(super) fn has_room(&self, bound: Bound) -> bool {
        self.unsent() + self.in_flight < bound.limit
    }
}

/// Whom to wake once the lock is free.
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

/// All that is under the lock.
#[derive(Debug)]
pub(super) struct State<S: Serving> {
    pub(super) settings: Settings,
    /// What a client is sent before the service parts with it.
    pub(super) farewell: Option<S::Body>,
    pub(super) phase: Phase,
    /// Whether there is something to do that the engine has not seen yet.
    pub(super) dirty: bool,
    pub(super) clients: Slab<Client<S>>,
    /// The clients that are there.
    pub(super) by_id: HashMap<S::Id, Key>,
    /// Clients that the service has parted with, and whose connection it cannot end.
    pub(super) refused: HashSet<S::Id>,
    /// Clients with something to report, each once, in turn.
    pub(super) ring: VecDeque<Key>,
    /// Clients with messages to send.
    pub(super) sendable: VecDeque<Key>,
    /// Those whose queue in the socket was full.
    pub(super) blocked: VecDeque<Key>,
    /// When to look whether a client is idle.
    pub(super) idle: BinaryHeap<Reverse<(Instant, Key)>>,
    pub(super) parting: Vec<Key>,
    /// Items of clients whose queues are full.
    pub(super) held: VecDeque<(Key, Item<S>)>,
    /// How many take events: streams, and a handler.
    pub(super) readers: usize,
    /// How many handles there are. The service ends with the last if it has a thread of its own.
    pub(super) handles: usize,
    pub(super) ends_alone: bool,
    /// How many clients have left, which was not reported yet.
    pub(super) gone: usize,
    pub(super) stats: Stats,
    pub(super) report: Option<Report<S>>,
}

/// What the engine, the handles and the streams of a service share.
#[derive(Debug)]
pub(super) struct Shared<S: Serving> {
    state: Mutex<State<S>>,
    /// The engine, when it waits.
    pub(super) engine: Arc<Waiters>,
    /// Those that wait for events.
    pub(super) readers: Arc<Waiters>,
    /// Those that wait for the end.
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
            ends_alone: false,
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

    /// Looks at the state.
    pub(super) fn look<T>(&self, look: impl FnOnce(&State<S>) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state, and then wakes whom that concerns. Owners of messages that the change
    /// drops, and wakers, are code of the user: they run when the lock is free.
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
    /// The client of that id, if it is there.
    pub(super) fn client(&self, id: &S::Id) -> Option<&Client<S>> {
        self.clients.get(*self.by_id.get(id)?)
    }

    /// The counters, with what is counted elsewhere.
    pub(super) fn snapshot(&self) -> Stats {
        let mut stats = self.stats.clone();
        stats.clients = self.by_id.len();
        stats.queued_incoming += self.held_messages();
        stats
    }

    fn held_messages(&self) -> usize {
        self.held.iter().filter(|(_, item)| matches!(item, Item::Message(..))).count()
    }

    /// Whether messages may be read from the socket.
    pub(super) fn may_read(&self) -> bool {
        self.phase == Phase::Running
            && self.held.is_empty()
            && self.gone < self.settings.total
            && (self.settings.incoming.overflow != super::Overflow::StopReading
                || self.stats.queued_incoming < self.settings.total)
    }

    /// Who waits for a change of that client.
    pub(super) fn waiters(&mut self, key: Key) -> Option<Arc<Waiters>> {
        Some(self.clients.get_mut(key)?.changed.get_or_insert_default().clone())
    }

    /// How long clients may be idle.
    pub(super) fn idle_time(&self) -> Option<Duration> {
        self.settings.idle
    }
}
