use std::{fmt, time::Duration};

use bitflags::bitflags;
use libzmq_sys as sys;

use super::{DisconnectReason, ProtocolError};
use crate::{
    addr::Endpoint,
    error::{Error, ErrorKind},
    message::Msg,
    option::codec::{Address, Codec},
    raw::Errno,
};

bitflags! {
    /// A set of events that a [`Monitor`](super::Monitor) reports.
    ///
    /// ```
    /// use libzmq::monitor::EventSet;
    ///
    /// let set = EventSet::CONNECTED | EventSet::DISCONNECTED;
    /// assert!(EventSet::ALL.contains(set));
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct EventSet: u64 {
        /// [`EventKind::Connected`]
        const CONNECTED = sys::ZMQ_EVENT_CONNECTED as u64;
        /// [`EventKind::ConnectDelayed`]
        const CONNECT_DELAYED = sys::ZMQ_EVENT_CONNECT_DELAYED as u64;
        /// [`EventKind::ConnectRetried`]
        const CONNECT_RETRIED = sys::ZMQ_EVENT_CONNECT_RETRIED as u64;
        /// [`EventKind::Listening`]
        const LISTENING = sys::ZMQ_EVENT_LISTENING as u64;
        /// [`EventKind::BindFailed`]. Not reported with another libzmq than the one that this crate
        /// compiles: there the event would change the error of `bind`.
        const BIND_FAILED = sys::ZMQ_EVENT_BIND_FAILED as u64;
        /// [`EventKind::Accepted`]
        const ACCEPTED = sys::ZMQ_EVENT_ACCEPTED as u64;
        /// [`EventKind::AcceptFailed`]
        const ACCEPT_FAILED = sys::ZMQ_EVENT_ACCEPT_FAILED as u64;
        /// [`EventKind::Closed`]
        const CLOSED = sys::ZMQ_EVENT_CLOSED as u64;
        /// [`EventKind::CloseFailed`]
        const CLOSE_FAILED = sys::ZMQ_EVENT_CLOSE_FAILED as u64;
        /// [`EventKind::Disconnected`]
        const DISCONNECTED = sys::ZMQ_EVENT_DISCONNECTED as u64;
        /// [`EventKind::HandshakeSucceeded`]
        const HANDSHAKE_SUCCEEDED = sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED as u64;
        /// [`EventKind::HandshakeFailed`]
        const HANDSHAKE_FAILED = sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL as u64;
        /// [`EventKind::HandshakeFailedProtocol`]
        const HANDSHAKE_FAILED_PROTOCOL = sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL as u64;
        /// [`EventKind::HandshakeFailedAuth`]
        const HANDSHAKE_FAILED_AUTH = sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH as u64;
        /// All events.
        #[doc(alias = "ZMQ_EVENT_ALL")]
        #[doc(alias = "ZMQ_EVENT_ALL_V1")]
        #[doc(alias = "ZMQ_EVENT_ALL_V2")]
        const ALL = sys::ZMQ_EVENT_ALL_V1 as u64;
    }
}

impl EventSet {
    /// Returns libzmq's event mask. The end of the monitor is always part of it.
    pub(super) fn asked(self) -> u64 {
        let spoils = if cfg!(zmq_has = "patches") { Self::empty() } else { Self::BIND_FAILED };
        self.difference(spoils).bits() | u64::from(sys::ZMQ_EVENT_MONITOR_STOPPED)
    }
}

