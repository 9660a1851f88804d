//! How a requester is made.

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
pub struct RequesterBuilder<S: Asking = Client> {
    endpoints: Vec<Endpoint>,
    socket: Builder<S>,
    settings: Settings,
}

impl Requester<Client> {
    /// A builder of a requester that asks with [`Client`]s.
    pub fn builder() -> RequesterBuilder<Client> {
        RequesterBuilder::new()
    }
}

impl Requester<Dealer> {
    /// A builder of a requester that asks with [`Dealer`]s.
    pub fn dealer() -> RequesterBuilder<Dealer> {
        RequesterBuilder::new()
    }
}

impl<S: Asking> RequesterBuilder<S> {
    fn new() -> Self {
        let mut socket = S::builder();
        // A message is in the hands of a connection, or was not sent.
        socket.option(opt::Immediate, true);
        // A connection that is given up must not send a request that another has sent.
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

    /// The endpoints of the service: one, or several that are tried in turn. They are added to
    /// those that the builder has.
    pub fn connect<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.socket.collect(endpoints);
        self.endpoints.extend(endpoints);
        self
    }

    /// How the requester authenticates itself.
    pub fn mechanism<M>(&mut self, mechanism: M) -> &mut Self
    where
        M: Into<Mechanism>,
    {
        self.socket.mechanism(mechanism);
        self
    }

    /// Sets other options of the sockets. The requester itself sets
    /// [`Immediate`](opt::Immediate), and a [`Linger`](opt::Linger) of zero.
    pub fn socket(&mut self, set: impl FnOnce(&mut Builder<S>) -> &mut Builder<S>) -> &mut Self {
        set(&mut self.socket);
        self
    }

    /// The context of the sockets, instead of the global one.
    pub fn ctx(&mut self, ctx: impl Into<CtxHandle>) -> &mut Self {
        self.settings.ctx = ctx.into();
        self
    }

    /// How long one attempt may take, by default five seconds.
    pub fn timeout(&mut self, timeout: Duration) -> &mut Self {
        self.settings.timeout = timeout;
        self
    }

    /// How many times a request is tried again, by default two.
    pub fn retries(&mut self, retries: u32) -> &mut Self {
        self.settings.retries = retries;
        self
    }

    /// How long the first wait before a retry is, and the longest. Each is twice as long as the one
    /// before. By default they are 100 milliseconds and 10 seconds.
    pub fn backoff(&mut self, first: Duration, longest: Duration) -> &mut Self {
        self.settings.backoff = first;
        self.settings.longest_backoff = longest;
        self
    }

    /// How often a request may be carried out.
    pub fn delivery(&mut self, delivery: Delivery) -> &mut Self {
        self.settings.delivery = delivery;
        self
    }

    /// How replies are matched to requests.
    pub fn matching(&mut self, matching: Matching) -> &mut Self {
        self.settings.matching = matching;
        self
    }

    /// Builds the requester. It connects with the first request.
    ///
    /// # Errors
    /// What was refused when it was given to the builder, and
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) without an endpoint.
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
