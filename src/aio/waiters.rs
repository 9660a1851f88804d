//! The tasks that wait for one socket.
//!
//! A waker runs user code: to clone, wake or drop one may poll or drop another future of the same
//! socket, and may panic. So all of that happens without the lock of the list, and after a panic of
//! one waker the other tasks are still woken and the received message is not lost.

use std::{
    iter, mem,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Wake, Waker},
    time::{Duration, Instant},
};

use crate::raw::contained;

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Receive,
    Send,
}

/// The wakers of all tasks that wait. It is also the waker that the reactor gets, which wakes all
/// of them.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    list: Mutex<List>,
    /// How many wakers are in the list.
    waiting: AtomicUsize,
    /// Whether the retry thread will wake them after its period.
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
    /// `None` after it was woken.
    waker: Option<Waker>,
}

impl List {
    fn vacant(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        })
    }
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any task waits.
    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn take_all(&self) -> Wakers {
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

/// Wakes all waiters when it is dropped, also during a panic.
pub(super) struct WakeAll<'w>(pub(super) &'w Waiters);

impl Drop for WakeAll<'_> {
    fn drop(&mut self) {
        self.0.take_all().wake();
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

/// Tasks to wake.
#[derive(Default)]
#[must_use]
pub(crate) struct Wakers {
    first: Option<Waker>,
    /// Empty if `first` is `None`.
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
    pub(crate) fn wake(self) {
        if let Some(first) = self.first {
            for waker in iter::once(first).chain(self.others) {
                contained(|| waker.wake());
            }
        }
    }

    pub(super) fn forget(self) {
        for waker in self.first.into_iter().chain(self.others) {
            contained(|| drop(waker));
        }
    }
}

/// The entry of one task in the list of waiters. Dropping it removes the entry.
#[derive(Debug)]
pub(crate) struct Entry<W: Deref<Target = Waiters>> {
    waiters: W,
    direction: Direction,
    slot: Option<usize>,
    /// Whether the task has yielded before it waits.
    yielded: bool,
    /// When the task stops spinning.
    spins_until: Option<Instant>,
}

impl<W: Deref<Target = Waiters>> Entry<W> {
    pub(crate) fn new(waiters: W, direction: Direction) -> Self {
        Self { waiters, direction, slot: None, yielded: false, spins_until: None }
    }

    /// Whether the task must yield before it waits: once for each wait.
    pub(super) fn yields_first(&mut self) -> bool {
        !mem::replace(&mut self.yielded, true)
    }

    /// Whether the task, which waits, tries again after other tasks.
    pub(super) fn spins(&mut self, spin: Duration) -> bool {
        if spin.is_zero() || self.direction != Direction::Receive {
            return false;
        }
        let now = Instant::now();
        let until = *self.spins_until.get_or_insert_with(|| now.checked_add(spin).unwrap_or(now));
        now < until
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    /// Adds the task to the list, or replaces its waker.
    pub(crate) fn enter(&mut self, waker: &Waker) {
        if self.is_known(waker) {
            return;
        }
        let waker = Some(waker.clone());
        let mut list = self.waiters.lock();
        let index = *self.slot.get_or_insert_with(|| list.vacant());
        let slot = Slot { direction: self.direction, waker };
        let known = list.slots[index].replace(slot).and_then(|slot| slot.waker);
        if known.is_none() {
            self.waiters.waiting.fetch_add(1, Ordering::SeqCst);
        }
        drop(list);
        contained(|| drop(known));
    }

    fn is_known(&self, waker: &Waker) -> bool {
        let list = self.waiters.lock();
        self.slot
            .and_then(|index| list.slots[index].as_ref()?.waker.as_ref())
            .is_some_and(|known| known.will_wake(waker))
    }

    /// Removes the task from the list.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.yielded = false;
        self.spins_until = None;
        if let Some(index) = self.slot.take() {
            self.vacate(index);
        }
    }

    #[cold]
    fn vacate(&mut self, index: usize) {
        let mut list = self.waiters.lock();
        let waker = list.slots[index].take().and_then(|slot| slot.waker);
        list.free.push(index);
        if waker.is_some() {
            self.waiters.waiting.fetch_sub(1, Ordering::SeqCst);
        }
        drop(list);
        contained(|| drop(waker));
    }
}

impl<W: Deref<Target = Waiters>> Drop for Entry<W> {
    #[inline]
    fn drop(&mut self) {
        self.leave();
    }
}
