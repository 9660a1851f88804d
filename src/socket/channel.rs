//! The channel pattern: [`Channel`].

use super::socket_type;

socket_type! {
    /// A channel, which talks to one other channel: the thread-safe [`Pair`](crate::Pair).
    ///
    #[doc = include_str!("../../docs/pictures/channel.svg")]
    ///
    /// A channel has one peer at a time. While it has one, it hangs up on others, which connect
    /// again at their [reconnect interval](crate::opt::ReconnectInterval) and are
    /// served once the first has gone. What they send meanwhile may be lost. Threads share a
    /// channel: clone it, or borrow it.
    ///
    /// # Mute state
    /// While there is no peer, or the queue to it is at its high water mark, `send` waits and
    /// `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A channel never drops a
    /// message.
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
    /// # Example
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
    /// # In C
    /// `ZMQ_CHANNEL`, a draft
    #[doc(alias = "ZMQ_CHANNEL")]
    Channel, ChannelBuilder, ChannelConfig: Shared<()>,
    [Sends SendMsg Receives RecvMsg Heartbeating]
}
