//! Connection events of a socket: established, closed and refused connections.
//!
//! See [`Monitor`], and [`connect_and_wait`](Monitored::connect_and_wait).

mod attempt;
mod event;
mod monitored;
mod protocol_error;
mod reading;
mod reason;
#[cfg(feature = "tracing")]
mod trace;

pub use attempt::ConnectError;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) use attempt::{Attempt, Ended, end_attempt};
pub use event::{Event, EventKind, EventSet};
pub use monitored::Monitored;
pub use protocol_error::ProtocolError;
pub(crate) use reading::Reading;
pub use reason::DisconnectReason;

use std::{
    cell::RefCell,
    ffi::CString,
    time::{Duration, Instant},
};

use libzmq_sys::ZMQ_THREAD_SAFE;

use crate::{
    addr::InprocAddr,
    error::{Error, ErrorKind},
    poll::{Events, PollId, Pollable, Poller, READABLE},
    raw::{DeferDrops, HasRaw, Size, Source},
    socket::{Socket, Stopper, Sub, SubBuilder, recv::or_none},
    util::Period,
};

/// Receives the connection events of a socket.
///
/// A monitor is an iterator of [`Event`]s. It blocks until the next event, and ends when the socket
/// closes. It has all events since the monitor was made. The socket never waits for its monitor: a
/// program may read it late, on another thread, or not at all, and may drop it at any time. About
/// ten thousand unread events are queued. While the queue is full, the socket drops events and
/// counts them: the next event says [how many](Event::missed). The last event,
/// [`Stopped`](EventKind::Stopped), is never dropped.
///
/// A connection over tcp, ipc or WebSocket has these events:
/// - [`Connected`](EventKind::Connected) or [`Accepted`](EventKind::Accepted) when it is
///   established
/// - [`HandshakeSucceeded`](EventKind::HandshakeSucceeded) or one of the failures when its
///   handshake ends, with peers of every version of ZMTP
/// - [`Disconnected`](EventKind::Disconnected), with the [reason](Event::reason), when it ends,
///   unless this socket ends it
///
/// A [`Stream`](crate::Stream) has no handshake and no handshake events. Connections over inproc
/// and udp have no events.
///
/// ```
/// use libzmq::{monitor::*, prelude::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let server = Server::new()?;
/// let events = EventSet::LISTENING | EventSet::ACCEPTED | EventSet::HANDSHAKE_SUCCEEDED;
/// let mut monitor = server.monitor(events)?;
///
/// server.bind("tcp://127.0.0.1:*")?;
/// let listening = monitor.next().unwrap();
/// assert_eq!(listening.kind(), EventKind::Listening);
/// assert_eq!(listening.local().unwrap(), server.last_endpoint()?);
///
/// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
/// assert_eq!(monitor.next().unwrap().kind(), EventKind::Accepted);
/// assert_eq!(monitor.next().unwrap().kind(), EventKind::HandshakeSucceeded);
///
/// drop(server);
/// assert_eq!(monitor.next(), None);
/// #     Ok(())
/// # }
/// ```
///
/// To read the monitors of many sockets on one thread, add each `&Monitor` to a [`Poller`]. With
/// the feature `tokio` or `async-io`, `aio::AsyncMonitor` is a stream of the events.
///
/// # Thread safety
/// A monitor is `Send`, but not `Sync`.
#[derive(Debug)]
pub struct Monitor {
    reader: Sub,
    reading: RefCell<Reading>,
}

/// The period in which a monitor checks whether it has ended, if no event may report the end.
const LOOK: Duration = Duration::from_millis(50);

impl Monitor {
    fn new<S: Socket>(socket: &S, events: EventSet) -> Result<Self, Error> {
        const DEADLOCK: ErrorKind = ErrorKind::Unsupported(
            "this libzmq may deadlock when a thread-safe socket is monitored",
        );

        let thread_safe = || {
            socket
                .raw()
                .get(ZMQ_THREAD_SAFE as i32, Size::INT)
                .is_ok_and(|value| value.iter().any(|byte| *byte != 0))
        };
        if cfg!(not(zmq_has = "patches")) && thread_safe() {
            return Err(Error::new(DEADLOCK, "monitor"));
        }
        let (monitor, name) = Self::detached(socket)?;
        socket.raw().monitor(&name, events.asked()).map_err(|errno| Error::c(errno, "monitor"))?;
        Ok(monitor)
    }

