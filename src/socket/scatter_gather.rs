//! The scatter-gather pattern: [`Scatter`] and [`Gather`].

use super::socket_type;

socket_type! {
    /// A scatter, which hands work to [`Gather`](crate::Gather)s: the thread-safe
    /// [`Push`](crate::Push).
    ///
    #[doc = include_str!("../../docs/pictures/scatter_gather.svg")]
    ///
    /// Each message goes to one of the connected peers, in turn. Threads share a scatter: clone it,
    /// or borrow it.
    ///
    /// # Mute state
    /// While no peer is connected, or the queue to each of them is at its high water mark, `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A scatter
    /// never drops a message. Over tcp and ipc the queue to a peer that was not reached yet takes
    /// messages, unless the option [`Immediate`](crate::opt::Immediate) is set.
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
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let workers = [
    ///     GatherBuilder::new().bind("inproc://worker-1").build()?,
    ///     GatherBuilder::new().bind("inproc://worker-2").build()?,
    /// ];
    /// let scatter = ScatterBuilder::new().connect(["inproc://worker-1", "inproc://worker-2"]).build()?;
    ///
    /// scatter.send("one")?;
    /// scatter.send("two")?;
    /// assert_eq!(workers[0].recv_msg()?, "one");
    /// assert_eq!(workers[1].recv_msg()?, "two");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_SCATTER`, a draft
    #[doc(alias = "ZMQ_SCATTER")]
    Scatter, ScatterBuilder, ScatterConfig: Shared<()>,
    [Sends SendMsg Heartbeating]
}

socket_type! {
    /// A gather, which collects from [`Scatter`](crate::Scatter)s: the thread-safe
    /// [`Pull`](crate::Pull).
    ///
    #[doc = include_str!("../../docs/pictures/scatter_gather.svg")]
    ///
    /// Messages come from all connected peers fairly. Threads share a gather: clone it, or borrow
    /// it. Each message goes to one of the threads that receive.
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
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let gather = GatherBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let scatter = ScatterBuilder::new().connect(gather.last_endpoint()?).build()?;
    ///
    /// // Two threads share the work that comes.
    /// let threads = [gather.clone(), gather].map(|gather| std::thread::spawn(move || gather.recv_msg()));
    /// scatter.send("a task")?;
    /// scatter.send("a task")?;
    /// for thread in threads {
    ///     assert_eq!(thread.join().unwrap()?, "a task");
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_GATHER`, a draft
    #[doc(alias = "ZMQ_GATHER")]
    Gather, GatherBuilder, GatherConfig: Shared<()>,
    [Receives RecvMsg Heartbeating]
}
