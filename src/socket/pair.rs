//! The exclusive pair pattern: [`Pair`].

use super::socket_type;
use crate::message::Unread;

socket_type! {
    /// A pair, which talks to one other pair: two threads, most often, over inproc.
    ///
    #[doc = include_str!("../../docs/pictures/pair.svg")]
    ///
    /// A pair has one peer at a time. While it has one, it hangs up on others, which connect again
    /// at their [reconnect interval](crate::opt::ReconnectInterval) and are served
    /// once the first has gone. What they send meanwhile may be lost. The thread-safe kind is
    /// [`Channel`](crate::Channel).
    ///
    /// # Mute state
    /// While there is no peer, or the queue to it is at its high water mark, `send` waits and
    /// `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A pair never drops a
    /// message.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Pair`](crate::Pair), one |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | None |
    /// | Incoming routing strategy | None |
    /// | Action in mute state | Block |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let main = PairBuilder::new().bind("inproc://ready").build()?;
    /// let other = PairBuilder::new().connect("inproc://ready").build()?;
    ///
    /// let thread = std::thread::spawn(move || other.send("ready"));
    /// assert_eq!(main.recv_msg()?, "ready");
    /// # thread.join().unwrap()?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A thread may be given a pair, but two cannot share one:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// let pair = Pair::new().unwrap();
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| pair.send("one"));
    ///     scope.spawn(|| pair.send("two"));
    /// });
    /// ```
    ///
    /// # In C
    /// `ZMQ_PAIR`
    #[doc(alias = "ZMQ_PAIR")]
    Pair, PairBuilder, PairConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}
