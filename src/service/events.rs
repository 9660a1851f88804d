//! Events as a stream.

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

/// The events of a service, as they come: see
/// [`ServiceHandle::events`](super::ServiceHandle::events).
///
/// Events are reported client by client, in turn: one that sends much does not keep the others'
/// messages back. Several streams share the events: each goes to one of them.
///
/// The stream ends when the service has ended and all is reported. Dropping it loses nothing that
/// another stream or [`recv_from`](super::ServiceHandle::recv_from) could take.
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

    /// The next event; `None` once the service has ended and all is reported.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no event.
    pub async fn recv(&mut self) -> Option<Event<S>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next event if there is one now.
    pub fn try_recv(&mut self) -> Option<Event<S>> {
        self.shared.change(|state, wakes| state.next_event(Instant::now(), wakes))
    }

    /// The same events for a thread without a runtime, which blocks until each comes.
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

/// The events of a service for a thread without a runtime: an iterator that blocks. See
/// [`BlockingHandle::events`](super::BlockingHandle::events).
#[must_use = "an iterator does nothing unless it is asked"]
#[derive(Debug)]
pub struct BlockingEvents<S: Serving = Server>(Events<S>);

impl<S: Serving> BlockingEvents<S> {
    /// The next event, if one comes within that time. `None` also once the service has ended and
    /// all is reported.
    pub fn recv_timeout<P>(&mut self, limit: P) -> Option<Event<S>>
    where
        P: Into<Period>,
    {
        park::within(limit.into(), self.0.recv()).flatten()
    }

    /// The next event if there is one now.
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
