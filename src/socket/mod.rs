//! The socket types: what all of them have in common, and a file for each pattern.

#[macro_use]
mod methods;

mod addressed;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) mod at_once;
pub(crate) mod builder;
mod channel;
mod client_server;
mod declare;
mod endpoints;
pub(crate) mod heartbeat;
pub(crate) mod kind;
mod native;
mod pair;
mod peer;
mod pipeline;
mod publish_subscribe;
mod radio_dish;
pub(crate) mod recv;
mod request_reply;
mod scatter_gather;
pub(crate) mod send;
mod stopper;
mod subscribe;
mod takes;

pub(crate) use endpoints::attach;
pub use kind::SocketType;
pub(crate) use kind::{Kind, Transports, socket_types};
pub use stopper::Stopper;
pub use subscribe::{Subscribes, Topic};

macro_rules! export {
    ($($module:ident: $name:ident $builder:ident $config:ident = $constant:ident;)*) => {
        $(pub use $module::{$name, $builder, $config};)*
    };
}

socket_types!(export);
pub use publish_subscribe::Subscription;

use std::fmt;

use libc::c_int;

use crate::{
    addr::Endpoint,
    auth::Mechanism,
    ctx::CtxHandle,
    error::{Error, ErrorKind},
    option::{
        Gettable, HighWaterMark, RawOption, Settable, SocketOption, TakenBy, opt, sealed::Row as _,
    },
    poll::{Events, PollId, Poller, Trigger},
    raw::{Size, Source},
    util::Period,
};
use declare::socket_type;
use endpoints::detach;

pub(crate) mod sealed {
    use std::sync::Arc;

    use super::Kind;
    use crate::{message::Unread, raw};

    /// Limits the socket traits to the types of this crate.
    pub trait Sealed: raw::HasRaw + std::fmt::Debug + Sized {
        const KIND: Kind;

        fn create(context: Arc<raw::Context>) -> Result<Self, raw::Errno>;

        /// The builder's key for the topics to subscribe to or the groups to join, if the type has
        /// either.
        const INTEREST: Option<&'static str> = None;

        /// Subscribes to a topic, or joins a group.
        fn take_interest(&self, interest: &[u8]) -> Result<(), crate::Error> {
            let _ = interest;
            Ok(())
        }

        /// Holds a multipart message that arrived in a call that receives a single frame.
        fn unread(&self) -> Option<&Unread> {
            None
        }
    }
}

