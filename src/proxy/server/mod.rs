//! The proxy between clients and servers.

mod peers;
mod poller;
mod work;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
};

use super::{capture::Capture, control::Control, handle::ProxyHandle};
use crate::{
    ctx::{Ctx, CtxHandle},
    error::Error,
    option::opt,
    socket::{ClientBuilder, Server, ServerBuilder, send::SendMultipart},
};
use peers::{Load, Peers};

/// Forwards messages between many [`Client`](crate::Client)s and the [`Server`]s of a backend.
///
/// The proxy binds a server as its frontend. It creates a client for each peer of the frontend, and
/// connects it to the backend. The requests of a peer are sent through that client, and the
/// messages that the client receives are routed to that peer.
///
/// So each backend server sees each peer with a routing id of its own, and the whole client-server
/// pattern works: any number of replies to a request, messages without a request, and the order of
/// messages in both directions. The proxy adds nothing to the messages. Clients and servers in any
/// language work unchanged with one or several proxies between them.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
///
/// let proxy = ServerProxy::new(
///     ServerBuilder::new().bind("tcp://127.0.0.1:*"),
///     ClientBuilder::new().connect(server.last_endpoint()?),
/// )?;
/// let endpoint = proxy.frontend().last_endpoint()?;
/// let handle = proxy.spawn()?;
///
/// let ada = ClientBuilder::new().connect(&endpoint).build()?;
/// let bob = ClientBuilder::new().connect(&endpoint).build()?;
/// ada.send("I am Ada")?;
/// let from_ada = server.recv_msg()?.routing_id().unwrap();
/// bob.send("I am Bob")?;
/// let from_bob = server.recv_msg()?.routing_id().unwrap();
///
/// server.route("hello, Bob", from_bob)?;
/// server.route("hello, Ada", from_ada)?;
/// server.route("how are you?", from_ada)?;
/// assert_eq!(ada.recv_msg()?, "hello, Ada");
/// assert_eq!(ada.recv_msg()?, "how are you?");
/// assert_eq!(bob.recv_msg()?, "hello, Bob");
///
/// assert_eq!(handle.statistics().peers, 2);
/// handle.stop()?;
/// #     Ok(())
/// # }
/// ```
///
/// # Disconnects
/// - When a peer disconnects, the proxy closes its client, and the backend servers lose a peer.
///   Queued requests of the peer are still sent, for at most the period of
///   [`Linger`](crate::opt::Linger). Replies to it are dropped.
/// - A peer that reconnects gets another routing id, at the frontend and at the backend.
/// - A [heartbeat](ServerBuilder::heartbeat) of the frontend finds peers whose network has failed.
/// - A client of the proxy that loses its connection reconnects, as every client does. The peer
///   does not notice, unless the builder of the backend sets a [`hiccup`](ClientBuilder::hiccup)
///   message. The peer receives it like a reply.
///
/// # Mute state
/// The proxy drops no message because a queue is full. It holds one request, and one reply for each
/// peer, besides the queues of its sockets.
/// - While the queue of a peer is full, the proxy receives no more replies for this peer. Other
///   peers are not affected.
/// - While the queue of a client is full, the proxy receives no more requests from any peer,
///   because the frontend has one queue of requests for all peers. So the
///   [`send_hwm`](ClientBuilder::send_hwm) of the backend limits how many requests of one peer can
///   wait before other peers are affected.
///
/// # Resources
/// Each peer that has sent a message takes a socket of the context, by default one of
/// [1023](crate::CtxBuilder::max_sockets), and a connection to each endpoint of the backend. A
/// client that lingers still takes both. [`max_peers`](Self::max_peers) limits the number of peers.
/// If the proxy cannot create a client for a peer, it drops the messages of that peer and counts
/// them in [`Statistics::refused`](crate::Statistics::refused).
///
/// # Several backend servers
/// With several endpoints, the requests of each peer go to the backend servers in turn, like those
/// of any client.
///
/// # Authentication
/// The [mechanism](ServerBuilder::mechanism) of the frontend authenticates the peers. The backend
/// servers see the credentials of the backend's builder.
///
/// # C API
/// None. `zmq_proxy` between a SERVER and a CLIENT ends at the first reply.
pub struct ServerProxy {
    frontend: Server,
    peers: Peers,
    /// The disconnect message of the frontend.
    farewell: [u8; 32],
    request: Load,
    capture: Capture,
}

