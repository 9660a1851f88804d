//! How a task waits for a socket.
//!
//! All tasks that wait for a socket share its signal. A task that sees the signal takes it. On a
//! socket that is not thread-safe any call takes it as well, also one that fails. So:
//! - a task that sees the signal wakes all others
//! - a task that made a call on a socket that is not thread-safe asks what the socket is ready for,
//!   and wakes those that wait for that
//! - a task that is about to wait tries once more after it has entered the list of those to wake

use std::{
    future,
    ops::Deref,
    sync::{Arc, atomic::AtomicBool},
    task::{Context, Poll, Waker},
};

use super::{
    Async, pace,
    reactor::Reactor,
    retry,
    waiters::{Direction, Entry, Waiters, Wakers},
};
use crate::{
    error::{Error, ErrorKind},
    raw::{DeferDrops, Readiness, Signal},
    socket::{Socket, recv::Receives, send::Sends},
};

/// What tells the tasks that wait for a socket to look at it.
#[derive(Debug)]
pub(super) struct Wakeups {
    reactor: Reactor,
    pub(super) waiters: Arc<Waiters>,
    /// Wakes all waiters. The reactor keeps one waker, and asks whether a new one is the same.
    waker: Waker,
    /// Whether a message of several parts was put aside that nobody was told of yet.
    pub(super) untold: AtomicBool,
}

impl Wakeups {
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        let waiters = Arc::<Waiters>::default();
        Ok(Self {
            reactor: Reactor::new(signal)?,
            waker: waiters.clone().into(),
            waiters,
            untold: AtomicBool::new(false),
        })
    }

    pub(super) fn entry(&self, direction: Direction) -> Entry<&Waiters> {
        Entry::new(&self.waiters, direction)
    }
}

impl Drop for Wakeups {
    /// A future that was forgotten has left a waker, and the last hold of the list may be the
    /// reactor's, which drops it under a lock of its own.
    fn drop(&mut self) {
        self.waiters.take_all().forget();
    }
}

/// Which tasks to wake, when no lock is held any more.
#[derive(Default)]
struct Others {
    now: Wakers,
    /// Whether to wake all of them in a while.
    later: bool,
}

impl<S: Socket> Async<S> {
    /// Attempts until it is done, waiting in between.
    pub(super) async fn until<T>(
        &self,
        direction: Direction,
        mut attempt: impl FnMut(&S) -> Poll<T>,
    ) -> Result<T, Error> {
        let mut entry = self.wakeups.entry(direction);
        future::poll_fn(|cx| self.poll(&mut entry, cx, &mut attempt)).await
    }

    #[inline]
    pub(super) fn poll<T>(
        &self,
        entry: &mut Entry<impl Deref<Target = Waiters>>,
        cx: &mut Context<'_>,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
    ) -> Poll<Result<T, Error>> {
        if pace::pause(cx) {
            return Poll::Pending;
        }
        if let Poll::Ready(value) = self.attempt(entry.direction(), false, attempt) {
            entry.leave();
            return Poll::Ready(Ok(value));
        }
        self.wait(entry, cx, attempt)
    }

    /// Apart, so that the compiler makes the most of a socket that is ready.
    #[cold]
    fn wait<T>(
        &self,
        entry: &mut Entry<impl Deref<Target = Waiters>>,
        cx: &mut Context<'_>,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
    ) -> Poll<Result<T, Error>> {
        if entry.yields_first() {
            // What comes while others have their turn costs no trip to the reactor.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            entry.enter(cx.waker());
            if let Poll::Ready(value) = self.attempt(entry.direction(), true, attempt) {
                entry.leave();
                return Poll::Ready(Ok(value));
            }
            match self.wakeups.reactor.poll_signal(&mut Context::from_waker(&self.wakeups.waker)) {
                Poll::Pending => {
                    pace::paused();
                    return Poll::Pending;
                }
                Poll::Ready(signal) => {
                    self.socket.take_signal();
                    entry.leave();
                    self.wakeups.waiters.take_all().wake();
                    signal?;
                }
            }
        }
    }

