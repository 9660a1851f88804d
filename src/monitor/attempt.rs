//! One attempt to connect, from its start to the end of its handshake.

use std::{
    ffi::{CStr, CString},
    time::Instant,
};

use super::{Event, EventKind, Monitor, ProtocolError};
use crate::{
    addr::Endpoint,
    error::{Error, ErrorKind},
    option::{ReconnectStop, opt},
    socket::{Socket, Transports, attach},
    util::{Period, log},
};

const OPERATION: &str = "connect";

/// Why [`connect_and_wait`](super::Monitored::connect_and_wait) made no connection: the
/// [source](std::error::Error::source) of its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The authentication handler of the peer refused the credentials, with this status: 400 for
    /// good, 500 for an error of its own. Or, where this socket is the server of the mechanism, its
    /// own handler refused the peer.
    #[error("the authentication handler refused with status {0}")]
    Refused(u16),
    /// The two sides do not fit.
    #[error("{0}")]
    Protocol(ProtocolError),
    /// The peer ended each connection before the handshake was over. A server does that to a client
    /// that has a wrong key of the server, that it refuses for now, or that it cannot ask an
    /// authentication handler about. A peer with another mechanism may do it, too.
    #[error("the handshake failed: {0}")]
    Handshake(ErrorKind),
    /// The peer accepted the connection, but its handshake was not over when the time was up.
    #[error("the peer did not complete the handshake in time")]
    HandshakePending,
    /// No connection could be made: nothing listens at the endpoint, its name has no address, or
    /// the network does not answer, which is [`Os`](ErrorKind::Os) with `ETIMEDOUT`.
    #[error("{0}")]
    Unreachable(ErrorKind),
}

impl ConnectError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Refused(400) => ErrorKind::Refused("the peer does not accept the credentials"),
            Self::Refused(_) => ErrorKind::Refused("the peer could not check the credentials"),
            Self::Protocol(_) => ErrorKind::Refused("the two sides do not fit"),
            Self::Handshake(_) => ErrorKind::Refused("the handshake failed"),
            Self::HandshakePending | Self::Unreachable(_) => ErrorKind::HostUnreachable,
        }
    }
}

/// How an attempt ended.
pub(crate) type Ended = Result<(), ConnectError>;

/// An attempt to connect that is under way. It must be [ended](end_attempt).
pub(crate) struct Attempt {
    pub(crate) monitor: Monitor,
    pub(crate) progress: Progress,
    /// By which C knows it.
    pub(crate) watch: CString,
    pub(crate) endpoint: Endpoint,
}

/// What is known of an attempt so far.
pub(crate) struct Progress {
    is_stream: bool,
    reconnects: bool,
    stop: ReconnectStop,
    connected: bool,
    last: Option<ConnectError>,
}

impl Attempt {
    pub(crate) fn start<S: Socket, E>(socket: &S, endpoint: E) -> Result<Self, Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        const NO_CONNECTIONS: ErrorKind = ErrorKind::Unsupported(
            "this transport has no connections that could be waited for: call `connect`",
        );
        const UNPATCHED: ErrorKind = ErrorKind::Unsupported(
            "this libzmq does not report the result of one connection: use the vendored one",
        );
        const NO_SECOND: &str =
            "the socket is connected to the endpoint, and makes no second connection";

        let endpoint = endpoint.try_into().map_err(Into::into)?;
        if cfg!(not(zmq_has = "patches")) {
            return Err(Error::new(UNPATCHED, OPERATION).about(&endpoint));
        }
        if matches!(
            endpoint,
            Endpoint::Udp(_) | Endpoint::Pgm(_) | Endpoint::Epgm(_) | Endpoint::Norm(_)
        ) {
            return Err(Error::new(NO_CONNECTIONS, OPERATION).about(&endpoint));
        }
        let progress = Progress {
            is_stream: matches!(S::KIND.transports, Transports::Tcp),
            reconnects: socket.get(opt::ReconnectInterval)?.is_some(),
            stop: socket.get(opt::ReconnectStopOn)?,
            connected: false,
            last: None,
        };
        let (monitor, watch) = Monitor::detached(socket)?;
        let connect = |endpoint: &CStr| socket.raw().connect_watched(endpoint, &watch);
        attach::<S, _, _>(endpoint.clone(), OPERATION, connect).map_err(|error| {
            match error.kind() {
                ErrorKind::Os(libc::EEXIST) => {
                    Error::invalid(NO_SECOND, OPERATION).about(&endpoint)
                }
                _ => error,
            }
        })?;
        Ok(Self { monitor, progress, watch, endpoint })
    }

    /// The error that the caller gets.
    pub(crate) fn error(endpoint: &Endpoint, why: ConnectError) -> Error {
        log::not_connected(endpoint, why);
        Error::new(why.kind(), OPERATION).about(endpoint).caused_by(why)
    }
}

