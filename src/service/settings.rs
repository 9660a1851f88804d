//! [`Overflow`], and the settings of a service.

use std::time::Duration;

/// The overflow policy: what happens to a message when its queue is full.
///
/// [`ServiceBuilder::incoming`](super::ServiceBuilder::incoming) and
/// [`outgoing`](super::ServiceBuilder::outgoing) set it for each direction.
///
/// # Examples
/// ```
/// use libzmq::{prelude::*, service::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let mut builder = Service::builder();
/// builder.bind("tcp://127.0.0.1:*").incoming(1, Overflow::DropNewest);
/// let handle = builder.build()?.spawn()?.blocking();
///
/// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
/// for text in ["one", "two", "three"] {
///     client.send(text)?;
/// }
/// while handle.stats().received < 3 {
///     std::thread::sleep(std::time::Duration::from_millis(1));
/// }
///
/// // The queue holds one message, and the service has dropped the others.
/// assert_eq!(handle.stats().dropped_incoming, 2);
/// let id = handle.client_ids()[0];
/// assert_eq!(*handle.recv_from(id)?.body(), "one");
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overflow {
    /// Drops no message.
    ///
    /// - Incoming: the service stops reading from all clients until the queue is no longer full.
    ///   The clients' queues fill up to their high water marks, and then their sends block. The
    ///   service still sends.
    /// - Outgoing: [`send`](super::ServiceHandle::send) waits, and
    ///   [`try_send`](super::ServiceHandle::try_send) returns
    ///   [`WouldBlock`](crate::ErrorKind::WouldBlock).
    #[default]
    StopReading,
    /// Drops the message and [counts](super::Stats) it.
    DropNewest,
    /// Drops the oldest message in the queue and counts it.
    DropOldest,
    /// Drops the message, counts it, and disconnects the client as
    /// [`disconnect`](super::ServiceHandle::disconnect) does.
    Part,
}

/// The limit of a queue and its overflow policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) limit: usize,
    pub(super) overflow: Overflow,
}

/// The settings of a service, except those of its socket.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) incoming: Bound,
    pub(super) outgoing: Bound,
    /// The limit of incoming messages of all clients together.
    pub(super) total: usize,
    pub(super) in_flight: usize,
    pub(super) idle: Option<Duration>,
    pub(super) hello: Option<Vec<u8>>,
    /// How long the service keeps sending a client's queue before it disconnects the client.
    pub(super) farewell_time: Duration,
    pub(super) correlates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            incoming: Bound { limit: 1000, overflow: Overflow::StopReading },
            outgoing: Bound { limit: 1000, overflow: Overflow::StopReading },
            total: 65_536,
            in_flight: 1024,
            idle: None,
            hello: None,
            farewell_time: Duration::from_secs(1),
            correlates: true,
        }
    }
}
