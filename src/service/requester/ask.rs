//! [`Requester`]: requests, attempts and retries.

use std::{
    fmt,
    future::pending,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    asking::Asking,
    connection::{Connection, Failure, Peer},
    settings::{Delivery, Matching, Settings},
};
use crate::{
    addr::Endpoint,
    aio::within,
    error::{Error, ErrorKind},
    socket::{Client, builder::Builder},
    util::Period::Finite,
};

/// Sends requests to a [`Service`](super::Service), or to a plain SERVER or ROUTER, and matches the
/// replies to them.
///
/// Any number of tasks share a requester, by reference or by clones. At a service their requests
/// are under way at once, over one connection, and each task gets the reply to its own request. At
/// other servers one request at a time is under way on a connection, as with a REQ socket.
///
/// ```
/// use libzmq::service::*;
/// use std::time::Duration;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), anyhow::Error> {
/// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
/// let requester = Requester::builder()
///     .connect(&service.endpoints()[0])
///     .timeout(Duration::from_secs(2))
///     .delivery(Delivery::AtLeastOnce)
///     .build()?;
/// tokio::spawn(service.serve(|request| async move { request.into_body() }));
///
/// let (one, two) = tokio::join!(requester.request("one"), requester.request("two"));
/// assert_eq!((one?, two?), ("one".into(), "two".into()));
/// #     Ok(())
/// # }
/// ```
///
/// # Timeouts and retries
/// An attempt ends with its reply, or after the [timeout](super::RequesterBuilder::timeout). Then
/// the requester waits, longer each time, and tries the next endpoint, as often as the builder
/// says. What was sent is sent again only with
/// [`Delivery::AtLeastOnce`](super::Delivery::AtLeastOnce). A connection that nothing has come from
/// since then is given up for a new one. Later requests begin with the endpoint that has replied
/// last.
///
/// # Runtimes
/// The requester connects with its first request, in the runtime of the task that makes it, and all
/// tasks must be of that runtime.
pub struct Requester<S: Asking = Client>(Arc<Inner<S>>);

struct Inner<S: Asking> {
    links: Vec<Link<S>>,
    /// The endpoint that has replied last.
    current: AtomicUsize,
    settings: Settings,
    socket: Builder<S>,
    counters: Counters,
}

/// An endpoint, and the connection to it if there is one.
struct Link<S: Asking> {
    endpoint: Endpoint,
    connection: Mutex<Option<Arc<Connection<S>>>>,
}

#[derive(Default)]
struct Counters {
    requests: AtomicU64,
    replies: AtomicU64,
    retries: AtomicU64,
    failures: AtomicU64,
    late: AtomicU64,
}

/// What a requester has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequesterStats {
    /// Requests that were made.
    pub requests: u64,
    /// Those that have got a reply.
    pub replies: u64,
    /// Those that have failed.
    pub failures: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Replies that came after their request had ended.
    pub late: u64,
}

impl<S: Asking> Requester<S> {
    pub(super) fn new(endpoints: Vec<Endpoint>, socket: Builder<S>, settings: Settings) -> Self {
        let link = |endpoint| Link { endpoint, connection: Mutex::new(None) };
        Self(Arc::new(Inner {
            links: endpoints.into_iter().map(link).collect(),
            current: AtomicUsize::new(0),
            settings,
            socket,
            counters: Counters::default(),
        }))
    }

    /// Sends a request, and waits for its reply.
    ///
    /// # Cancel safety
    /// A request whose future is dropped may have been sent; its reply is dropped.
    ///
    /// # Errors
    /// Each gives the request back.
    /// - [`WouldBlock`](ErrorKind::WouldBlock), as a [timeout](Error::is_timeout), when the last
    ///   attempt had no reply in time
    /// - [`NotFound`](ErrorKind::NotFound) if the handler of the service has panicked
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown
    /// - what building the socket and [`Async::new`](crate::Async::new) answer
    pub async fn request<B>(&self, body: B) -> Result<S::Body, Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        self.0.counters.requests.fetch_add(1, Ordering::Relaxed);
        let done = self.0.attempts(&body).await;
        let counters = &self.0.counters;
        let counter = if done.is_ok() { &counters.replies } else { &counters.failures };
        counter.fetch_add(1, Ordering::Relaxed);
        done.map_err(|error| error.giving_back(body))
    }

    /// The counters.
    pub fn stats(&self) -> RequesterStats {
        let Counters { requests, replies, retries, failures, late } = &self.0.counters;
        let connections = self.0.links.iter().filter_map(Link::current);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RequesterStats {
            requests: count(requests),
            replies: count(replies),
            failures: count(failures),
            retries: count(retries),
            late: count(late) + connections.map(|connection| connection.late()).sum::<u64>(),
        }
    }
}

