use std::{fmt, time::Duration};

use bitflags::bitflags;
use libzmq_sys as sys;

use super::ProtocolError;
use crate::{
    addr::Endpoint,
    error::{Error, ErrorKind},
    multipart::Multipart,
    option::codec::{Address, Codec},
    raw::Errno,
};

bitflags! {
    /// What a [`Monitor`](super::Monitor) is to tell of.
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
        /// Everything, but for a `bind` that fails: that is not told, since it answers with its error. In C the event spoils the answer.
        const ALL = (sys::ZMQ_EVENT_ALL_V1 & !sys::ZMQ_EVENT_BIND_FAILED) as u64;
    }
}

/// The end of a monitor, which is always told.
pub(super) const STOPPED: u64 = sys::ZMQ_EVENT_MONITOR_STOPPED as u64;

/// What happened, with what C says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A connection was made, and its handshake begins.
    Connected,
    /// A connection could not be made at once, and is waited for.
    ConnectDelayed(ErrorKind),
    /// A connection failed, and is tried again after this time.
    ConnectRetried(Duration),
    /// The socket was bound.
    Listening,
    /// A connection was accepted, and its handshake begins.
    Accepted,
    /// A connection could not be accepted.
    AcceptFailed(ErrorKind),
    /// The socket is bound there no more, or a connection that was never made was given up.
    Closed,
    /// A descriptor could not be closed.
    CloseFailed(ErrorKind),
    /// A connection ended, also one that never got through its handshake.
    Disconnected,
    /// A connection is ready: both sides speak the same protocol, and the mechanism, if any, let the peer in.
    HandshakeSucceeded,
    /// A handshake failed for an error of the system, such as the end of the connection.
    HandshakeFailed(ErrorKind),
    /// A handshake failed because a side broke the protocol or has another mechanism. The side that connected gives up. That the types of
    /// socket do not fit is not told: such a connection is made and lost.
    HandshakeFailedProtocol(ProtocolError),
    /// The authentication handler refused the peer, with this status: 300 for now, 400 for good, 500 for an error of its own.
    HandshakeFailedAuth(u16),
    /// The monitor has ended: the socket is closed, or monitored anew, or told to stop.
    Stopped,
    /// An event that this crate does not know, by its bit.
    Other(u64),
}

impl EventKind {
    fn of(event: u64, value: u64) -> Self {
        let errno = || Error::c(Errno(value as i32), "monitor").kind();
        match u32::try_from(event).unwrap_or(0) {
            sys::ZMQ_EVENT_CONNECTED => Self::Connected,
            sys::ZMQ_EVENT_CONNECT_DELAYED => Self::ConnectDelayed(errno()),
            sys::ZMQ_EVENT_CONNECT_RETRIED => Self::ConnectRetried(Duration::from_millis(value)),
            sys::ZMQ_EVENT_LISTENING => Self::Listening,
            sys::ZMQ_EVENT_ACCEPTED => Self::Accepted,
            sys::ZMQ_EVENT_ACCEPT_FAILED => Self::AcceptFailed(errno()),
            sys::ZMQ_EVENT_CLOSED => Self::Closed,
            sys::ZMQ_EVENT_CLOSE_FAILED => Self::CloseFailed(errno()),
            sys::ZMQ_EVENT_DISCONNECTED => Self::Disconnected,
            sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED => Self::HandshakeSucceeded,
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL => Self::HandshakeFailed(errno()),
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL => Self::HandshakeFailedProtocol(ProtocolError::of(value as u32)),
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH => Self::HandshakeFailedAuth(value as u16),
            sys::ZMQ_EVENT_MONITOR_STOPPED => Self::Stopped,
            _ => Self::Other(event),
        }
    }
}

/// Something that happened to a socket's connections.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    kind: EventKind,
    value: u64,
    local: String,
    remote: String,
}

impl Event {
    /// The parts that libzmq sends: the event, the number of its values, these, and the two endpoints. `None` if they are not that.
    pub(super) fn read(parts: &Multipart) -> Option<Self> {
        let number = |part: &[u8]| Some(u64::from_ne_bytes(part.try_into().ok()?));
        let [event, _count, values @ .., local, remote] = &**parts else { return None };
        let event = number(event.as_bytes())?;
        let value = values.first().and_then(|value| number(value.as_bytes())).unwrap_or(0);
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        Some(Self { kind: EventKind::of(event, value), value, local: text(local.as_bytes()), remote: text(remote.as_bytes()) })
    }

    /// What happened.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// The number that C gives with the event. Where [`kind`](Self::kind) has nothing to say of it, it is the number of the file
    /// descriptor: good to tell connections apart, but perhaps closed by now.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// The endpoint on this side: where the socket is bound, or the address that its connection comes from.
    pub fn local(&self) -> Option<Endpoint> {
        endpoint(&self.local)
    }

    /// The endpoint on the other side.
    pub fn remote(&self) -> Option<Endpoint> {
        endpoint(&self.remote)
    }
}

/// C prints endpoints here as it does for the option.
fn endpoint(text: &str) -> Option<Endpoint> {
    Address::decode(text.as_bytes()).flatten()
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)?;
        for (side, endpoint) in [("local", &self.local), ("remote", &self.remote)] {
            if !endpoint.is_empty() {
                write!(f, ", {side} {endpoint}")?;
            }
        }
        Ok(())
    }
}
