//! The client-server pattern: [`Client`] and [`Server`].

use super::socket_type;

socket_type! {
    /// A client, which asks one or more [`Server`](crate::Server)s.
    ///
    #[doc = include_str!("../../docs/pictures/client_server.svg")]
    ///
    /// A client starts the conversation; after that either side sends whenever it likes, any number
    /// of messages. Connected to several servers it sends to each in turn and receives from all
    /// fairly, which is of use only where it does not matter which server answers.
    ///
    /// Threads share a client: clone it, or borrow it. A reply goes to whichever thread receives
    /// first, so threads that each wait for their own replies need a client each.
    ///
    /// # Mute state
    /// While no server is connected, or the queue to each of them is at its high water mark, the
    /// client is in its mute state: `send` waits and `try_send` fails with
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock). A client never drops a message. Over tcp and
    /// ipc the queue to a server that was not reached yet takes messages, unless the option
    /// [`Immediate`](crate::opt::Immediate) is set.
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
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// // Let the system choose a port, and ask which.
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
    /// # In C
    /// `ZMQ_CLIENT`, a draft
    #[doc(alias = "ZMQ_CLIENT")]
    Client, ClientBuilder, ClientConfig: Shared<()>,
    [Sends SendMsg Receives RecvMsg Heartbeating]
}

socket_type! {
    /// A server, which answers [`Client`](crate::Client)s.
    ///
    #[doc = include_str!("../../docs/pictures/routing_ids.svg")]
    ///
    /// Each message received carries the [`RoutingId`](crate::RoutingId) of the client's
    /// connection, and each message sent goes to the client whose routing id it carries:
    /// [`route`](Self::route) sets it. So a server speaks to a client only after it has heard from
    /// it; then as often as it likes, at any time, in any order.
    ///
    /// Threads share a server: clone it, or borrow it. Each message goes to one of the threads that
    /// receive.
    ///
    /// # Mute state
    /// While the queue to a client is at its high water mark, that client cannot be sent to: `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). Others are not
    /// affected. To a client that is gone, or that never was, both fail with
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable). A server never drops a message; what
    /// is in the queue to a client when it goes away is lost with it.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Client`](crate::Client) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted, after the client's first message |
    /// | Outgoing routing strategy | To the peer that the message names |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Example
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
    /// // As many replies as we like, without being asked again.
    /// server.route("reply 1", id)?;
    /// server.route("reply 2", id)?;
    ///
    /// // The routing id is the server's affair: it is not sent along.
    /// let msg = client.recv_msg()?;
    /// assert_eq!(msg, "reply 1");
    /// assert!(msg.routing_id().is_none());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Which client a reply goes to is data, not a place in a conversation
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://answers").build()?;
    ///
    /// let nobody = RoutingId::new(1).unwrap();
    /// let error = server.route("hello?", nobody).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::HostUnreachable);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A server's messages have one part:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Server::new().unwrap().send_multipart(["one", "two"]).unwrap();
    /// ```
    ///
    /// # In C
    /// `ZMQ_SERVER`, a draft
    #[doc(alias = "ZMQ_SERVER")]
    Server, ServerBuilder, ServerConfig: Shared<()>,
    [Sends SendMsg Receives RecvMsg Heartbeating Routes]
}