impl<S: Asking> Inner<S> {
    async fn attempts(&self, body: &S::Body) -> Result<S::Body, Error> {
        let Settings { retries, delivery, .. } = self.settings;
        let mut place = self.current.load(Ordering::Relaxed);
        let mut attempt = 0;
        loop {
            let error = match self.attempt(place, body).await {
                Ok(reply) => {
                    self.current.store(place, Ordering::Relaxed);
                    return Ok(reply);
                }
                Err(Failure::Lost(error)) if delivery == Delivery::AtMostOnce => return Err(error),
                Err(Failure::NotSent(error) | Failure::Lost(error)) => error,
            };
            let is_final = error.is_shutdown() || matches!(error.kind(), ErrorKind::NotFound(_));
            if attempt == retries || is_final {
                return Err(error);
            }
            self.wait(attempt).await?;
            attempt += 1;
            place = (place + 1) % self.links.len();
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn attempt(&self, place: usize, body: &S::Body) -> Result<S::Body, Failure> {
        let timeout = self.settings.timeout;
        let (mut sent, mut over, start) = (false, None, Instant::now());
        let asking = self.ask(place, body, &mut sent, &mut over);
        let failure = match within(Finite(timeout), asking).await {
            Ok(Some(Ok(reply))) => return Ok(reply),
            Ok(Some(Err(failure))) => failure,
            Ok(None) => {
                let error = Error::new(ErrorKind::WouldBlock, "request").waited(Some(timeout));
                if sent { Failure::Lost(error) } else { Failure::NotSent(error) }
            }
            Err(error) => return Err(Failure::NotSent(error)),
        };
        if let Some(connection) = over {
            connection.gave_up(start);
        }
        Err(failure)
    }

    /// Asks over a connection on which no reply is owed to another.
    async fn ask(
        &self,
        place: usize,
        body: &S::Body,
        sent: &mut bool,
        over: &mut Option<Arc<Connection<S>>>,
    ) -> Result<S::Body, Failure> {
        loop {
            let connection = self.connection(place).map_err(Failure::NotSent)?;
            *over = Some(connection.clone());
            if let Some(reply) = connection.ask(body.clone(), sent).await? {
                return Ok(reply);
            }
        }
    }

    /// Waits before an attempt.
    async fn wait(&self, attempt: u32) -> Result<(), Error> {
        let Settings { backoff, longest_backoff, .. } = self.settings;
        let factor = 2_u32.saturating_pow(attempt);
        let time: Duration = backoff.saturating_mul(factor).min(longest_backoff);
        within(Finite(time), pending::<()>()).await.map(drop)
    }

    /// The connection to that endpoint, or a new one.
    fn connection(&self, place: usize) -> Result<Arc<Connection<S>>, Error> {
        let link = &self.links[place];
        let mut connection = link.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = connection.as_ref().filter(|known| !known.is_spoiled()) {
            return Ok(connection.clone());
        }
        let peer = match self.settings.matching {
            Matching::Detect => Peer::Unknown,
            Matching::Numbered => Peer::Service,
            Matching::OneAtATime => Peer::Plain,
        };
        let mut builder = self.socket.clone();
        let socket = builder.connect(&link.endpoint).with_ctx(self.settings.ctx)?;
        let new = Arc::new(Connection::new(socket, peer)?);
        if let Some(old) = connection.replace(new.clone()) {
            self.counters.late.fetch_add(old.late(), Ordering::Relaxed);
        }
        Ok(new)
    }
}

impl<S: Asking> Link<S> {
    fn current(&self) -> Option<Arc<Connection<S>>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Asking> Clone for Requester<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Asking> fmt::Debug for Requester<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self.0.links.iter().map(|link| &link.endpoint);
        f.debug_tuple("Requester").field(&endpoints.collect::<Vec<_>>()).finish()
    }
}
