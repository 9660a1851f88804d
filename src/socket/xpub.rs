use super::socket_type;
use crate::{
    error::{Error, ErrorKind},
    msg::Msg,
    multipart::{Multipart, Unread},
    period::Period,
    raw::{Errno, Wait},
    recv::RecvMsg,
};

socket_type! {
    /// A publisher that sees its subscriptions: a [`Pub`](crate::Pub) that also receives.
    ///
    /// It receives a [`Subscription`] when a subscriber asks for a topic that nobody had asked for
    /// yet, and when the last that had asked for it has gone. Subscribers may send other messages
    /// too; those change no subscription.
    ///
    /// | Option | Effect |
    /// |:---|:---|
    /// | [`Verbose`](crate::opt::Verbose) | it receives every subscription, not only the first to a topic |
    /// | [`Verboser`](crate::opt::Verboser) | it receives every subscription and every end of one |
    /// | [`Manual`](crate::opt::Manual) | a subscription counts only when [`subscribe`](Self::subscribe) confirms it |
    /// | [`WelcomeMessage`](crate::opt::WelcomeMessage) | each new subscriber receives this message first |
    ///
    /// # The last value for a new subscriber
    /// With [`Manual`](crate::opt::Manual), [`send_to_new_subscriber`](Self::send_to_new_subscriber)
    /// sends to the new subscriber alone, and every other send goes to all.
    ///
    /// The option [`ManualLastValue`](crate::opt::ManualLastValue) is a trap: with it, **the next
    /// message after each subscription received goes to that subscriber only**, whatever the message
    /// was meant for. A publication that is sent before the last value never reaches the others.
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
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let cache = XPubBuilder::new().bind("inproc://prices").manual(true).build()?;
    /// let sub = SubBuilder::new().connect("inproc://prices").subscribe("gold").build()?;
    ///
    /// let Subscription::Subscribe(topic) = cache.recv_subscription()? else { unreachable!() };
    /// assert_eq!(topic, "gold");
    /// cache.subscribe(&topic)?;
    /// cache.send_to_new_subscriber("gold 4711")?;
    /// // This goes to all subscribers.
    /// cache.send("gold 4712")?;
    ///
    /// assert_eq!(sub.recv_msg()?, "gold 4711");
    /// assert_eq!(sub.recv_msg()?, "gold 4712");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_XPUB`
    #[doc(alias = "ZMQ_XPUB")]
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

    /// Receives a message as what it means, waiting no longer than that:
    /// [`recv_msg_timeout`](RecvMsg::recv_msg_timeout), read.
    ///
    /// # Errors
    /// As `recv_msg_timeout`.
    pub fn recv_subscription_timeout<P>(&self, limit: P) -> Result<Option<Subscription>, Error>
    where
        P: Into<Period>,
    {
        Ok(self.recv_msg_timeout(limit)?.map(Subscription::from))
    }

    /// Receives a message as what it means, if one is there:
    /// [`try_recv_msg`](RecvMsg::try_recv_msg), read.
    ///
    /// # Errors
    /// As `try_recv_msg`.
    pub fn try_recv_subscription(&self) -> Result<Subscription, Error> {
        self.try_recv_msg().map(Subscription::from)
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

    /// Sends a message to the new subscriber alone: the sender of the subscription received last,
    /// if [`subscribe`](Self::subscribe) has confirmed a topic that the message begins with. One
    /// message for each subscription received. If the subscriber has gone meanwhile, the message is
    /// dropped.
    ///
    /// For the option [`Manual`](crate::opt::Manual), which leaves every other send to go to all. A
    /// [`Pub`](crate::Pub) does not know its subscribers:
    ///
    /// ```compile_fail,E0599
    /// use libzmq::prelude::*;
    ///
    /// Pub::new().unwrap().send_to_new_subscriber("value").unwrap();
    /// ```
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`InvalidInput`](ErrorKind::InvalidInput) without the option, or for a message without
    ///   parts
    /// - [`WrongState`](ErrorKind::WrongState) unless the message received last was a subscription
    /// - [`WouldBlock`](ErrorKind::WouldBlock) with the option [`NoDrop`](crate::opt::NoDrop), when
    ///   the timeout has passed
    ///
    /// # In C
    /// `ZMQ_XPUB_MANUAL_LAST_VALUE`
    pub fn send_to_new_subscriber<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        const OPERATION: &str = "send to new subscriber";

        let mut parts = parts.into();
        if parts.is_empty() {
            return Err(
                Error::invalid("a message has at least one part", OPERATION).giving_back(parts)
            );
        }
        let sent = self
            .raw
            .for_newcomer(|| self.raw.send_parts(parts.as_mut_slice(), Msg::raw, Wait::AsSet));
        sent.map_err(|errno| {
            let error = match errno {
                Errno::INVALID => Error::invalid("it needs the option `manual`", OPERATION),
                _ => Error::c(errno, OPERATION).waited(self.raw.waited_to_send(Wait::AsSet)),
            };
            match error.kind() {
                ErrorKind::WrongState => error.cured_by("receive a subscription first"),
                _ => error,
            }
            .giving_back(parts)
        })
    }
}
