//! The pipeline pattern: [`Push`] and [`Pull`].

use super::socket_type;
use crate::message::Unread;

socket_type! {
    /// A push, which hands work to [`Pull`](crate::Pull)s.
    ///
    #[doc = include_str!("../../docs/pictures/pipeline.svg")]
    ///
    /// Each message goes to one of the connected peers, in turn. The thread-safe kind is
    /// [`Scatter`](crate::Scatter).
    ///
    /// # Mute state
    /// While no peer is connected, or the queue to each of them is at its high water mark, `send`
    /// waits and `try_send` fails with [`WouldBlock`](crate::ErrorKind::WouldBlock). A push never
    /// drops a message. Over tcp and ipc the queue to a peer that was not reached yet takes
    /// messages, unless the option [`Immediate`](crate::opt::Immediate) is set.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Pull`](crate::Pull) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send only |
    /// | Outgoing routing strategy | Round-robin |
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
    /// let sink = PullBuilder::new().bind("tcp://127.0.0.1:*").build()?;
    /// let push = PushBuilder::new().connect(sink.last_endpoint()?).build()?;
    ///
    /// for task in 0..10 {
    ///     push.send(format!("task {task}"))?;
    /// }
    /// for task in 0..10 {
    ///     assert_eq!(sink.recv_msg()?, format!("task {task}").as_str());
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A push does not receive:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Push::new().unwrap().recv_msg().unwrap();
    /// ```
    ///
    /// # In C
    /// `ZMQ_PUSH`
    #[doc(alias = "ZMQ_PUSH")]
    Push, PushBuilder, PushConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Heartbeating]
}

socket_type! {
    /// A pull, which collects from [`Push`](crate::Push)es.
    ///
    #[doc = include_str!("../../docs/pictures/pipeline.svg")]
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
