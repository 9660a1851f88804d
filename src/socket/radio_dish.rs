//! The radio-dish pattern: [`Radio`] and [`Dish`].

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::socket_type;
use crate::{
    error::{Error, ErrorKind},
    message::{Group, GroupSlice, Msg},
    option::opt,
    raw::DeferDrops,
    socket::{Socket, builder::Builder, send::SendMsg},
    util::Period,
};

socket_type! {
    /// Transmits each message to a [`Group`](crate::Group), to all [`Dish`](crate::Dish)es that
    /// have joined it.
    ///
    #[doc = include_str!("../../docs/pictures/radio_dish.svg")]
    ///
    /// # When to use
    /// Use a radio to publish to many receivers, from one thread or many, and for multicast over
    /// udp. It is the thread-safe successor of [`Pub`](crate::Pub). To reach a [`Sub`](crate::Sub),
    /// for multipart messages, for topics by prefix, or to see the subscriptions, use `Pub` or
    /// [`XPub`](crate::XPub). If every message must arrive, use [`Scatter`](crate::Scatter) or
    /// [`Server`](crate::Server).
    ///
    /// # Message flow
    /// - Each message goes to the dishes that have joined its group. The whole name of the group
    ///   must match, not a prefix as with a topic of `Pub`.
    /// - The radio filters: a message whose group no dish has joined is dropped at once. Over udp
    ///   every message is sent, and the dish filters.
    /// - Threads share a radio by reference or by clone.
    ///
    /// # Over udp
    /// A radio connects to a unicast or multicast address such as `udp://239.0.0.1:5555`, and
    /// dishes bind to it. Datagrams can be lost, duplicated and reordered. Length byte, group and
    /// message hold at most 8192 bytes together. A radio that is connected to a udp endpoint
    /// refuses larger messages with [`InvalidInput`], also for its other connections.
    ///
    /// # Mute state
    /// Each dish has a queue of its own. While that queue is at its high water mark, messages to
    /// this dish are dropped, and `transmit` does not block. After
    /// [`set_no_drop`](Self::set_no_drop) or with [`no_drop`](crate::Builder::no_drop) on the
    /// builder, `transmit` blocks until the slowest dish has taken a message, and `try_transmit`
    /// returns [`WouldBlock`].
    ///
    /// # Pitfalls
    /// - A dish joins with a message to the radio. Messages that the radio transmits before this
    ///   arrives do not reach the dish.
    /// - `send` transmits a message without a group to the group with the empty name. Use
    ///   [`transmit`](Self::transmit).
    /// - Dropped messages are not reported. Number the messages if receivers must notice gaps.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Dish`](crate::Dish) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Send only |
    /// | Outgoing routing strategy | Fan out |
    /// | Incoming routing strategy | None |
    /// | Action in mute state | Drop |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, udp (connects), ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let news: Group = "news".try_into()?;
    ///
    /// let radio = RadioBuilder::new().bind("inproc://studio").build()?;
    /// let dish = DishBuilder::new().connect("inproc://studio").join(&news).build()?;
    ///
    /// // No dish has joined this group.
    /// radio.transmit("dropped", Group::new("static")?)?;
    /// radio.transmit("it rains", &news)?;
    ///
    /// let msg = dish.recv_msg()?;
    /// assert_eq!(msg, "it rains");
    /// assert_eq!(msg.group(), Some(&*news));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # C API
    /// `ZMQ_RADIO` (draft)
    ///
    /// [`InvalidInput`]: crate::ErrorKind::InvalidInput
    /// [`WouldBlock`]: crate::ErrorKind::WouldBlock
    #[doc(alias = "ZMQ_RADIO")]
    Radio, RadioBuilder, RadioConfig: Shared<()>,
    [SendMsg Sends],
    over: ZmtpAndUdpConnected
}