/// The methods that every socket type has: connect, bind, read and set options, poll.
///
/// Methods that take an endpoint accept a typed address, an [`Endpoint`], or text such as
/// `"tcp://127.0.0.1:*"`. Malformed text returns [`InvalidInput`](ErrorKind::InvalidInput) with the
/// text in the error.
///
/// Except for [`poll`](Self::poll) no method blocks. After the context was shut down they return
/// [`InvalidCtx`](ErrorKind::InvalidCtx), and in a forked child [`Forked`](ErrorKind::Forked).
///
/// # Thread safety
/// On a [thread-safe socket](crate#sockets) any thread may call any method at any time, also while
/// other threads send and receive.
pub trait Socket: sealed::Sealed {
    /// Connects to an endpoint.
    ///
    /// Returns before the connection is made. An I/O thread makes it in the background, and
    /// reconnects whenever it fails or is lost, after
    /// [`ReconnectInterval`](opt::ReconnectInterval). The endpoint need not be bound yet. If the
    /// peer refuses the credentials, the I/O thread does not try again;
    /// [`ReconnectStopOn`](opt::ReconnectStopOn) adds other such causes. A
    /// [monitor](crate::monitor) reports each failure.
    ///
    /// A second `connect` to the same endpoint makes a second connection, with these exceptions: a
    /// `Pub`, `XPub`, `Sub`, `XSub`, `Radio` or `Dish` keeps the one that it has, since a second
    /// one would duplicate each message. So do a `Dealer` and a `Req`, except over inproc.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let client = Client::new()?;
    /// client.connect("tcp://127.0.0.1:5555")?;
    /// client.connect(TcpAddr::try_from("127.0.0.1:5556")?)?;
    ///
    /// let error = client.connect("tcp:/nowhere").unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`Unsupported`](ErrorKind::Unsupported) if the transport does not carry this socket type,
    ///   if this libzmq was built without the transport, or if a mechanism or a ZAP domain is set
    ///   where there is no handshake: over udp, and for a [`Stream`]
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for an endpoint that cannot be connected to,
    ///   such as a wildcard
    ///
    /// # C API
    /// `zmq_connect`
    #[doc(alias = "zmq_connect")]
    fn connect<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        attach::<Self, _, _>(endpoint, "connect", |endpoint| self.raw().connect(endpoint))
    }

    /// Binds to an endpoint and accepts connections there.
    ///
    /// When it returns, peers can connect. A socket can bind to several endpoints. For the port `*`
    /// the system assigns one; [`last_endpoint`](Self::last_endpoint) returns it, except over udp.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// server.bind("tcp://127.0.0.1:*")?;
    /// let endpoint = server.last_endpoint()?;
    ///
    /// let error = Server::new()?.bind(&endpoint).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::AddrInUse);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`AddrInUse`](ErrorKind::AddrInUse) if another socket is bound to the endpoint
    /// - [`AddrNotAvailable`](ErrorKind::AddrNotAvailable) if the address is not one of this
    ///   machine
    /// - [`Unsupported`](ErrorKind::Unsupported) if the transport does not carry this socket type,
    ///   if this libzmq was built without the transport, or if a mechanism or a ZAP domain is set
    ///   where there is no handshake: over udp, and for a [`Stream`]
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for an endpoint that cannot be bound to
    /// - [`Os`](ErrorKind::Os) for other refusals of the system: a port below 1024, a missing
    ///   directory, a file at the path of an [ipc endpoint](crate::addr::IpcAddr)
    ///
    /// # Binding again
    /// Another socket can bind to the endpoint as soon as [`unbind`](Self::unbind) or the drop of
    /// the socket has returned: over inproc on every system, over tcp, ipc, ws and wss on Linux. On
    /// other systems, and over udp and tipc, an I/O thread closes the listener some milliseconds
    /// later, and until then `bind` may return [`AddrInUse`](ErrorKind::AddrInUse). A thread-safe
    /// socket is dropped with its last clone.
    ///
    /// # C API
    /// `zmq_bind`
    #[doc(alias = "zmq_bind")]
    #[doc(alias = "bind_to_random_port")]
    fn bind<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        attach::<Self, _, _>(endpoint, "bind", |endpoint| self.raw().bind(endpoint))
    }

    /// Binds to an endpoint like [`bind`](Self::bind), and returns the endpoint with the port that
    /// the system assigned.
    ///
    /// Two threads that bind one socket at the same time each get their own endpoint.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// let endpoint = server.bind_endpoint("tcp://127.0.0.1:*")?;
    /// let client = ClientBuilder::new().connect(&endpoint).build()?;
    /// #     let _ = client;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of `bind`.
    ///
    /// # C API
    /// `zmq_bind`, `ZMQ_LAST_ENDPOINT`
    #[doc(alias = "bind_to_random_port")]
    fn bind_endpoint<E>(&self, endpoint: E) -> Result<Endpoint, Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        let bytes =
            attach::<Self, _, _>(endpoint, "bind", |endpoint| self.raw().bind_endpoint(endpoint))?;
        opt::LastEndpoint::decode(&bytes)
            .flatten()
            .ok_or_else(|| Error::invalid("libzmq gave no such value", opt::LastEndpoint::GET))
    }

    /// Disconnects from an endpoint that the socket was connected to.
    ///
    /// Returns at once. An I/O thread ends the connection when the queued messages have been sent,
    /// or when the period of [`Linger`](opt::Linger) has passed. If the connection is lost before,
    /// the I/O thread reconnects, unless no message is left to send.
    ///
    /// Messages that came over the connection and were not received yet are dropped. They are kept
    /// where the peer ends the connection.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let client = ClientBuilder::new().connect("tcp://127.0.0.1:5555").build()?;
    /// client.disconnect("tcp://127.0.0.1:5555")?;
    ///
    /// let error = client.disconnect("tcp://127.0.0.1:5555").unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::NotFound(_)));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the socket is not connected to the endpoint.
    ///
    /// # C API
    /// `zmq_disconnect`
    #[doc(alias = "zmq_disconnect")]
    fn disconnect<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        detach(endpoint, "disconnect", |endpoint| self.raw().disconnect(endpoint))
    }

    /// Unbinds from an endpoint: stops accepting connections there and ends the accepted ones.
    ///
    /// For an endpoint with the port `*`, pass the one that [`last_endpoint`](Self::last_endpoint)
    /// returned. [`bind`](Self::bind) says when another socket can bind to the endpoint.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// let endpoint = server.bind_endpoint("tcp://127.0.0.1:*")?;
    /// server.unbind(&endpoint)?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the socket is not bound to the endpoint.
    ///
    /// # C API
    /// `zmq_unbind`
    #[doc(alias = "zmq_unbind")]
    fn unbind<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        detach(endpoint, "unbind", |endpoint| self.raw().unbind(endpoint))
    }

    /// Returns the endpoint that the socket was last bound or connected to, with the port that the
    /// system assigned.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) before the first `bind` or `connect`.
    ///
    /// # C API
    /// `ZMQ_LAST_ENDPOINT`
    #[doc(alias = "LAST_ENDPOINT")]
    fn last_endpoint(&self) -> Result<Endpoint, Error> {
        const NONE: ErrorKind =
            ErrorKind::NotFound("the socket was neither bound nor connected yet");
        self.get(opt::LastEndpoint)?.ok_or_else(|| Error::new(NONE, opt::LastEndpoint::GET))
    }

    /// Returns how the socket authenticates itself and its peers.
    ///
    /// After the context was shut down and in a forked child it returns [`Mechanism::Null`], where
    /// [`try_mechanism`](Self::try_mechanism) returns an error.
    #[doc(alias = "ZMQ_MECHANISM")]
    fn mechanism(&self) -> Mechanism {
        self.try_mechanism().unwrap_or_default()
    }

    /// Returns how the socket authenticates itself and its peers, or an error if the mechanism
    /// cannot be read.
    ///
    /// ```
    /// use libzmq::{auth::Mechanism, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let ctx = Ctx::new();
    /// let server = ServerBuilder::new().mechanism(Mechanism::PlainServer).build_in(&ctx)?;
    /// assert_eq!(server.try_mechanism()?, Mechanism::PlainServer);
    ///
    /// ctx.shutdown();
    /// server.recv_msg().unwrap_err();
    /// assert_eq!(server.try_mechanism().unwrap_err().kind(), ErrorKind::InvalidCtx);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down
    /// - [`Forked`](ErrorKind::Forked) in a forked child
    ///
    /// # C API
    /// `ZMQ_MECHANISM`
    fn try_mechanism(&self) -> Result<Mechanism, Error> {
        crate::auth::read(self.raw())
    }

    /// Sets how the socket authenticates itself and its peers on later connections. Connections
    /// that exist are not affected.
    ///
    /// # Errors
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for credentials that are too long
    /// - [`Unsupported`](ErrorKind::Unsupported) for CURVE without the feature `curve`
    ///
    /// # C API
    /// `ZMQ_PLAIN_SERVER`, `ZMQ_CURVE_SERVER` and the other options of each mechanism
    fn set_mechanism<M>(&self, mechanism: M) -> Result<(), Error>
    where
        M: Into<Mechanism>,
    {
        crate::auth::write(self.raw(), &mechanism.into())
    }

    /// Reads an option of the module [`opt`].
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let client = Client::new()?;
    /// client.set(opt::ReconnectInterval, std::time::Duration::from_millis(50))?;
    /// assert_eq!(client.get(opt::RecvHwm)?, HighWaterMark::from(1000));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for an option that this libzmq was built without.
    ///
    /// # C API
    /// `zmq_getsockopt`
    #[doc(alias = "zmq_getsockopt")]
    #[doc(alias = "getsockopt")]
    #[doc(alias = "get_option")]
    fn get<O>(&self, option: O) -> Result<O::Value, Error>
    where
        O: Gettable + TakenBy<Self>,
    {
        let _ = option;
        let bytes = self.raw().get(O::ID, O::SIZE).map_err(|errno| Error::c(errno, O::GET))?;
        O::decode(&bytes).ok_or_else(|| Error::invalid("libzmq gave no such value", O::GET))
    }

    /// Sets an option of the module [`opt`].
    ///
    /// The page of the option says whether it applies to later connections only, and its values.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a value that the option does not accept, and
    /// for an option that this libzmq was built without.
    ///
    /// # C API
    /// `zmq_setsockopt`
    #[doc(alias = "zmq_setsockopt")]
    #[doc(alias = "setsockopt")]
    #[doc(alias = "set_option")]
    fn set<O>(&self, option: O, value: impl Into<O::Value>) -> Result<(), Error>
    where
        O: Settable + TakenBy<Self>,
    {
        let _ = option;
        let bytes = O::encode(&value.into()).map_err(|why| Error::invalid(why, O::SET))?;
        self.raw().set(O::ID, &bytes).map_err(|errno| Error::c(errno, O::SET))
    }

    /// Reads an option by its number in C, into a buffer of `size` bytes.
    ///
    /// For a number, libzmq requires its exact size (4 bytes for an `int`). For text, the buffer
    /// must hold the text and its NUL.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) if libzmq has no such option, or the option has
    /// another size.
    ///
    /// # C API
    /// `zmq_getsockopt`
    #[doc(alias = "as_mut_ptr")]
    fn get_raw(&self, number: i32, size: usize) -> Result<Vec<u8>, Error> {
        self.raw()
            .get(number, Size::Exactly(size))
            .map_err(|errno| Error::c(errno, "get raw option").about(number))
    }

    /// Sets an option by its number in C. See [`RawOption`].
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) if libzmq refuses the option or the value.
    ///
    /// # C API
    /// `zmq_setsockopt`
    fn set_raw(&self, option: RawOption<'_>) -> Result<(), Error> {
        self.raw()
            .set(option.number, option.value)
            .map_err(|errno| Error::c(errno, "set raw option").about(option.number))
    }

    /// Blocks until the socket is readable or writable, as `trigger` selects, and returns which.
    ///
    /// Returns [`EMPTY`](crate::poll::EMPTY) if `timeout` has passed. A [`Poller`] waits for many
    /// sockets.
    ///
    /// A timeout is no error here, since the returned [`Trigger`] can say that nothing is ready.
    /// [`Poller::poll`] returns [`WouldBlock`](ErrorKind::WouldBlock) instead.
    ///
    /// ```
    /// use libzmq::{poll::*, prelude::*};
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://polled").build()?;
    /// assert_eq!(server.poll(READABLE, Duration::from_millis(10))?, EMPTY);
    ///
    /// let client = ClientBuilder::new().connect("inproc://polled").build()?;
    /// client.send("hello")?;
    /// assert_eq!(server.poll(READABLE, Infinite)?, READABLE);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after the context was shut down, also during the call.
    ///
    /// # C API
    /// `zmq_poll`, `ZMQ_EVENTS`
    #[doc(alias = "ZMQ_EVENTS")]
    #[doc(alias = "EVENTS")]
    fn poll<P>(&self, trigger: Trigger, timeout: P) -> Result<Trigger, Error>
    where
        P: Into<Period>,
    {
        let mut poller = Poller::new();
        poller.add(Source::Socket(self.raw()), PollId(0), trigger)?;
        let mut events = Events::new();
        match poller.poll(&mut events, timeout) {
            Ok(()) => {
                Ok(events.iter().fold(Trigger::EMPTY, |ready, event| ready | event.trigger()))
            }
            Err(error) if error.is_would_block() => Ok(Trigger::EMPTY),
            Err(error) => Err(error),
        }
    }

    /// Returns a handle of the context that the socket belongs to.
    fn ctx(&self) -> CtxHandle {
        CtxHandle::of(self.raw().context())
    }
}

