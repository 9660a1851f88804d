//! Connection events of a socket as events of the crate `tracing`.

use std::{collections::BTreeSet, thread};

use tracing::{
    dispatcher::{self, Dispatch},
    subscriber::NoSubscriber,
};

use super::{DisconnectReason, Event, EventKind, EventSet, Monitor, ProtocolError};
use crate::{
    error::{Error, ErrorKind},
    socket::{Socket, SocketType},
};

const OPERATION: &str = "trace connections";

/// Starts the thread that turns the events of a socket into `tracing` events.
pub(super) fn spawn<S: Socket>(socket: &S) -> Result<(), Error> {
    let monitor = Monitor::new(socket, EventSet::ALL)?;
    let mut trace = Trace { socket: S::KIND.socket_type, failing: BTreeSet::new() };
    // The subscriber of the caller, which may be that of its thread only.
    let subscriber = dispatcher::get_default(Dispatch::clone);
    let run = move || {
        let trace_all = || monitor.for_each(|event| trace.event(&event));
        if subscriber.is::<NoSubscriber>() {
            // The program may set one later.
            trace_all();
        } else {
            dispatcher::with_default(&subscriber, trace_all);
        }
    };
    match thread::Builder::new().name("zmq-trace".into()).spawn(run) {
        Ok(_) => Ok(()),
        Err(error) => {
            let kind = ErrorKind::Os(error.raw_os_error().unwrap_or(libc::EAGAIN));
            Err(Error::new(kind, OPERATION).caused_by(error))
        }
    }
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Warning,
    Info,
    Debug,
}

struct Trace {
    socket: SocketType,
    /// The endpoints that were not reached since the last success.
    failing: BTreeSet<String>,
}

impl Trace {
    fn event(&mut self, event: &Event) {
        if let Some(missed @ 1..) = event.missed() {
            tracing::warn!(socket = %self.socket, missed, "events were lost: too many were unread");
        }
        let help = help(event.kind(), event.reason());
        let [endpoint, local] = endpoints(event);
        macro_rules! emit {
            ($level:ident) => {
                tracing::$level!(
                    socket = %self.socket,
                    endpoint,
                    local,
                    error = event.kind().details(),
                    reason = event.reason().map(tracing::field::display),
                    help,
                    "{}",
                    event.kind().name()
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
        match event.kind() {
            EventKind::BindFailed(_)
            | EventKind::AcceptFailed(_)
            | EventKind::CloseFailed(_)
            | EventKind::HandshakeFailed(_)
            | EventKind::HandshakeFailedProtocol(_)
            | EventKind::HandshakeFailedAuth(_) => Weight::Warning,
            EventKind::Disconnected => match event.reason() {
                None | Some(DisconnectReason::ClosedByPeer) => Weight::Info,
                Some(_) => Weight::Warning,
            },
            // Attempts go on for as long as the peer is away: one warning is enough.
            EventKind::ConnectRetried(_) => match endpoint {
                Some(endpoint) if self.failing.insert(endpoint.to_owned()) => Weight::Warning,
                _ => Weight::Debug,
            },
            EventKind::Connected => {
                if let Some(endpoint) = endpoint {
                    self.failing.remove(endpoint);
                }
                Weight::Debug
            }
            EventKind::HandshakeSucceeded | EventKind::Listening => Weight::Info,
            _ => Weight::Debug,
        }
    }
}

/// The endpoint that the event is about, and the local end of a connection where that is another.
fn endpoints(event: &Event) -> [Option<&str>; 2] {
    let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
    match (named(&event.remote), named(&event.local)) {
        (None, local) => [local, None],
        remote_and_local => remote_and_local.into(),
    }
}

/// What to do about an event, where its error does not say so.
fn help(kind: EventKind, reason: Option<DisconnectReason>) -> Option<&'static str> {
    match (kind, reason) {
        (EventKind::HandshakeFailedProtocol(ProtocolError::InvalidMetadata), _) => {
            Some("check that the types of the two sockets fit each other")
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
        (EventKind::HandshakeFailedAuth(_), _) => {
            Some("check the client's credentials and the rules of the authentication handler")
        }
        (_, Some(DisconnectReason::MessageTooLong)) => {
            Some("send smaller messages, or set max_msg_size of the receiver")
        }
        _ => None,
    }
}