/// The kind of an event, with the details that libzmq reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A connection was made, and its handshake begins.
    #[doc(alias = "ZMQ_EVENT_CONNECTED")]
    Connected,
    /// A connection could not be made at once. libzmq goes on to connect in the background.
    #[doc(alias = "ZMQ_EVENT_CONNECT_DELAYED")]
    ConnectDelayed,
    /// libzmq connects again after this time, because an attempt to connect failed, a handshake
    /// failed or a connection ended. [`Event::cause`] is the error of the failed attempt; an
    /// earlier event has the reason of the other two.
    #[doc(alias = "ZMQ_EVENT_CONNECT_RETRIED")]
    ConnectRetried(Duration),
    /// The socket was bound.
    #[doc(alias = "ZMQ_EVENT_LISTENING")]
    Listening,
    /// The socket could not be bound. `bind` returns the same error. Often a
    /// [`Closed`](Self::Closed) without an endpoint precedes it. libzmq reports the endpoint
    /// without its transport, so [`Event::local`] is `None`; only the text of the event contains
    /// the endpoint.
    #[doc(alias = "ZMQ_EVENT_BIND_FAILED")]
    BindFailed(ErrorKind),
    /// A connection was accepted, and its handshake begins.
    #[doc(alias = "ZMQ_EVENT_ACCEPTED")]
    Accepted,
    /// A connection could not be accepted.
    #[doc(alias = "ZMQ_EVENT_ACCEPT_FAILED")]
    AcceptFailed(ErrorKind),
    /// The socket is not bound there any more, or an attempt to connect ended.
    #[doc(alias = "ZMQ_EVENT_CLOSED")]
    Closed,
    /// A descriptor could not be closed.
    #[doc(alias = "ZMQ_EVENT_CLOSE_FAILED")]
    CloseFailed(ErrorKind),
    /// A connection ended, during or after its handshake. [`Event::reason`] says why. There is no
    /// such event for a connection that this socket ends by closing or disconnecting.
    #[doc(alias = "ZMQ_EVENT_DISCONNECTED")]
    Disconnected,
    /// A connection is ready: its handshake succeeded. There is one event for each connection, with
    /// every version of ZMTP.
    #[doc(alias = "ZMQ_EVENT_HANDSHAKE_SUCCEEDED")]
    HandshakeSucceeded,
    /// A handshake failed because of an error of the system, such as the end of the connection.
    /// [`NotFound`](ErrorKind::NotFound): the context has no authentication handler.
    /// [`Os`](ErrorKind::Os) with `ETIMEDOUT`: the handshake took longer than the
    /// [handshake interval](crate::opt::HandshakeInterval).
    #[doc(alias = "ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL")]
    HandshakeFailed(ErrorKind),
    /// A handshake failed because the peer violated the protocol, has another mechanism, or has an
    /// incompatible socket type ([`InvalidMetadata`](ProtocolError::InvalidMetadata)). The
    /// connecting socket connects again, unless
    /// [`ReconnectStop::HANDSHAKE_FAILED`](crate::ReconnectStop::HANDSHAKE_FAILED) is set.
    #[doc(alias = "ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL")]
    HandshakeFailedProtocol(ProtocolError),
    /// The authentication handler refused the peer, with this status: 300 temporarily, 400 for its
    /// credentials, 500 because the handler failed.
    #[doc(alias = "ZMQ_EVENT_HANDSHAKE_FAILED_AUTH")]
    HandshakeFailedAuth(u16),
    /// The monitor has ended: the socket was closed, has a new monitor, or
    /// [`stop_monitor`](super::Monitored::stop_monitor) was called.
    #[doc(alias = "ZMQ_EVENT_MONITOR_STOPPED")]
    Stopped,
    /// An event that this crate does not know, as the bit of C's event mask.
    Other(u64),
}

const NO_HANDLER: ErrorKind = ErrorKind::NotFound("the context has no authentication handler");

impl EventKind {
    fn of(event: u64, value: u64) -> Self {
        let errno = || Error::c(Errno(value as i32), "monitor").kind();
        match u32::try_from(event).unwrap_or(0) {
            sys::ZMQ_EVENT_CONNECTED => Self::Connected,
            sys::ZMQ_EVENT_CONNECT_DELAYED => Self::ConnectDelayed,
            sys::ZMQ_EVENT_CONNECT_RETRIED => Self::ConnectRetried(Duration::from_millis(value)),
            sys::ZMQ_EVENT_LISTENING => Self::Listening,
            sys::ZMQ_EVENT_BIND_FAILED => Self::BindFailed(errno()),
            sys::ZMQ_EVENT_ACCEPTED => Self::Accepted,
            sys::ZMQ_EVENT_ACCEPT_FAILED => Self::AcceptFailed(errno()),
            sys::ZMQ_EVENT_CLOSED => Self::Closed,
            sys::ZMQ_EVENT_CLOSE_FAILED => Self::CloseFailed(errno()),
            sys::ZMQ_EVENT_DISCONNECTED => Self::Disconnected,
            sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED => Self::HandshakeSucceeded,
            // libzmq uses `EFAULT` only for this.
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL if value == libc::EFAULT as u64 => {
                Self::HandshakeFailed(NO_HANDLER)
            }
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL => Self::HandshakeFailed(errno()),
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL => {
                Self::HandshakeFailedProtocol(ProtocolError::of(value as u32))
            }
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH => Self::HandshakeFailedAuth(value as u16),
            sys::ZMQ_EVENT_MONITOR_STOPPED => Self::Stopped,
            _ => Self::Other(event),
        }
    }
}

