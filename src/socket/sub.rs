use super::socket_type;
use crate::{error::Error, multipart::Unread};

socket_type! {
    /// A subscriber, which receives what [`Pub`](crate::Pub)s send on the topics that it has
    /// subscribed to.
    ///
    /// A topic is how a message begins: a subscription to `"a"` receives `"a"`, `"abc"` and all
    /// else with that beginning, one to `""` everything. Without a subscription a subscriber
    /// receives nothing.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Pub`](crate::Pub), [`XPub`](crate::XPub) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop, at the publisher |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci, pgm, epgm, norm |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sub = SubBuilder::new().bind("tcp://127.0.0.1:*").subscribe(["debug.", "error."]).build()?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 2);
    ///
    /// sub.unsubscribe("debug.")?;
    /// sub.subscribe([0xff, 0x00])?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 2);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// Only what receives publications subscribes:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Dealer::new().unwrap().subscribe("topic").unwrap();
    /// ```
    ///
    /// # In C
    /// `ZMQ_SUB`
    #[doc(alias = "ZMQ_SUB")]
    Sub, SubBuilder, SubConfig: Exclusive<Unread>,
    [Receives RecvMsg RecvMultipart Heartbeating Subscribes],
    interest: "subscribe" subscribe
}

impl Sub {
    /// Subscribes to what begins with the topic. A topic subscribed to twice must be unsubscribed
    /// from twice.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    ///
    /// # In C
    /// `ZMQ_SUBSCRIBE`
    #[doc(alias = "ZMQ_SUBSCRIBE")]
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.subscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "subscribe"))
    }

    /// Takes back one subscription to the topic. One that was never made is no error.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    ///
    /// # In C
    /// `ZMQ_UNSUBSCRIBE`
    #[doc(alias = "ZMQ_UNSUBSCRIBE")]
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.unsubscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "unsubscribe"))
    }
}
