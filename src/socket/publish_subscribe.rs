//! The publish-subscribe pattern: [`Pub`], [`Sub`], [`XPub`] and [`XSub`].

use super::socket_type;
use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart, Unread},
    raw::{Errno, Wait},
    socket::{recv::RecvMsg, send::SendMsg},
    util::Period,
};

socket_type! {
    /// A publisher, which sends to all [`Sub`](crate::Sub)s that have subscribed to what a message
    /// begins with.
    ///
    #[doc = include_str!("../../docs/pictures/publish_subscribe.svg")]
    ///
    /// The first bytes of a message's first part are its topic. A message that nobody has
    /// subscribed to goes nowhere; so do those sent before a subscription has arrived.
    ///
    /// # Mute state
    /// While the queue to a subscriber is at its high water mark, messages to it are dropped:
    /// `send` never waits. With [`no_drop`](crate::Builder::no_drop) it waits for the slowest
    /// subscriber instead.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Sub`](crate::Sub), [`XSub`](crate::XSub) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send only |
    /// | Outgoing routing strategy | Fan out |
    /// | Incoming routing strategy | None |
    /// | Action in mute state | Drop |
    /// | Thread-safe | No |
    /// | Multipart messages | Yes |
    /// | Transports | tcp, ipc, inproc, ws, wss, tipc, vmci, pgm, epgm, norm |
    ///
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let publisher = PubBuilder::new().bind("inproc://weather").build()?;
    /// let sub = SubBuilder::new()
    ///     .connect("inproc://weather")
    ///     .subscribe("Oslo")
    ///     .recv_timeout(Duration::from_millis(10))
    ///     .build()?;
    ///
    /// // The subscription takes its time: publish until it has arrived.
    /// let weather = loop {
    ///     publisher.send("Rome: sun")?;
    ///     publisher.send("Oslo: snow")?;
    ///     if let Ok(weather) = sub.recv_msg() {
    ///         break weather;
    ///     }
    /// };
    /// assert_eq!(weather, "Oslo: snow");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_PUB`
    #[doc(alias = "ZMQ_PUB")]
    Pub, PubBuilder, PubConfig: Exclusive<Unread>,
    [Sends SendMsg SendMultipart Heartbeating]
}

socket_type! {
    /// A subscriber, which receives what [`Pub`](crate::Pub)s send on the topics that it has
    /// subscribed to.
    ///
    #[doc = include_str!("../../docs/pictures/publish_subscribe.svg")]
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

socket_type! {
    /// A publisher that sees its subscriptions: a [`Pub`](crate::Pub) that also receives.
    ///
    #[doc = include_str!("../../docs/pictures/proxy.svg")]
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
#[non_exhaustive]
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

socket_type! {
    /// A subscriber that subscribes by sending: a [`Sub`](crate::Sub) that also sends.
    ///
    #[doc = include_str!("../../docs/pictures/proxy.svg")]
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
