//! The request-reply pattern: [`Req`], [`Rep`], [`Dealer`] and [`Router`].

use super::{addressed::addressed, socket_type};
use crate::{error::Error, message::Unread};

socket_type! {
    /// Sends a request, receives its reply, sends the next request, and so on.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// # When to use
    /// Use a req for strict request-reply with one request at a time, and to reach a `REP` or
    /// `ROUTER` of another program. If several threads send requests, use its thread-safe successor
    /// [`Client`](crate::Client). For several requests at a time, use [`Dealer`](crate::Dealer).
    ///
    /// # Message flow
    /// - Sending and receiving alternate. A call out of turn returns [`WrongState`].
    /// - Each request goes to one of the connected peers, in turn. Its reply comes from that peer.
    /// - The req sends an empty frame before the request, and removes the one before the reply. A
    ///   [`Rep`](crate::Rep) does the same, a [`Router`](crate::Router) sees it.
    ///
    /// # Mute state
    /// The req is mute while no peer is connected, or while the queue of each connected peer is at
    /// its high water mark. Then `send` blocks and `try_send` returns [`WouldBlock`]. A req never
    /// drops a request because a queue is full.
    ///
    /// A connection over tcp or ipc has a queue from the call of `connect` on, before a peer is
    /// reached. With the option [`Immediate`] it has one only while a peer is connected.
    ///
    /// # Pitfalls
    /// - If a request or its reply is lost, `recv_msg` blocks, and the next `send` returns
    ///   [`WrongState`]. Receive with a timeout, and set both options: [`Relaxed`] allows the next
    ///   request, and [`Correlate`] discards late replies to earlier ones.
    /// - A timeout of `recv_msg` does not change the turn: it is still to receive.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Rep`](crate::Rep), [`Router`](crate::Router) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Send, receive, send, receive, ... |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Last peer |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let rep = RepBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let req = ReqBuilder::new().connect(rep.last_endpoint()?).build()?;
    ///
    /// req.send("the time, please")?;
    /// assert_eq!(req.send("now!").unwrap_err().kind(), ErrorKind::WrongState);
    ///
    /// assert_eq!(rep.recv_msg()?, "the time, please");
    /// rep.send("noon")?;
    /// assert_eq!(req.recv_msg()?, "noon");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_REQ`
    ///
    /// [`Correlate`]: crate::opt::Correlate
    /// [`Immediate`]: crate::opt::Immediate
    /// [`Relaxed`]: crate::opt::Relaxed
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    /// [`WrongState`]: crate::ErrorKind::WrongState
    #[doc(alias = "ZMQ_REQ")]
    Req, ReqBuilder, ReqConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating]
}

socket_type! {
    /// Receives a request, sends its reply, receives the next request, and so on.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// # When to use
    /// Use a rep for a service that handles one request at a time, and to serve a `REQ` or `DEALER`
    /// of another program. For several threads, or several requests at a time, use its thread-safe
    /// successor [`Server`](crate::Server), or [`Router`](crate::Router).
    ///
    /// # Message flow
    /// - Receiving and sending alternate. A call out of turn returns
    ///   [`WrongState`](crate::ErrorKind::WrongState).
    /// - Requests from all connected peers are fair-queued.
    /// - The reply goes to the peer whose request was received last. The rep keeps the frames up to
    ///   the empty one of a request and sends them before the reply.
    ///
    /// # Mute state
    /// `send` does not block. A reply is dropped if the peer has gone, or if its queue is at its
    /// high water mark, and `send` returns `Ok`.
    ///
    /// # Pitfalls
    /// - A request that fails needs a reply too, or the rep cannot receive the next one.
    /// - A request without an empty frame is discarded. A [`Dealer`](crate::Dealer) must send one.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Req`](crate::Req), [`Dealer`](crate::Dealer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Receive, send, receive, send, ... |
    /// | Outgoing routing strategy | Last peer |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop the reply |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let rep = RepBuilder::new().bind("inproc://double").build()?;
    /// assert_eq!(rep.send("too early").unwrap_err().kind(), ErrorKind::WrongState);
    ///
    /// let req = ReqBuilder::new().connect("inproc://double").build()?;
    /// req.send_multipart(["2", "3"])?;
    /// let doubled: Multipart = rep
    ///     .recv_multipart()?
    ///     .iter()
    ///     .map(|part| (2 * part.to_str().unwrap().parse::<i32>().unwrap()).to_string())
    ///     .collect();
    /// rep.send_multipart(doubled)?;
    /// assert_eq!(req.recv_multipart()?, ["4", "6"]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_REP`
    #[doc(alias = "ZMQ_REP")]
    Rep, RepBuilder, RepConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating]
}