impl ServerProxy {
    /// Creates a proxy in the [global context](Ctx::global).
    ///
    /// When this returns, the frontend is bound, and the client of the first peer is created.
    ///
    /// # Errors
    /// Those of the builders, and [`InvalidInput`](crate::ErrorKind::InvalidInput)
    /// - if the frontend has a [`disconnect_message`](ServerBuilder::disconnect_message), because
    ///   the proxy sets its own
    /// - if the backend has no endpoint to connect to, or one to bind to
    pub fn new(frontend: &ServerBuilder, backend: &ClientBuilder) -> Result<Self, Error> {
        Self::with_ctx(frontend, backend, Ctx::global())
    }

    /// Creates a proxy in a context, like [`new`](Self::new).
    ///
    /// # Errors
    /// Those of `new`, and [`InvalidCtx`](crate::ErrorKind::InvalidCtx) if the context was shut
    /// down or dropped.
    pub fn with_ctx(
        frontend: &ServerBuilder,
        backend: &ClientBuilder,
        ctx: CtxHandle,
    ) -> Result<Self, Error> {
        const NEW: &str = "make server proxy";

        frontend.check()?;
        backend.check()?;
        if frontend.has(opt::DisconnectMessage) {
            return Err(Error::invalid(
                "the frontend's disconnect message is the proxy's own",
                NEW,
            ));
        }
        if !backend.bound().is_empty() || backend.connected().is_empty() {
            return Err(Error::invalid("the backend connects, and does not bind", NEW));
        }
        let farewell = secret_farewell();
        let frontend = frontend.clone().disconnect_message(farewell).with_ctx(ctx)?;
        let peers = Peers::new(backend, ctx)?;
        Ok(Self { frontend, peers, farewell, request: Load::new(), capture: Capture::default() })
    }

    /// Sets the maximum number of peers. By default only the number of sockets of the context
    /// limits it.
    #[must_use]
    pub fn max_peers(mut self, limit: usize) -> Self {
        self.peers.limit = limit;
        self
    }

    /// Sends a copy of each received message to another socket, like
    /// [`Proxy::capture`](crate::Proxy::capture). The copies have no routing id.
    #[must_use]
    pub fn capture<C>(mut self, capture: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        self.capture = Capture::by(capture);
        self
    }

    /// Returns the frontend, to read or add endpoints, or to [monitor](crate::monitor) it.
    ///
    /// A clone can be kept while the proxy runs. Do not receive from it: the proxy would miss those
    /// messages.
    pub fn frontend(&self) -> &Server {
        &self.frontend
    }

    /// Forwards messages on this thread until a call on a socket fails.
    ///
    /// # Errors
    /// It returns only with an error: [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the
    /// context was shut down, or [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has
    /// no file descriptor left at the start.
    pub fn run(mut self) -> Result<(), Error> {
        work::run(&mut self, &Control::default(), |_| ())
    }

    /// Forwards messages on a new thread, and returns a handle that pauses and stops the proxy.
    ///
    /// [`ProxyHandle::stop`] returns this proxy with its peers and messages, and it can run again.
    ///
    /// # Errors
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`Os`](crate::ErrorKind::Os) if the process can have no more threads
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    pub fn spawn(mut self) -> Result<ProxyHandle<Self>, Error> {
        ProxyHandle::spawn(move |control, started| {
            work::run(&mut self, control, started)?;
            Ok(self)
        })
    }
}

/// Returns random bytes as the disconnect message. A peer cannot know them; a peer that sent them
/// would only close its own client.
fn secret_farewell() -> [u8; 32] {
    let random = RandomState::new();
    let mut bytes = [0; 32];
    for (index, part) in bytes.chunks_exact_mut(size_of::<u64>()).enumerate() {
        part.copy_from_slice(&random.hash_one(index).to_ne_bytes());
    }
    bytes
}

impl fmt::Debug for ServerProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerProxy")
            .field("frontend", &self.frontend)
            .field("peers", &self.peers.len())
            .field("capture", &self.capture)
            .finish_non_exhaustive()
    }
}
