//! How a task waits for a socket.
//!
//! All tasks that wait for a socket share its signal. A task that sees the signal resets it. On a
//! single-threaded socket any call may reset it too, also one that fails. So:
//! - a task that sees the signal wakes all other waiters
//! - a task that has called a method of a single-threaded socket reads the readiness of the socket,
//!   and wakes the waiters that can go on
//! - a task that is about to wait attempts once more after it has entered the list of waiters

use std::{
    future, mem,
    ops::Deref,
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
};

use super::{
    Async, pace,
    reactor::Reactor,
    retry,
    waiters::{Direction, Entry, Waiters, Wakers},
};
use crate::{
    error::{Error, ErrorKind},
    raw::{DeferDrops, NotDone, Readiness, Signaler},
    socket::{Socket, recv::Receives, send::Sends},
};

/// The signaler of a socket in the reactor, and the tasks that wait for it.
#[derive(Debug)]
pub(super) struct Wakeups {
    reactor: Reactor,
    pub(super) waiters: Arc<Waiters>,
    /// Wakes all waiters. The reactor keeps one waker, and compares it with a new one.
    waker: Waker,
}

impl Wakeups {
    pub(super) fn new(signal: Signaler) -> Result<Self, Error> {
        let waiters = Arc::<Waiters>::default();
        Ok(Self { reactor: Reactor::new(signal)?, waker: waiters.clone().into(), waiters })
    }

    pub(super) fn entry(&self, direction: Direction) -> Entry<&Waiters> {
        Entry::new(&self.waiters, direction)
    }
}

impl Drop for Wakeups {
    /// A future that was leaked has left a waker in the list. The last handle of the list may be
    /// the reactor's, which drops it while it holds a lock: so drop the wakers here.
    fn drop(&mut self) {
        self.waiters.take_all().forget();
    }
}

/// The tasks to wake when no lock is held any more.
#[derive(Default)]
struct Others {
    now: Wakers,
    /// Whether to wake all waiters after the retry period.
    later: bool,
}

impl<S: Socket> Async<S> {
    /// Repeats an attempt until it completes, waiting for the socket in between.
    pub(super) async fn until<T>(
        &self,
        direction: Direction,
        mut attempt: impl FnMut(&S) -> Poll<T>,
    ) -> Result<T, Error> {
        // Most often the first attempt completes. Without a future it costs least.
        let mut not_done = NotDone::Unknown;
        if pace::goes_on() {
            if let Poll::Ready(value) = self.attempt(direction, false, &mut attempt) {
                return Ok(value);
            }
            not_done = NotDone::WouldBlock;
        }
        self.go_on(not_done, direction, attempt).await
    }

    /// Makes one call, which most often completes: with a lock and a counter beside it, and no
    /// future. If it does not complete, [`go_on`](Self::go_on) must follow.
    #[inline]
    pub(super) fn at_once(
        &self,
        call: impl FnOnce(&S, &DeferDrops) -> Result<(), NotDone>,
    ) -> Result<(), NotDone> {
        if !pace::goes_on() {
            return Err(NotDone::Unknown);
        }
        let deferred = DeferDrops::new();
        let mut others = None;
        let done = self.socket.with_deferred(&deferred, |socket| {
            let done = call(socket, &deferred);
            if !self.socket.is_thread_safe() && self.wakeups.waiters.any() {
                others = Some(self.tasks_to_wake(socket));
            }
            done
        });
        if let Some(others) = others {
            others.wake();
        }
        done
    }

