//! [`Monitored`]: the calls that start a monitor.

#[cfg(feature = "tracing")]
use super::trace;
use super::{EventSet, Monitor, attempt::connect_and_wait};
use crate::{addr::Endpoint, error::Error, socket::Socket, util::Period};

/// Monitors the connections of a socket. All sockets implement it.
pub trait Monitored: Socket {
    /// Starts to monitor the socket's connection events. See [`Monitor`].
    ///
    /// A socket has one monitor. A new one ends the earlier one.
    ///
    /// # Errors
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit): a monitor takes two of the context's
    ///   sockets
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) for a thread-safe socket with a system's
    ///   libzmq, which may deadlock
    ///
    /// # C API
    /// `zmq_socket_monitor_versioned`, with version 2, or 3 with the libzmq that this crate
    /// compiles, which counts dropped events
    #[doc(alias = "zmq_socket_monitor")]
    #[doc(alias = "zmq_socket_monitor_versioned")]
    fn monitor(&self, events: EventSet) -> Result<Monitor, Error> {
        Monitor::new(self, events)
    }

    /// Connects to the endpoint, and blocks until the handshake of the connection has succeeded.
    ///
    /// [`connect`](Socket::connect) returns before that, and reports no refusal. After an error of
    /// this call the socket is as it was before: it gives up the connection that it tried, and no
    /// other. [`Error::source`](std::error::Error::source) is a
    /// [`ConnectError`](super::ConnectError), which has the cause as data.
    ///
    /// - If the handshake succeeds, the call returns `Ok`.
    /// - If the peer's authentication handler refuses the credentials for good, it returns
    ///   [`Refused`](crate::ErrorKind::Refused) at once.
    /// - If the two sides have different mechanisms, or socket types that do not fit, or the peer
    ///   speaks another protocol, it returns [`Refused`](crate::ErrorKind::Refused) at once, unless
    ///   the peer hangs up first.
    /// - If the peer hangs up during each handshake, it returns
    ///   [`Refused`](crate::ErrorKind::Refused) when the time is up. A server does so to a client
    ///   that has a wrong key of the server, that it refuses for now, or that it has no
    ///   authentication handler for.
    /// - If nothing listens at the endpoint, its name has no address, or the network does not
    ///   answer, it returns [`HostUnreachable`](crate::ErrorKind::HostUnreachable) when the time is
    ///   up.
    ///
    /// Until the limit libzmq tries again at the socket's reconnect interval. If
    /// [`ReconnectStopOn`](crate::opt::ReconnectStopOn), or no
    /// [`ReconnectInterval`](crate::opt::ReconnectInterval), ends the attempts, the call returns
    /// then. With a limit of [`Infinite`](Period::Infinite) the call blocks until it has a result.
    ///
    /// Over tcp, ipc, WebSocket and tipc the call returns after the handshake, over inproc once the
    /// endpoint is bound. A [`Stream`](crate::Stream) has no handshake: the call returns once it is
    /// connected. Connections from other peers to this socket have no effect on the call. It leaves the socket's
    /// [`Monitor`] alone. Threads that share a socket may call it at once.
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
    /// let client = ClientBuilder::new().mechanism(PlainClientCreds::new("anna", "guess")).build()?;
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
    /// - as listed above
    /// - those of [`connect`](Socket::connect), and
    ///   [`InvalidInput`](crate::ErrorKind::InvalidInput) if the socket is connected to the
    ///   endpoint and makes no second connection
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) over transports without connections (udp,
    ///   pgm, epgm, norm), and with another libzmq than the one that this crate compiles
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit): the call takes two of the context's
    ///   sockets
    ///
    /// # C API
    /// `zmq_connect` and a monitor
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

    /// Reports the socket's connection events to the crate `tracing` from now on.
    ///
    /// A thread of the socket's own, `zmq-trace`, reads its monitor and ends with the socket. Call
    /// this before `bind` and `connect`, so that no event is missed. The events go to the
    /// subscriber that is the caller's default now, or else to the program's global one. They have
    /// the target `libzmq::monitor::trace` and these fields, each only where it is known:
    ///
    /// | Field | Value |
    /// |:---|:---|
    /// | `socket` | the type of the socket, such as `Client` |
    /// | `endpoint` | the peer's end of the connection, or where the socket listens |
    /// | `local` | the local end of the connection |
    /// | `error` | why a bind, an accept, a connect or a handshake failed |
    /// | `reason` | why a connection ended |
    /// | `help` | what to do about it |
    ///
    /// | Level | Events |
    /// |:---|:---|
    /// | `WARN` | failures to bind, accept, connect or complete a handshake; lost events |
    /// | `WARN` | a connection ended for another reason than that the peer closed it |
    /// | `INFO` | the socket listens, a handshake succeeded, the peer closed the connection |
    /// | `DEBUG` | all others; a warning that the endpoint had before, without a success since |
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
    /// A socket has one monitor: an earlier one ends. A program with very many sockets reads
    /// their monitors with one [`Poller`](crate::poll::Poller) instead.
    ///
    /// # Errors
    /// - Those of [`monitor`](Self::monitor)
    /// - [`Os`](crate::ErrorKind::Os) if the system starts no more threads
    #[cfg(feature = "tracing")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tracing")))]
    fn trace_connections(&self) -> Result<(), Error> {
        trace::spawn(self)
    }

    /// Ends the socket's monitor, if it has one.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    ///
    /// # C API
    /// `zmq_socket_monitor` without an endpoint
    fn stop_monitor(&self) -> Result<(), Error> {
        self.raw().stop_monitor().map_err(|errno| Error::c(errno, "stop monitor"))
    }
}

impl<S: Socket> Monitored for S {}
