use super::{addressed::addressed, socket_type};
use crate::{error::Error, multipart::Unread};

socket_type! {
    /// A router, which talks to any number of peers, and knows each by its
    /// [`Identity`](crate::Identity).
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
