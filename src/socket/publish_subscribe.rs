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
    /// Publishes each message to all [`Sub`](crate::Sub)s that have subscribed to its topic.
    ///
    #[doc = include_str!("../../docs/pictures/publish_subscribe.svg")]
    ///
    /// # When to use
    /// Use a pub to distribute news, prices or state to any number of subscribers, and to reach a
    /// `SUB` of another program. If several threads publish, use its thread-safe successor
    /// [`Radio`](crate::Radio). To see the subscriptions, use [`XPub`](crate::XPub). If every
    /// message must arrive, use [`Push`](crate::Push) or [`Router`](crate::Router).
    ///
    /// # Message flow
    /// - The topic is the beginning of a message's first frame: a subscription to `"Oslo"` matches
    ///   `"Oslo: snow"`.
    /// - Each message goes to all subscribers with a matching subscription. The pub filters, except
    ///   over pgm, epgm and norm, where the subscriber does.
    /// - A message without a matching subscription is dropped at once. `send` returns `Ok`.
    ///
    /// # Mute state
    /// Each subscriber has a queue of its own. While that queue is at its high water mark, messages
    /// to this subscriber are dropped, and `send` does not block. With
    /// [`no_drop`](crate::Builder::no_drop) `send` blocks until the slowest subscriber has taken a
    /// message, and `try_send` returns [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ///
    /// # Pitfalls
    /// - A subscription is a message to the pub. Messages that are published before it arrives do
    ///   not reach the subscriber: the first messages after `bind` or `connect` are often lost.
    /// - Dropped messages are not reported. Number the messages if subscribers must notice gaps.
    /// - A prefix matches more than a word: `"a"` also matches `"abc"`. End topics with a
    ///   delimiter, or put the topic into a frame of its own and end it with a zero byte.
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
    /// # Examples
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
    /// // The subscription arrives some time later: publish until then.
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
    /// # C API
    /// `ZMQ_PUB`
    #[doc(alias = "ZMQ_PUB")]
    Pub, PubBuilder, PubConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends Heartbeating]
}

socket_type! {
    /// Receives the messages that [`Pub`](crate::Pub)s publish on the topics that it has subscribed
    /// to.
    ///
    #[doc = include_str!("../../docs/pictures/publish_subscribe.svg")]
    ///
    /// # When to use
    /// Use a sub to receive publications, and to receive from a `PUB` of another program. If
    /// several threads receive, use its thread-safe successor [`Dish`](crate::Dish). To forward
    /// subscriptions, use [`XSub`](crate::XSub).
    ///
    /// # Message flow
    /// - A subscription matches each message whose first frame begins with the topic: `"a"` matches
    ///   `"a"` and `"abc"`, and `""` matches every message.
    /// - A message that matches several subscriptions is received once.
    /// - Messages from all connected publishers are fair-queued.
    /// - The sub sends its subscriptions again by itself when a connection is made anew.
    ///
    /// # Mute state
    /// A sub does not send. While its queue for a publisher is at its high water mark, messages
    /// wait at the publisher, and then the publisher drops messages to this sub.
    ///
    /// # Pitfalls
    /// - A sub without a subscription receives nothing, and `recv_msg` blocks.
    /// - A subscription is a message to each publisher. Messages that are published before it
    ///   arrives do not reach the sub.
    /// - A slow sub loses messages without notice. Raise [`RecvHwm`](crate::opt::RecvHwm), or
    ///   receive on a thread of its own.
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
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let topics = ["debug.", "error."];
    /// let sub = SubBuilder::new().bind("tcp://127.0.0.1:*").subscribe(topics).build()?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 2);
    ///
    /// sub.unsubscribe("debug.")?;
    /// sub.subscribe([0xff, 0x00])?;
    /// assert_eq!(sub.get(opt::TopicsCount)?, 2);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// Other socket types have no `subscribe`:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Dealer::new().unwrap().subscribe("topic").unwrap();
    /// ```
    ///
    /// # C API
    /// `ZMQ_SUB`
    #[doc(alias = "ZMQ_SUB")]
    Sub, SubBuilder, SubConfig: Exclusive<Unread>,
    [RecvMsg RecvMultipart Receives Heartbeating Subscribes],
    interest: "subscribe" subscribe
}

impl Sub {
    /// Subscribes to all messages whose first frame begins with the topic.
    ///
    /// Does not block. The empty topic matches every message. Subscriptions count: a topic that was
    /// subscribed to twice must be unsubscribed from twice.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sub = SubBuilder::new().bind("inproc://subscribe").build()?;
    /// sub.subscribe("weather.")?;
    /// sub.subscribe([0xff, 0x00])?;
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_SUBSCRIBE`
    #[doc(alias = "ZMQ_SUBSCRIBE")]
    #[doc(alias = "set_subscribe")]
    #[doc(alias = "subscribe_string")]
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.subscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "subscribe"))
    }

    /// Removes one subscription to the topic. Without such a subscription it does nothing.
    ///
    /// Does not block. Messages that are queued already, or that the publisher sends before it has
    /// received the change, are still received.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_UNSUBSCRIBE`
    #[doc(alias = "ZMQ_UNSUBSCRIBE")]
    #[doc(alias = "set_unsubscribe")]
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.unsubscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "unsubscribe"))
    }
}

