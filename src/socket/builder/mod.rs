//! One builder for all sockets.

#[cfg(feature = "serde")]
mod file;
mod options;
mod show;

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    marker::PhantomData,
    time::Duration,
};

use crate::{
    addr::Endpoint,
    auth::Mechanism,
    ctx::{Ctx, CtxHandle},
    error::Error,
    option::{Buildable, ROWS, Row, TakenBy, opt},
    socket::{
        Socket,
        heartbeat::{self, Heartbeat, Heartbeating},
        recv::Receives,
        set_unattached,
    },
    util::OneOrMany,
};

/// Builds a socket: options, mechanism, and the endpoints to bind and connect to.
///
/// Each socket type has a name for its builder, such as [`ClientBuilder`](crate::ClientBuilder).
/// There is a method for each [option](crate::opt) that the socket type accepts. One builder can
/// build any number of sockets. Methods do not fail: if a value is refused, `build` returns the
/// error, with the text of the value.
///
/// ```
/// use libzmq::prelude::*;
/// use std::time::Duration;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let server = ServerBuilder::new()
///     .bind("tcp://127.0.0.1:*")
///     .recv_timeout(Duration::from_millis(10))
///     .recv_hwm(100)
///     .build()?;
///
/// assert_eq!(server.recv_msg().unwrap_err().kind(), ErrorKind::WouldBlock);
///
/// let error = ServerBuilder::new().bind("tcp://127.0.0.1:no-port").build().unwrap_err();
/// assert!(error.to_string().contains("no-port"));
/// #     Ok(())
/// # }
/// ```
///
/// # Keeping a builder
/// The methods take and return the builder by reference, so that a chain can end with `build`. A
/// chain that does not end with `build` returns a reference to a temporary value:
///
/// ```compile_fail,E0716
/// # use libzmq::prelude::*;
/// let builder = ServerBuilder::new().bind("tcp://127.0.0.1:*");
/// builder.build().unwrap();
/// ```
///
/// Keep the builder with [`with`](Self::with) or in a variable:
///
/// ```
/// # use libzmq::prelude::*;
/// # fn main() -> Result<(), anyhow::Error> {
/// let builder = ServerBuilder::new().with(|builder| builder.bind("tcp://127.0.0.1:*"));
/// builder.build()?;
///
/// let mut builder = ServerBuilder::new();
/// builder.bind("tcp://127.0.0.1:*");
/// builder.build()?;
/// #     Ok(())
/// # }
/// ```
///
/// # Configuration files
/// With the feature `serde` a builder can be deserialized from a configuration file and serialized
/// into one. The keys are the names of the builder's methods:
///
/// ```toml
/// bind = ["tcp://127.0.0.1:*", "inproc://here"]
/// recv_timeout = "1.5s"
/// linger = "infinite"
/// send_hwm = 10
/// max_msg_size = "none"
/// heartbeat = { interval = "1s", timeout = "3s" }
/// mechanism = "plain_server"
/// ```
///
/// | Key | Value |
/// |:---|:---|
/// | `bind`, `connect` | one endpoint or a list of them |
/// | a period, such as `recv_timeout` | text with a unit: `"500ms"`, `"1m30s"` |
/// | a number or a flag, such as `send_hwm` | a number, `true` or `false` |
/// | a [special value](crate::option#special-values) | `"infinite"` or `"none"` |
/// | `subscribe` (`Sub`), `join` (`Dish`) | one topic or group, or a list of them |
/// | `heartbeat` | a map of `interval`, `timeout` and `ttl` |
/// | `heartbeat_interval`, `heartbeat_timeout`, `heartbeat_ttl` | the same, one by one |
/// | `mechanism` | a name, or a map of the name to its credentials: see [`Mechanism`] |
///
/// A key that the socket type does not have, a value of the wrong type, and a period without a unit
/// are errors. They name the key and the accepted values. A serialized builder contains the
/// passwords and secret keys of its mechanism.
#[cfg_attr(
    feature = "serde",
    doc = r##"
