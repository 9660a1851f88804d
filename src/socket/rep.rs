use super::socket_type;
use crate::multipart::Unread;

socket_type! {
    /// A replier, which receives a request, sends its reply, receives the next, and so on.
    ///
    /// Requests come from all connected peers fairly, and each reply goes to whoever sent the
    /// request; if they are gone, it is discarded silently. To receive twice in a row, or to send
    /// first, is [`WrongState`](crate::ErrorKind::WrongState).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Req`](crate::Req), [`Dealer`](crate::Dealer) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Receive, send, receive, send, ... |
    /// | Outgoing routing strategy | Last peer |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop the reply |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let rep = RepBuilder::new().bind("inproc://double").build()?;
    /// assert_eq!(rep.send("too early").unwrap_err().kind(), ErrorKind::WrongState);
    ///
    /// let req = ReqBuilder::new().connect("inproc://double").build()?;
    /// req.send_multipart(["2", "3"])?;
    /// let doubled: Multipart = rep
    ///     .recv_multipart()?
    ///     .iter()
    ///     .map(|part| (2 * part.to_str().unwrap().parse::<i32>().unwrap()).to_string())
    ///     .collect();
    /// rep.send_multipart(doubled)?;
    /// assert_eq!(req.recv_multipart()?, ["4", "6"]);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_REP`
    #[doc(alias = "ZMQ_REP")]
    Rep, RepBuilder, RepConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}
