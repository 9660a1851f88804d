//! The peer-to-peer pattern: [`Peer`].

use super::{attach, socket_type};
use crate::{addr::Endpoint, error::Error, message::RoutingId};

socket_type! {
    /// A peer, which talks to any number of other peers, and knows each by its
    /// [`RoutingId`](crate::RoutingId).
    ///
    #[doc = include_str!("../../docs/pictures/peer.svg")]
    ///
    /// A peer is a [`Server`](crate::Server) that can also begin:
    /// [`connect_peer`](Self::connect_peer) connects to another peer and tells its routing id, so
    /// that it can be sent to at once. Each message received carries the routing id of its sender.
    ///
    /// Threads share a peer: clone it, or borrow it.
    ///
    /// # Routing ids and reconnecting
    /// The id from `connect_peer` belongs to the connection's endpoint over tcp, ipc and ws: it
    /// stays when the other side goes away and comes back, and what is sent meanwhile is queued for
    /// whoever answers there next. Over inproc there is no reconnecting, and the id ends with the
    /// peer. The id of a peer that connected to us ends with its connection; it comes back with
    /// another.
    ///
    /// # Mute state
    /// While the queue to a peer is at its high water mark, that peer cannot be sent to: `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). To a peer that
    /// is gone, or that never was, both fail with
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Peer`](crate::Peer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | To the peer that the message names |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let alice = PeerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    ///
    /// let bob = Peer::new()?;
    /// let to_alice = bob.connect_peer(alice.last_endpoint()?)?;
    /// bob.route("hello, Alice", to_alice)?;
    ///
    /// let hello = alice.recv_msg()?;
    /// alice.route("hello, whoever you are", hello.routing_id().unwrap())?;
    ///
    /// assert_eq!(bob.recv_msg()?.routing_id(), Some(to_alice));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_PEER`, a draft
    #[doc(alias = "ZMQ_PEER")]
    Peer, PeerBuilder, PeerConfig: Shared<()>,
    [Sends SendMsg Receives RecvMsg Heartbeating Routes]
}

impl Peer {
    /// Connects to another peer and answers with its routing id. The other side need not be bound
    /// yet: what is sent to it is queued. Each call makes a connection of its own, with an id of
    /// its own.
    ///
    /// # Errors
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) if the transport does not carry peers, or
    ///   this libzmq lacks it
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a malformed endpoint, and while the
    ///   option [`Immediate`](crate::opt::Immediate) is set
    ///
    /// # In C
    /// `zmq_connect_peer`
    #[doc(alias = "zmq_connect_peer")]
    pub fn connect_peer<E>(&self, endpoint: E) -> Result<RoutingId, Error>
    where
        E: TryInto<Endpoint>,
        E::Error: Into<Error>,
    {
        let number = attach::<Self, _, _>(endpoint, "connect_peer", |endpoint| {
            self.raw.connect_peer(endpoint)
        })?;
        RoutingId::try_from(number)
    }
}
