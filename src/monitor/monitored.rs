//! [`Monitored`]: the calls that start a monitor.

#[cfg(feature = "tracing")]
use super::trace;
use super::{EventSet, Monitor, attempt::connect_and_wait};
use crate::{addr::Endpoint, error::Error, socket::Socket, util::Period};

/// Monitors the connections of a socket. All socket types implement it.
pub trait Monitored: Socket {
    /// Starts monitoring the socket's connection events, and returns the [`Monitor`] that receives
    /// them. It does not block.
    ///
    /// A socket has at most one monitor. A new one ends the previous one.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{monitor::*, prelude::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// let monitor = server.monitor(EventSet::LISTENING)?;
    /// server.bind("tcp://127.0.0.1:*")?;
    /// assert_eq!(monitor.recv()?.kind(), EventKind::Listening);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit): a monitor takes two of the context's
    ///   sockets
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) for a thread-safe socket with a system's
    ///   libzmq, which may deadlock
    ///
    /// # C API
    /// `zmq_socket_monitor_versioned`, with version 2. The vendored libzmq also has version 3,
    /// which counts dropped events.
    #[doc(alias = "zmq_socket_monitor")]
    #[doc(alias = "zmq_socket_monitor_versioned")]
    fn monitor(&self, events: EventSet) -> Result<Monitor, Error> {
        Monitor::new(self, events)
    }

    /// Connects to the endpoint, and blocks until the handshake of the connection has succeeded.
    ///
    /// [`connect`](Socket::connect) returns before the handshake, and does not report a refusal.
    /// After an error of `connect_and_wait` the socket has only the connections that it had before
    /// the call: it gives up the failed one, and no other. The [source](std::error::Error::source)
    /// of the error is a [`ConnectError`](super::ConnectError), which has the cause as data.
    ///
    /// - If the handshake succeeds, the call returns `Ok`.
    /// - If the peer's authentication handler refuses the credentials permanently, it returns
    ///   [`Refused`](crate::ErrorKind::Refused) at once.
    /// - If the peers have different mechanisms or incompatible socket types, or the peer speaks
    ///   another protocol, it returns [`Refused`](crate::ErrorKind::Refused) at once, unless the
    ///   peer closes the connection first.
    /// - If the peer closes the connection during each handshake, it returns
    ///   [`Refused`](crate::ErrorKind::Refused) after the limit. A server does so if the client has
    ///   a wrong public key of the server, if the server refuses the client temporarily, or if the
    ///   server has no authentication handler.
    /// - If no socket listens at the endpoint, the host name has no address, or the network does
    ///   not answer, it returns [`HostUnreachable`](crate::ErrorKind::HostUnreachable) after the
    ///   limit.
    ///
    /// Until the limit, libzmq connects again at the socket's reconnect interval. If
    /// [`ReconnectStopOn`](crate::opt::ReconnectStopOn) or a missing
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval) ends the attempts, the call returns
    /// then. With a limit of [`Infinite`](Period::Infinite) the call blocks until it has a result.
    ///
    /// Over tcp, ipc, WebSocket and tipc the call returns after the handshake, over inproc as soon
    /// as the endpoint is bound. A [`Stream`](crate::Stream) has no handshake: the call returns as
    /// soon as it is connected. Connections of other peers to this socket do not affect the call,
    /// and the call does not affect the socket's [`Monitor`]. Threads that share a socket may call
    /// it at the same time.
    ///
    /// ```
    /// use libzmq::{auth::*, monitor::*, prelude::*};
    /// use std::{error::Error, time::Duration};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// AuthClient::new()?.add_plain_registry(PlainClientCreds::new("anna", "secret"))?;
    /// let server = ServerBuilder::new()
    ///     .mechanism(Mechanism::PlainServer)
    ///     .bind("tcp://127.0.0.1:*")
    ///     .build()?;
    ///
    /// let creds = PlainClientCreds::new("anna", "guess");
    /// let client = ClientBuilder::new().mechanism(creds).build()?;
    /// let error = client
    ///     .connect_and_wait(server.last_endpoint()?, Duration::from_secs(10))
    ///     .unwrap_err();
    /// assert_eq!(
    ///     error.source().unwrap().downcast_ref(),
    ///     Some(&ConnectError::Refused(400)),
    /// );
    ///
    /// client.set_mechanism(PlainClientCreds::new("anna", "secret"))?;
    /// client.connect_and_wait(server.last_endpoint()?, Duration::from_secs(10))?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - those listed above
    /// - those of [`connect`](Socket::connect)
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if the socket is connected to the
    ///   endpoint already, and its type makes no second connection
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) over transports without connections (udp,
    ///   pgm, epgm, norm), and with another libzmq than the vendored one
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit): the call takes two of the context's
    ///   sockets
    ///
    /// # C API
    /// `zmq_connect` and `zmq_socket_monitor`
    #[doc(alias = "zmq_connect_watched")]
    #[doc(alias = "zmq_stop_watching")]
    fn connect_and_wait<E, P>(&self, endpoint: E, limit: P) -> Result<(), Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
        P: Into<Period>,
        Self: Sized,
    {
        connect_and_wait(self, endpoint, limit.into())
    }

    /// Starts reporting the socket's connection events to the crate `tracing`. It does not block.
    ///
    /// A separate thread for this socket, `zmq-trace`, reads its monitor. The thread ends with the
    /// socket. Call this before `bind` and `connect` to miss no event. The events go to the
    /// caller's current default subscriber, or else to the program's global one. Their target is
    /// `libzmq::monitor::trace`. They have these fields, each only if it is known:
    ///
    /// | Field | Value |
    /// |:---|:---|
    /// | `socket` | the type of the socket, such as `Client` |
    /// | `endpoint` | the endpoint of the peer, or the endpoint that the socket listens at |
    /// | `local` | the local endpoint of the connection |
    /// | `error` | why a bind, an accept, a connect or a handshake failed |
    /// | `reason` | why a connection ended |
    /// | `help` | advice on how to solve the problem |
    ///
    /// | Level | Events |
    /// |:---|:---|
    /// | `WARN` | a bind, an accept, a connect or a handshake failed; events were dropped |
    /// | `WARN` | a connection ended, except if the peer closed it |
    /// | `INFO` | the socket listens, a handshake succeeded, the peer closed the connection |
    /// | `DEBUG` | all others; repeated warnings of an endpoint without a success in between |
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = Server::new()?;
    /// server.trace_connections()?;
    /// server.bind("tcp://127.0.0.1:*")?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A socket has at most one monitor: an earlier one ends. A program with thousands of sockets
    /// can read their monitors on one thread with a [`Poller`](crate::poll::Poller) instead.
    ///
    /// # Errors
    /// - Those of [`monitor`](Self::monitor)
    /// - [`Os`](crate::ErrorKind::Os) if the system starts no more threads
    #[cfg(feature = "tracing")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tracing")))]
    fn trace_connections(&self) -> Result<(), Error> {
        trace::spawn(self)
    }

    /// Ends the socket's monitor, if it has one. It does not block.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `zmq_socket_monitor` without an endpoint
    fn stop_monitor(&self) -> Result<(), Error> {
        self.raw().stop_monitor().map_err(|errno| Error::c(errno, "stop monitor"))
    }
}

impl<S: Socket> Monitored for S {}