socket_type! {
    /// Publishes like a [`Pub`](crate::Pub), and receives the subscriptions of its subscribers.
    ///
    #[doc = include_str!("../../docs/pictures/proxy.svg")]
    ///
    /// # When to use
    /// Use an xpub to see the subscriptions, to send the last value to a new subscriber, to decide
    /// which topics a subscriber gets, and in a forwarder together with an [`XSub`](crate::XSub)
    /// (see [`Proxy`](crate::Proxy)). Otherwise use `Pub`, or [`Radio`](crate::Radio) for several
    /// threads.
    ///
    /// # Message flow
    /// - The xpub sends like a `Pub`.
    /// - It receives a [`Subscription`] when the first subscriber subscribes to a topic, and when
    ///   the last subscriber of a topic has unsubscribed or gone.
    /// - It also receives the other messages that an `XSub` sends. These change no subscription.
    ///
    /// | Option | Effect |
    /// |:---|:---|
    /// | [`Verbose`] | The xpub receives every subscription, not only the first to a topic |
    /// | [`Verboser`] | The xpub receives every subscription and every unsubscription |
    /// | [`Manual`] | A subscription takes effect when [`subscribe`](Self::subscribe) confirms it |
    /// | [`WelcomeMessage`] | Each new subscriber receives this message first |
    ///
    /// # The last value for a new subscriber
    /// With [`Manual`], [`send_to_new_subscriber`](Self::send_to_new_subscriber) sends to the new
    /// subscriber only, and every other send goes to all subscribers.
    ///
    /// Avoid the option [`ManualLastValue`]. With it, **the next message after each received
    /// subscription goes to that subscriber only**, whatever message that is. A publication that is
    /// sent before the last value never reaches the other subscribers.
    ///
    /// # Mute state
    /// Each subscriber has a queue of its own. While that queue is at its high water mark, messages
    /// to this subscriber are dropped, and `send` does not block. With
    /// [`no_drop`](crate::Builder::no_drop) `send` blocks until the slowest subscriber has taken a
    /// message, and `try_send` returns [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ///
    /// # Pitfalls
    /// - The pitfalls of `Pub`.
    /// - Receive the subscriptions regularly. An xpub keeps about [`RecvHwm`] unread notifications.
    ///   Beyond that, a subscription and its unsubscription cancel out; other notifications wait
    ///   and lose the properties of their messages. Subscriptions take effect in any case. Other
    ///   messages of a subscriber, and with `Verbose` or `Manual` all of its notifications, wait in
    ///   the queue of that subscriber.
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
    /// # Examples
    /// A last value cache:
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
    /// # C API
    /// `ZMQ_XPUB`
    ///
    /// [`Manual`]: crate::opt::Manual
    /// [`ManualLastValue`]: crate::opt::ManualLastValue
    /// [`RecvHwm`]: crate::opt::RecvHwm
    /// [`Verbose`]: crate::opt::Verbose
    /// [`Verboser`]: crate::opt::Verboser
    /// [`WelcomeMessage`]: crate::opt::WelcomeMessage
    #[doc(alias = "ZMQ_XPUB")]
    XPub, XPubBuilder, XPubConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating]
}