    /// Repeats an attempt until it completes, after a call that did not.
    pub(super) async fn go_on<T>(
        &self,
        not_done: NotDone,
        direction: Direction,
        mut attempt: impl FnMut(&S) -> Poll<T>,
    ) -> Result<T, Error> {
        let mut attempted = not_done == NotDone::WouldBlock;
        let mut entry = self.wakeups.entry(direction);
        future::poll_fn(|cx| match mem::take(&mut attempted) {
            true => self.wait(&mut entry, cx, &mut attempt),
            false => self.poll(&mut entry, cx, &mut attempt),
        })
        .await
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

    /// A function of its own, so that the compiler optimises for a socket that is ready.
    #[cold]
    fn wait<T>(
        &self,
        entry: &mut Entry<impl Deref<Target = Waiters>>,
        cx: &mut Context<'_>,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
    ) -> Poll<Result<T, Error>> {
        let (has_inproc, spin) =
            self.socket.with(|socket| (socket.raw().has_inproc(), socket.raw().spin()));
        if entry.yields_first() && has_inproc {
            // Often the peer is another task. While the two yield to each other, a message costs no
            // call of the reactor.
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
                    if !has_inproc && entry.spins(spin) {
                        // The I/O thread may need the processor.
                        thread::yield_now();
                        cx.waker().wake_by_ref();
                    }
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

    /// Attempts, and wakes the tasks whose signal the attempt may have reset. A task that is about
    /// to wait is on the list already.
    #[inline]
    fn attempt<T>(
        &self,
        direction: Direction,
        waits: bool,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
    ) -> Poll<T> {
        // Owners are dropped after the tasks were woken: their drop may block.
        let deferred = DeferDrops::new();
        let mut others = None;
        let done = self.socket.with_deferred(&deferred, |socket| {
            let done = attempt(socket);
            let concerns_others = !self.socket.is_thread_safe()
                && (self.wakeups.waiters.any() || waits && done.is_pending());
            if !concerns_others {
                return done;
            }
            self.attempt_if_ready(
                socket,
                direction,
                done,
                attempt,
                others.insert(Others::default()),
            )
        });
        if let Some(others) = others {
            self.wake(others);
        }
        done
    }

    #[cold]
    fn wake(&self, others: Others) {
        others.now.wake();
        if others.later {
            retry::after_period(&self.wakeups.waiters);
        }
    }

    /// After an attempt that may have reset the signal. If it would block, reads the readiness of
    /// the socket, and attempts again if it is ready for that.
    #[cold]
    fn attempt_if_ready<T>(
        &self,
        socket: &S,
        direction: Direction,
        mut done: Poll<T>,
        attempt: &mut impl FnMut(&S) -> Poll<T>,
        others: &mut Others,
    ) -> Poll<T> {
        /// The first time, the socket may have become ready after the failed attempt.
        const TIMES: u32 = 2;

        for _ in 0..TIMES {
            if done.is_ready() {
                break;
            }
            // Reading the readiness processes everything that the I/O threads have reported. If it
            // fails, the next attempt returns the error.
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
            done = attempt(socket);
        }
        if done.is_ready() {
            others.now.extend(self.tasks_to_wake(socket));
        } else {
            // The socket reports that it is ready, but the attempt would still block, and nothing
            // will report when that changes.
            others.later = true;
        }
        done
    }

    /// The tasks to wake after a call that may have reset the signal that they wait for.
    #[cold]
    fn tasks_to_wake(&self, socket: &S) -> Wakers {
        let waiters = &self.wakeups.waiters;
        if !waiters.any() {
            return Wakers::default();
        }
        match socket.raw().readiness() {
            Ok(Readiness { readable: true, writable: true }) | Err(_) => waiters.take_all(),
            Ok(Readiness { readable: true, .. }) => waiters.take(Direction::Receive),
            Ok(Readiness { writable: true, .. }) => waiters.take(Direction::Send),
            Ok(_) => Wakers::default(),
        }
    }

    /// The entry of a task that does all the work on the socket: see
    /// [`poll_changed`](Self::poll_changed).
    #[cfg(feature = "service")]
    pub(crate) fn worker(&self) -> Entry<Arc<Waiters>> {
        Entry::new(self.wakeups.waiters.clone(), Direction::Receive)
    }

    /// Ready if the socket may have changed since this was last ready. For the one task that makes
    /// all calls on the socket, after a round of calls that found nothing to do.
    ///
    /// On a single-threaded socket those calls may have taken the signal. So this looks whether
    /// the socket is readable, for a task that `reads`. Nothing tells whether there is room for
    /// some peer, so a task that waits for `room` is woken after a while in any case.
    #[cfg(feature = "service")]
    pub(crate) fn poll_changed(
        &self,
        entry: &mut Entry<Arc<Waiters>>,
        cx: &mut Context<'_>,
        reads: bool,
        room: bool,
    ) -> Poll<Result<(), Error>> {
        entry.enter(cx.waker());
        if !self.socket.is_thread_safe() {
            let readable =
                || self.socket.with(|socket| socket.raw().readiness()).map(|r| r.readable);
            if reads && readable().unwrap_or(true) {
                entry.leave();
                return Poll::Ready(Ok(()));
            }
            if room {
                retry::after_period(&self.wakeups.waiters);
            }
        }
        match self.wakeups.reactor.poll_signal(&mut Context::from_waker(&self.wakeups.waker)) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(signal) => {
                self.socket.take_signal();
                entry.leave();
                Poll::Ready(signal)
            }
        }
    }

    /// Waits until the socket is readable: a message is queued, or the next call that receives
    /// returns an error other than [`WouldBlock`](ErrorKind::WouldBlock).
    ///
    /// If several tasks use the socket, another one may receive the message first.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down, also while the future
    /// waits.
    ///
    /// # C API
    /// `ZMQ_EVENTS`, `ZMQ_POLLIN`
    pub async fn readable(&self) -> Result<(), Error>
    where
        S: Receives,
    {
        self.ready(Direction::Receive, |readiness| readiness.readable).await
    }

    /// Waits until the socket is writable: a message can be sent. A `Server`, `Peer` or `Router` is
    /// always writable, since that depends on the peer.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down, also while the future
    /// waits.
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

/// Turns `WouldBlock` into `Pending`.
#[inline]
pub(super) fn or_wait<T, E>(result: Result<T, Error<E>>) -> Poll<Result<T, Error<E>>> {
    match result {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
        done => Poll::Ready(done),
    }
}
