//! The channel pattern: [`Channel`].

use super::socket_type;

socket_type! {
    /// Exchanges messages with exactly one other channel.
    ///
    #[doc = include_str!("../../docs/pictures/channel.svg")]
    ///
    /// # When to use
    /// Use a channel to connect two threads or two processes when there is never a third. It is the
    /// thread-safe successor of [`Pair`](crate::Pair). To reach a `Pair`, or for multipart
    /// messages, use `Pair`. For more than one peer, use [`Peer`](crate::Peer), or
    /// [`Client`](crate::Client) and [`Server`](crate::Server).
    ///
    /// # Message flow
    /// - Both ends send and receive at any time, in any order.
    /// - A channel has one connection at a time. While it has one, it hangs up on others. They
    ///   connect again at their [reconnect interval](crate::opt::ReconnectInterval), and are served
    ///   once the first has gone.
    /// - Threads share a channel by reference or by clone. Each message goes to one of the threads
    ///   that receive.
    ///
    /// # Mute state
    /// The channel is mute while it has no connection, or while its queue is at its high water
    /// mark. Then `send` blocks and `try_send` returns
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock). A channel never drops a message because a
    /// queue is full.
    ///
    /// # Pitfalls
    /// - A peer that is refused gets no error, and messages that it sends are lost. Its connection
    ///   ends, and it reconnects until the first peer has gone. A [monitor](crate::monitor) reports
    ///   each end of a connection.
    /// - The queue of a bound channel ends with its connection. A message in it is dropped.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Channel`](crate::Channel), one |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | None |
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
    /// let here = ChannelBuilder::new().bind("inproc://between-threads").build()?;
    /// let there = ChannelBuilder::new().connect("inproc://between-threads").build()?;
    ///
    /// let echo = std::thread::spawn(move || there.recv_msg().map(|msg| there.send(msg)));
    /// here.send("echo")?;
    /// assert_eq!(here.recv_msg()?, "echo");
    /// # echo.join().unwrap()??;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_CHANNEL` (draft)
    #[doc(alias = "ZMQ_CHANNEL")]
    Channel, ChannelBuilder, ChannelConfig: Shared<()>,
    [SendMsg Sends RecvMsg Receives Heartbeating]
}
