//! [`Stats`] and [`Histogram`].

use std::time::Duration;

/// A histogram of durations, in buckets that double in width.
///
/// # Examples
/// ```
/// use libzmq::{prelude::*, service::*};
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
/// let handle = service.spawn_serving(|request| async move { request.into_body() })?;
///
/// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
/// for _ in 0..10 {
///     client.send("hello")?;
///     client.recv_msg()?;
/// }
///
/// let replying = handle.stats().replying;
/// assert_eq!(replying.count(), 10);
/// assert!(replying.percentile(0.99) <= replying.max());
/// println!("mean {:?}, 99th percentile {:?}", replying.mean(), replying.percentile(0.99));
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// The first bucket counts durations below 2 µs. Each following bucket reaches twice as far.
    counts: [u64; Self::BUCKETS],
    sum: Duration,
    longest: Duration,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; Self::BUCKETS], sum: Duration::ZERO, longest: Duration::ZERO }
    }
}

impl Histogram {
    const BUCKETS: usize = 32;

    #[inline]
    pub(super) fn record(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let bucket = micros.checked_ilog2().unwrap_or(0) as usize;
        self.counts[bucket.min(Self::BUCKETS - 1)] += 1;
        self.sum = self.sum.saturating_add(duration);
        self.longest = self.longest.max(duration);
    }

    /// Returns how many durations were recorded.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the mean duration, or zero if none was recorded.
    pub fn mean(&self) -> Duration {
        match self.count() {
            0 => Duration::ZERO,
            count => Duration::try_from_secs_f64(self.sum.as_secs_f64() / count as f64)
                .unwrap_or(Duration::MAX),
        }
    }

    /// Returns the longest duration, or zero if none was recorded.
    pub fn max(&self) -> Duration {
        self.longest
    }

    /// Returns a percentile: a duration that at least `share` of all durations do not exceed.
    ///
    /// `share` lies between 0.0 and 1.0: `0.99` asks for the 99th percentile. The result is at most
    /// twice the exact value.
    pub fn percentile(&self, share: f64) -> Duration {
        let wanted = (self.count() as f64 * share.clamp(0.0, 1.0)).ceil() as u64;
        let mut seen = 0;
        for (limit, count) in self.buckets() {
            seen += count;
            if seen >= wanted {
                return limit.min(self.longest);
            }
        }
        self.longest
    }

    /// Returns the buckets: the exclusive upper bound of each, and the number of durations in it.
    ///
    /// The last bucket also counts all longer durations.
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        let limit = |bucket: usize| Duration::from_micros(2 << bucket);
        self.counts.iter().enumerate().map(move |(bucket, count)| (limit(bucket), *count))
    }
}

/// The counters of a service at one moment: see [`ServiceHandle::stats`].
///
/// The counters of incoming messages satisfy
/// `received = delivered + dropped_incoming + queued_incoming`. Those of outgoing messages satisfy
/// `accepted = sent + dropped_outgoing + lost + queued_outgoing`.
///
/// [`ServiceHandle::stats`]: super::ServiceHandle::stats
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Connected clients.
    pub clients: usize,
    /// Clients that have joined, including those that are still connected.
    pub joined: u64,
    /// Clients that have left.
    pub left: u64,
    /// Messages read from the socket, except hellos.
    pub received: u64,
    /// Messages that the program has received.
    pub delivered: u64,
    /// Messages in the incoming queues.
    pub queued_incoming: usize,
    /// Incoming messages dropped because a queue was full.
    pub dropped_incoming: u64,
    /// Messages refused because the service has disconnected their client. `received` does not
    /// include them.
    pub refused: u64,
    /// Messages that the service has accepted for sending. Messages that a failed call returned to
    /// the program are not included.
    pub accepted: u64,
    /// Messages that the socket has accepted.
    pub sent: u64,
    /// Messages in the outgoing queues.
    pub queued_outgoing: usize,
    /// Outgoing messages dropped because the client's queue was full.
    pub dropped_outgoing: u64,
    /// Outgoing messages dropped because the client left or the service ended.
    pub lost: u64,
    /// Requests that a handler is processing.
    pub in_flight: usize,
    /// Panics of handlers.
    pub panics: u64,
    /// Time from the receipt of each message by the service until the program received it.
    pub waiting: Histogram,
    /// Time from the receipt of each request until the service accepted its reply.
    pub replying: Histogram,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_at_most_twice_too_long() {
        let mut histogram = Histogram::default();
        for micros in 1..=1000 {
            histogram.record(Duration::from_micros(micros));
        }
        assert_eq!(histogram.count(), 1000);
        assert_eq!(histogram.max(), Duration::from_micros(1000));
        for (share, exact) in [(0.5, 500), (0.9, 900), (0.99, 990), (1.0, 1000)] {
            let found = histogram.percentile(share);
            let exact = Duration::from_micros(exact);
            assert!(found >= exact && found <= 2 * exact, "{share}: {found:?}");
        }
    }

    #[test]
    fn extremes_are_counted() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(0.5), Duration::ZERO);
        assert_eq!(histogram.mean(), Duration::ZERO);
        for duration in [Duration::ZERO, Duration::MAX, Duration::from_secs(1 << 40)] {
            histogram.record(duration);
        }
        assert_eq!(histogram.count(), 3);
    }
}
