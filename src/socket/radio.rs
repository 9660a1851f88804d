use super::socket_type;
use crate::{
    error::Error, group::GroupSlice, msg::Msg, option::opt, period::Period, send::SendMsg,
    socket::Socket,
};

socket_type! {
    /// A radio, which transmits to [`Dish`](crate::Dish)es.
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
    [Sends SendMsg]
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
