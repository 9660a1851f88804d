use super::socket_type;

socket_type! {
    /// A gather, which collects from [`Scatter`](crate::Scatter)s: the thread-safe
    /// [`Pull`](crate::Pull).
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