socket_type! {
    /// Sends requests and receives replies in any order.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// # When to use
    /// Use a dealer for several requests at a time, for conversations of multipart messages, as a
    /// worker behind a [`Router`](crate::Router), and to reach a `ROUTER` or `REP` of another
    /// program. If several threads use the socket, use its thread-safe successor
    /// [`Client`](crate::Client). For exactly one peer, [`Pair`](crate::Pair) does.
    ///
    /// # Message flow
    /// - Both ends send and receive at any time, in any order.
    /// - Each message goes to one of the connected peers, in turn. A peer whose queue is at its
    ///   high water mark is skipped. Messages from all peers are fair-queued.
    /// - A message to a [`Rep`](crate::Rep) begins with an empty frame, and so does the reply. A
    ///   [`Req`](crate::Req) adds and removes that frame by itself, a dealer does not.
    ///
    /// # Mute state
    /// The dealer is mute while no peer is connected, or while the queue of each connected peer is
    /// at its high water mark. Then `send` blocks and `try_send` returns [`WouldBlock`]. A dealer
    /// never drops a message because a queue is full.
    ///
    /// A connection over tcp or ipc has a queue from the call of `connect` on, before a peer is
    /// reached. With the option [`Immediate`] it has one only while a peer is connected.
    ///
    /// # Pitfalls
    /// - Connected to several peers, requests of one conversation go to different peers.
    /// - Replies arrive in any order. Put a number into the request and the reply to match them.
    /// - A `Rep` discards a request without the empty frame, and the reply never comes.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Router`], [`Rep`](crate::Rep), [`Dealer`](crate::Dealer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let rep = RepBuilder::new().bind("inproc://service").build()?;
    /// let dealer = DealerBuilder::new().connect("inproc://service").build()?;
    ///
    /// // Two requests before the first reply.
    /// dealer.send_multipart(["", "one"])?;
    /// dealer.send_multipart(["", "two"])?;
    ///
    /// for request in ["one", "two"] {
    ///     assert_eq!(rep.recv_msg()?, request);
    ///     rep.send("done")?;
    ///     assert_eq!(dealer.recv_multipart()?, ["", "done"]);
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_DEALER`
    ///
    /// [`Immediate`]: crate::opt::Immediate
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_DEALER")]
    #[doc(alias = "ZMQ_XREQ")]
    Dealer, DealerBuilder, DealerConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating]
}

socket_type! {
    /// Exchanges messages with any number of peers, each known by its
    /// [`Identity`](crate::Identity).
    ///
    #[doc = include_str!("../../docs/pictures/envelope.svg")]
    ///
    /// # When to use
    /// Use a router for brokers and for services that handle several requests at a time, and to
    /// serve a `DEALER` or `REQ` of another program. If several threads use the socket, use its
    /// thread-safe successor [`Server`](crate::Server). For one request at a time,
    /// [`Rep`](crate::Rep) is simpler.
    ///
    /// # Message flow
    /// - A message that the router receives begins with a frame that the router adds: the identity
    ///   of the sender. A message that it sends begins with the identity of the receiver, which the
    ///   router removes.
    /// - [`recv_from`](Self::recv_from) and [`route`](Self::route) keep the identity apart from the
    ///   message. `recv_multipart` and `send_multipart` leave it in the first frame, as C does.
    /// - A message from a [`Req`](crate::Req) has an empty frame before its content. The reply
    ///   needs that frame too.
    ///
    /// # Identities
    /// - A peer chooses its identity with the option
    ///   [`RoutingIdentity`](crate::opt::RoutingIdentity), `ZMQ_ROUTING_ID` in C. It keeps the
    ///   identity when it reconnects.
    /// - For a peer that chose none the router makes one up: a zero byte and 4 more bytes. It ends
    ///   with the connection.
    /// - [`connect_as`](Self::connect_as) gives a peer an identity when the router connects.
    /// - Of two peers with the same identity the router refuses the second, and disconnects it. It
    ///   is served once it reconnects when the first has gone. With the option
    ///   [`Handover`](crate::opt::Handover) it takes the place of the first.
    ///
    /// # Mute state
    /// By default a message that cannot be queued is **dropped silently**. With the option
    /// [`Mandatory`](crate::opt::Mandatory) the call returns an error or blocks:
    ///
    /// | Case | By default | With `Mandatory` |
    /// |:---|:---|:---|
    /// | No peer has the identity | drops | returns [`HostUnreachable`] |
    /// | The peer's queue is at its high water mark | drops | `route` blocks |
    /// | The same, with `try_route` | drops | returns [`WouldBlock`] |
    ///
    /// # Pitfalls
    /// - Without `Mandatory` a router loses messages without notice.
    /// - The router knows a peer when the handshake is complete. Messages that are sent before have
    ///   no receiver. Let each peer send first.
    /// - The first frame of `send_multipart` is always taken as an identity.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Dealer`], [`Req`], [`Router`](crate::Router) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | By identity |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop, or block if mandatory |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let router = RouterBuilder::new().bind("tcp://127.0.0.1:*").mandatory(true).build()?;
    /// let dealer = DealerBuilder::new()
    ///     .routing_identity("worker-1")
    ///     .connect(router.last_endpoint()?)
    ///     .build()?;
    ///
    /// dealer.send_multipart(["ready", "for anything"])?;
    /// let (worker, parts) = router.recv_from()?;
    /// assert_eq!(worker.as_bytes(), b"worker-1");
    /// assert_eq!(parts, ["ready", "for anything"]);
    ///
    /// router.route("sweep the floor", &worker)?;
    /// assert_eq!(dealer.recv_msg()?, "sweep the floor");
    ///
    /// let error = router.route("?", "worker-2").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// The message is the first argument and the identity the second. The other order does not
    /// compile:
    /// ```compile_fail,E0277
    /// use libzmq::prelude::*;
    ///
    /// let peer: Identity = "worker-1".parse().unwrap();
    /// Router::new().unwrap().route(&peer, "work").unwrap();
    /// ```
    ///
    /// # C API
    /// `ZMQ_ROUTER`
    ///
    /// [`HostUnreachable`]: crate::ErrorKind::HostUnreachable
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_ROUTER")]
    #[doc(alias = "ZMQ_XREP")]
    Router, RouterBuilder, RouterConfig: Exclusive<Unread>,
    [SendMultipart Sends RecvMultipart Receives Heartbeating]
}

addressed!(Router);

impl Router {
    /// Returns whether the queue of a peer is below its high water mark, so that a message to this
    /// peer would now be neither dropped nor block. Does not block.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let router = RouterBuilder::new().bind("inproc://workers").build()?;
    /// let dealer = DealerBuilder::new().connect("inproc://workers").build()?;
    ///
    /// dealer.send("ready")?;
    /// let (worker, _) = router.recv_from()?;
    /// assert!(router.has_room_for(&worker)?);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if no peer has the identity
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    ///
    /// # C API
    /// `zmq_socket_get_peer_state` (draft)
    #[doc(alias = "zmq_socket_get_peer_state")]
    pub fn has_room_for(&self, peer: impl AsRef<[u8]>) -> Result<bool, Error> {
        self.raw.has_room_for(peer.as_ref()).map_err(|errno| Error::c(errno, "ask for room"))
    }
}
