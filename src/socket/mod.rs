//! Sockets: what all types have in common, and the table entry that each type makes of itself.

mod addressed;
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

    /// Keeps the traits of sockets to the types of this crate.
    pub trait Sealed: raw::HasRaw + std::fmt::Debug + Sized {
        const KIND: Kind;

        fn create(context: Arc<raw::Context>) -> Result<Self, raw::Errno>;

        /// What a builder calls the topics or groups that the socket is to receive, if it has such.
        const INTEREST: Option<&'static str> = None;

        /// Subscribes to a topic, or joins a group.
        fn take_interest(&self, interest: &[u8]) -> Result<(), crate::Error> {
            let _ = interest;
            Ok(())
        }

        /// Where a message of several parts waits that was met where one part was asked for.
        fn unread(&self) -> Option<&Unread> {
            None
        }
    }
}

/// What every socket can do.
///
/// Methods that take an endpoint take a typed address, an [`Endpoint`], or text such as
/// `"tcp://127.0.0.1:*"`. Malformed text is [`InvalidInput`](ErrorKind::InvalidInput) with the text
/// in the error. After a shutdown of the context they all fail with
/// [`InvalidCtx`](ErrorKind::InvalidCtx).
pub trait Socket: sealed::Sealed {
    /// Connects to the endpoint. Returns before the connection is made: libzmq makes it in the
    /// background, and anew whenever it fails or is lost, after
    /// [`ReconnectInterval`](opt::ReconnectInterval), unless the peer refuses the credentials. The
    /// endpoint need not be bound yet. [`ReconnectStopOn`](opt::ReconnectStopOn) makes other causes
    /// final, and a [monitor](crate::monitor) reports each.
    ///
    /// A `Pub`, `XPub`, `Sub`, `XSub`, `Radio` or `Dish` that is connected to the endpoint already
    /// stays so and makes no second connection, which would double each message. A `Dealer` and a
    /// `Req` do the same, except over `inproc`.
    ///
    /// # Errors
    /// - [`Unsupported`](ErrorKind::Unsupported) if the transport does not carry this type of
    ///   socket, or this libzmq lacks it, or a mechanism or a ZAP domain is set where there is no
    ///   handshake: over udp, and for a [`Stream`]
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for an endpoint that cannot be connected to
    ///
    /// # In C
    /// `zmq_connect`
    #[doc(alias = "zmq_connect")]
    fn connect<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        attach::<Self, _, _>(endpoint, "connect", |endpoint| self.raw().connect(endpoint))
    }

    /// Accepts connections at the endpoint.
    ///
    /// A port `*` is assigned by the system; [`last_endpoint`](Self::last_endpoint) tells it, but
    /// over udp, where nothing does.
    ///
    /// # Errors
    /// - [`AddrInUse`](ErrorKind::AddrInUse), [`AddrNotAvailable`](ErrorKind::AddrNotAvailable)
    /// - [`Unsupported`](ErrorKind::Unsupported) if the transport does not carry this type of
    ///   socket, or this libzmq lacks it, or a mechanism or a ZAP domain is set where there is no
    ///   handshake: over udp, and for a [`Stream`]
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for an endpoint that cannot be bound to
    /// - [`Os`](ErrorKind::Os) for what the system refuses: a port below 1024, a directory that is
    ///   not there, a file at the path of an [ipc endpoint](crate::addr::IpcAddr)
    ///
    /// # Binding again
    /// An endpoint is free for another bind as soon as [`unbind`](Self::unbind) or the drop of the
    /// socket has returned: over inproc on every system, over tcp, ipc, ws and wss on Linux. On
    /// other systems, and over udp and tipc, an I/O thread closes the listener some milliseconds
    /// later, and until then a bind may fail with [`AddrInUse`](ErrorKind::AddrInUse). A socket
    /// that threads share is dropped with its last clone.
    ///
    /// # In C
    /// `zmq_bind`
    #[doc(alias = "zmq_bind")]
    fn bind<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        attach::<Self, _, _>(endpoint, "bind", |endpoint| self.raw().bind(endpoint))
    }

    /// Binds, as [`bind`](Self::bind) does, and returns the real endpoint: with the port that the
    /// system assigned. Two threads that bind one socket at the same time get an endpoint each.
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
    /// As `bind`.
    ///
    /// # In C
    /// `zmq_bind`, `ZMQ_LAST_ENDPOINT`
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

    /// Ends the connection to an endpoint that the socket was connected to. Takes effect in the
    /// background, without further calls on the socket: the connection ends once what was queued for
    /// it has been sent, or after [`Linger`](opt::Linger). Until then a lost connection is made
    /// again, but not if there is nothing left to send.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the socket is not connected to it.
    ///
    /// # In C
    /// `zmq_disconnect`
    #[doc(alias = "zmq_disconnect")]
    fn disconnect<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        detach(endpoint, "disconnect", |endpoint| self.raw().disconnect(endpoint))
    }

    /// Stops accepting connections at an endpoint that the socket was bound to, and ends those it
    /// accepted there. An endpoint with a port `*` is unbound by what
    /// [`last_endpoint`](Self::last_endpoint) told. [`bind`](Self::bind) says when the endpoint
    /// is free again.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the socket is not bound to it.
    ///
    /// # In C
    /// `zmq_unbind`
    #[doc(alias = "zmq_unbind")]
    fn unbind<E>(&self, endpoint: E) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        detach(endpoint, "unbind", |endpoint| self.raw().unbind(endpoint))
    }

    /// The endpoint that the socket was last bound or connected to, with the port that the system
    /// assigned.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) before the first.
    fn last_endpoint(&self) -> Result<Endpoint, Error> {
        const NONE: ErrorKind =
            ErrorKind::NotFound("the socket was neither bound nor connected yet");
        self.get(opt::LastEndpoint)?.ok_or_else(|| Error::new(NONE, opt::LastEndpoint::GET))
    }

    /// How the socket authenticates itself or its peers.
    ///
    /// Reading it fails only after a shutdown of the context and in a forked child, where the socket
    /// makes no connections. This method cannot tell that and returns [`Mechanism::Null`]:
    /// [`try_mechanism`](Self::try_mechanism) returns the error.
    #[doc(alias = "ZMQ_MECHANISM")]
    fn mechanism(&self) -> Mechanism {
        self.try_mechanism().unwrap_or_default()
    }

    /// How the socket authenticates itself or its peers.
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
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown of the context
    /// - [`Forked`](ErrorKind::Forked) in a forked child
    ///
    /// # In C
    /// `ZMQ_MECHANISM`
    fn try_mechanism(&self) -> Result<Mechanism, Error> {
        crate::auth::read(self.raw())
    }

    /// Sets how the socket authenticates itself or its peers on connections made from now on.
    ///
    /// # Errors
    /// - [`InvalidInput`](ErrorKind::InvalidInput) for credentials that are too long
    /// - [`Unsupported`](ErrorKind::Unsupported) for CURVE without the feature `curve`
    fn set_mechanism<M>(&self, mechanism: M) -> Result<(), Error>
    where
        M: Into<Mechanism>,
    {
        crate::auth::write(self.raw(), &mechanism.into())
    }

    /// Reads an option.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for an option that this libzmq was compiled
    /// without.
    ///
    /// # In C
    /// `zmq_getsockopt`
    #[doc(alias = "zmq_getsockopt")]
    fn get<O>(&self, option: O) -> Result<O::Value, Error>
    where
        O: Gettable + TakenBy<Self>,
    {
        let _ = option;
        let bytes = self.raw().get(O::ID, O::SIZE).map_err(|errno| Error::c(errno, O::GET))?;
        O::decode(&bytes).ok_or_else(|| Error::invalid("libzmq gave no such value", O::GET))
    }

    /// Sets an option.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a value that the option does not take, or an
    /// option that this libzmq was compiled without.
    ///
    /// # In C
    /// `zmq_setsockopt`
    #[doc(alias = "zmq_setsockopt")]
    fn set<O>(&self, option: O, value: impl Into<O::Value>) -> Result<(), Error>
    where
        O: Settable + TakenBy<Self>,
    {
        let _ = option;
        let bytes = O::encode(&value.into()).map_err(|why| Error::invalid(why, O::SET))?;
        self.raw().set(O::ID, &bytes).map_err(|errno| Error::c(errno, O::SET))
    }

    /// Reads an option by C's number, as the bytes that C gives, into a buffer of `size` bytes. C
    /// wants the exact size of a number (4 for an int), and enough room for text with its NUL.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) if C knows no such option or gives another size.
    ///
    /// # In C
    /// `zmq_getsockopt`
    #[doc(alias = "as_mut_ptr")]
    fn get_raw(&self, number: i32, size: usize) -> Result<Vec<u8>, Error> {
        self.raw()
            .get(number, Size::Exactly(size))
            .map_err(|errno| Error::c(errno, "get raw option").about(number))
    }

    /// Sets an option by C's number. See [`RawOption`].
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) if C refuses.
    ///
    /// # In C
    /// `zmq_setsockopt`
    fn set_raw(&self, option: RawOption<'_>) -> Result<(), Error> {
        self.raw()
            .set(option.number, option.value)
            .map_err(|errno| Error::c(errno, "set raw option").about(option.number))
    }

    /// Waits until the socket is ready, no longer than that, and returns what it is ready for:
    /// [`EMPTY`](crate::poll::EMPTY) if the time passed. A [`Poller`] does so for many sockets.
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
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile.
    ///
    /// # In C
    /// `zmq_poll`
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

    /// The context that the socket was made in.
    fn ctx(&self) -> CtxHandle {
        CtxHandle::of(self.raw().context())
    }
}

/// Sets an option that counts only before the socket is bound or connected, if it was not yet.
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

/// Sets a high water mark, which libzmq must not see change under existing connections.
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