impl EventKind {
    /// Returns the text of the event without its details.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::ConnectDelayed => "connecting",
            Self::ConnectRetried(_) => "reconnecting",
            Self::Listening => "listening",
            Self::BindFailed(_) => "bind failed",
            Self::Accepted => "connection accepted",
            Self::AcceptFailed(_) => "accept failed",
            Self::Closed => "closed",
            Self::CloseFailed(_) => "close failed",
            Self::Disconnected => "disconnected",
            Self::HandshakeSucceeded => "handshake succeeded",
            Self::HandshakeFailed(_)
            | Self::HandshakeFailedProtocol(_)
            | Self::HandshakeFailedAuth(_) => "handshake failed",
            Self::Stopped => "the monitor has ended",
            Self::Other(_) => "unknown event",
        }
    }

    /// Returns the text of the details, if the event has any.
    pub(super) fn details(self) -> Option<String> {
        match self {
            Self::ConnectRetried(after) => {
                Some(format!("next attempt in {} ms", after.as_millis()))
            }
            Self::BindFailed(why)
            | Self::AcceptFailed(why)
            | Self::CloseFailed(why)
            | Self::HandshakeFailed(why) => Some(Why(why).to_string()),
            Self::HandshakeFailedProtocol(error) => Some(error.to_string()),
            Self::HandshakeFailedAuth(status) => {
                Some(format!("the authentication handler refused the peer with status {status}"))
            }
            Self::Other(event) => Some(format!("{event:#x}")),
            _ => None,
        }
    }
}

/// Writes the event: "handshake failed: the peer closed the connection".
impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.details().map_or(Ok(()), |details| write!(f, ": {details}"))
    }
}

/// The text of an error. The end of a connection is not shown as an error of the system.
pub(super) struct Why(pub(super) ErrorKind);

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ErrorKind::Os(libc::EPIPE | libc::ECONNRESET) => {
                f.write_str("the peer closed the connection")
            }
            ErrorKind::NotFound(what) => f.write_str(what),
            why => why.fmt(f),
        }
    }
}

/// A connection event of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    kind: EventKind,
    value: u64,
    reason: Option<DisconnectReason>,
    cause: Option<ErrorKind>,
    refusal: String,
    pub(super) local: String,
    pub(super) remote: String,
    missed: Option<u64>,
}

impl Event {
    pub(super) fn new(
        event: u64,
        [value, more]: [Option<u64>; 2],
        [local, remote]: [&Msg; 2],
        refusal: Option<&Msg>,
        missed: Option<u64>,
    ) -> Self {
        let text = |part: &Msg| String::from_utf8_lossy(part.as_bytes()).into_owned();
        let value = value.unwrap_or(0);
        let kind = EventKind::of(event, value);
        Self {
            kind,
            value,
            reason: more.filter(|_| kind == EventKind::Disconnected).map(DisconnectReason::of),
            cause: more
                .filter(|_| matches!(kind, EventKind::ConnectRetried(_) | EventKind::Closed))
                .and_then(cause),
            refusal: refusal.map(text).unwrap_or_default(),
            local: text(local),
            remote: text(remote),
            missed,
        }
    }

