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

/// Stands between many [`Client`](crate::Client)s and the [`Server`]s behind it: a server to the
/// former, a client to the latter.
///
/// What comes back through a client does not say who had asked. So the proxy has a client of its
/// own for each peer of its server: the requests of a peer go through that client, and what the
/// client receives goes to that peer. Thus each server behind sees each asker as a peer with a
/// routing id of its own, and all of the client-server pattern is kept: any number of replies to a
/// request, replies that nobody asked for, and the order of messages each way. Nothing is added to
/// a message, so clients and servers of any language work with a proxy between them as they are;
/// and several proxies in a row do, too.
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
/// # Peers that go
/// When a peer is gone, its client is closed, and the servers behind lose a peer. What it had asked
/// still goes out, as long as the client [lingers](crate::opt::Linger); what is for it is dropped.
/// A peer that reconnects is a new one, here and behind. One whose network fell silent is noticed
/// by a [heartbeat](ServerBuilder::heartbeat) of the frontend.
///
/// A client behind that loses its connection makes it anew, as any client does. The asker does not
/// notice, unless the backend's builder sets a [`hiccup`](ClientBuilder::hiccup) message: that goes
/// to the asker like a reply.
///
/// # Where there is no room
/// No message is lost for want of room, and nothing is kept but what the queues of the sockets
/// hold, one request, and one reply for each peer. A reply to a peer whose queue is full waits, and
/// meanwhile nothing more is received for that peer; others are not affected.
///
/// A request whose client has a full queue waits too, and meanwhile no requests are received, from
/// nobody: a server has one queue for all its peers. So the [`send_hwm`](ClientBuilder::send_hwm)
/// of the backend is how far one peer may be ahead of the servers behind before others feel it.
///
/// # What it takes
/// For each peer that has sent something a socket of the context, by default one of
/// [1023](crate::CtxBuilder::max_sockets), and a connection to each endpoint of the backend; a
/// client that lingers still takes both. The number of peers can be [limited](Self::max_peers).
/// While no client can be made for a peer, its messages are dropped, and counted in
/// [`Statistics::refused`](crate::Statistics::refused).
///
/// # Several servers, and who may ask
/// With several endpoints the requests of each peer go to the servers behind in turn, as those of
/// any client. Who may ask is decided at the frontend, by its
/// [mechanism](ServerBuilder::mechanism); the servers behind see the credentials that the backend's
/// builder has.
///
/// # C API
/// None: `zmq_proxy` between a SERVER and a CLIENT ends at the first reply.
pub struct ServerProxy {
    frontend: Server,
    peers: Peers,
    /// What the frontend receives when a peer is gone.
    farewell: [u8; 32],
    request: Load,
    capture: Capture,
}

impl ServerProxy {
    /// A proxy in the [global context](Ctx::global), with a frontend and clients behind that are
    /// built so.
    ///
    /// The frontend is bound when this returns, and one client is connected to the backend: the one
    /// that the first peer will have.
    ///
    /// # Errors
    /// What the builders answer, and [`InvalidInput`](crate::ErrorKind::InvalidInput)
    /// - if the frontend has a [`disconnect_message`](ServerBuilder::disconnect_message), because
    ///   the proxy needs its own
    /// - if the backend connects to nothing, or binds, which many clients cannot
    pub fn new(frontend: &ServerBuilder, backend: &ClientBuilder) -> Result<Self, Error> {
        Self::with_ctx(frontend, backend, Ctx::global())
    }

    /// As [`new`](Self::new), in that context.
    ///
    /// # Errors
    /// As `new`, and [`InvalidCtx`](crate::ErrorKind::InvalidCtx) if the context is gone.
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

    /// Limits the number of peers that have a client at once. By default only the context does.
    #[must_use]
    pub fn max_peers(mut self, limit: usize) -> Self {
        self.peers.limit = limit;
        self
    }

    /// Sends a copy of each message that the proxy receives to that socket, as
    /// [`Proxy::capture`](crate::Proxy::capture) does. The copies do not tell who a message is from
    /// or to.
    #[must_use]
    pub fn capture<C>(mut self, capture: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        self.capture = Capture::by(capture);
        self
    }

    /// The frontend: to ask where it is bound, to bind it elsewhere too, to
    /// [monitor](crate::monitor) it. A clone of it can be kept while the proxy runs. What others
    /// receive from it the proxy misses.
    pub fn frontend(&self) -> &Server {
        &self.frontend
    }

    /// Passes on messages on this thread, until a socket fails.
    ///
    /// # Errors
    /// Always, when it ends: [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown of the
    /// context, or [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file
    /// descriptor left to begin with.
    pub fn run(mut self) -> Result<(), Error> {
        work::run(&mut self, &Control::default(), |_| ())
    }

    /// Passes on messages on a thread of its own. The handle pauses it, and stops it: then it gives
    /// back this proxy with all that it holds, which can be run again.
    ///
    /// # Errors
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`Os`](crate::ErrorKind::Os) if it has no thread left
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown of the context
    pub fn spawn(mut self) -> Result<ProxyHandle<Self>, Error> {
        ProxyHandle::spawn(move |control, started| {
            work::run(&mut self, control, started)?;
            Ok(self)
        })
    }
}

/// Random bytes, which no peer can have seen and so none sends. A peer that did would do no more than
/// end its own client.
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
