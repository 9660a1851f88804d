//! A set of futures that one task polls, each only after it was woken.

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::raw::contained;

/// The indices of the woken futures, and a function that wakes the task.
struct Woken<N> {
    places: Mutex<Vec<usize>>,
    notify: N,
}

/// The waker of one place.
struct Wakes<N> {
    place: usize,
    /// Whether the index is in the list of woken futures.
    woken: AtomicBool,
    all: Arc<Woken<N>>,
}

impl<N: Fn() + Send + Sync + 'static> Wake for Wakes<N> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::SeqCst) {
            self.all.places.lock().unwrap_or_else(PoisonError::into_inner).push(self.place);
            (self.all.notify)();
        }
    }
}

/// A place for a future. It is reused when the future completes.
struct Place<F, T, N> {
    future: Pin<Box<Option<F>>>,
    about: Option<T>,
    wakes: Arc<Wakes<N>>,
    waker: Waker,
}

/// Futures, each with associated data.
pub(super) struct Tasks<F, T, N> {
    places: Vec<Place<F, T, N>>,
    free: Vec<usize>,
    woken: Arc<Woken<N>>,
    /// The memory of the previous list of woken futures, for reuse.
    polled: Vec<usize>,
}

/// Drops the futures, and contains the panics of their drops: a second one would abort the process.
impl<F, T, N> Drop for Tasks<F, T, N> {
    fn drop(&mut self) {
        for place in &mut self.places {
            contained(|| place.future.set(None));
        }
    }
}

impl<F, T, N> Tasks<F, T, N>
where
    F: Future,
    N: Fn() + Send + Sync + 'static,
{
    /// Creates an empty set. `notify` wakes the task that polls it.
    pub(super) fn new(notify: N) -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
            woken: Arc::new(Woken { places: Mutex::default(), notify }),
            polled: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Adds a future and returns its place. The caller polls it first with
    /// [`poll_at`](Self::poll_at).
    pub(super) fn add(&mut self, future: F, about: T) -> usize {
        if let Some(place) = self.free.pop() {
            let taken = &mut self.places[place];
            taken.future.set(Some(future));
            taken.about = Some(about);
            return place;
        }
        let place = self.places.len();
        let wakes =
            Arc::new(Wakes { place, woken: AtomicBool::new(false), all: self.woken.clone() });
        let waker = Waker::from(wakes.clone());
        let future = Box::pin(Some(future));
        self.places.push(Place { future, about: Some(about), wakes, waker });
        place
    }

    /// Polls the future at a place through `poll`, which may catch a panic. If the future is ready,
    /// drops it through `drop`, and returns the result and the associated data.
    pub(super) fn poll_at<R>(
        &mut self,
        place: usize,
        poll: impl FnOnce(&T, Pin<&mut F>, &mut Context<'_>) -> Poll<R>,
        drop: impl FnOnce(&mut dyn FnMut()),
    ) -> Option<(R, T)> {
        let taken = self.places.get_mut(place)?;
        taken.wakes.woken.store(false, Ordering::SeqCst);
        let future = taken.future.as_mut().as_pin_mut()?;
        let mut cx = Context::from_waker(&taken.waker);
        let Poll::Ready(result) = poll(taken.about.as_ref()?, future, &mut cx) else {
            return None;
        };
        drop(&mut || taken.future.set(None));
        let about = taken.about.take()?;
        self.free.push(place);
        Some((result, about))
    }

    /// Returns the places of the woken futures. Return the list with
    /// [`give_back`](Self::give_back).
    pub(super) fn woken(&mut self) -> Vec<usize> {
        let mut places = self.woken.places.lock().unwrap_or_else(PoisonError::into_inner);
        mem::replace(&mut *places, mem::take(&mut self.polled))
    }

    /// Takes the list back to reuse its memory.
    pub(super) fn give_back(&mut self, mut places: Vec<usize>) {
        places.clear();
        self.polled = places;
    }
}
