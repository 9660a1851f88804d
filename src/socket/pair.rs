//! The exclusive pair pattern: [`Pair`].

use super::socket_type;
use crate::message::Unread;

socket_type! {
    /// Exchanges messages with exactly one other pair, most often between two threads over inproc.
    ///
    #[doc = include_str!("../../docs/pictures/pair.svg")]
    ///
    /// # When to use
    /// Use a pair to coordinate two threads, and to reach a `PAIR` of another program. If several
    /// threads use the socket, use its thread-safe successor [`Channel`](crate::Channel). For more
    /// than one peer, use [`Dealer`](crate::Dealer) and [`Router`](crate::Router).
    ///
    /// # Message flow
    /// - Both ends send and receive at any time, in any order.
    /// - A pair has one connection at a time. While it has one, it hangs up on others. They
    ///   connect again at their [reconnect interval](crate::opt::ReconnectInterval), and are served
    ///   once the first has gone.
    ///
    /// # Mute state
    /// The pair is mute while it has no connection, or while its queue is at its high water mark.
    /// Then `send` blocks and `try_send` returns [`WouldBlock`](crate::ErrorKind::WouldBlock). A
    /// pair never drops a message because a queue is full.
    ///
    /// # Pitfalls
    /// - A peer that is refused gets no error, and messages that it sends are lost. Its connection
    ///   ends, and it reconnects until the first peer has gone. A [monitor](crate::monitor) reports
    ///   each end of a connection.
    /// - The queue of a bound pair ends with its connection. A message in it is dropped.
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
    /// # Examples
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
    /// A pair can move to another thread, but two threads cannot share it:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// let pair = Pair::new().unwrap();
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| pair.send("one"));
    ///     scope.spawn(|| pair.send("two"));
    /// });
    /// ```
    ///
    /// # C API
    /// `ZMQ_PAIR`
    #[doc(alias = "ZMQ_PAIR")]
    Pair, PairBuilder, PairConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating]
}
