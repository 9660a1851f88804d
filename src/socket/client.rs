use super::socket_type;

socket_type! {
    /// A client, which asks one or more [`Server`](crate::Server)s.
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
