use super::socket_type;

socket_type! {
    /// A server, which answers [`Client`](crate::Client)s.
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
