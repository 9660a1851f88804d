//! [`RequesterBuilder`].

use std::{fmt, time::Duration};

use super::{
    ask::Requester,
    asking::Asking,
    settings::{Delivery, Matching, Settings},
};
use crate::{
    addr::Endpoint,
    auth::Mechanism,
    ctx::{Ctx, CtxHandle},
    error::Error,
    option::opt,
    socket::{Client, Dealer, builder::Builder},
    util::OneOrMany,
};

/// Builds a [`Requester`].
///
/// # Examples
/// ```
/// use libzmq::service::*;
/// use std::time::Duration;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), anyhow::Error> {
/// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
/// let handle = service.spawn_serving(|request| async move { request.into_body() })?;
///
/// let requester = Requester::builder()
///     .connect(&handle.endpoints()[0])
///     .timeout(Duration::from_secs(2))
///     .retries(5)
///     .backoff(Duration::from_millis(50), Duration::from_secs(1))
///     .delivery(Delivery::AtLeastOnce)
///     .matching(Matching::Numbered)
///     .build()?;
/// assert_eq!(requester.request("hello").await?, "hello");
/// #     Ok(())
/// # }
/// ```
pub struct RequesterBuilder<S: Asking = Client> {
    endpoints: Vec<Endpoint>,
    socket: Builder<S>,
    settings: Settings,
}

impl Requester<Client> {
    /// Returns a builder of a requester that uses [`Client`]s, for SERVER sockets.
    pub fn builder() -> RequesterBuilder<Client> {
        RequesterBuilder::new()
    }
}

impl Requester<Dealer> {
    /// Returns a builder of a requester that uses [`Dealer`]s, for ROUTER and REP sockets.
    pub fn dealer() -> RequesterBuilder<Dealer> {
        RequesterBuilder::new()
    }
}

impl<S: Asking> RequesterBuilder<S> {
    fn new() -> Self {
        let mut socket = S::builder();
        // Sends only over an open connection: a message is sent to a peer, or not at all.
        socket.option(opt::Immediate, true);
        // A replaced connection must not send a request that its replacement sends as well.
        socket.option(opt::Linger, Duration::ZERO);
        let settings = Settings {
            timeout: Duration::from_secs(5),
            retries: 2,
            backoff: Duration::from_millis(100),
            longest_backoff: Duration::from_secs(10),
            delivery: Delivery::default(),
            matching: Matching::default(),
            ctx: Ctx::global(),
        };
        Self { endpoints: Vec::new(), socket, settings }
    }

    /// Adds one endpoint or several to connect to. The requester tries them in turn.
    ///
    /// [`build`](Self::build) returns an error for an invalid endpoint.
    pub fn connect<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.socket.collect(endpoints);
        self.endpoints.extend(endpoints);
        self
    }

    /// Sets how the requester authenticates to the server.
    pub fn mechanism<M>(&mut self, mechanism: M) -> &mut Self
    where
        M: Into<Mechanism>,
    {
        self.socket.mechanism(mechanism);
        self
    }

    /// Sets other options of the sockets.
    ///
    /// The requester itself sets [`Immediate`](opt::Immediate), and [`Linger`](opt::Linger) to
    /// zero.
    pub fn socket(&mut self, set: impl FnOnce(&mut Builder<S>) -> &mut Builder<S>) -> &mut Self {
        set(&mut self.socket);
        self
    }

    /// Sets the context of the sockets. The default is the global context.
    pub fn ctx(&mut self, ctx: impl Into<CtxHandle>) -> &mut Self {
        self.settings.ctx = ctx.into();
        self
    }

    /// Sets the timeout of one attempt. The default is 5 seconds.
    pub fn timeout(&mut self, timeout: Duration) -> &mut Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets how many times the requester retries a request. The default is 2, so a request has up
    /// to three attempts.
    pub fn retries(&mut self, retries: u32) -> &mut Self {
        self.settings.retries = retries;
        self
    }

    /// Sets how long the requester waits before the first retry, and the longest wait. The wait
    /// doubles with each retry. The defaults are 100 milliseconds and 10 seconds.
    pub fn backoff(&mut self, first: Duration, longest: Duration) -> &mut Self {
        self.settings.backoff = first;
        self.settings.longest_backoff = longest;
        self
    }

    /// Sets whether a request may be delivered more than once. The default is
    /// [`Delivery::AtMostOnce`].
    pub fn delivery(&mut self, delivery: Delivery) -> &mut Self {
        self.settings.delivery = delivery;
        self
    }

    /// Sets how the requester matches replies to requests. The default is [`Matching::Detect`].
    pub fn matching(&mut self, matching: Matching) -> &mut Self {
        self.settings.matching = matching;
        self
    }

    /// Builds the requester. It connects with its first request.
    ///
    /// # Errors
    /// - the error of the first argument that the builder refused, such as an invalid endpoint
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) without an endpoint to connect to
    pub fn build(&self) -> Result<Requester<S>, Error> {
        const NOWHERE: &str = "a requester connects to at least one endpoint";

        self.socket.check()?;
        if self.endpoints.is_empty() {
            return Err(Error::invalid(NOWHERE, "build requester"));
        }
        let (socket, settings) = (self.socket.clone(), self.settings.clone());
        Ok(Requester::new(self.endpoints.clone(), socket, settings))
    }
}

impl<S: Asking> fmt::Debug for RequesterBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequesterBuilder")
            .field("endpoints", &self.endpoints)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
