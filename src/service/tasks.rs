//! Futures that one task polls, each when it was woken.

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

/// The places of the futures that are to be polled, and what tells the task of it.
struct Woken<N> {
    places: Mutex<Vec<usize>>,
    notify: N,
}

/// The waker of one place.
struct Wakes<N> {
    place: usize,
    /// Whether the place is among those to be polled.
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

/// A place for a future, which another takes when it is done.
struct Place<F, T, N> {
    future: Pin<Box<Option<F>>>,
    about: Option<T>,
    wakes: Arc<Wakes<N>>,
    waker: Waker,
}

/// Futures, each with what it is about.
pub(super) struct Tasks<F, T, N> {
    places: Vec<Place<F, T, N>>,
    free: Vec<usize>,
    woken: Arc<Woken<N>>,
    /// Those that are polled now, for the next time.
    polled: Vec<usize>,
}

impl<F, T, N> Tasks<F, T, N>
where
    F: Future,
    N: Fn() + Send + Sync + 'static,
{
    /// `notify` has the task poll again.
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

    /// Adds a future. It is polled for the first time by [`poll_at`](Self::poll_at).
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

    /// Polls one, by way of `poll`, which may stop a panic. If that gives a result the future is
    /// taken out, to be dropped by `drop`, and returned are the result and what it was about.
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

    /// The places of those that were woken. To be given back with
    /// [`give_back`](Self::give_back).
    pub(super) fn woken(&mut self) -> Vec<usize> {
        let mut places = self.woken.places.lock().unwrap_or_else(PoisonError::into_inner);
        mem::replace(&mut *places, mem::take(&mut self.polled))
    }

    /// Keeps the memory of the list.
    pub(super) fn give_back(&mut self, mut places: Vec<usize>) {
        places.clear();
        self.polled = places;
    }
}
