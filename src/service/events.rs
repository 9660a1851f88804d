//! [`Events`] and [`BlockingEvents`]: the events of a service.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use futures_core::{FusedStream, Stream};

use super::{
    event::Event,
    kind::Serving,
    park,
    state::{Phase, Shared},
};
use crate::{
    aio::{Direction, Entry, Waiters},
    socket::Server,
    util::Period,
};

/// A stream of the events of a service: see
/// [`ServiceHandle::events`](super::ServiceHandle::events).
///
/// The stream takes the clients in turn, one event each, so a client that sends many messages does
/// not delay the messages of other clients. Several streams share the events: each event goes to
/// one of them.
///
/// The stream ends when the service has ended and all its events are reported. Dropping the stream
/// loses no message: other streams and [`recv_from`](super::ServiceHandle::recv_from) still receive
/// it. With the last stream, the service forgets the clients that have left and whose messages were
/// received, without a `Left`.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Events<S: Serving = Server> {
    shared: Arc<Shared<S>>,
    entry: Entry<Arc<Waiters>>,
    ended: bool,
}

impl<S: Serving> Events<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Self {
        shared.change(|state, wakes| {
            state.handles += 1;
            state.add_reader(wakes);
        });
        let entry = Entry::new(shared.readers.clone(), Direction::Receive);
        Self { shared, entry, ended: false }
    }

    /// Waits for the next event. Returns `None` when the service has ended and all its events are
    /// reported.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no event.
    pub async fn recv(&mut self) -> Option<Event<S>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// Returns the next event if there is one. Does not wait.
    ///
    /// `None` means that there is no event now; the service may still run.
    pub fn try_recv(&mut self) -> Option<Event<S>> {
        self.shared.change(|state, wakes| state.next_event(Instant::now(), wakes))
    }

    /// Converts the stream into an iterator that blocks, for a thread without a runtime.
    pub fn blocking(self) -> BlockingEvents<S> {
        BlockingEvents(self)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event<S>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let next = |shared: &Shared<S>| {
            shared.change(|state, wakes| match state.next_event(Instant::now(), wakes) {
                None if state.phase != Phase::Ended => Poll::Pending,
                event => Poll::Ready(event),
            })
        };
        let mut event = next(&self.shared);
        if event.is_pending() {
            self.entry.enter(cx.waker());
            event = next(&self.shared);
        }
        if event.is_ready() {
            self.entry.leave();
        }
        self.ended = matches!(event, Poll::Ready(None));
        event
    }
}

impl<S: Serving> Stream for Events<S> {
    type Item = Event<S>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event<S>>> {
        self.poll(cx)
    }
}

impl<S: Serving> FusedStream for Events<S> {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

impl<S: Serving> Drop for Events<S> {
    fn drop(&mut self) {
        self.shared.change(|state, wakes| {
            state.remove_reader(wakes);
            state.handles -= 1;
            state.end_if_alone(Instant::now(), wakes);
        });
    }
}

impl<S: Serving> fmt::Debug for Events<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// An iterator over the events of a service that blocks until the next event: see
/// [`BlockingHandle::events`](super::BlockingHandle::events).
///
/// Like [`Events`], it shares the events with other iterators and streams, and ends when the
/// service has ended and all its events are reported.
#[must_use = "an iterator does nothing unless it is asked"]
#[derive(Debug)]
pub struct BlockingEvents<S: Serving = Server>(Events<S>);

impl<S: Serving> BlockingEvents<S> {
    /// Returns the next event, blocking for at most `limit`.
    ///
    /// Returns `None` if no event happens in that time, and when the service has ended and all its
    /// events are reported.
    pub fn recv_timeout<P>(&mut self, limit: P) -> Option<Event<S>>
    where
        P: Into<Period>,
    {
        park::within(limit.into(), self.0.recv()).flatten()
    }

    /// Returns the next event if there is one. Does not block.
    pub fn try_recv(&mut self) -> Option<Event<S>> {
        self.0.try_recv()
    }
}

impl<S: Serving> Iterator for BlockingEvents<S> {
    type Item = Event<S>;

    fn next(&mut self) -> Option<Event<S>> {
        park::block_on(self.0.recv())
    }
}
