//! The peer-to-peer pattern: [`Peer`].

use super::{attach, endpoints::disconnect_peer, socket_type};
use crate::{addr::Endpoint, error::Error, message::RoutingId};

socket_type! {
    /// Exchanges messages with any number of other peers, each known by its
    /// [`RoutingId`](crate::RoutingId).
    ///
    #[doc = include_str!("../../docs/pictures/peer.svg")]
    ///
    /// # When to use
    /// Use a peer for meshes, and wherever both ends may start a conversation, from one thread or
    /// many. A peer is a [`Server`](crate::Server) that can also send first. If one end always
    /// starts, use [`Client`](crate::Client) and `Server`. For exactly one peer, use
    /// [`Channel`](crate::Channel).
    ///
    /// # Message flow
    /// - [`connect_peer`](Self::connect_peer) connects to another peer and returns its routing id,
    ///   so that a message can be sent to it at once.
    /// - Each message that the peer receives carries the routing id of its sender.
    /// - Each message that the peer sends goes to the peer whose routing id it carries.
    ///   [`route`](Self::route) sets the routing id.
    /// - Threads share a peer by reference or by clone.
    ///
    /// # Routing ids and reconnecting
    /// | The connection was made by | The routing id |
    /// |:---|:---|
    /// | `connect_peer` over tcp, ipc, ws | belongs to the endpoint and outlives a reconnect |
    /// | `connect_peer` over inproc | ends with the peer, since inproc does not reconnect |
    /// | the other peer | ends with the connection; a peer that reconnects gets another one |
    ///
    /// In the first case, messages that are sent between two connections are queued for the next
    /// peer that accepts at the endpoint.
    ///
    /// # Mute state
    /// Each connected peer has a queue of its own. While that queue is at its high water mark,
    /// `send` to this peer blocks and `try_send` returns [`WouldBlock`]. If the peer has gone, or
    /// the routing id was never used, both return [`HostUnreachable`]. A peer never drops a message
    /// because a queue is full.
    ///
    /// # Pitfalls
    /// - Each call of `connect_peer` makes another connection with another routing id, also to the
    ///   same endpoint.
    /// - `connect_peer` fails while the option [`Immediate`](crate::opt::Immediate) is set.
    /// - Routing ids are local to a socket. Two peers know a third one by different routing ids.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Peer`](crate::Peer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | By routing id |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss |
    ///
    /// # Examples
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
    /// alice.route("hello, Bob", hello.routing_id().unwrap())?;
    ///
    /// assert_eq!(bob.recv_msg()?.routing_id(), Some(to_alice));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_PEER` (draft)
    ///
    /// [`HostUnreachable`]: crate::ErrorKind::HostUnreachable
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_PEER")]
    Peer, PeerBuilder, PeerConfig: Shared<()>,
    [SendMsg Sends RecvMsg Receives Heartbeating Routes]
}

impl Peer {
    /// Connects to another peer and returns the routing id of that connection.
    ///
    /// Returns before the connection is made; messages sent before are queued. The endpoint need
    /// not be bound yet. Each call makes another connection with another routing id. See the
    /// example of [`Peer`].
    ///
    /// # Errors
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) if the transport does not carry this socket
    ///   type, or this libzmq was built without it
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a malformed endpoint, and while the
    ///   option [`Immediate`](crate::opt::Immediate) is set
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    ///
    /// # C API
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

    /// Ends the connection to one peer, whichever side made it. A connection that
    /// [`connect_peer`](Self::connect_peer) made is not made again.
    ///
    #[doc = include_str!("disconnect_peer.md")]
    #[doc(alias = "zmq_disconnect_peer")]
    pub fn disconnect_peer(&self, id: RoutingId) -> Result<(), Error> {
        disconnect_peer(self, id)
    }
}