impl Radio {
    /// Returns whether the radio blocks when the queue of a dish is at its high water mark, instead
    /// of dropping the message.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    pub fn no_drop(&self) -> Result<bool, Error> {
        self.raw.no_drop().map_err(|errno| Error::c(errno, "no_drop"))
    }

    /// Sets whether the radio blocks when the queue of a dish is at its high water mark, instead of
    /// dropping the message. The default is `false`.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down.
    ///
    /// # C API
    /// `ZMQ_XPUB_NODROP`
    pub fn set_no_drop(&self, enabled: bool) -> Result<(), Error> {
        self.set(opt::NoDrop, enabled)
    }

    /// Transmits a message to a group: sets the message's group and [sends](SendMsg::send) it.
    ///
    /// Does not block, except with [`no_drop`](Self::set_no_drop).
    ///
    /// # Errors
    /// Those of `send`.
    ///
    /// # C API
    /// `zmq_msg_set_group`, `zmq_msg_send`
    pub fn transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.send(msg.into().with_group(group))
    }

    /// Transmits a message to a group, blocking at most for `limit`: sets the message's group and
    /// [sends](SendMsg::send_msg_timeout) it. `limit` replaces the socket's timeout in this call.
    ///
    /// # Errors
    /// Those of `send`.
    pub fn transmit_timeout<M, G, P>(&self, msg: M, group: G, limit: P) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
        P: Into<Period>,
    {
        self.send_msg_timeout(msg.into().with_group(group), limit)
    }

    /// Transmits a message to a group without blocking: sets the message's group and [tries to
    /// send](SendMsg::try_send) it.
    ///
    /// # Errors
    /// Those of `try_send`.
    pub fn try_transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.try_send(msg.into().with_group(group))
    }
}

socket_type! {
    /// Receives the messages that [`Radio`](crate::Radio)s transmit to the groups that it has
    /// joined.
    ///
    #[doc = include_str!("../../docs/pictures/radio_dish.svg")]
    ///
    /// # When to use
    /// Use a dish to receive publications in one thread or many, and for multicast over udp. It is
    /// the thread-safe successor of [`Sub`](crate::Sub). To receive from a [`Pub`](crate::Pub), for
    /// multipart messages, or for topics by prefix, use `Sub`.
    ///
    /// # Message flow
    /// - Each message that the dish receives carries the [`Group`](crate::Group) that it was
    ///   transmitted to.
    /// - Messages from all connected radios are fair-queued.
    /// - Threads share a dish by reference or by clone. Each message goes to one of the threads
    ///   that receive.
    ///
    /// # Over udp
    /// A dish binds to a unicast or multicast address such as `udp://239.0.0.1:5555`, and radios
    /// connect to it. The dish drops the datagrams of groups that it has not joined.
    ///
    /// # Mute state
    /// A dish does not send. While its queue for a radio is at its high water mark, messages wait
    /// at the radio, and then the radio drops messages to this dish. Over udp,
    /// further datagrams are dropped.
    ///
    /// # Pitfalls
    /// - A dish that has joined no group receives nothing, and `recv_msg` blocks.
    /// - A dish joins with a message to each radio. Messages that a radio transmits before this
    ///   arrives do not reach the dish.
    /// - [`last_endpoint`](crate::prelude::Socket::last_endpoint) does not return the port that the
    ///   system assigned to `udp://...:*`.
    ///
    /// # Characteristics
    /// | Characteristic | Value |
    /// |:---|:---|
    /// | Compatible peer sockets | [`Radio`](crate::Radio) |
    /// | Direction | Unidirectional |
    /// | Send/receive pattern | Receive only |
    /// | Outgoing routing strategy | None |
    /// | Incoming routing strategy | Fair-queued |
    /// | Action in mute state | Drop, at the radio |
    /// | Thread-safe | Yes |
    /// | Multipart messages | No |
    /// | Transports | tcp, ipc, inproc, udp (binds), ws, wss, tipc, vmci |
    ///
    /// # Examples
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sports: Group = "sports".try_into()?;
    /// let dish = DishBuilder::new().bind("inproc://living-room").join(&sports).build()?;
    /// assert_eq!(dish.joined(), [sports.clone()]);
    ///
    /// // The second join changes nothing, and one leave ends the membership.
    /// dish.join(&sports)?;
    /// dish.leave(&sports)?;
    /// assert!(dish.joined().is_empty());
    /// assert!(matches!(dish.leave(&sports).unwrap_err().kind(), ErrorKind::NotFound(_)));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// A dish does not send:
    /// ```compile_fail
    /// # use libzmq::prelude::*;
    /// Dish::new().unwrap().send("hello?").unwrap();
    /// ```
    ///
    /// # C API
    /// `ZMQ_DISH` (draft)
    #[doc(alias = "ZMQ_DISH")]
    Dish, DishBuilder, DishConfig: Shared<Joined>,
    [RecvMsg Receives],
    over: ZmtpAndUdpBound,
    interest: "join" join_bytes
}

