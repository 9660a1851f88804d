//! The pipeline pattern: [`Push`] and [`Pull`].

use super::socket_type;
use crate::message::Unread;

socket_type! {
    /// Distributes messages among the connected [`Pull`](crate::Pull)s, each message to one.
    ///
    #[doc = include_str!("../../docs/pictures/pipeline.svg")]
    ///
    /// # When to use
    /// Use a push to share work among workers, to collect results at one pull, and to reach a
    /// `PULL` of another program. If several threads send, use its thread-safe successor
    /// [`Scatter`](crate::Scatter). If workers must reply, use [`Dealer`](crate::Dealer) and
    /// [`Router`](crate::Router). If every peer needs every message, use [`Pub`](crate::Pub).
    ///
    /// # Message flow
    /// Each message goes to one of the connected peers, in turn. A peer whose queue is at its high
    /// water mark is skipped. All frames of a multipart message go to the same peer.
    ///
    /// # Mute state
    /// The push is mute while no peer is connected, or while the queue of each connected peer is at
    /// its high water mark. Then `send` blocks and `try_send` returns [`WouldBlock`]. A push never
    /// drops a message because a queue is full.
    ///
    /// A connection over tcp or ipc has a queue from the call of `connect` on, before a peer is
    /// reached. With the option [`Immediate`] it has one only while a peer is connected.
    ///
    /// # Pitfalls
    /// - Peers get equal numbers of messages, not equal work: up to the high water marks, messages
    ///   queue at a slow peer while others are idle. Set low high water marks for long tasks.
    /// - A worker that fails loses the messages in its queue. The push does not know which.
    /// - The first peer to connect can get many messages before the others connect.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Pull`](crate::Pull) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send only |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | None |
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
    /// let sink = PullBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let push = PushBuilder::new().connect(sink.last_endpoint()?).build()?;
    ///
    /// for task in 0..10 {
    ///     push.send(format!("task {task}"))?;
    /// }
    /// for task in 0..10 {
    ///     assert_eq!(sink.recv_msg()?, format!("task {task}").as_str());
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A push has no methods to receive:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Push::new().unwrap().recv_msg().unwrap();
    /// ```
    ///
    /// # C API
    /// `ZMQ_PUSH`
    ///
    /// [`Immediate`]: crate::opt::Immediate
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_PUSH")]
    Push, PushBuilder, PushConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends Heartbeating]
}

socket_type! {
    /// Receives messages from the connected [`Push`](crate::Push)es.
    ///
    #[doc = include_str!("../../docs/pictures/pipeline.svg")]
    ///
    /// # When to use
    /// Use a pull for a worker that takes tasks, to collect results, and to receive from a `PUSH`
    /// of another program. If several threads receive, use its thread-safe successor
    /// [`Gather`](crate::Gather).
    ///
    /// # Message flow
    /// Messages from all connected peers are fair-queued. Messages of one peer arrive in order.
    ///
    /// # Mute state
    /// A pull does not send. While its queue for a peer is at its high water mark, messages wait at
    /// that peer, and then `send` blocks there. No message is dropped.
    ///
    /// # Pitfalls
    /// - Messages in the queues of a pull are lost when it closes.
    /// - `recv_msg` returns [`Multipart`](crate::ErrorKind::Multipart) when a multipart message
    ///   arrives. Call `recv_multipart` if peers send such messages.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Push`](crate::Push) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
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
    /// let pull = PullBuilder::new().bind("inproc://results").build()?;
    /// let push = PushBuilder::new().connect("inproc://results").build()?;
    ///
    /// push.send_multipart(["key", "value"])?;
    /// push.send("end")?;
    ///
    /// // `recv_msg` does not split a multipart message.
    /// assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
    /// assert_eq!(pull.recv_multipart()?, ["key", "value"]);
    /// assert_eq!(pull.recv_msg()?, "end");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_PULL`
    #[doc(alias = "ZMQ_PULL")]
    Pull, PullBuilder, PullConfig: Exclusive<Unread>,
    [RecvMsg RecvMultipart Receives Heartbeating]
}
