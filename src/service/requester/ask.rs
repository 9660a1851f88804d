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
    connection::{Connection, Failure},
    settings::{Delivery, Matching, Settings},
    table::Peer,
};
use crate::{
    addr::Endpoint,
    aio::within,
    error::{Error, ErrorKind},
    socket::{Client, builder::Builder},
    util::Period::Finite,
};

/// Sends requests to a [`Service`](super::Service), or to a plain SERVER or ROUTER, and matches
/// replies to requests.
///
/// Any number of tasks can share a requester, by reference or by clones. With a service, all their
/// requests are in flight at once over one connection, and each task gets the reply to its own
/// request. With other servers, each connection has one request in flight at a time, like a REQ
/// socket.
///
/// # Examples
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
/// the requester waits for the [backoff](super::RequesterBuilder::backoff) and tries the next
/// endpoint, up to the number of [retries](super::RequesterBuilder::retries). It sends a request
/// that was already sent again only with
/// [`Delivery::AtLeastOnce`](super::Delivery::AtLeastOnce).
///
/// If a connection has received nothing since the start of an attempt that timed out, the requester
/// replaces the connection. Later requests start with the endpoint that replied last.
///
/// # Runtimes
/// The requester connects with its first request, in the runtime of the task that sends it. All
/// tasks that share the requester must run in that runtime.
pub struct Requester<S: Asking = Client>(Arc<Inner<S>>);

struct Inner<S: Asking> {
    links: Vec<Link<S>>,
    /// The index of the endpoint that replied last.
    current: AtomicUsize,
    settings: Settings,
    socket: Builder<S>,
    counters: Counters,
}

/// An endpoint, and the connection to it, if any.
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

/// The counters of a [`Requester`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequesterStats {
    /// Requests made.
    pub requests: u64,
    /// Requests that got a reply.
    pub replies: u64,
    /// Requests that failed.
    pub failures: u64,
    /// Attempts after the first attempt of a request.
    pub retries: u64,
    /// Replies that arrived after their request had ended.
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

    /// Sends a request and waits for its reply, retrying as the builder says.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// // This service receives requests, and replies to none.
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    ///
    /// let requester = Requester::builder()
    ///     .connect(&handle.endpoints()[0])
    ///     .timeout(Duration::from_millis(50))
    ///     .retries(0)
    ///     .build()?;
    /// let mut error = requester.request("hello").await.unwrap_err();
    /// assert!(error.is_timeout());
    /// // The error returns the request.
    /// assert_eq!(error.take().unwrap(), "hello");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// A request whose future is dropped may have been sent. Its reply is dropped.
    ///
    /// # Errors
    /// Each error returns the request.
    /// - [`WouldBlock`](ErrorKind::WouldBlock), a [timeout](Error::is_timeout), if the last attempt
    ///   got no reply in time
    /// - [`NotFound`](ErrorKind::NotFound) if the handler of the service has panicked
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down
    /// - the errors of building the socket and of [`Async::new`](crate::Async::new)
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

    /// Returns the counters. Does not wait.
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

    /// Sends a request over a connection that owes no reply to an earlier request.
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

    /// Waits for the backoff before the next attempt.
    async fn wait(&self, attempt: u32) -> Result<(), Error> {
        let Settings { backoff, longest_backoff, .. } = self.settings;
        let factor = 2_u32.saturating_pow(attempt);
        let time: Duration = backoff.saturating_mul(factor).min(longest_backoff);
        within(Finite(time), pending::<()>()).await.map(drop)
    }

    /// Returns the connection to an endpoint. Connects if there is none, or if it is spoiled.
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
        let old = connection.replace(new.clone());
        if let Some(old) = &old {
            self.counters.late.fetch_add(old.late(), Ordering::Relaxed);
        }
        // The old connection is dropped without the lock, with the wakers that it has.
        drop(connection);
        drop(old);
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
