//! Counters.

use std::time::Duration;

/// How long something took, as counts of durations by powers of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// The first is for less than two microseconds, each other one for twice as long as the one
    /// before.
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

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean; zero if nothing was counted.
    pub fn mean(&self) -> Duration {
        match self.count() {
            0 => Duration::ZERO,
            count => Duration::try_from_secs_f64(self.sum.as_secs_f64() / count as f64)
                .unwrap_or(Duration::MAX),
        }
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.longest
    }

    /// A duration that at least that share of all was not longer than: `0.99` for the 99th
    /// percentile. At most twice as long as the exact one.
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

    /// The counts, each with the duration that all of it are shorter than.
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        let limit = |bucket: usize| Duration::from_micros(2 << bucket);
        self.counts.iter().enumerate().map(move |(bucket, count)| (limit(bucket), *count))
    }
}

/// What a service has done, and what it has to do, at one moment.
///
/// For the messages that were read and are not in a queue any more,
/// `received = delivered + dropped_incoming + queued_incoming`. For those that were given to the
/// service, `accepted = sent + dropped_outgoing + lost + queued_outgoing`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Clients that are there.
    pub clients: usize,
    /// Clients that have come, those that are there among them.
    pub joined: u64,
    /// Clients that have gone.
    pub left: u64,
    /// Messages read from the socket, without hellos.
    pub received: u64,
    /// Messages that the program has taken.
    pub delivered: u64,
    /// Messages that were read and not taken yet.
    pub queued_incoming: usize,
    /// Messages that were read, and dropped because a queue was full.
    pub dropped_incoming: u64,
    /// Messages of clients that the service has parted with. They are not among those received.
    pub refused: u64,
    /// Messages that the program has given to the service. Those that it got back are not among
    /// them.
    pub accepted: u64,
    /// Messages that the socket has taken.
    pub sent: u64,
    /// Messages that wait to be sent.
    pub queued_outgoing: usize,
    /// Messages that were dropped because the client's queue was full.
    pub dropped_outgoing: u64,
    /// Messages in the queues of clients that have gone, or that were left when the service ended.
    pub lost: u64,
    /// Requests that a handler has in hand.
    pub in_flight: usize,
    /// Handlers that have panicked.
    pub panics: u64,
    /// How long messages waited from their receipt until the program took them.
    pub waiting: Histogram,
    /// How long requests took from their receipt until their reply was given to the service.
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
