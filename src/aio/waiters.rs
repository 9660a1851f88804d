//! The tasks that wait for one socket.

use std::{
    mem,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Wake, Waker},
};

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Receive,
    Send,
}

/// The wakers of all tasks that wait. It is a waker itself, which wakes them all: the one that the
/// reactor is given.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    list: Mutex<List>,
    /// How many in the list are still to be woken.
    waiting: AtomicUsize,
    /// Whether they will be woken soon in any case.
    pub(super) retried: AtomicBool,
}

#[derive(Debug, Default)]
struct List {
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
}

#[derive(Debug)]
struct Slot {
    direction: Direction,
    /// `None` once it was woken.
    waker: Option<Waker>,
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody waits.
    #[inline]
    pub(super) fn any(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    pub(super) fn take_all(&self) -> Wakers {
        self.take_where(|_| true)
    }

    pub(super) fn take(&self, direction: Direction) -> Wakers {
        self.take_where(|of| of == direction)
    }

    fn take_where(&self, wanted: impl Fn(Direction) -> bool) -> Wakers {
        if !self.any() {
            return Wakers::default();
        }
        let mut list = self.lock();
        let mut taken = list
            .slots
            .iter_mut()
            .flatten()
            .filter(|slot| wanted(slot.direction))
            .filter_map(|slot| slot.waker.take());
        let wakers = Wakers { first: taken.next(), others: taken.collect() };
        self.waiting.fetch_sub(wakers.len(), Ordering::SeqCst);
        wakers
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.take_all().wake();
    }
}

/// Tasks to wake, when no lock is held any more.
#[derive(Default)]
#[must_use]
pub(super) struct Wakers {
    first: Option<Waker>,
    /// Empty without a first.
    others: Vec<Waker>,
}

impl Wakers {
    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    pub(super) fn extend(&mut self, more: Self) {
        match self.first {
            None => *self = more,
            Some(_) => self.others.extend(more.first.into_iter().chain(more.others)),
        }
    }

    #[inline]
    pub(super) fn wake(self) {
        if let Some(first) = self.first {
            first.wake();
            self.others.into_iter().for_each(Waker::wake);
        }
    }
}

/// The place of one task among those that wait, which it leaves when it is dropped.
#[derive(Debug)]
pub(super) struct Place<W: Deref<Target = Waiters>> {
    waiters: W,
    direction: Direction,
    slot: Option<usize>,
    /// Whether the task has let others have a turn before it waits.
    lingered: bool,
}

impl<W: Deref<Target = Waiters>> Place<W> {
    pub(super) fn new(waiters: W, direction: Direction) -> Self {
        Self { waiters, direction, slot: None, lingered: false }
    }

    /// Whether the task is to let others have a turn first. Once each time.
    pub(super) fn lingers(&mut self) -> bool {
        !mem::replace(&mut self.lingered, true)
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    /// Has the task woken from now on.
    pub(super) fn enter(&mut self, waker: &Waker) {
        let mut list = self.waiters.lock();
        let place = match self.slot {
            Some(place) => place,
            None => {
                let place = list.free.pop().unwrap_or(list.slots.len());
                if place == list.slots.len() {
                    list.slots.push(None);
                }
                self.slot = Some(place);
                place
            }
        };
        let waker = match list.slots[place].take().and_then(|slot| slot.waker) {
            Some(known) if known.will_wake(waker) => known,
            known => {
                if known.is_none() {
                    self.waiters.waiting.fetch_add(1, Ordering::SeqCst);
                }
                waker.clone()
            }
        };
        list.slots[place] = Some(Slot { direction: self.direction, waker: Some(waker) });
    }

    /// Has the task not woken any more.
    pub(super) fn leave(&mut self) {
        self.lingered = false;
        let Some(place) = self.slot.take() else { return };
        let mut list = self.waiters.lock();
        let slot = mem::take(&mut list.slots[place]);
        list.free.push(place);
        if slot.is_some_and(|slot| slot.waker.is_some()) {
            self.waiters.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl<W: Deref<Target = Waiters>> Drop for Place<W> {
    fn drop(&mut self) {
        self.leave();
    }
}