```
use libzmq::{config::ServerConfig, prelude::*};

# fn main() -> Result<(), anyhow::Error> {
let config: ServerConfig = serde_json::from_str(
    r#"{
        "bind": ["tcp://127.0.0.1:*", "inproc://config"],
        "recv_timeout": "250ms",
        "linger": "infinite",
        "max_msg_size": 1000000
    }"#,
)?;
let server = config.build()?;
assert!(server.try_recv_msg().is_err());

assert!(serde_json::from_str::<ServerConfig>(r#"{ "subscribe": "" }"#).is_err());
let error = serde_json::from_str::<ServerConfig>(r#"{ "recv_timeout": 250 }"#).unwrap_err();
assert!(error.to_string().starts_with("recv_timeout: expected a period with its unit"));
#     Ok(())
# }
```
"##
)]
pub struct Builder<S> {
    bind: Vec<Endpoint>,
    connect: Vec<Endpoint>,
    mechanism: Option<Mechanism>,
    spin: Option<Duration>,
    /// The options that were given, by their place in the table, in C's form.
    options: BTreeMap<usize, Vec<u8>>,
    /// The topics to subscribe to, or the groups to join, as bytes.
    pub(crate) interests: Vec<Vec<u8>>,
    /// The error of the first value that was refused.
    refused: Option<Error>,
    kind: PhantomData<fn() -> S>,
}

impl<S: Socket> Builder<S> {
    /// Creates a builder with the default options and no endpoints.
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds a socket in the [global context](Ctx::global).
    ///
    /// Creates the socket, sets its options and its mechanism, subscribes or joins, binds, then
    /// connects. Does not block. If a step fails, the socket is closed.
    ///
    /// # Errors
    /// - the error of a value that a method of the builder refused
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the context has its maximum of sockets
    /// - the errors of [`bind`](Socket::bind) and [`connect`](Socket::connect)
    ///
    /// # C API
    /// `zmq_socket`, `zmq_setsockopt`, `zmq_bind`, `zmq_connect`
    #[doc(alias = "zmq_socket")]
    #[doc(alias = "socket")]
    #[doc(alias = "zsock_new")]
    pub fn build(&self) -> Result<S, Error> {
        self.with_ctx(Ctx::global())
    }

    /// Builds a socket in a context, like [`build_in`](Self::build_in). This is the name of 0.2.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and [`InvalidCtx`](crate::ErrorKind::InvalidCtx) if the
    /// context was shut down or dropped.
    pub fn with_ctx(&self, handle: CtxHandle) -> Result<S, Error> {
        self.check()?;
        let socket = S::create(handle.context()?)
            .map_err(|errno| Error::c(errno, "create socket").about(S::KIND.socket_type))?;
        socket.set(opt::Linger, DEFAULT_LINGER)?;
        socket.set(opt::MaxMsgSize, DEFAULT_MAX_MSG_SIZE)?;
        self.apply(&socket)?;
        Ok(socket)
    }

    /// Builds a socket in a context, given as [`Ctx`] or [`CtxHandle`].
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let ctx = Ctx::new();
    /// let server = ServerBuilder::new().bind("inproc://here").build_in(&ctx)?;
    /// assert_eq!(server.ctx(), ctx.handle());
    /// assert!(ClientBuilder::new().build_in(server.ctx()).is_ok());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and [`InvalidCtx`](crate::ErrorKind::InvalidCtx) if the
    /// context was shut down or dropped.
    pub fn build_in(&self, ctx: impl Into<CtxHandle>) -> Result<S, Error> {
        self.with_ctx(ctx.into())
    }

    /// Builds a socket in the [global context](Ctx::global) that binds to one endpoint, and returns
    /// the socket and the endpoint with the port that the system assigned.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let (server, endpoint) = ServerBuilder::new().bind("tcp://127.0.0.1:*").build_bound()?;
    /// let client = ClientBuilder::new().connect(endpoint).build()?;
    /// #     let _ = (server, client);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and [`InvalidInput`](crate::ErrorKind::InvalidInput) unless
    /// the builder has exactly one endpoint to bind to.
    pub fn build_bound(&self) -> Result<(S, Endpoint), Error> {
        self.with_ctx_bound(Ctx::global())
    }