    /// Creates a monitor in the socket's context, and returns it with the endpoint for its events.
    fn detached<S: Socket>(socket: &S) -> Result<(Self, CString), Error> {
        let endpoint = InprocAddr::new_unique();
        // It subscribes before libzmq publishes, so that it receives the first event.
        let reader = SubBuilder::new()
            .recv_hwm(reading::ROOM)
            .subscribe("")
            .connect(&endpoint)
            .with_ctx(socket.ctx())?;
        let name = CString::new(format!("inproc://{endpoint}"))
            .map_err(|_| Error::invalid("an endpoint has no NUL in it", "monitor"))?;
        Ok((Self::from_parts(reader, Reading::new(endpoint)), name))
    }

    /// Receives the next event, blocking until there is one.
    ///
    /// # Errors
    /// - [`NotFound`](ErrorKind::NotFound) after [`EventKind::Stopped`]
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown
    /// - [`Stopped`](ErrorKind::Stopped) after a [`stopper`](Self::stopper) was used
    pub fn recv(&self) -> Result<Event, Error> {
        loop {
            match self.try_recv() {
                Err(error) if error.is_would_block() => self.wait(None)?,
                done => return done,
            }
        }
    }

    /// Receives the next event, and blocks no longer than the limit. Returns `None` if there was no
    /// event in that time.
    ///
    /// ```
    /// use libzmq::{monitor::EventSet, prelude::*};
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// let monitor = server.monitor(EventSet::ALL)?;
    /// assert_eq!(monitor.recv_event_timeout(Duration::from_millis(10))?, None);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    pub fn recv_event_timeout<P>(&self, limit: P) -> Result<Option<Event>, Error>
    where
        P: Into<Period>,
    {
        let end = limit.into().deadline();
        loop {
            match or_none(self.try_recv())? {
                None if end.is_some_and(|end| end <= Instant::now()) => return Ok(None),
                None => self.wait(end)?,
                event => return Ok(event),
            }
        }
    }

    /// Returns a handle with which any thread ends the calls that block for an event. The monitored
    /// socket is not affected.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) with another libzmq than the one that this crate
    /// compiles.
    pub fn stopper(&self) -> Result<Stopper, Error> {
        Stopper::of(self.reader.raw())
    }

    /// Receives the next event without blocking.
    ///
    /// # Errors
    /// As [`recv`](Self::recv), with [`WouldBlock`](ErrorKind::WouldBlock) if there is none.
    pub fn try_recv(&self) -> Result<Event, Error> {
        // Until the borrow ends: the drop of a message's owner may use this monitor.
        let _deferred = DeferDrops::new();
        self.reading.borrow_mut().try_recv(&self.reader)
    }

    /// Blocks until there may be an event, or the deadline has passed.
    fn wait(&self, end: Option<Instant>) -> Result<(), Error> {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let look = self.reading.borrow().may_end_without_event().then_some(LOOK);
        let mut poller = Poller::new();
        poller.add(self, PollId(0), READABLE)?;
        match poller.poll(&mut Events::new(), Period::from(left.into_iter().chain(look).min())) {
            Err(error) if error.is_would_block() => Ok(()),
            done => done,
        }
    }

    /// Returns how many events were dropped because the queue was full, up to the last event that
    /// was read: the sum of [`Event::missed`].
    ///
    /// `None` if some may have been dropped by a libzmq that does not count them.
    pub fn missed(&self) -> Option<u64> {
        self.reading.borrow().missed()
    }

    pub(crate) fn from_parts(reader: Sub, reading: Reading) -> Self {
        Self { reader, reading: RefCell::new(reading) }
    }

    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn into_parts(self) -> (Sub, Reading) {
        (self.reader, self.reading.into_inner())
    }
}

/// Blocks for each event, and ends when the monitor ends or the context is shut down.
impl Iterator for Monitor {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.recv().ok().filter(|event| event.kind() != EventKind::Stopped)
    }
}

impl<'a> From<&'a Monitor> for Pollable<'a> {
    fn from(monitor: &'a Monitor) -> Self {
        Source::Socket(monitor.reader.raw()).into()
    }
}
