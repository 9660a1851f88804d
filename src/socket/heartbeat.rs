//! Heartbeats: how a silent connection is told from a dead one.

use std::time::Duration;

use crate::{
    error::Error,
    option::opt,
    socket::Socket,
    util::Period::{self, Finite, Infinite},
};

/// How a socket checks its connections with heartbeats.
///
/// Heartbeats are part of ZMTP 3.1. Peers of ZMTP 1.0 and 2.0 have none, and are not disconnected
/// for their silence after the handshake: [`opt::TcpKeepalive`] finds those that are gone. A peer of
/// ZMTP 3.0 gets heartbeats, since some answer them; one that does not answer is disconnected.
///
/// Over tcp and ipc, every `interval` a heartbeat is sent, and a peer that does not answer within
/// `timeout` is disconnected. The `ttl` asks the same of the peer: to close the connection when it
/// hears nothing for that long.
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
/// # In C
/// `ZMQ_HEARTBEAT_IVL`, `ZMQ_HEARTBEAT_TIMEOUT`, `ZMQ_HEARTBEAT_TTL`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    interval: Duration,
    timeout: Period,
    ttl: Period,
}

impl Heartbeat {
    /// A heartbeat every so often. The timeout is the interval, and the peer is not told a ttl.
    pub fn new<D>(interval: D) -> Self
    where
        D: Into<Duration>,
    {
        Self { interval: interval.into(), timeout: Infinite, ttl: Infinite }
    }

    /// How often a heartbeat is sent.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Sets how long to wait for an answer to a heartbeat.
    #[must_use]
    pub fn add_timeout<D>(mut self, timeout: D) -> Self
    where
        D: Into<Duration>,
    {
        self.timeout = Finite(timeout.into());
        self
    }

    /// How long to wait for an answer to a heartbeat; infinite stands for the interval.
    pub fn timeout(&self) -> Period {
        self.timeout
    }

    /// Sets for how long the peer keeps the connection without hearing anything, at most 6553.5
    /// seconds, in tenths of a second.
    #[must_use]
    pub fn add_ttl<D>(mut self, ttl: D) -> Self
    where
        D: Into<Duration>,
    {
        self.ttl = Finite(ttl.into());
        self
    }

    /// For how long the peer keeps the connection without hearing anything; infinite if it is not
    /// told.
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

/// Sockets whose connections can be checked with heartbeats.
pub trait Heartbeating: Socket {
    /// The heartbeat, if there is one.
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

    /// Sets or clears the heartbeat of connections made from now on.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a period that C cannot count;
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown.
    fn set_heartbeat(&self, maybe: Option<Heartbeat>) -> Result<(), Error> {
        let (interval, timeout, ttl) = parts(maybe.as_ref());
        if timeout.is_some() {
            self.set(opt::HeartbeatTimeout, timeout)?;
        }
        self.set(opt::HeartbeatTtl, ttl)?;
        self.set(opt::HeartbeatInterval, interval)
    }
}

/// Interval, timeout and ttl as the options have them. C does not take back a timeout, so one that
/// is not given is what it stands for: the interval.
pub(crate) fn parts(
    heartbeat: Option<&Heartbeat>,
) -> (Option<Duration>, Option<Duration>, Option<Duration>) {
    let Some(Heartbeat { interval, timeout, ttl }) = heartbeat else { return (None, None, None) };
    let timeout = Option::from(*timeout).unwrap_or(*interval);
    (Some(*interval), Some(timeout), (*ttl).into())
}
