//! [`ServiceBuilder`].

use std::{fmt, time::Duration};

use super::{
    kind::Serving,
    service::Service,
    settings::{Bound, Overflow, Settings},
    state::Shared,
};
use crate::{
    addr::Endpoint,
    auth::Mechanism,
    ctx::{Ctx, CtxHandle},
    error::{Error, ErrorKind},
    socket::{Router, Server, builder::Builder, heartbeat::Heartbeat},
    util::OneOrMany,
};

/// Bytes of the disconnect token.
const TOKEN: usize = 32;

/// The longest time that the builder stores. Longer times could overflow an `Instant`.
const LONGEST: Duration = Duration::from_secs(1 << 32);

/// Builds a [`Service`].
///
/// # Examples
/// ```
/// use libzmq::service::*;
/// use std::time::Duration;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let service = Service::builder()
///     .bind("tcp://127.0.0.1:*")
///     .heartbeat(Duration::from_secs(5))
///     .idle(Duration::from_secs(600))
///     .incoming(100, Overflow::StopReading)
///     .outgoing(1000, Overflow::Part)
///     .build()?;
/// assert_eq!(service.endpoints().len(), 1);
/// #     Ok(())
/// # }
/// ```
pub struct ServiceBuilder<S: Serving = Server> {
    bind: Vec<Endpoint>,
    socket: Builder<S>,
    ctx: Option<CtxHandle>,
    settings: Settings,
    farewell: Option<S::Body>,
    panic_reply: Option<S::Body>,
}

impl Service<Server> {
    /// Returns a builder of a service over a [`Server`]. Its clients are
    /// [`Client`](crate::Client)s.
    pub fn builder() -> ServiceBuilder<Server> {
        ServiceBuilder::new()
    }
}

impl Service<Router> {
    /// Returns a builder of a service over a [`Router`]. Its clients are REQ and DEALER sockets.
    pub fn router() -> ServiceBuilder<Router> {
        ServiceBuilder::new()
    }
}

impl<S: Serving> ServiceBuilder<S> {
    fn new() -> Self {
        Self {
            bind: Vec::new(),
            socket: Builder::new(),
            ctx: None,
            settings: Settings::default(),
            farewell: None,
            panic_reply: None,
        }
    }