    /// Returns the kind of the event, with the details that libzmq reports.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Returns the text of the event without its details.
    pub(super) fn name(&self) -> &'static str {
        if self.is_failed_attempt() { "connect failed" } else { self.kind.name() }
    }

    /// Returns whether an attempt to connect failed. Otherwise a [`ConnectRetried`] follows the
    /// event that has the reason. Another libzmq than the vendored one does not tell them apart.
    ///
    /// [`ConnectRetried`]: EventKind::ConnectRetried
    pub(super) fn is_failed_attempt(&self) -> bool {
        matches!(self.kind, EventKind::ConnectRetried(_))
            && (self.cause.is_some() || cfg!(not(zmq_has = "patches")))
    }

    /// Returns the number that libzmq reports with the event. If [`kind`](Self::kind) has no
    /// details, it is the file descriptor of the connection, which may be closed already. Use it
    /// only to tell connections apart.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// Returns why the connection ended, if the event is
    /// [`Disconnected`](EventKind::Disconnected).
    ///
    /// Always `None` with another libzmq than the vendored one.
    ///
    /// ```
    /// use libzmq::{monitor::*, prelude::*, *};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let pull = PullBuilder::new().max_msg_size(100).bind("tcp://127.0.0.1:*").build()?;
    /// let monitor = pull.monitor(EventSet::DISCONNECTED)?;
    /// let push = PushBuilder::new().connect(pull.last_endpoint()?).build()?;
    /// push.send("x".repeat(101))?;
    ///
    /// let end = monitor.recv()?;
    /// if let Some(reason) = end.reason() {
    ///     assert_eq!(reason, DisconnectReason::MessageTooLong);
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    pub fn reason(&self) -> Option<DisconnectReason> {
        self.reason
    }

    /// Returns why an attempt to connect failed, if the event is
    /// [`ConnectRetried`](EventKind::ConnectRetried) or [`Closed`](EventKind::Closed).
    ///
    /// It is `None` if no attempt failed: the socket was unbound, or an established connection was
    /// lost and libzmq connects again. A host name without an address is
    /// [`NotFound`](ErrorKind::NotFound), a connect timeout [`Os`](ErrorKind::Os) with `ETIMEDOUT`.
    /// Another libzmq than the vendored one does not report it.
    ///
    /// ```
    /// use libzmq::{monitor::*, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // No socket listens at this address.
    /// let vacant = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    ///
    /// let client = Client::new()?;
    /// let monitor = client.monitor(EventSet::CONNECT_RETRIED)?;
    /// client.connect(format!("tcp://{vacant}"))?;
    /// let event = monitor.recv()?;
    /// println!("{event}");
    /// # let _ = event.cause();
    /// #     Ok(())
    /// # }
    /// ```
    pub fn cause(&self) -> Option<ErrorKind> {
        self.cause
    }

    /// Returns the reason for which the authentication handler refused the peer, if the event is
    /// [`HandshakeFailedAuth`](EventKind::HandshakeFailedAuth).
    ///
    /// Only the server of the mechanism has the reason. The refused peer receives only the status,
    /// so its event has `None`. An [authenticator](crate::auth::AuthAnswer::deny) of the program
    /// chooses the text. Another libzmq than the vendored one does not report it.
    ///
    /// ```
    /// use libzmq::{auth::*, monitor::*, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// AuthClient::new()?;
    /// let server = ServerBuilder::new()
    ///     .mechanism(Mechanism::PlainServer)
    ///     .bind("tcp://127.0.0.1:*")
    ///     .build()?;
    /// let monitor = server.monitor(EventSet::HANDSHAKE_FAILED_AUTH)?;
    /// let client = ClientBuilder::new()
    ///     .connect(server.last_endpoint()?)
    ///     .mechanism(PlainClientCreds::new("nobody", "knows"))
    ///     .build()?;
    ///
    /// let event = monitor.recv()?;
    /// assert_eq!(event.kind(), EventKind::HandshakeFailedAuth(400));
    /// if let Some(why) = event.refusal() {
    ///     assert_eq!(why, "the user name or the password is wrong");
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    pub fn refusal(&self) -> Option<&str> {
        Some(self.refusal.as_str()).filter(|why| !why.is_empty())
    }

    /// Returns the local endpoint: the endpoint that the socket is bound to, or the local address
    /// of its connection.
    pub fn local(&self) -> Option<Endpoint> {
        endpoint(&self.local)
    }

    /// Returns the endpoint of the peer.
    pub fn remote(&self) -> Option<Endpoint> {
        endpoint(&self.remote)
    }

    /// Returns how many events were dropped directly before this one, because the monitor's queue
    /// was full.
    ///
    /// Another libzmq than the vendored one does not count them. There it is `Some(0)`, or `None`
    /// if the queue was so long that events may have been dropped.
    pub fn missed(&self) -> Option<u64> {
        self.missed
    }
}

/// Converts libzmq's error number of a failed attempt to connect.
fn cause(errno: u64) -> Option<ErrorKind> {
    const NO_ADDRESS: ErrorKind = ErrorKind::NotFound("the name of the host has no address");

    match errno as i32 {
        0 => None,
        // libzmq reports this number for each failure of the resolver.
        libc::EINVAL => Some(NO_ADDRESS),
        errno => Some(Error::c(Errno(errno), "monitor").kind()),
    }
}

/// libzmq prints endpoints here as it does for `ZMQ_LAST_ENDPOINT`.
fn endpoint(text: &str) -> Option<Endpoint> {
    Address::decode(text.as_bytes()).flatten()
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if let Some(details) = self.kind.details() {
            write!(f, ": {details}")?;
        }
        if let Some(reason) = self.reason {
            write!(f, ": {reason}")?;
        }
        if let Some(cause) = self.cause {
            write!(f, ": {}", Why(cause))?;
        }
        if let Some(why) = self.refusal() {
            write!(f, ": {}", why.escape_debug())?;
        }
        for (side, text) in [("local", &self.local), ("remote", &self.remote)] {
            match endpoint(text) {
                Some(endpoint) => write!(f, ", {side} {endpoint}")?,
                None if text.is_empty() => (),
                None => write!(f, ", {side} {text}")?,
            }
        }
        Ok(())
    }
}
