//! Reports the connection events of a socket as `tracing` events.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use tracing::{
    dispatcher::{self, Dispatch},
    subscriber::NoSubscriber,
};

use super::{DisconnectReason, Event, EventKind, EventSet, Monitor, ProtocolError, event::Why};
use crate::{
    error::{Error, ErrorKind},
    raw::contained,
    socket::{Socket, SocketType},
};

const OPERATION: &str = "trace connections";

/// Starts the thread that reports the events of a socket to `tracing`.
pub(super) fn spawn<S: Socket>(socket: &S) -> Result<(), Error> {
    let monitor = Monitor::new(socket, EventSet::ALL)?;
    let mut trace = Trace { socket: S::KIND.socket_type, warned: BTreeMap::new() };
    // The caller's subscriber, which may be the default of its thread only.
    let subscriber = dispatcher::get_default(Dispatch::clone);
    let run = move || {
        // A subscriber that panics misses one event.
        let trace_all = || {
            monitor.for_each(|event| {
                contained(|| trace.event(&event));
            })
        };
        if subscriber.is::<NoSubscriber>() {
            // The program may set a global subscriber later.
            trace_all();
        } else {
            dispatcher::with_default(&subscriber, trace_all);
        }
    };
    thread::Builder::new()
        .name("zmq-trace".into())
        .spawn(run)
        .map(drop)
        .map_err(|error| Error::system(error, OPERATION))
}

/// The level of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Warning,
    Info,
    Debug,
}

struct Trace {
    socket: SocketType,
    /// The warnings for each endpoint that the socket connects to, since the last success at the
    /// endpoint.
    warned: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Trace {
    fn event(&mut self, event: &Event) {
        if let Some(missed @ 1..) = event.missed() {
            tracing::warn!(socket = %self.socket, missed, "events were lost: too many were unread");
        }
        let help = help(event);
        let [endpoint, local] = endpoints(event);
        macro_rules! emit {
            ($level:ident) => {
                tracing::$level!(
                    socket = %self.socket,
                    endpoint,
                    local,
                    error = error(event),
                    reason = event.reason().map(tracing::field::display),
                    help,
                    "{}",
                    event.name()
                )
            };
        }
        match self.weight(event, endpoint) {
            Weight::Warning => emit!(warn),
            Weight::Info => emit!(info),
            Weight::Debug => emit!(debug),
        }
    }

    fn weight(&mut self, event: &Event, endpoint: Option<&str>) -> Weight {
        let kind = event.kind();
        match kind {
            EventKind::ConnectDelayed | EventKind::Connected => {
                self.connects_to(endpoint);
                // A `Stream` socket has no handshakes.
                if kind == EventKind::Connected && self.socket == SocketType::Stream {
                    self.succeeded(endpoint);
                }
                Weight::Debug
            }
            EventKind::HandshakeSucceeded => {
                self.succeeded(endpoint);
                Weight::Info
            }
            EventKind::Listening => Weight::Info,
            EventKind::Disconnected
                if matches!(event.reason(), None | Some(DisconnectReason::ClosedByPeer)) =>
            {
                Weight::Info
            }
            EventKind::ConnectRetried(_) => {
                self.connects_to(endpoint);
                // Otherwise the event before it was the warning.
                if event.is_failed_attempt() { self.warning(kind, endpoint) } else { Weight::Debug }
            }
            EventKind::BindFailed(_)
            | EventKind::AcceptFailed(_)
            | EventKind::CloseFailed(_)
            | EventKind::Disconnected
            | EventKind::HandshakeFailed(_)
            | EventKind::HandshakeFailedProtocol(_)
            | EventKind::HandshakeFailedAuth(_) => self.warning(kind, endpoint),
            _ => Weight::Debug,
        }
    }

    fn connects_to(&mut self, endpoint: Option<&str>) {
        if let Some(endpoint) = endpoint {
            self.warned.entry(endpoint.to_owned()).or_default();
        }
    }

    fn succeeded(&mut self, endpoint: Option<&str>) {
        if let Some(warned) = endpoint.and_then(|endpoint| self.warned.get_mut(endpoint)) {
            warned.clear();
        }
    }

    /// A failing socket connects again and again, so only the first event of each kind is a
    /// warning.
    fn warning(&mut self, kind: EventKind, endpoint: Option<&str>) -> Weight {
        let warned = endpoint.and_then(|endpoint| self.warned.get_mut(endpoint));
        let first = warned.is_none_or(|warned| warned.insert(kind.name()));
        if first { Weight::Warning } else { Weight::Debug }
    }
}

/// Returns the endpoint of the event, and the local endpoint of the connection if it is another
/// one.
fn endpoints(event: &Event) -> [Option<&str>; 2] {
    let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
    match (named(&event.remote), named(&event.local)) {
        (None, local) => [local, None],
        remote_and_local => remote_and_local.into(),
    }
}

/// Returns the text of the error, if the event is a failure.
fn error(event: &Event) -> Option<String> {
    let details = event
        .cause()
        .map_or_else(|| event.kind().details(), |cause| Some(Why(cause).to_string()))?;
    match event.refusal() {
        Some(why) => Some(format!("{details}: {}", why.escape_debug())),
        None => Some(details),
    }
}

/// Returns advice for events whose error text does not contain it.
fn help(event: &Event) -> Option<&'static str> {
    match (event.kind(), event.reason()) {
        (EventKind::HandshakeFailedProtocol(ProtocolError::InvalidMetadata), _) => {
            Some("check that the types of the two sockets are compatible")
        }
        (EventKind::HandshakeFailedProtocol(ProtocolError::MechanismMismatch), _) => {
            Some("set the same mechanism on both sockets, one as server, one as client")
        }
        (EventKind::HandshakeFailedProtocol(ProtocolError::Cryptographic), _) => {
            Some("check the keys: the client must have the server's public key")
        }
        (EventKind::HandshakeFailed(ErrorKind::NotFound(_)), _) => {
            Some("start an AuthClient in the context of the server")
        }
        (EventKind::HandshakeFailed(ErrorKind::Os(libc::EPIPE | libc::ECONNRESET)), _) => Some(
            "trace the connections of the peer, which has the reason: often the client has a \
             wrong public key of the server, or the server has no AuthClient",
        ),
        (EventKind::HandshakeFailedAuth(_), _) => {
            Some("check the client's credentials and the rules of the authentication handler")
        }
        _ if event.is_failed_attempt() => {
            Some("check that the host name resolves and that a socket listens at the endpoint")
        }
        (_, Some(DisconnectReason::MessageTooLong)) => {
            Some("send smaller messages, or set max_msg_size of the receiver")
        }
        _ => None,
    }
}