    /// Adds one endpoint or several to bind to.
    ///
    /// [`build`](Self::build) returns an error for an invalid endpoint.
    pub fn bind<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.socket.collect(endpoints);
        self.bind.extend(endpoints);
        self
    }

    /// Sets how the service authenticates its clients.
    pub fn mechanism<M>(&mut self, mechanism: M) -> &mut Self
    where
        M: Into<Mechanism>,
    {
        self.socket.mechanism(mechanism);
        self
    }

    /// Sets the heartbeat of the connections.
    ///
    /// A client that does not answer in time leaves with
    /// [`Reason::Disconnected`](super::Reason::Disconnected). By default there is no heartbeat, and
    /// the service does not notice that a client's network was cut off.
    ///
    /// # C API
    /// `ZMQ_HEARTBEAT_IVL`, `ZMQ_HEARTBEAT_TIMEOUT`, `ZMQ_HEARTBEAT_TTL`
    pub fn heartbeat<H>(&mut self, heartbeat: H) -> &mut Self
    where
        H: Into<Heartbeat>,
    {
        self.socket.heartbeat(heartbeat);
        self
    }

    /// Sets other options of the socket.
    ///
    /// The service itself sets the [`DisconnectMessage`](crate::opt::DisconnectMessage), and over
    /// a ROUTER also [`Mandatory`](crate::opt::Mandatory). With
    /// [`Handover`](crate::opt::Handover) a ROUTER does not report that another client has replaced
    /// a client. An identity that the service has disconnected then stays refused.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// Service::builder()
    ///     .bind("tcp://127.0.0.1:*")
    ///     .socket(|socket| socket.max_msg_size(1_000_000).backlog(4096))
    ///     .build()?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn socket(&mut self, set: impl FnOnce(&mut Builder<S>) -> &mut Builder<S>) -> &mut Self {
        set(&mut self.socket);
        self
    }

    /// Sets the context of the socket. The default is the global context.
    pub fn ctx(&mut self, ctx: impl Into<CtxHandle>) -> &mut Self {
        self.ctx = Some(ctx.into());
        self
    }

    /// Sets how many messages of each client the service queues for the program, and what happens
    /// to a message when that queue is full. The default is 1000 and [`Overflow::StopReading`].
    ///
    /// With `StopReading` the service keeps up to 64 messages that it has already read in addition
    /// to the limit. A limit of 0 makes [`build`](Self::build) fail.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // Disconnects a client that sends faster than the program receives.
    /// Service::builder().bind("tcp://127.0.0.1:*").incoming(100, Overflow::Part).build()?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn incoming(&mut self, limit: usize, overflow: Overflow) -> &mut Self {
        self.settings.incoming = self.bound(limit, overflow);
        self
    }

    /// Sets how many messages the service queues for each client, and what happens to a message
    /// when that queue is full. The default is 1000 and [`Overflow::StopReading`], with which sends
    /// wait.
    ///
    /// The socket has its own queue of [`SendHwm`](crate::opt::SendHwm) messages for each client in
    /// addition. A limit of 0 makes [`build`](Self::build) fail.
    ///
    /// A [handler](Service::serve) gets no more requests of a client than its replies have room
    /// for. Its replies are queued even if other messages have filled the queue meanwhile, so the
    /// queue holds up to twice the limit.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // Drops old messages of a client that reads too slowly.
    /// Service::builder().bind("tcp://127.0.0.1:*").outgoing(10, Overflow::DropOldest).build()?;
    ///
    /// let mut builder = Service::builder();
    /// let refused = builder.bind("tcp://127.0.0.1:*").outgoing(0, Overflow::DropOldest).build();
    /// assert!(refused.is_err());
    /// #     Ok(())
    /// # }
    /// ```
    pub fn outgoing(&mut self, limit: usize, overflow: Overflow) -> &mut Self {
        self.settings.outgoing = self.bound(limit, overflow);
        self
    }

    fn bound(&mut self, limit: usize, overflow: Overflow) -> Bound {
        self.at_least_one(limit);
        Bound { limit, overflow }
    }

    fn at_least_one(&mut self, limit: usize) {
        const ONE: &str = "a limit is at least one";

        if limit == 0 {
            self.socket.refuse(Error::invalid(ONE, "build service"));
        }
    }

    /// Sets how many messages of all clients together the service queues for the program. The
    /// default is 65 536.
    ///
    /// When this limit is reached, the [overflow policy](Self::incoming) applies to the client that
    /// sends the next message. The service also stops reading while this many clients have left and
    /// the program has not received their [`Left`](super::Event::Left). A limit of 0 makes
    /// [`build`](Self::build) fail.
    pub fn incoming_total(&mut self, limit: usize) -> &mut Self {
        self.at_least_one(limit);
        self.settings.total = limit;
        self
    }

    /// Sets how many requests the handler of [`serve`](Service::serve) processes at once. The
    /// default is 1024.
    ///
    /// A limit of 0 makes [`build`](Self::build) fail.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // One request at a time.
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").in_flight(1).build()?;
    /// service.spawn_serving(|request| async move { request.into_body() })?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn in_flight(&mut self, limit: usize) -> &mut Self {
        self.at_least_one(limit);
        self.settings.in_flight = limit;
        self
    }

    /// Sets the idle time after which the service disconnects a client. By default the service
    /// keeps idle clients.
    ///
    /// A client is idle while it sends no message, the socket accepts no message for it, and no
    /// handler processes a request of it. The shortest idle time is 1 millisecond.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let mut builder = Service::builder();
    /// builder.bind("tcp://127.0.0.1:*").idle(Duration::from_millis(10));
    /// let handle = builder.build()?.spawn()?.blocking();
    ///
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    /// let last = handle.events().find(|event| matches!(event, Event::Left { .. }));
    /// assert!(matches!(last, Some(Event::Left { reason: Reason::Idle, .. })));
    /// #     Ok(())
    /// # }
    /// ```
    pub fn idle(&mut self, time: Duration) -> &mut Self {
        self.settings.idle = Some(time.clamp(Duration::from_millis(1), LONGEST));
        self
    }

    /// Sets the bytes of the hello, a first message that only announces a client.
    ///
    /// The service reports [`Joined`](super::Event::Joined) for a client that sends a hello first,
    /// but not the hello itself. Later messages with these bytes are reported. libzmq sends a hello
    /// each time a client connects if the client's option
    /// [`HelloMessage`](crate::opt::HelloMessage) is set. By default there is no hello, and a
    /// client joins with its first message.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{opt, prelude::*, service::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").hello("HELLO").build()?;
    /// let handle = service.spawn()?.blocking();
    ///
    /// let mut builder = ClientBuilder::new();
    /// builder.connect(&handle.endpoints()[0]).option(opt::HelloMessage, "HELLO");
    /// let client = builder.build()?;
    ///
    /// // The client joins without sending a message, and the service can send first.
    /// if let Some(Event::Joined(joined)) = handle.events().next() {
    ///     handle.send(joined.id(), "welcome")?;
    /// }
    /// assert_eq!(client.recv_msg()?, "welcome");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_HELLO_MSG` of the client
    pub fn hello(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.settings.hello = Some(bytes.as_ref().to_vec());
        self
    }

    /// Sets the farewell, the last message that the service sends to a client before it disconnects
    /// it. By default the service sends no farewell.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").farewell("goodbye").build()?;
    /// let handle = service.spawn()?.blocking();
    ///
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    /// if let Some(Event::Joined(joined)) = handle.events().next() {
    ///     handle.disconnect(joined.id())?;
    /// }
    /// assert_eq!(client.recv_msg()?, "goodbye");
    /// #     Ok(())
    /// # }
    /// ```
    pub fn farewell<B>(&mut self, body: B) -> &mut Self
    where
        B: Into<S::Body>,
    {
        self.farewell = Some(self.checked(body.into()));
        self
    }

    fn checked(&mut self, body: S::Body) -> S::Body {
        if let Err(error) = S::check(&body) {
            self.socket.refuse(error);
        }
        body
    }

    /// Sets how long the service keeps sending a client's queue before it disconnects the client.
    /// The default is one second.
    pub fn farewell_time(&mut self, time: Duration) -> &mut Self {
        self.settings.farewell_time = time.min(LONGEST);
        self
    }

    /// Sets the reply to a request whose handler panics: see [`serve`](Service::serve).
    ///
    /// By default the service sends no reply, and a REQ socket waits for ever; a
    /// [`Requester`](super::Requester) returns an error.
    pub fn panic_reply<B>(&mut self, body: B) -> &mut Self
    where
        B: Into<S::Body>,
    {
        self.panic_reply = Some(self.checked(body.into()));
        self
    }

    /// Sets whether the service recognises the numbered requests of a
    /// [`Requester`](super::Requester). The default is `true`.
    ///
    /// With `false` the service treats the messages of a `Requester` like all other messages.
    pub fn correlation(&mut self, on: bool) -> &mut Self {
        self.settings.correlates = on;
        self
    }

    /// Builds the service and binds its socket.
    ///
    /// Clients can connect and send from now on. The service reads their messages once it
    /// [runs](Service::run).
    ///
    /// # Errors
    /// - the error of the first argument that the builder refused, such as an invalid endpoint
    /// - [`InvalidInput`](ErrorKind::InvalidInput) without an endpoint to bind to, and for a limit
    ///   of zero
    /// - [`Unsupported`](ErrorKind::Unsupported) if the system provides no random numbers
    /// - the errors of [`Builder::build`]
    pub fn build(&self) -> Result<Service<S>, Error> {
        const NOWHERE: &str = "a service is bound to at least one endpoint";

        self.socket.check()?;
        if self.bind.is_empty() {
            return Err(Error::invalid(NOWHERE, "build service"));
        }
        let token = token()?;
        let mut builder = self.socket.clone();
        S::prepare(&mut builder, &token, self.settings.correlates);
        let socket = builder.with_ctx(self.ctx.unwrap_or_else(Ctx::global))?;
        let bind = |endpoint: &Endpoint| socket.bind_endpoint(endpoint);
        let endpoints = self.bind.iter().map(bind).collect::<Result<_, _>>()?;
        let shared = Shared::new(self.settings.clone(), self.farewell.clone(), endpoints);
        Ok(Service::new(socket, shared, token, self.panic_reply.clone()))
    }
}

/// Generates the disconnect token. It is random, so that no client can send it.
fn token() -> Result<Box<[u8]>, Error> {
    const RANDOM: ErrorKind = ErrorKind::Unsupported("the system gives no random numbers");

    let mut token = Box::new([0; TOKEN]);
    getrandom::fill(&mut *token).map_err(|_| Error::new(RANDOM, "build service"))?;
    Ok(token)
}

impl<S: Serving> fmt::Debug for ServiceBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceBuilder")
            .field("bind", &self.bind)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
