//! The settings of a service.

use std::time::Duration;

/// What happens to a message when the queue that it belongs into is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overflow {
    /// No message is lost.
    ///
    /// - Incoming: the service stops reading, from all clients, until the queue has room. The
    ///   clients' own queues fill up to their high water marks, and then their sends block. What is
    ///   sent to clients goes on.
    /// - Outgoing: [`send`](super::ServiceHandle::send) waits, and
    ///   [`try_send`](super::ServiceHandle::try_send) fails with
    ///   [`WouldBlock`](crate::ErrorKind::WouldBlock).
    #[default]
    StopReading,
    /// The message is dropped, and [counted](super::Stats).
    DropNewest,
    /// The oldest message in the queue is dropped, and counted.
    DropOldest,
    /// The service parts with the client, as [`disconnect`](super::ServiceHandle::disconnect)
    /// does. The message is dropped, and counted.
    Part,
}

/// How many messages a queue holds, and what happens to others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) limit: usize,
    pub(super) overflow: Overflow,
}

/// The settings of a service, but for those of its socket.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) incoming: Bound,
    pub(super) outgoing: Bound,
    /// How many incoming messages there may be of all clients together.
    pub(super) total: usize,
    pub(super) in_flight: usize,
    pub(super) idle: Option<Duration>,
    pub(super) hello: Option<Vec<u8>>,
    /// How long a client may take to receive what is queued for it when the service parts with it.
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
