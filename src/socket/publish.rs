use super::socket_type;
use crate::multipart::Unread;

socket_type! {
    /// A publisher, which sends to all [`Sub`](crate::Sub)s that have subscribed to what a message
    /// begins with.
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