    /// Attempts, and wakes the tasks whose signal that may have taken. A task that is about to wait
    /// is on the list by now.
    #[inline]
    fn attempt<T>(
        &self,
        direction: Direction,
        waits: bool,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
    ) -> Poll<T> {
        // Until the tasks were woken: the drop of an owner may block.
        let _deferred = DeferDrops::new();
        let mut others = Others::default();
        let done = self.socket.with(|socket| {
            let done = attempt(socket);
            if done.is_ready() {
                others.now = self.tasks_to_wake(socket);
                return done;
            }
            if self.socket.is_thread_safe() || !(waits || self.wakeups.waiters.any()) {
                return Poll::Pending;
            }
            self.look(socket, direction, attempt, &mut others)
        });
        others.now.wake();
        if others.later {
            retry::soon(&self.wakeups.waiters);
        }
        done
    }

    /// After an attempt that failed: asks what the socket is ready for, and attempts again if that
    /// is what failed.
    #[cold]
    fn look<T>(
        &self,
        socket: &S,
        direction: Direction,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
        others: &mut Others,
    ) -> Poll<T> {
        /// A socket that says once that it is ready may have become so just then.
        const TIMES: u32 = 2;

        for _ in 0..TIMES {
            // After this nothing that was reported is left unseen. The next attempt tells what
            // fails here.
            if let Ok(Readiness { readable, writable }) = socket.raw().readiness() {
                let (ready, other, is_other) = match direction {
                    Direction::Receive => (readable, Direction::Send, writable),
                    Direction::Send => (writable, Direction::Receive, readable),
                };
                if is_other {
                    others.now.extend(self.wakeups.waiters.take(other));
                }
                if !ready {
                    return Poll::Pending;
                }
            }
            let done = attempt(socket);
            if done.is_ready() {
                others.now.extend(self.tasks_to_wake(socket));
                return done;
            }
        }
        // The socket says that it is ready, and yet it is not, or not for this task. Nothing tells
        // when it will be, nor whether it is for others.
        others.later = true;
        Poll::Pending
    }

    /// The tasks to wake after a call that succeeded, which may have taken the signal that they wait
    /// for.
    #[inline]
    fn tasks_to_wake(&self, socket: &S) -> Wakers {
        if self.socket.is_thread_safe() || !self.wakeups.waiters.any() {
            return Wakers::default();
        }
        let waiters = &self.wakeups.waiters;
        match socket.raw().readiness() {
            Ok(Readiness { readable: true, writable: true }) | Err(_) => waiters.take_all(),
            Ok(Readiness { readable: true, .. }) => waiters.take(Direction::Receive),
            Ok(Readiness { writable: true, .. }) => waiters.take(Direction::Send),
            Ok(_) => Wakers::default(),
        }
    }

    /// Waits until a message can be received, or the next call fails with something else than that
    /// there is none. On a socket of many tasks another may be faster to receive it.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile.
    ///
    /// # C API
    /// `ZMQ_EVENTS`, `ZMQ_POLLIN`
    pub async fn readable(&self) -> Result<(), Error>
    where
        S: Receives,
    {
        self.ready(Direction::Receive, |readiness| readiness.readable).await
    }

    /// Waits until a message can be sent. A type that routes says so always, since it depends on
    /// the peer.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile.
    ///
    /// # C API
    /// `ZMQ_EVENTS`, `ZMQ_POLLOUT`
    pub async fn writable(&self) -> Result<(), Error>
    where
        S: Sends,
    {
        self.ready(Direction::Send, |readiness| readiness.writable).await
    }

    async fn ready(
        &self,
        direction: Direction,
        is_ready: impl Fn(Readiness) -> bool,
    ) -> Result<(), Error> {
        self.until(direction, |socket| match socket.raw().readiness() {
            Ok(readiness) if is_ready(readiness) => Poll::Ready(Ok(())),
            Ok(_) => Poll::Pending,
            Err(errno) => Poll::Ready(Err(Error::c(errno, "wait"))),
        })
        .await?
    }
}

/// Takes "not now" for a reason to wait.
#[inline]
pub(super) fn or_wait<T, E>(result: Result<T, Error<E>>) -> Poll<Result<T, Error<E>>> {
    match result {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
        done => Poll::Ready(done),
    }
}
