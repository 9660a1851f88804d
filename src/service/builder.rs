//! How a service is made.

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

/// How many bytes the disconnect token has.
const TOKEN: usize = 32;

/// Longer times are as good as none, and no clock can tell them.
const LONGEST: Duration = Duration::from_secs(1 << 32);

/// Builds a [`Service`].
///
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
    /// A builder of a service over a [`Server`], whose clients are [`Client`](crate::Client)s.
    pub fn builder() -> ServiceBuilder<Server> {
        ServiceBuilder::new()
    }
}

impl Service<Router> {
    /// A builder of a service over a [`Router`], whose clients are REQ and DEALER sockets.
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

    /// The endpoints to bind to: one, or any number. They are added to those that the builder has.
    pub fn bind<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.socket.collect(endpoints);
        self.bind.extend(endpoints);
        self
    }

    /// How the service authenticates its clients.
    pub fn mechanism<M>(&mut self, mechanism: M) -> &mut Self
    where
        M: Into<Mechanism>,
    {
        self.socket.mechanism(mechanism);
        self
    }

    /// The heartbeat of the connections: a client that does not answer in time has left, with
    /// [`Reason::Disconnected`](super::Reason::Disconnected). By default there is none, and a
    /// client whose network is cut off does not leave.
    pub fn heartbeat<H>(&mut self, heartbeat: H) -> &mut Self
    where
        H: Into<Heartbeat>,
    {
        self.socket.heartbeat(heartbeat);
        self
    }

    /// Sets other options of the socket.
    ///
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
    ///
    /// The service itself sets the [`DisconnectMessage`](crate::opt::DisconnectMessage), and over
    /// a ROUTER also [`Mandatory`](crate::opt::Mandatory). With
    /// [`Handover`](crate::opt::Handover) a ROUTER does not report that a client was replaced, so
    /// an identity that the service has parted with stays refused.
    pub fn socket(&mut self, set: impl FnOnce(&mut Builder<S>) -> &mut Builder<S>) -> &mut Self {
        set(&mut self.socket);
        self
    }

    /// The context of the socket, instead of the global one.
    pub fn ctx(&mut self, ctx: impl Into<CtxHandle>) -> &mut Self {
        self.ctx = Some(ctx.into());
        self
    }

    /// How many messages of one client the service keeps for the program, and what happens to
    /// others. By default 1000, and the service stops reading.
    ///
    /// When it stops reading, up to 64 messages that it has in hand are kept beside those.
    pub fn incoming(&mut self, limit: usize, overflow: Overflow) -> &mut Self {
        self.settings.incoming = self.bound(limit, overflow);
        self
    }

    /// How many messages the service keeps for one client, and what happens to others. By default
    /// 1000, and sends wait. The queue of the socket itself, of
    /// [`SendHwm`](crate::opt::SendHwm) messages, is beside it.
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

    /// How many messages of all clients together the service keeps for the program, by default
    /// 65 536. As many clients may have left without the program having taken that event. The
    /// [overflow policy](Self::incoming) is that of the client whose message is one too many.
    pub fn incoming_total(&mut self, limit: usize) -> &mut Self {
        self.at_least_one(limit);
        self.settings.total = limit;
        self
    }

    /// How many requests the handler of [`serve`](Service::serve) has in hand at once, by default
    /// 1024.
    pub fn in_flight(&mut self, limit: usize) -> &mut Self {
        self.at_least_one(limit);
        self.settings.in_flight = limit;
        self
    }

    /// After how long the service parts with a client that has sent nothing and taken nothing. By
    /// default it never does.
    pub fn idle(&mut self, time: Duration) -> &mut Self {
        self.settings.idle = Some(time.clamp(Duration::from_millis(1), LONGEST));
        self
    }

    /// What a client may say first of all, so that the service knows of it. Such a message is not
    /// reported: the client's `Joined` is. Clients of libzmq send it with the option
    /// [`HelloMessage`](crate::opt::HelloMessage) each time they have connected.
    pub fn hello(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.settings.hello = Some(bytes.as_ref().to_vec());
        self
    }

    /// What a client is sent last of all when the service parts with it. By default nothing.
    pub fn farewell<B>(&mut self, body: B) -> &mut Self
    where
        B: Into<S::Body>,
    {
        self.farewell = Some(body.into());
        self
    }

    /// How long a client may take to receive what is queued for it when the service parts with it,
    /// by default a second.
    pub fn farewell_time(&mut self, time: Duration) -> &mut Self {
        self.settings.farewell_time = time.min(LONGEST);
        self
    }

    /// What a client is answered if the handler of [`serve`](Service::serve) panics. By default
    /// nothing, and a REQ socket waits for ever; a [`Requester`](super::Requester) gets an error.
    pub fn panic_reply<B>(&mut self, body: B) -> &mut Self
    where
        B: Into<S::Body>,
    {
        self.panic_reply = Some(body.into());
        self
    }

    /// Whether requests of a [`Requester`](super::Requester) are recognised, as they are by
    /// default. Off, its messages are like all others.
    pub fn correlation(&mut self, on: bool) -> &mut Self {
        self.settings.correlates = on;
        self
    }

    /// Builds the service, whose socket is bound from now on. Clients may connect and send; nothing
    /// is read before the service [runs](Service::run).
    ///
    /// # Errors
    /// - what was refused when it was given to the builder
    /// - [`InvalidInput`](ErrorKind::InvalidInput) without an endpoint to bind, and for a limit of
    ///   zero
    /// - what [`Builder::build`] answers
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

/// What no client can know or guess.
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
