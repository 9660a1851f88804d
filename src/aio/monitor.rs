//! Monitors in an async runtime.

use std::{
    future,
    ops::Deref,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};

use super::{
    Async,
    limit::within,
    retry,
    wait::or_wait,
    waiters::{Direction, Entry, Waiters},
};
use crate::{
    error::Error,
    monitor::{Event, EventKind, Monitor, Reading},
    socket::Sub,
    util::Period,
};

/// A [`Monitor`] in an async runtime: a stream of events, which ends when the monitored socket has
/// closed or the context was shut down.
///
/// ```
/// use futures::StreamExt;
/// use libzmq::{aio::AsyncMonitor, monitor::*, prelude::*};
///
/// # #[cfg(feature = "tokio")]
/// # #[tokio::main]
/// # async fn main() -> Result<(), anyhow::Error> {
/// let server = Server::new()?;
/// let mut events = AsyncMonitor::new(server.monitor(EventSet::LISTENING | EventSet::ACCEPTED)?)?;
///
/// server.bind("tcp://127.0.0.1:*")?;
/// assert_eq!(events.next().await.unwrap().kind(), EventKind::Listening);
///
/// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
/// assert_eq!(events.next().await.unwrap().kind(), EventKind::Accepted);
///
/// drop(server);
/// assert_eq!(events.next().await, None);
/// #     Ok(())
/// # }
/// # #[cfg(not(feature = "tokio"))]
/// # fn main() {}
/// ```
///
/// It is `Send`, `Sync` and `'static`, so the streams of many sockets can be merged and spawned. It
/// reports lost events as a `Monitor` does.
#[derive(Debug)]
#[must_use = "a stream does nothing unless it is polled"]
pub struct AsyncMonitor {
    /// The entry of the stream in the list of waiters.
    entry: Entry<Arc<Waiters>>,
    reader: Async<Sub>,
    reading: Mutex<Reading>,
    ended: bool,
}

impl AsyncMonitor {
    /// Registers a monitor with the runtime that calls this. Queued events are kept.
    ///
    /// # Errors
    /// Those of [`Async::new`]. After an error the monitor has ended.
    ///
    /// # Panics
    /// If the tokio runtime was built without `enable_io`.
    pub fn new(monitor: Monitor) -> Result<Self, Error> {
        let (reader, reading) = monitor.into_parts();
        let reader = Async::new(reader)?;
        let entry = Entry::new(reader.wakeups.waiters.clone(), Direction::Receive);
        Ok(Self { entry, reader, reading: Mutex::new(reading), ended: false })
    }

    /// Receives the next event.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no event.
    ///
    /// # Errors
    /// - [`NotFound`](crate::ErrorKind::NotFound) after [`EventKind::Stopped`]
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while
    ///   the future waits
    pub async fn recv(&self) -> Result<Event, Error> {
        let mut entry = self.reader.wakeups.entry(Direction::Receive);
        future::poll_fn(|cx| poll(&self.reader, &self.reading, &mut entry, cx)).await
    }

    /// Receives the next event, waiting at most for `limit`. Returns `None` if none arrived.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no event.
    ///
    /// # Errors
    /// Those of [`recv`](Self::recv).
    pub async fn recv_event_timeout<P>(&self, limit: P) -> Result<Option<Event>, Error>
    where
        P: Into<Period>,
    {
        within(limit.into(), self.recv()).await?.transpose()
    }

    /// Returns how many events were lost before the last one that was received, like
    /// [`Monitor::missed`].
    pub fn missed(&self) -> Option<u64> {
        locked(&self.reading).missed()
    }

    /// Returns the monitor by value, for blocking calls or another runtime.
    pub fn into_inner(self) -> Monitor {
        drop(self.entry);
        Monitor::from_parts(
            self.reader.into_inner(),
            self.reading.into_inner().unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Stream for AsyncMonitor {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let Self { entry, reader, reading, ended } = &mut *self;
        if *ended {
            return Poll::Ready(None);
        }
        let event = ready!(poll(reader, reading, entry, cx))
            .ok()
            .filter(|event| event.kind() != EventKind::Stopped);
        *ended = event.is_none();
        Poll::Ready(event)
    }
}

impl FusedStream for AsyncMonitor {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

fn poll(
    reader: &Async<Sub>,
    reading: &Mutex<Reading>,
    entry: &mut Entry<impl Deref<Target = Waiters>>,
    cx: &mut Context<'_>,
) -> Poll<Result<Event, Error>> {
    let event = reader.poll(entry, cx, &mut |reader| or_wait(locked(reading).try_recv(reader)));
    if event.is_pending() && locked(reading).may_end_without_event() {
        retry::after_period(&reader.wakeups.waiters);
    }
    event.map(|event| event?)
}

fn locked(reading: &Mutex<Reading>) -> MutexGuard<'_, Reading> {
    reading.lock().unwrap_or_else(PoisonError::into_inner)
}
