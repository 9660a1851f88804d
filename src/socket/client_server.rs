//! The client-server pattern: [`Client`] and [`Server`].

use super::{endpoints::disconnect_peer, socket_type};
use crate::{error::Error, message::RoutingId};

socket_type! {
    /// Sends requests to [`Server`](crate::Server)s and receives their replies.
    ///
    #[doc = include_str!("../../docs/pictures/client_server.svg")]
    ///
    /// # When to use
    /// Use a client for request-reply, remote procedure calls and job queues, from one thread or
    /// many. It is the thread-safe successor of [`Req`](crate::Req) and [`Dealer`](crate::Dealer).
    /// To reach a [`Rep`](crate::Rep) or [`Router`](crate::Router), use `Req` or `Dealer`. For
    /// multipart messages, use `Dealer`. If both ends start conversations, use
    /// [`Peer`](crate::Peer).
    ///
    /// # Message flow
    /// - The client sends first. After that both ends send any number of messages at any time.
    /// - Each message goes to one of the connected servers, in turn. Messages from all servers are
    ///   fair-queued. Connect to several servers only if any of them can answer.
    /// - Threads share a client by reference or by clone. Each message goes to one of the threads
    ///   that receive.
    ///
    /// # Mute state
    /// The client is mute while no server is connected, or while the queue of each connected server
    /// is at its high water mark. Then `send` blocks and `try_send` returns [`WouldBlock`]. A
    /// client never drops a message because a queue is full.
    ///
    /// A connection over tcp or ipc has a queue from the call of `connect` on, before a server is
    /// reached. With the option [`Immediate`] it has one only while a server is connected.
    ///
    /// # Pitfalls
    /// - A reply goes to the thread that receives first. Threads that wait for the replies to their
    ///   own requests need a client each.
    /// - Messages that have left the queue are lost with their connection, and a server can fail
    ///   before it replies. Limit the wait with `recv_msg_timeout`, and send the request again.
    /// - After a reconnect the server knows the client by another routing id.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Server`](crate::Server) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // The system chooses the port.
    /// let addr: TcpAddr = "127.0.0.1:*".try_into()?;
    /// let server = ServerBuilder::new().bind(addr).build()?;
    /// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
    ///
    /// client.send("how long is a piece of string?")?;
    ///
    /// let request = server.recv_msg()?;
    /// let id = request.routing_id().unwrap();
    /// server.route("let me think", id)?;
    /// server.route("twice as long as half of it", id)?;
    ///
    /// assert_eq!(client.recv_msg()?, "let me think");
    /// assert_eq!(client.recv_msg()?, "twice as long as half of it");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_CLIENT` (draft)
    ///
    /// [`Immediate`]: crate::opt::Immediate
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_CLIENT")]
    Client, ClientBuilder, ClientConfig: Shared<()>,
    [SendMsg Sends RecvMsg Receives Heartbeating]
}

socket_type! {
    /// Receives requests from [`Client`](crate::Client)s and replies to each by its routing id.
    ///
    #[doc = include_str!("../../docs/pictures/routing_ids.svg")]
    ///
    /// # When to use
    /// Use a server for any service that many clients call, with one thread or many. It is the
    /// thread-safe successor of [`Rep`](crate::Rep) and [`Router`](crate::Router). To serve
    /// [`Req`](crate::Req) and [`Dealer`](crate::Dealer) peers, or multipart messages, use `Rep` or
    /// `Router`. If the service must send first, use [`Peer`](crate::Peer).
    ///
    /// # Message flow
    /// - Each message that the server receives carries the [`RoutingId`](crate::RoutingId) of the
    ///   client's connection.
    /// - Each message that the server sends goes to the client whose routing id it carries.
    ///   [`route`](Self::route) sets the routing id.
    /// - The server can send to a client after the client's first message: any number of messages,
    ///   at any time, in any order.
    /// - Threads share a server by reference or by clone. Each message goes to one of the threads
    ///   that receive.
    ///
    /// # Mute state
    /// Each client has a queue of its own. While that queue is at its high water mark, `send` to
    /// this client blocks and `try_send` returns [`WouldBlock`]; other clients are not affected.
    /// If the client has gone, or the routing id was never used, both return [`HostUnreachable`],
    /// also if the client goes while `send` blocks. A server never drops a message because a queue
    /// is full. When a client goes, the messages in its queue are dropped.
    ///
    /// # Pitfalls
    /// - One slow client can block a thread in `send`. Use [`try_route`](Self::try_route) or
    ///   [`route_timeout`](Self::route_timeout) if that matters.
    /// - A routing id is valid for one connection. A client that reconnects gets another one.
    /// - A message without a routing id returns [`HostUnreachable`].
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Client`](crate::Client) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted, after the client's first message |
    /// | Outgoing routing strategy | By routing id |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
    ///
    /// client.send("request")?;
    /// let msg = server.recv_msg()?;
    /// let id = msg.routing_id().unwrap();
    ///
    /// // One request may have any number of replies.
    /// server.route("reply 1", id)?;
    /// server.route("reply 2", id)?;
    ///
    /// // The routing id stays at the server.
    /// let msg = client.recv_msg()?;
    /// assert_eq!(msg, "reply 1");
    /// assert!(msg.routing_id().is_none());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// Replies are addressed by routing id, not by call order:
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://answers").build()?;
    ///
    /// let unknown = RoutingId::new(1).unwrap();
    /// let error = server.route("hello?", unknown).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A server does not send multipart messages:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Server::new().unwrap().send_multipart(["one", "two"]).unwrap();
    /// ```
    ///
    /// # C API
    /// `ZMQ_SERVER` (draft)
    ///
    /// [`HostUnreachable`]: crate::ErrorKind::HostUnreachable
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_SERVER")]
    Server, ServerBuilder, ServerConfig: Shared<()>,
    [SendMsg Sends RecvMsg Receives Heartbeating Routes]
}

impl Server {
    /// Ends the connection to one client.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
    /// client.send("hello")?;
    ///
    /// let id = server.recv_msg()?.routing_id().unwrap();
    /// server.route("goodbye", id)?;
    /// server.disconnect_peer(id)?;
    ///
    /// assert_eq!(client.recv_msg()?, "goodbye");
    /// assert_eq!(server.route("too late", id).unwrap_err().kind(), ErrorKind::HostUnreachable);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    #[doc = include_str!("disconnect_peer.md")]
    #[doc(alias = "zmq_disconnect_peer")]
    pub fn disconnect_peer(&self, id: RoutingId) -> Result<(), Error> {
        disconnect_peer(self, id)
    }
}
