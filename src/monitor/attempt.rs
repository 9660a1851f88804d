//! One attempt to connect, from its start to the end of the handshake.

use std::{
    ffi::{CStr, CString},
    time::Instant,
};

use super::{Event, EventKind, Monitor, ProtocolError, event::Why};
use crate::{
    addr::Endpoint,
    error::{Error, ErrorKind},
    option::{ReconnectStop, opt},
    socket::{Socket, Transports, attach},
    util::{Period, log},
};

const OPERATION: &str = "connect";

/// The reason why [`connect_and_wait`](super::Monitored::connect_and_wait) made no connection: the
/// [source](std::error::Error::source) of its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The peer's authentication handler refused the credentials, with this status: 400
    /// permanently, 500 because the handler failed. If this socket is the server of the mechanism,
    /// its own handler refused the peer.
    #[error("the authentication handler refused with status {0}")]
    Refused(u16),
    /// The peers have different mechanisms or socket types, or the peer violated the protocol.
    #[error("{0}")]
    Protocol(ProtocolError),
    /// The peer closed each connection before the handshake completed. A server does so if the
    /// client has a wrong public key of the server, if the server refuses the client temporarily,
    /// or if the server has no authentication handler. A peer with another mechanism may also do
    /// so.
    #[error("the handshake failed: {}", Why(*.0))]
    Handshake(ErrorKind),
    /// The peer accepted the connection, but the handshake did not complete within the limit.
    #[error("the peer did not complete the handshake in time")]
    HandshakePending,
    /// No connection was established: no socket listens at the endpoint, the host name has no
    /// address, or the network does not answer, which is [`Os`](ErrorKind::Os) with `ETIMEDOUT`.
    #[error("{0}")]
    Unreachable(ErrorKind),
}

impl ConnectError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Refused(400) => ErrorKind::Refused("the peer does not accept the credentials"),
            Self::Refused(_) => ErrorKind::Refused("the peer could not check the credentials"),
            Self::Protocol(_) => ErrorKind::Refused("the two peers are not compatible"),
            Self::Handshake(ErrorKind::Os(libc::EPIPE | libc::ECONNRESET)) => ErrorKind::Refused(
                "the peer closed the connection during the handshake: check the public key of the \
                 server and that the server has an AuthClient",
            ),
            Self::Handshake(_) => ErrorKind::Refused("the handshake failed"),
            Self::HandshakePending | Self::Unreachable(_) => ErrorKind::HostUnreachable,
        }
    }
}

/// The result of an attempt.
pub(crate) type Ended = Result<(), ConnectError>;

/// A pending attempt to connect. [`end_attempt`] has to end it.
pub(crate) struct Attempt {
    pub(crate) monitor: Monitor,
    pub(crate) progress: Progress,
    /// The name of the attempt in libzmq: the endpoint of its events.
    pub(crate) watch: CString,
    pub(crate) endpoint: Endpoint,
}

/// The state of an attempt, by the events so far.
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
        const NO_CONNECTIONS: ErrorKind =
            ErrorKind::Unsupported("this transport has no connections to wait for: call `connect`");
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

    /// Creates the error for the caller, and logs it.
    pub(crate) fn error(endpoint: &Endpoint, why: ConnectError) -> Error {
        log::not_connected(endpoint, why);
        Error::new(why.kind(), OPERATION).about(endpoint).caused_by(why)
    }
}

/// Ends an attempt. It closes the connection unless the attempt succeeded.
pub(crate) fn end_attempt<S: Socket>(socket: &S, watch: &CStr, connected: bool) {
    // It fails only after a shutdown, which has ended the attempt already.
    let _ = socket.raw().stop_watching(watch, !connected);
}

impl Progress {
    /// Updates the state, and returns the result if the event decides it.
    pub(crate) fn note(&mut self, event: &Event) -> Option<Ended> {
        let (why, is_final) = match event.kind() {
            EventKind::HandshakeSucceeded => return Some(Ok(())),
            EventKind::Connected if self.is_stream => return Some(Ok(())),
            EventKind::Connected => {
                self.connected = true;
                // The peer is reachable now.
                self.last = self.last.filter(|why| !matches!(why, ConnectError::Unreachable(_)));
                return None;
            }
            // Status 300 comes from this socket's own handler. The peer may connect again.
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

    /// Returns the reason of a timeout.
    pub(crate) fn timed_out(&self) -> ConnectError {
        const SILENCE: ConnectError = ConnectError::Unreachable(ErrorKind::Os(libc::ETIMEDOUT));

        // The result of an earlier handshake is more specific than a pending one.
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
