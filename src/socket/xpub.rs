use super::socket_type;
use crate::{error::Error, msg::Msg, multipart::Unread, recv::RecvMsg};

socket_type! {
    /// A publisher that sees its subscriptions: a [`Pub`](crate::Pub) that also receives.
    ///
    /// It receives a [`Subscription`] when a subscriber asks for a topic that nobody had asked for
    /// yet, and when the last that had asked for it has gone. Subscribers may send other messages
    /// too; those change no subscription.
    ///
    /// Options: each subscription is told ([`Verbose`](crate::opt::Verbose)), each end too
    /// ([`Verboser`](crate::opt::Verboser)); subscriptions count only when confirmed with
    /// [`subscribe`](Self::subscribe) ([`Manual`](crate::opt::Manual)); a new subscriber is sent
    /// something first ([`WelcomeMessage`](crate::opt::WelcomeMessage)); a message goes to the
    /// subscriber heard of last ([`ManualLastValue`](crate::opt::ManualLastValue)), with which the
    /// last value of a topic can be sent to who comes later.
    ///
    /// An `XPub` that does not receive keeps about as many notifications as its
    /// [`RecvHwm`](crate::opt::RecvHwm) says. Beyond that a subscription and its end cancel out,
    /// and the other notifications wait, without the properties of their messages. Subscriptions
    /// take effect all the same. Other messages of a subscriber, and all of its notifications with
    /// `Verbose` or `Manual`, then wait in the queue of that subscriber.
    ///
    /// # Mute state
    /// As a [`Pub`](crate::Pub)'s.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Sub`](crate::Sub), [`XSub`](crate::XSub) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send messages, receive subscriptions |
    /// | Outgoing routing strategy | Fan out |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci, pgm, epgm, norm |
    ///
    /// # Example
    /// A cache of last values:
    /// ```
    /// use libzmq::{prelude::*, *};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let cache = XPubBuilder::new().bind("inproc://prices").manual_last_value(true).build()?;
    /// let sub = SubBuilder::new().connect("inproc://prices").subscribe("gold").build()?;
    ///
    /// let Subscription::Subscribe(topic) = cache.recv_subscription()? else { unreachable!() };
    /// assert_eq!(topic, "gold");
    /// cache.subscribe(&topic)?;
    /// // This goes to the new subscriber alone.
    /// cache.send("gold 4711")?;
    ///
    /// assert_eq!(sub.recv_msg()?, "gold 4711");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_XPUB`
    XPub, XPubBuilder, XPubConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Receives RecvMsg RecvMultipart Heartbeating]
}

/// What an [`XPub`] receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// Somebody subscribes to the topic.
    Subscribe(Msg),
    /// Nobody subscribes to the topic any more.
    Unsubscribe(Msg),
    /// A message of a subscriber's own.
    Message(Msg),
}

impl From<Msg> for Subscription {
    fn from(msg: Msg) -> Self {
        match msg.as_bytes() {
            [1, topic @ ..] => Self::Subscribe(topic.into()),
            [0, topic @ ..] => Self::Unsubscribe(topic.into()),
            _ => Self::Message(msg),
        }
    }
}

impl XPub {
    /// Receives a message as what it means: [`recv_msg`](RecvMsg::recv_msg), read.
    ///
    /// # Errors
    /// As `recv_msg`.
    pub fn recv_subscription(&self) -> Result<Subscription, Error> {
        self.recv_msg().map(Subscription::from)
    }

    /// Subscribes whoever sent the subscription received last to the topic, which need not be the
    /// one asked for. For the options [`Manual`](crate::opt::Manual) and
    /// [`ManualLastValue`](crate::opt::ManualLastValue).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) without one of these options.
    ///
    /// # In C
    /// `ZMQ_SUBSCRIBE`
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.subscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "subscribe"))
    }

    /// Takes back the topic from whoever sent the subscription received last.
    ///
    /// # Errors
    /// As [`subscribe`](Self::subscribe).
    ///
    /// # In C
    /// `ZMQ_UNSUBSCRIBE`
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.unsubscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "unsubscribe"))
    }
}
