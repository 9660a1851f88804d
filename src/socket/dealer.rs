use super::socket_type;
use crate::multipart::Unread;

socket_type! {
    /// A dealer, which sends and receives in any order: a [`Req`](crate::Req) that need not wait.
    ///
    /// Each message goes to one of the connected peers, in turn; messages come from all of them
    /// fairly. To a [`Rep`](crate::Rep) a message begins with an empty part, and so does its reply:
    /// the envelope that a `Req` makes by itself.
    ///
    /// # Mute state
    /// While no peer is connected, or the queue to each of them is at its high water mark, `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A dealer never
    /// drops a message. Over tcp and ipc the queue to a peer that was not reached yet takes
    /// messages, unless the option [`Immediate`](crate::opt::Immediate) is set.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Router`](crate::Router), [`Rep`](crate::Rep), [`Dealer`](crate::Dealer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Unrestricted |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Fair-queued |
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
    /// let rep = RepBuilder::new().bind("inproc://service").build()?;
    /// let dealer = DealerBuilder::new().connect("inproc://service").build()?;
    ///
    /// // Two requests before the first reply.
    /// dealer.send_multipart(["", "one"])?;
    /// dealer.send_multipart(["", "two"])?;
    ///
    /// for request in ["one", "two"] {
    ///     assert_eq!(rep.recv_msg()?, request);
    ///     rep.send("done")?;
    ///     assert_eq!(dealer.recv_multipart()?, ["", "done"]);
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_DEALER`
    #[doc(alias = "ZMQ_DEALER")]
    #[doc(alias = "ZMQ_XREQ")]
    Dealer, DealerBuilder, DealerConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}
