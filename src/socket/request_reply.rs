//! The request-reply pattern: [`Req`], [`Rep`], [`Dealer`] and [`Router`].

use super::{addressed::addressed, socket_type};
use crate::{error::Error, message::Unread};

socket_type! {
    /// A requester, which sends a request, receives its reply, sends the next, and so on.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// Requests go to the connected services in turn. To send twice in a row, or to receive first,
    /// is [`WrongState`](crate::ErrorKind::WrongState). A request whose service dies is not
    /// answered: with the option [`Relaxed`](crate::opt::Relaxed) another may be sent then, and
    /// with [`Correlate`](crate::opt::Correlate) a late reply to an earlier one is not taken for
    /// its reply. Use both together.
    ///
    /// # Mute state
    /// While no service is connected, or the queue to each of them is at its high water mark,
    /// `send` waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A
    /// requester never drops a message.
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
    /// # Example
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
    /// # In C
    /// `ZMQ_REQ`
    #[doc(alias = "ZMQ_REQ")]
    Req, ReqBuilder, ReqConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}

socket_type! {
    /// A replier, which receives a request, sends its reply, receives the next, and so on.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// Requests come from all connected peers fairly, and each reply goes to whoever sent the
    /// request; if they are gone, it is discarded silently. To receive twice in a row, or to send
    /// first, is [`WrongState`](crate::ErrorKind::WrongState).
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
    /// # Example
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
    /// # In C
    /// `ZMQ_REP`
    #[doc(alias = "ZMQ_REP")]
    Rep, RepBuilder, RepConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}

socket_type! {
    /// A dealer, which sends and receives in any order: a [`Req`](crate::Req) that need not wait.
    ///
    #[doc = include_str!("../../docs/pictures/request_reply.svg")]
    ///
    /// Each message goes to one of the connected peers, in turn; messages come from all of them
    /// fairly. To a [`Rep`](crate::Rep) a message begins with an empty part, and so does its reply:
    /// the envelope that a `Req` makes by itself.
    ///
    /// # Mute state
    /// While no peer is connected, or the queue to each of them is at its high water mark, `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A dealer never
    /// drops a message. Over tcp and ipc the queue to a peer that was not reached yet takes
    /// messages, unless the option [`Immediate`](crate::opt::Immediate) is set.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Router`](crate::Router), [`Rep`](crate::Rep), [`Dealer`](crate::Dealer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Example
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
    /// # In C
    /// `ZMQ_DEALER`
    #[doc(alias = "ZMQ_DEALER")]
    #[doc(alias = "ZMQ_XREQ")]
    Dealer, DealerBuilder, DealerConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}

socket_type! {
    /// A router, which talks to any number of peers, and knows each by its
    /// [`Identity`](crate::Identity).
    ///
    #[doc = include_str!("../../docs/pictures/envelope.svg")]
    ///
    /// A message received begins with a part that C adds, the identity of its sender; one to be
    /// sent begins with the identity of who is to get it. [`recv_from`](Self::recv_from) and
    /// [`route`](Self::route) keep identity and message apart;
    /// [`recv_multipart`](crate::prelude::RecvMultipart::recv_multipart) and `send_multipart` do as
    /// C does. A message from a [`Req`](crate::Req) has an empty part before its content, and its
    /// reply needs one too.
    ///
    /// A peer chooses its identity with the option
    /// [`RoutingIdentity`](crate::opt::RoutingIdentity); otherwise the router makes one up, which
    /// begins with a zero byte. Of two peers with one identity the second is refused, unless
    /// [`Handover`](crate::opt::Handover) is set.
    ///
    /// # What is dropped, and what blocks
    /// As C has it, a message to a peer that is not there, and one to a peer whose queue is at its
    /// high water mark, is **dropped silently**. With the option
    /// [`Mandatory`](crate::opt::Mandatory) the first is
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable), and for the second `route` waits and
    /// `try_route` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Dealer`](crate::Dealer), [`Req`](crate::Req), [`Router`](crate::Router) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | To the peer that the message names |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop, or block if mandatory |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Example
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
    /// The message comes first and its destination second, as everywhere. A destination in the place
    /// of the message does not compile:
    /// ```compile_fail,E0277
    /// use libzmq::prelude::*;
    ///
    /// let peer: Identity = "worker-1".parse().unwrap();
    /// Router::new().unwrap().route(&peer, "work").unwrap();
    /// ```
    ///
    /// # In C
    /// `ZMQ_ROUTER`
    #[doc(alias = "ZMQ_ROUTER")]
    #[doc(alias = "ZMQ_XREP")]
    Router, RouterBuilder, RouterConfig: Exclusive<Unread>,
    [Sends SendMultipart Receives RecvMultipart Heartbeating]
}

addressed!(Router);

impl Router {
    /// Whether the queue to that peer has room: whether a message to it would neither be dropped
    /// nor waited with now. Does not wait.
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
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) if there is no such peer
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown
    ///
    /// # In C
    /// `zmq_socket_get_peer_state`, a draft
    #[doc(alias = "zmq_socket_get_peer_state")]
    pub fn has_room_for(&self, peer: impl AsRef<[u8]>) -> Result<bool, Error> {
        self.raw.has_room_for(peer.as_ref()).map_err(|errno| Error::c(errno, "ask for room"))
    }
}
