use super::socket_type;
use crate::multipart::Unread;

socket_type! {
    /// A pull, which collects from [`Push`](crate::Push)es.
    ///
    /// Messages come from all connected peers fairly. The thread-safe kind is
    /// [`Gather`](crate::Gather).
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Push`](crate::Push) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
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
    /// let pull = PullBuilder::new().bind("inproc://results").build()?;
    /// let push = PushBuilder::new().connect("inproc://results").build()?;
    ///
    /// push.send_multipart(["key", "value"])?;
    /// push.send("end")?;
    ///
    /// // A message of several parts that meets a call for one is not torn apart.
    /// assert_eq!(pull.recv_msg().unwrap_err().kind(), ErrorKind::Multipart);
    /// assert_eq!(pull.recv_multipart()?, ["key", "value"]);
    /// assert_eq!(pull.recv_msg()?, "end");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_PULL`
    #[doc(alias = "ZMQ_PULL")]
    Pull, PullBuilder, PullConfig: Exclusive<Unread>,
    [Receives RecvMsg RecvMultipart Heartbeating]
}