/// A message that an [`XPub`] received: a change of its subscriptions, or another message.
///
/// The first byte tells them apart: 1 for a subscription, 0 for an unsubscription.
///
/// ```
/// use libzmq::{Msg, Subscription};
///
/// assert_eq!(Subscription::from(Msg::from("\x01news")), Subscription::Subscribe("news".into()));
/// assert_eq!(Subscription::from(Msg::from("news")), Subscription::Message("news".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subscription {
    /// A subscriber subscribes to the topic.
    Subscribe(Msg),
    /// The last subscriber of the topic has unsubscribed or gone.
    Unsubscribe(Msg),
    /// An [`XSub`] sent a message that is no subscription.
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
    /// Receives the next message as a [`Subscription`], blocking until one arrives or the
    /// [timeout](crate::prelude::Receives::set_recv_timeout) has passed.
    ///
    /// # Errors
    /// Those of [`recv_msg`](RecvMsg::recv_msg).
    pub fn recv_subscription(&self) -> Result<Subscription, Error> {
        self.recv_msg().map(Subscription::from)
    }

    /// Receives the next message as a [`Subscription`], blocking at most for `limit`. Returns
    /// `None` if none arrived. `limit` replaces the socket's timeout in this call.
    ///
    /// # Errors
    /// Those of [`recv_msg_timeout`](RecvMsg::recv_msg_timeout).
    pub fn recv_subscription_timeout<P>(&self, limit: P) -> Result<Option<Subscription>, Error>
    where
        P: Into<Period>,
    {
        Ok(self.recv_msg_timeout(limit)?.map(Subscription::from))
    }

    /// Receives the next message as a [`Subscription`] without blocking.
    ///
    /// # Errors
    /// Those of [`try_recv_msg`](RecvMsg::try_recv_msg).
    pub fn try_recv_subscription(&self) -> Result<Subscription, Error> {
        self.try_recv_msg().map(Subscription::from)
    }

    /// Confirms the subscription that was received last: subscribes its sender to the topic, which
    /// may be another topic than the one received.
    ///
    /// Requires the option [`Manual`](crate::opt::Manual) or
    /// [`ManualLastValue`](crate::opt::ManualLastValue). Does not block.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) without one of these options.
    ///
    /// # C API
    /// `ZMQ_SUBSCRIBE`
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.subscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "subscribe"))
    }

    /// Unsubscribes the sender of the subscription that was received last from the topic.
    ///
    /// Requires the option [`Manual`](crate::opt::Manual) or
    /// [`ManualLastValue`](crate::opt::ManualLastValue). Does not block.
    ///
    /// # Errors
    /// Those of [`subscribe`](Self::subscribe).
    ///
    /// # C API
    /// `ZMQ_UNSUBSCRIBE`
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.raw.unsubscribe(topic.as_ref()).map_err(|errno| Error::c(errno, "unsubscribe"))
    }

    /// Sends a message to the new subscriber only: the sender of the subscription that was received
    /// last.
    ///
    /// Requires the option [`Manual`](crate::opt::Manual). Call [`subscribe`](Self::subscribe)
    /// first, with a topic that the message begins with. One message can be sent for each received
    /// subscription. If the subscriber has gone, the message is dropped. See the example of
    /// [`XPub`].
    ///
    /// Other socket types have no such method, since a [`Pub`](crate::Pub) does not know its
    /// subscribers:
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
    ///   frames
    /// - [`WrongState`](ErrorKind::WrongState) unless the message received last was a subscription
    /// - [`WouldBlock`](ErrorKind::WouldBlock) with the option [`NoDrop`](crate::opt::NoDrop), when
    ///   the timeout has passed
    ///
    /// # C API
    /// `ZMQ_XPUB_MANUAL_LAST_VALUE`
    pub fn send_to_new_subscriber<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        const OPERATION: &str = "send to new subscriber";

        let mut parts = parts.into();
        if parts.is_empty() {
            return Err(
                Error::invalid("a message has at least one frame", OPERATION).giving_back(parts)
            );
        }
        let sent = self.raw.for_new_subscriber(|| {
            self.raw.send_parts(parts.as_mut_slice(), Msg::raw, Wait::AsSet)
        });
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
    /// Receives publications like a [`Sub`](crate::Sub), and sends its subscriptions as messages.
    ///
    #[doc = include_str!("../../docs/pictures/proxy.svg")]
    ///
    /// # When to use
    /// Use an xsub in a forwarder together with an [`XPub`](crate::XPub) (see
    /// [`Proxy`](crate::Proxy)), and to send messages to an `XPub`. Otherwise use `Sub`, or
    /// [`Dish`](crate::Dish) for several threads.
    ///
    /// # Message flow
    /// - The xsub receives like a `Sub`.
    /// - [`subscribe`](Self::subscribe) sends a message to all publishers: byte 1 and the topic.
    ///   [`unsubscribe`](Self::unsubscribe) sends byte 0 and the topic. `send` with such a message
    ///   has the same effect.
    /// - Other messages reach each `XPub` as they are. A [`Pub`](crate::Pub) ignores them.
    ///
    /// # Mute state
    /// Subscriptions are never dropped. While the queue to a publisher is at its high water mark,
    /// other messages to this publisher are dropped, and `send` does not block.
    ///
    /// # Pitfalls
    /// - The pitfalls of `Sub`.
    /// - A message of your own that begins with byte 0 or 1 is a subscription. Begin such messages
    ///   with another byte.
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
    /// # Examples
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
    /// # C API
    /// `ZMQ_XSUB`
    #[doc(alias = "ZMQ_XSUB")]
    XSub, XSubBuilder, XSubConfig: Exclusive<Unread>,
    [SendMsg SendMultipart Sends RecvMsg RecvMultipart Receives Heartbeating Subscribes],
    interest: "subscribe" subscribe
}

impl XSub {
    /// Subscribes to all messages whose first frame begins with the topic, at all publishers of
    /// present and future connections.
    ///
    /// # Errors
    /// Those of [`send`](SendMsg::send), without the message.
    ///
    /// # C API
    /// `zmq_msg_send` of byte 1 and the topic
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.send_subscription(1, topic.as_ref())
    }

    /// Removes one subscription to the topic. Without such a subscription it does nothing.
    ///
    /// # Errors
    /// Those of [`send`](SendMsg::send), without the message.
    ///
    /// # C API
    /// `zmq_msg_send` of byte 0 and the topic
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), Error> {
        self.send_subscription(0, topic.as_ref())
    }

    fn send_subscription(&self, command: u8, topic: &[u8]) -> Result<(), Error> {
        let mut msg = Msg::with_size(1 + topic.len());
        let bytes = msg.as_mut_bytes();
        bytes[0] = command;
        bytes[1..].copy_from_slice(topic);
        self.send(msg).map_err(Error::cast)
    }
}
