use super::socket_type;
use crate::{error::Error, msg::Msg, multipart::Unread, send::SendMsg};

socket_type! {
    /// A subscriber that subscribes by sending: a [`Sub`](crate::Sub) that also sends.
    ///
    /// [`subscribe`](Self::subscribe) sends the publishers what C has for a subscription: a byte 1
    /// and the topic. Other messages reach an [`XPub`](crate::XPub) as they are. So an `XSub` and
    /// an `XPub` make a forwarder of publications.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Pub`](crate::Pub), [`XPub`](crate::XPub) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive messages, send subscriptions |
    /// | Outgoing routing strategy | Fan out |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci, pgm, epgm, norm |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let publisher = XPubBuilder::new().bind("inproc://feed").build()?;
    /// let sub = XSubBuilder::new().connect("inproc://feed").build()?;
    ///
    /// sub.subscribe("A")?;
    /// assert_eq!(publisher.recv_subscription()?, Subscription::Subscribe("A".into()));
    /// sub.send("ping")?;
    /// assert_eq!(publisher.recv_subscription()?, Subscription::Message("ping".into()));
    ///
    /// publisher.send("A1")?;
    /// assert_eq!(sub.recv_msg()?, "A1");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_XSUB`
    #[doc(alias = "ZMQ_XSUB")]
    XSub, XSubBuilder, XSubConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating Subscribes],
    interest: "subscribe" subscribe
}

impl XSub {
    /// Subscribes to what begins with the topic, on all connections that are and will be.
    ///
    /// # Errors
    /// As [`send`](SendMsg::send), without the message.
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.tell(1, topic.as_ref())
    }

    /// Takes back one subscription to the topic.
    ///
    /// # Errors
    /// As [`send`](SendMsg::send), without the message.
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.tell(0, topic.as_ref())
    }

    fn tell(&self, what: u8, topic: &[u8]) -> Result<(), Error> {
        let mut msg = Msg::with_size(1 + topic.len());
        let bytes = msg.as_mut_bytes();
        bytes[0] = what;
        bytes[1..].copy_from_slice(topic);
        self.send(msg).map_err(Error::cast)
    }
}
