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
    /// A radio, which transmits to [`Dish`](crate::Dish)es.
    ///
    #[doc = include_str!("../../docs/pictures/radio_dish.svg")]
    ///
    /// Each message is transmitted to a [`Group`](crate::Group), and reaches the dishes that have
    /// joined that group: its whole name counts, not its beginning as a topic of
    /// [`Pub`](crate::Pub)'s does.
    ///
    /// Threads share a radio: clone it, or borrow it.
    ///
    /// # Over udp
    /// A radio connects to a unicast or multicast address (`udp://239.0.0.1:5555`), and dishes bind
    /// to it. A datagram is as reliable as udp is, and holds group and message together in at most
    /// 8192 bytes: larger ones are refused, also for the other connections of the same radio.
    ///
    /// # Mute state
    /// While the queue to a dish is at its high water mark, messages to that dish are dropped:
    /// `transmit` never waits. With [`no_drop`](crate::Builder::no_drop) it waits for the slowest
    /// dish instead.
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
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let news: Group = "news".try_into()?;
    ///
    /// let radio = RadioBuilder::new().bind("inproc://studio").build()?;
    /// let dish = DishBuilder::new().connect("inproc://studio").join(&news).build()?;
    ///
    /// radio.transmit("nobody listens to this", Group::new("static")?)?;
    /// radio.transmit("it rains", &news)?;
    ///
    /// let msg = dish.recv_msg()?;
    /// assert_eq!(msg, "it rains");
    /// assert_eq!(msg.group(), Some(&*news));
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # In C
    /// `ZMQ_RADIO`, a draft
    #[doc(alias = "ZMQ_RADIO")]
    Radio, RadioBuilder, RadioConfig: Shared<()>,
    [Sends SendMsg],
    over: ZmtpAndUdpConnected
}

impl Radio {
    /// Whether the radio waits for dishes that are at their high water mark, instead of dropping
    /// messages to them.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    pub fn no_drop(&self) -> Result<bool, Error> {
        self.raw.no_drop().map_err(|errno| Error::c(errno, "no_drop"))
    }

    /// Sets whether the radio waits for dishes that are at their high water mark, instead of
    /// dropping messages to them.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    pub fn set_no_drop(&self, enabled: bool) -> Result<(), Error> {
        self.set(opt::NoDrop, enabled)
    }

    /// Transmits a message to a group: sets the message's group, and [sends](SendMsg::send) it.
    ///
    /// # Errors
    /// As `send`.
    pub fn transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.send(msg.into().with_group(group))
    }

    /// Transmits a message to a group, blocking no longer than that, whatever the socket's timeout
    /// is: sets the message's group, and [sends](SendMsg::send_msg_timeout) it.
    ///
    /// # Errors
    /// As `send`.
    pub fn transmit_timeout<M, G, P>(&self, msg: M, group: G, limit: P) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
        P: Into<Period>,
    {
        self.send_msg_timeout(msg.into().with_group(group), limit)
    }

    /// Transmits a message to a group if that is possible without waiting: sets the message's
    /// group, and [tries to send](SendMsg::try_send) it.
    ///
    /// # Errors
    /// As `try_send`.
    pub fn try_transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.try_send(msg.into().with_group(group))
    }
}

socket_type! {
    /// A dish, which receives what [`Radio`](crate::Radio)s transmit to the groups that it has
    /// joined.
    ///
    #[doc = include_str!("../../docs/pictures/radio_dish.svg")]
    ///
    /// Each message received carries the [`Group`](crate::Group) that it was transmitted to. A dish
    /// without a group receives nothing.
    ///
    /// Threads share a dish: clone it, or borrow it. Each message goes to one of the threads that
    /// receive.
    ///
    /// # Over udp
    /// A dish binds to a unicast or multicast address (`udp://239.0.0.1:5555`), and radios connect
    /// to it.
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
    /// # Example
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let sports: Group = "sports".try_into()?;
    /// let dish = DishBuilder::new().bind("inproc://living-room").join(&sports).build()?;
    /// assert_eq!(dish.joined(), [sports.clone()]);
    ///
    /// // Joining twice is fine, and leaving once undoes it.
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
    /// # In C
    /// `ZMQ_DISH`, a draft
    #[doc(alias = "ZMQ_DISH")]
    Dish, DishBuilder, DishConfig: Shared<Joined>,
    [Receives RecvMsg],
    over: ZmtpAndUdpBound,
    interest: "join" join_bytes
}

/// The groups that a dish has joined. C knows them but does not tell, and takes joining twice for
/// an error.
#[derive(Debug, Default)]
pub struct Joined(Mutex<BTreeSet<Group>>);

impl Dish {
    /// Joins a group, to receive what is transmitted to it. Joining it again changes nothing.
    ///
    /// What is transmitted before the radio has heard of the joining does not arrive.
    ///
    /// # Errors
    /// None that the group could cause.
    ///
    /// # In C
    /// `zmq_join`
    #[doc(alias = "zmq_join")]
    pub fn join<G>(&self, group: G) -> Result<(), Error>
    where
        G: Into<Group>,
    {
        let group = group.into();
        // Until the lock is released: the drop of an owner may want it.
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

    /// The groups that the dish has joined, in the order of their names.
    pub fn joined(&self) -> Vec<Group> {
        self.groups().iter().cloned().collect()
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if the dish has not joined it.
    ///
    /// # In C
    /// `zmq_leave`
    #[doc(alias = "zmq_leave")]
    pub fn leave<G>(&self, group: G) -> Result<(), Error>
    where
        G: AsRef<GroupSlice>,
    {
        const ABSENT: ErrorKind = ErrorKind::NotFound("the dish has not joined the group");

        let group = group.as_ref();
        // As above.
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
    /// The groups to join: one, or any number.
    pub fn join<I, G>(&mut self, groups: I) -> &mut Self
    where
        I: IntoIterator<Item = G>,
        G: Into<Group>,
    {
        self.interests.extend(groups.into_iter().map(|group| group.into().as_bytes().to_vec()));
        self
    }
}
