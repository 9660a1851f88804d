//! [`Table`]: the requests in flight over a connection, and the task that receives their replies.
//!
//! One task, the leader, receives the replies of all. A future may be kept without being polled, as
//! `select!` keeps a branch while another one runs. If such a future leads, another takes its
//! place: at once if it is polled after the socket has signalled, and otherwise after a period.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Wake, Waker},
    time::Instant,
};

use crate::{
    aio::{Direction, Entry, Waiters, after_period},
    error::Error,
    raw::contained,
};

/// The kind of server at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Nothing was received yet.
    Unknown,
    /// Its replies carry the number of their request.
    Service,
    /// It replies to one request after the other, without numbers.
    Plain,
}

/// A request in flight, and its reply once it has arrived.
#[derive(Debug)]
pub(super) struct Slot<B> {
    pub(super) waker: Option<Waker>,
    pub(super) reply: Option<Result<B, Error>>,
}

impl<B> Slot<B> {
    pub(super) const EMPTY: Self = Self { waker: None, reply: None };
}

#[derive(Debug)]
pub(super) struct Table<B> {
    pub(super) peer: Peer,
    pub(super) slots: HashMap<u64, Slot<B>>,
    pub(super) next: u64,
    /// The request whose task receives the replies of all.
    pub(super) leader: Option<u64>,
    /// Whether the leader was woken, or there is none, and no task has received since.
    pub(super) unheard: bool,
    /// Whether a request without a number is in flight.
    pub(super) busy: bool,
    /// Whether the connection may receive a reply without a number whose request has ended.
    pub(super) spoiled: bool,
    /// When the connection last received a message.
    pub(super) heard: Option<Instant>,
    pub(super) late: u64,
    /// Wakes an [`Overdue`] after a period.
    period: Entry<Arc<Waiters>>,
}

/// The table of a connection. It is also the waker with which the leader waits for the socket.
#[derive(Debug)]
pub(super) struct Requests<B> {
    table: Mutex<Table<B>>,
    periods: Arc<Waiters>,
    /// The waker of [`Overdue`].
    overdue: Waker,
}

impl<B: Send + 'static> Requests<B> {
    pub(super) fn new(peer: Peer) -> Arc<Self> {
        let periods = Arc::<Waiters>::default();
        let table = Table {
            peer,
            slots: HashMap::new(),
            next: 0,
            leader: None,
            unheard: false,
            busy: false,
            spoiled: false,
            heard: None,
            late: 0,
            period: Entry::new(periods.clone(), Direction::Receive),
        };
        Arc::new_cyclic(|requests: &Weak<Self>| Self {
            table: Mutex::new(table),
            periods,
            overdue: Arc::new(Overdue(requests.clone())).into(),
        })
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table<B>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes one task, which has to receive, and after a period all of them if none has.
    pub(super) fn appoint(&self, table: MutexGuard<'_, Table<B>>) {
        let mut table = table;
        table.unheard = true;
        let Table { leader, slots, .. } = &mut *table;
        let led = leader.and_then(|leader| slots.get_mut(&leader)?.waker.take());
        let next = led.or_else(|| slots.values_mut().find_map(|slot| slot.waker.take()));
        let is_alone = slots.len() < 2;
        if !is_alone {
            table.period.enter(&self.overdue);
        }
        drop(table);
        if let Some(next) = next {
            contained(|| next.wake());
        }
        if !is_alone {
            after_period(&self.periods);
        }
    }

    /// Wakes all tasks, of which the first to run leads, if the leader did not run.
    fn replace_leader(&self) {
        let mut table = self.table();
        if !table.unheard {
            return;
        }
        table.leader = None;
        let wakers = table.slots.values_mut().filter_map(|slot| slot.waker.take());
        let wakers: Vec<Waker> = wakers.collect();
        drop(table);
        for waker in wakers {
            contained(|| waker.wake());
        }
    }
}

/// The socket has signalled.
impl<B: Send + 'static> Wake for Requests<B> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.appoint(self.table());
    }
}

/// Is woken a period after a task was to receive.
struct Overdue<B>(Weak<Requests<B>>);

impl<B: Send + 'static> Wake for Overdue<B> {
    fn wake(self: Arc<Self>) {
        if let Some(requests) = self.0.upgrade() {
            requests.replace_leader();
        }
    }
}
