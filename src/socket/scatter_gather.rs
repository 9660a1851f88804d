//! The scatter-gather pattern: [`Scatter`] and [`Gather`].

use super::socket_type;

socket_type! {
    /// Distributes messages among the connected [`Gather`](crate::Gather)s, each message to one.
    ///
    #[doc = include_str!("../../docs/pictures/scatter_gather.svg")]
    ///
    /// # When to use
    /// Use a scatter to share work among workers, or to collect results at one gather, from one
    /// thread or many. It is the thread-safe successor of [`Push`](crate::Push). To reach a
    /// [`Pull`](crate::Pull), or to send multipart messages, use `Push`. If workers must reply, use
    /// [`Client`](crate::Client) and [`Server`](crate::Server). If every peer needs every message,
    /// use [`Radio`](crate::Radio).
    ///
    /// # Message flow
    /// - Each message goes to one of the connected peers, in turn. A peer whose queue is at its
    ///   high water mark is skipped.
    /// - Threads share a scatter by reference or by clone.
    ///
    /// # Mute state
    /// The scatter is mute while no peer is connected, or while the queue of each connected peer is
    /// at its high water mark. Then `send` blocks and `try_send` returns [`WouldBlock`]. A scatter
    /// never drops a message because a queue is full.
    ///
    /// A connection over tcp or ipc has a queue from the call of `connect` on, before a peer is
    /// reached. With the option [`Immediate`] it has one only while a peer is connected.
    ///
    /// # Pitfalls
    /// - Peers get equal numbers of messages, not equal work: up to the high water marks, messages
    ///   queue at a slow peer while others are idle. Set low high water marks for long tasks.
    /// - A worker that fails loses the messages in its queue. The scatter does not know which.
    /// - The first peer to connect can get many messages before the others connect.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Gather`](crate::Gather) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send only |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | None |
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
    /// let endpoints = ["inproc://worker-1", "inproc://worker-2"];
    /// let workers = [
    ///     GatherBuilder::new().bind(endpoints[0]).build()?,
    ///     GatherBuilder::new().bind(endpoints[1]).build()?,
    /// ];
    /// let scatter = ScatterBuilder::new().connect(endpoints).build()?;
    ///
    /// scatter.send("one")?;
    /// scatter.send("two")?;
    /// assert_eq!(workers[0].recv_msg()?, "one");
    /// assert_eq!(workers[1].recv_msg()?, "two");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_SCATTER` (draft)
    ///
    /// [`Immediate`]: crate::opt::Immediate
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_SCATTER")]
    Scatter, ScatterBuilder, ScatterConfig: Shared<()>,
    [SendMsg Sends Heartbeating]
}

socket_type! {
    /// Receives messages from the connected [`Scatter`](crate::Scatter)s.
    ///
    #[doc = include_str!("../../docs/pictures/scatter_gather.svg")]
    ///
    /// # When to use
    /// Use a gather for a worker that takes tasks, or to collect results, with one thread or many.
    /// It is the thread-safe successor of [`Pull`](crate::Pull). To receive from a
    /// [`Push`](crate::Push), or to receive multipart messages, use `Pull`.
    ///
    /// # Message flow
    /// - Messages from all connected peers are fair-queued.
    /// - Threads share a gather by reference or by clone. Each message goes to one of the threads
    ///   that receive.
    ///
    /// # Mute state
    /// A gather does not send. While its queue for a peer is at its high water mark, messages wait
    /// at that peer, and then `send` blocks there. No message is dropped.
    ///
    /// # Pitfalls
    /// - Messages in the queues of a gather are lost when it closes.
    /// - Messages of one peer arrive in order. Messages of different peers have no order.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Scatter`](crate::Scatter) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Block |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    /// use std::thread;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let gather = GatherBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let scatter = ScatterBuilder::new().connect(gather.last_endpoint()?).build()?;
    ///
    /// // Two threads share the tasks.
    /// let threads = [gather.clone(), gather]
    ///     .map(|gather| thread::spawn(move || gather.recv_msg()));
    /// scatter.send("a task")?;
    /// scatter.send("a task")?;
    /// for thread in threads {
    ///     assert_eq!(thread.join().unwrap()?, "a task");
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_GATHER` (draft)
    #[doc(alias = "ZMQ_GATHER")]
    Gather, GatherBuilder, GatherConfig: Shared<()>,
    [RecvMsg Receives Heartbeating]
}