    /// Builds a socket in a context like [`build_bound_in`](Self::build_bound_in).
    ///
    /// # Errors
    /// Those of [`build_bound`](Self::build_bound) and [`with_ctx`](Self::with_ctx).
    pub fn with_ctx_bound(&self, handle: CtxHandle) -> Result<(S, Endpoint), Error> {
        const ONE: &str = "the builder binds exactly one endpoint";

        self.check()?;
        let [endpoint] = &*self.bind else { return Err(Error::invalid(ONE, "build_bound")) };
        let builder = Self { bind: Vec::new(), connect: Vec::new(), ..self.clone() };
        let socket = builder.with_ctx(handle)?;
        let bound = socket.bind_endpoint(endpoint)?;
        self.connect.iter().try_for_each(|endpoint| socket.connect(endpoint))?;
        Ok((socket, bound))
    }

    /// Builds a socket in a context that binds to one endpoint, and returns the socket and the
    /// endpoint with the port that the system assigned.
    ///
    /// # Errors
    /// Those of [`build_bound`](Self::build_bound) and [`build_in`](Self::build_in).
    pub fn build_bound_in(&self, ctx: impl Into<CtxHandle>) -> Result<(S, Endpoint), Error> {
        self.with_ctx_bound(ctx.into())
    }

    /// Applies the closure to the builder, and returns the builder by value, so that it can be
    /// kept.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let common = ServerBuilder::new().with(|common| common.recv_hwm(100).send_hwm(100));
    /// let one = common.clone().bind("tcp://127.0.0.1:*").build()?;
    /// let other = common.clone().bind("inproc://other").build()?;
    /// #     let _ = (one, other);
    /// #     Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Self) -> &mut Self) -> Self {
        set(&mut self);
        self
    }

    /// Applies the builder to an existing socket: sets the options and the mechanism, subscribes or
    /// joins, then binds and connects. Stops at the first error.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and [`InvalidInput`](crate::ErrorKind::InvalidInput) for an
    /// option that must be set before the first `bind` or `connect`, if that has happened.
    pub fn apply(&self, socket: &S) -> Result<(), Error> {
        self.check()?;
        for (row, value) in self.options() {
            if row.before_attaching {
                set_unattached(socket, row.id, row.set, value)?;
            } else {
                socket.raw().set(row.id, value).map_err(|errno| Error::c(errno, row.set))?;
            }
        }
        if let Some(mechanism) = &self.mechanism {
            socket.set_mechanism(mechanism.clone())?;
        }
        if let Some(spin) = self.spin {
            socket.raw().set_spin(spin);
        }
        for interest in &self.interests {
            socket.take_interest(interest)?;
        }
        for endpoint in &self.bind {
            socket.bind(endpoint)?;
        }
        for endpoint in &self.connect {
            socket.connect(endpoint)?;
        }
        Ok(())
    }

    /// Adds endpoints to bind to: one, or any number. To use common settings for several sockets,
    /// clone the builder before.
    ///
    /// An endpoint is a typed address, an [`Endpoint`] or text. See [`Socket::bind`].
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let addr: TcpAddr = "127.0.0.1:*".try_into()?;
    /// ServerBuilder::new().bind(addr).build()?;
    /// ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// ServerBuilder::new().bind(["tcp://127.0.0.1:*", "inproc://here"]).build()?;
    /// #     Ok(())
    /// # }
    /// ```
    pub fn bind<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.collect(endpoints);
        self.bind.extend(endpoints);
        self
    }

    /// Adds endpoints to connect to: one, or any number. See [`bind`](Self::bind) and
    /// [`Socket::connect`].
    pub fn connect<I, M>(&mut self, endpoints: I) -> &mut Self
    where
        I: OneOrMany<Endpoint, M>,
    {
        let endpoints = self.collect(endpoints);
        self.connect.extend(endpoints);
        self
    }

    /// Sets how the socket authenticates itself and its peers. The default is
    /// [`Mechanism::Null`].
    pub fn mechanism<M>(&mut self, mechanism: M) -> &mut Self
    where
        M: Into<Mechanism>,
    {
        self.mechanism = Some(mechanism.into());
        self
    }

    /// Sets an option, like the method with the name of the option.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let push = PushBuilder::new().option(opt::SendHwm, 10).build()?;
    /// assert_eq!(push.send_hwm()?, 10);
    /// #     Ok(())
    /// # }
    /// ```
    pub fn option<O>(&mut self, option: O, value: impl Into<O::Value>) -> &mut Self
    where
        O: Buildable + TakenBy<S>,
    {
        let _ = option;
        let row = ROWS.iter().position(|row| row.id == O::ID);
        match (row, O::encode(&value.into())) {
            (Some(row), Ok(bytes)) => {
                self.options.insert(row, bytes);
            }
            (_, Err(why)) => self.refuse(Error::invalid(why, O::SET)),
            // Unreachable: the table makes the option and its row from one line.
            (None, Ok(_)) => self.refuse(Error::invalid("no such option", O::SET)),
        }
        self
    }

    pub(crate) fn collect<T, M>(&mut self, values: impl OneOrMany<T, M>) -> Vec<T> {
        values.into_list().unwrap_or_else(|error| {
            self.refuse(error);
            Vec::new()
        })
    }

    pub(crate) fn refuse(&mut self, error: Error) {
        self.refused.get_or_insert(error);
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.refused.clone().map_or(Ok(()), Err)
    }

    /// The endpoints to bind to.
    pub(crate) fn bound(&self) -> &[Endpoint] {
        &self.bind
    }

    /// The endpoints to connect to.
    pub(crate) fn connected(&self) -> &[Endpoint] {
        &self.connect
    }

    /// Whether the option was given.
    pub(crate) fn has<O: Buildable>(&self, option: O) -> bool {
        let _ = option;
        self.options().any(|(row, _)| row.id == O::ID)
    }

    fn options(&self) -> impl Iterator<Item = (&'static Row, &Vec<u8>)> {
        self.options.iter().filter_map(|(row, value)| Some((ROWS.get(*row)?, value)))
    }
}