/// Sets an option that must be set before the socket is bound or connected; an error afterwards.
pub(crate) fn set_unattached<S: Socket>(
    socket: &S,
    id: c_int,
    operation: &'static str,
    value: &[u8],
) -> Result<(), Error> {
    const LATE: &str = "it must be set before the socket is bound or connected";

    match socket.raw().set_unattached(id, value) {
        Some(done) => done.map_err(|errno| Error::c(errno, operation)),
        None => Err(Error::invalid(LATE, operation)),
    }
}

/// Sets a high water mark. libzmq uses freed memory if it changes while there are connections.
pub(crate) fn set_hwm<S, O>(socket: &S, hwm: HighWaterMark) -> Result<(), Error>
where
    S: Socket,
    O: SocketOption<Value = HighWaterMark>,
{
    let bytes = O::encode(&hwm).map_err(|why| Error::invalid(why, O::SET).about(hwm.get()))?;
    set_unattached(socket, O::ID, O::SET, &bytes)
}

/// Shows a socket by its type, its context and its last endpoint.
pub(crate) fn debug<S: Socket>(socket: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(&S::KIND.socket_type.to_string())
        .field("ctx", &socket.raw().context().number())
        .field("last_endpoint", &socket.last_endpoint().ok().map(Shown))
        .finish()
}

/// Shows a value as its text.
struct Shown<T>(T);

impl<T: fmt::Display> fmt::Debug for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