/// Ends an attempt, and with it the connection unless it is made.
pub(crate) fn end_attempt<S: Socket>(socket: &S, watch: &CStr, connected: bool) {
    // It fails after a shutdown only, when there is nothing to end any more.
    let _ = socket.raw().stop_watching(watch, !connected);
}

impl Progress {
    /// What the event decides, if it does.
    pub(crate) fn note(&mut self, event: &Event) -> Option<Ended> {
        let (why, is_final) = match event.kind() {
            EventKind::HandshakeSucceeded => return Some(Ok(())),
            EventKind::Connected if self.is_stream => return Some(Ok(())),
            EventKind::Connected => {
                self.connected = true;
                // It can be reached now.
                self.last = self.last.filter(|why| !matches!(why, ConnectError::Unreachable(_)));
                return None;
            }
            // What this socket's own handler says to a peer that may try again.
            EventKind::HandshakeFailedAuth(300) => {
                (ConnectError::Refused(300), self.stops(ReconnectStop::HANDSHAKE_FAILED))
            }
            EventKind::HandshakeFailedAuth(status) => (ConnectError::Refused(status), true),
            EventKind::HandshakeFailedProtocol(error) => (ConnectError::Protocol(error), true),
            EventKind::HandshakeFailed(kind) => {
                let no_handler = matches!(kind, ErrorKind::NotFound(_));
                let stops = self.stops(ReconnectStop::HANDSHAKE_FAILED);
                (ConnectError::Handshake(kind), no_handler || stops)
            }
            EventKind::ConnectRetried(_) | EventKind::Closed => {
                let kind = event.cause()?;
                let refused = kind == ErrorKind::Os(libc::ECONNREFUSED);
                let stops = refused && self.stops(ReconnectStop::CONNECTION_REFUSED);
                (ConnectError::Unreachable(kind), stops || !self.reconnects)
            }
            _ => return None,
        };
        self.connected = false;
        self.last = Some(why);
        is_final.then_some(Err(why))
    }

    fn stops(&self, on: ReconnectStop) -> bool {
        !self.reconnects || self.stop.contains(on)
    }

    /// Why there is no connection now that the time is up.
    pub(crate) fn timed_out(&self) -> ConnectError {
        const SILENCE: ConnectError = ConnectError::Unreachable(ErrorKind::Os(libc::ETIMEDOUT));

        // An earlier handshake says more than one that has just begun.
        let pending = self.connected.then_some(ConnectError::HandshakePending);
        self.last.or(pending).unwrap_or(SILENCE)
    }
}

pub(super) fn connect_and_wait<S: Socket, E>(
    socket: &S,
    endpoint: E,
    limit: Period,
) -> Result<(), Error>
where
    E: TryInto<Endpoint>,
    E::Error: Into<Error>,
{
    let end = limit.deadline();
    let mut attempt = Attempt::start(socket, endpoint)?;
    let ended = wait(&mut attempt, end);
    end_attempt(socket, &attempt.watch, matches!(ended, Ok(Ok(()))));
    ended?.map_err(|why| Attempt::error(&attempt.endpoint, why))
}

fn wait(attempt: &mut Attempt, end: Option<Instant>) -> Result<Ended, Error> {
    loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        match attempt.monitor.recv_event_timeout(Period::from(left))? {
            Some(event) => {
                if let Some(ended) = attempt.progress.note(&event) {
                    return Ok(ended);
                }
            }
            None => return Ok(Err(attempt.progress.timed_out())),
        }
    }
}