impl<S: Receives> Builder<S> {
    /// Sets how long a call that receives tries again before it blocks: see
    /// [`set_spin`](Receives::set_spin). The default is zero.
    pub fn spin(&mut self, period: Duration) -> &mut Self {
        self.spin = Some(period);
        self
    }
}

impl<S: Heartbeating> Builder<S> {
    /// Sets the heartbeats of the socket's connections. By default there are none.
    pub fn heartbeat<H>(&mut self, heartbeat: H) -> &mut Self
    where
        H: Into<Heartbeat>,
    {
        let (interval, timeout, ttl) = heartbeat::parts(Some(&heartbeat.into()));
        self.option(opt::HeartbeatInterval, interval)
            .option(opt::HeartbeatTimeout, timeout)
            .option(opt::HeartbeatTtl, ttl)
    }
}

impl<S: Socket> Builder<S>
where
    opt::NoDrop: TakenBy<S>,
{
    /// Blocks instead of dropping messages when a subscriber's queue reaches its high water mark.
    ///
    /// # C API
    /// `ZMQ_XPUB_NODROP`
    pub fn no_drop(&mut self) -> &mut Self {
        self.option(opt::NoDrop, true)
    }
}

/// Long enough to send what is queued, short enough that a program does not hang at its end because
/// a peer is unreachable.
const DEFAULT_LINGER: std::time::Duration = std::time::Duration::from_secs(30);

/// More than most programs send, and a limit to the memory that a hostile peer can make libzmq
/// allocate.
const DEFAULT_MAX_MSG_SIZE: u64 = 1 << 30;

impl<S> Default for Builder<S> {
    fn default() -> Self {
        Self {
            bind: Vec::new(),
            connect: Vec::new(),
            mechanism: None,
            spin: None,
            options: BTreeMap::new(),
            interests: Vec::new(),
            refused: None,
            kind: PhantomData,
        }
    }
}

impl<S> Clone for Builder<S> {
    fn clone(&self) -> Self {
        Self {
            bind: self.bind.clone(),
            connect: self.connect.clone(),
            mechanism: self.mechanism.clone(),
            spin: self.spin,
            options: self.options.clone(),
            interests: self.interests.clone(),
            refused: self.refused.clone(),
            kind: PhantomData,
        }
    }
}

impl<S> PartialEq for Builder<S> {
    fn eq(&self, other: &Self) -> bool {
        self.bind == other.bind
            && self.connect == other.connect
            && self.mechanism == other.mechanism
            && self.spin == other.spin
            && self.options == other.options
            && self.interests == other.interests
            && self.refused == other.refused
    }
}

impl<S> Eq for Builder<S> {}

impl<S> Hash for Builder<S> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bind.hash(state);
        self.connect.hash(state);
        self.mechanism.hash(state);
        self.spin.hash(state);
        self.options.hash(state);
        self.interests.hash(state);
    }
}
