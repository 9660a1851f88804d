use super::socket_type;
use crate::multipart::Unread;

socket_type! {
    /// A requester, which sends a request, receives its reply, sends the next, and so on.
    ///
    /// Requests go to the connected services in turn. To send twice in a row, or to receive first,
    /// is [`WrongState`](crate::ErrorKind::WrongState). A request whose service dies is not
    /// answered: with the option [`Relaxed`](crate::opt::Relaxed) another may be sent then, and
    /// with [`Correlate`](crate::opt::Correlate) a late reply to an earlier one is not taken for
    /// its reply. Use both together.
    ///
    /// # Mute state
    /// While no service is connected, or the queue to each of them is at its high water mark,
    /// `send` waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A
    /// requester never drops a message.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Rep`](crate::Rep), [`Router`](crate::Router) |
    /// | Direction | Bidirectional |
    /// | Send/receive pattern | Send, receive, send, receive, ... |
    /// | Outgoing routing strategy | Round-robin |
    /// | Incoming routing strategy | Last peer |
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
    /// let rep = RepBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let req = ReqBuilder::new().connect(rep.last_endpoint()?).build()?;
    ///
    /// req.send("the time, please")?;
    /// assert_eq!(req.send("now!").unwrap_err().kind(), ErrorKind::WrongState);
    ///
    /// assert_eq!(rep.recv_msg()?, "the time, please");
    /// rep.send("noon")?;
    /// assert_eq!(req.recv_msg()?, "noon");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_REQ`
    #[doc(alias = "ZMQ_REQ")]
    Req, ReqBuilder, ReqConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}
