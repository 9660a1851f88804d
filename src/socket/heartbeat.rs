//! Heartbeats, which find dead connections.

use std::time::Duration;

use crate::{
    error::Error,
    option::opt,
    socket::Socket,
    util::Period::{self, Finite, Infinite},
};

/// The settings with which a socket finds dead connections.
///
/// | Setting | Meaning | Default |
/// |:---|:---|:---|
/// | `interval` | The socket sends a heartbeat (ZMTP `PING`) this often | |
/// | `timeout` | The socket disconnects a peer that does not answer within this time | `interval` |
/// | `ttl` | The peer disconnects when it receives nothing for this long | none |
///
/// Heartbeats work over tcp, ipc, ws, wss and the other transports that carry ZMTP, except inproc.
///
/// They are part of ZMTP 3.1. A peer that speaks ZMTP 3.0 gets heartbeats, since some such peers
/// answer; it is disconnected if it does not. Peers of ZMTP 1.0 and 2.0 get none and are not
/// disconnected. [`opt::TcpKeepalive`] finds dead connections to them.
///
/// A socket whose queue is full receives nothing, so it does not answer heartbeats, and disconnects
/// no peer meanwhile. It still sends its own: give heartbeats to both ends where a program may
/// receive more slowly than its peer sends.
///
/// ```
/// use libzmq::prelude::*;
/// use std::time::Duration;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let second = Duration::from_secs(1);
/// let heartbeat = Heartbeat::new(second).add_timeout(2 * second).add_ttl(3 * second);
///
/// let client = ClientBuilder::new().heartbeat(&heartbeat).build()?;
/// assert_eq!(client.heartbeat(), Some(heartbeat));
/// #     Ok(())
/// # }
/// ```
///
/// # C API
/// `ZMQ_HEARTBEAT_IVL`, `ZMQ_HEARTBEAT_TIMEOUT`, `ZMQ_HEARTBEAT_TTL`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    interval: Duration,
    timeout: Period,
    ttl: Period,
}

impl Heartbeat {
    /// Creates settings with an interval. The timeout is the interval, and there is no ttl.
    pub fn new<D>(interval: D) -> Self
    where
        D: Into<Duration>,
    {
        Self { interval: interval.into(), timeout: Infinite, ttl: Infinite }
    }

    /// Returns how often the socket sends a heartbeat.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Sets how long the socket waits for an answer to a heartbeat before it disconnects the peer.
    #[must_use]
    pub fn add_timeout<D>(mut self, timeout: D) -> Self
    where
        D: Into<Duration>,
    {
        self.timeout = Finite(timeout.into());
        self
    }

    /// Returns how long the socket waits for an answer to a heartbeat.
    /// [`Infinite`](Period::Infinite) means as long as the interval.
    pub fn timeout(&self) -> Period {
        self.timeout
    }

    /// Sets after how long the peer disconnects if it receives nothing: at most 6553.5 seconds,
    /// with a resolution of 0.1 seconds.
    #[must_use]
    pub fn add_ttl<D>(mut self, ttl: D) -> Self
    where
        D: Into<Duration>,
    {
        self.ttl = Finite(ttl.into());
        self
    }

    /// Returns after how long the peer disconnects if it receives nothing.
    /// [`Infinite`](Period::Infinite) means never.
    pub fn ttl(&self) -> Period {
        self.ttl
    }
}

impl From<&Heartbeat> for Heartbeat {
    fn from(heartbeat: &Heartbeat) -> Self {
        heartbeat.clone()
    }
}

impl From<Duration> for Heartbeat {
    fn from(interval: Duration) -> Self {
        Self::new(interval)
    }
}

/// Socket types that can send heartbeats.
pub trait Heartbeating: Socket {
    /// Returns the heartbeat settings, or `None` if heartbeats are off.
    ///
    /// It also returns `None` after the context was shut down.
    fn heartbeat(&self) -> Option<Heartbeat> {
        let interval = self.get(opt::HeartbeatInterval).ok()??;
        Some(Heartbeat {
            interval,
            timeout: self
                .get(opt::HeartbeatTimeout)
                .ok()?
                .filter(|timeout| *timeout != interval)
                .into(),
            ttl: self.get(opt::HeartbeatTtl).ok()?.into(),
        })
    }

    /// Sets the heartbeat settings of later connections. `None` switches heartbeats off.
    ///
    /// Connections that exist are not affected.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let client = Client::new()?;
    /// client.set_heartbeat(Some(std::time::Duration::from_secs(1).into()))?;
    /// assert!(client.heartbeat().is_some());
    /// client.set_heartbeat(None)?;
    /// assert!(client.heartbeat().is_none());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a period that is too long: more than
    ///   24 days, or 6553.5 seconds for the ttl
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    ///
    /// # C API
    /// `ZMQ_HEARTBEAT_IVL`, `ZMQ_HEARTBEAT_TIMEOUT`, `ZMQ_HEARTBEAT_TTL`
    fn set_heartbeat(&self, maybe: Option<Heartbeat>) -> Result<(), Error> {
        let (interval, timeout, ttl) = parts(maybe.as_ref());
        if timeout.is_some() {
            self.set(opt::HeartbeatTimeout, timeout)?;
        }
        self.set(opt::HeartbeatTtl, ttl)?;
        self.set(opt::HeartbeatInterval, interval)
    }
}

/// Interval, timeout and ttl as the options have them. libzmq cannot unset a timeout, so a missing
/// one is set to its default, the interval.
pub(crate) fn parts(
    heartbeat: Option<&Heartbeat>,
) -> (Option<Duration>, Option<Duration>, Option<Duration>) {
    let Some(Heartbeat { interval, timeout, ttl }) = heartbeat else { return (None, None, None) };
    let timeout = Option::from(*timeout).unwrap_or(*interval);
    (Some(*interval), Some(timeout), (*ttl).into())
}