/// The groups that a dish has joined. libzmq has no call that lists them, and a second join of a
/// group is an error there.
#[derive(Debug, Default)]
pub struct Joined(Mutex<BTreeSet<Group>>);

impl Dish {
    /// Joins a group. A second join of the same group changes nothing. Text becomes a [`Group`] by
    /// `Group::new("sports")?` or `"sports".try_into()?`.
    ///
    /// Does not block. Messages that a radio transmits before it has received the join do not reach
    /// the dish. The dish joins again by itself when a connection is made anew.
    ///
    /// # Errors
    /// [`Forked`](ErrorKind::Forked) in a forked child. No group causes an error.
    ///
    /// # C API
    /// `zmq_join`
    #[doc(alias = "zmq_join")]
    pub fn join<G>(&self, group: G) -> Result<(), Error>
    where
        G: Into<Group>,
    {
        let group = group.into();
        // Dropping an owner may run user code that wants this lock: defer it.
        let _deferred = DeferDrops::new();
        let mut joined = self.groups();
        if !joined.contains(&*group) {
            self.raw
                .join(&group)
                .map_err(|errno| Error::c(errno, "join").about(group.to_string_lossy()))?;
            joined.insert(group);
        }
        Ok(())
    }

    /// Returns the groups that the dish has joined, sorted by name.
    pub fn joined(&self) -> Vec<Group> {
        self.groups().iter().cloned().collect()
    }

    /// Leaves a group. Messages that are queued already are still received.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the dish has not joined it.
    ///
    /// # C API
    /// `zmq_leave`
    #[doc(alias = "zmq_leave")]
    pub fn leave<G>(&self, group: G) -> Result<(), Error>
    where
        G: AsRef<GroupSlice>,
    {
        const ABSENT: ErrorKind = ErrorKind::NotFound("the dish has not joined the group");

        let group = group.as_ref();
        // As in `join`.
        let _deferred = DeferDrops::new();
        let mut joined = self.groups();
        if !joined.contains(group) {
            return Err(Error::new(ABSENT, "leave").about(group.to_string_lossy()));
        }
        self.raw
            .leave(group)
            .map_err(|errno| Error::c(errno, "leave").about(group.to_string_lossy()))?;
        joined.remove(group);
        Ok(())
    }

    fn join_bytes(&self, name: &[u8]) -> Result<(), Error> {
        self.join(Group::new(name)?)
    }

    fn groups(&self) -> MutexGuard<'_, BTreeSet<Group>> {
        self.raw.state().0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Builder<Dish> {
    /// Adds groups to join: one, or any number. Text becomes a [`Group`] by
    /// `Group::new("sports")?` or `"sports".try_into()?`.
    pub fn join<I, G>(&mut self, groups: I) -> &mut Self
    where
        I: IntoIterator<Item = G>,
        G: Into<Group>,
    {
        self.interests.extend(groups.into_iter().map(|group| group.into().as_bytes().to_vec()));
        self
    }
}
