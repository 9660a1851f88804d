//! What is to be measured.

use std::fmt;
use std::net::TcpListener;
use std::process;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// What is timed.
    pub work: Work,
    /// The sockets.
    pub pattern: Pattern,
    /// What connects them.
    pub transport: Transport,
    /// The length of each message in bytes.
    pub size: usize,
    /// How many messages or round trips.
    pub count: usize,
}

impl Job {
    /// An endpoint of this transport that nothing uses.
    ///
    /// # Panics
    /// If the system has no port left.
    #[must_use]
    pub fn endpoint(&self) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);

        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.transport {
            Transport::Inproc => format!("inproc://{number}"),
            Transport::Ipc => {
                let file = format!("bench-{}-{number}.ipc", process::id());
                format!("ipc://{}", std::env::temp_dir().join(file).display())
            }
            Transport::Tcp => {
                let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
                format!("tcp://{}", listener.local_addr().expect("bound"))
            }
        }
    }

    /// The content of the messages.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        vec![1; self.size]
    }
}

/// As it is sent to a contestant.
impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { work, pattern, transport, size, count } = self;
        write!(f, "{work:?} {pattern:?} {transport:?} {size} {count}")
    }
}

impl FromStr for Job {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let malformed = || format!("`{text}` is no job");
        let words: Vec<_> = text.split_whitespace().collect();
        let [work, pattern, transport, size, count] = words[..] else { return Err(malformed()) };
        Ok(Self {
            work: named(&Work::ALL, work).ok_or_else(malformed)?,
            pattern: named(&Pattern::ALL, pattern).ok_or_else(malformed)?,
            transport: named(&Transport::ALL, transport).ok_or_else(malformed)?,
            size: size.parse().map_err(|_| malformed())?,
            count: count.parse().map_err(|_| malformed())?,
        })
    }
}

fn named<T: Copy + fmt::Debug>(all: &[T], name: &str) -> Option<T> {
    all.iter().copied().find(|one| format!("{one:?}") == name)
}

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// One side sends, the other receives.
    Throughput,
    /// One side sends, the other answers, and so on.
    RoundTrip,
}

impl Work {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Throughput, Self::RoundTrip];
}

/// The sockets of the two sides. Those that send one way only use two pairs for a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// PUSH to PULL.
    PushPull,
    /// REQ and REP: round trips only.
    ReqRep,
    /// DEALER to ROUTER.
    DealerRouter,
    /// CLIENT to SERVER.
    ClientServer,
    /// RADIO to one DISH.
    RadioDish,
    /// RADIO to ten DISHes: throughput only.
    RadioDish10,
    /// PUB to one SUB.
    PubSub,
    /// PUB to ten SUBs: throughput only.
    PubSub10,
    /// SCATTER to GATHER.
    ScatterGather,
    /// PEER to PEER.
    Peer,
    /// CHANNEL to CHANNEL.
    Channel,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::PushPull,
        Self::ReqRep,
        Self::DealerRouter,
        Self::ClientServer,
        Self::RadioDish,
        Self::RadioDish10,
        Self::PubSub,
        Self::PubSub10,
        Self::ScatterGather,
        Self::Peer,
        Self::Channel,
    ];

    /// How many sockets receive each message.
    #[must_use]
    pub fn receivers(self) -> usize {
        if matches!(self, Self::RadioDish10 | Self::PubSub10) { 10 } else { 1 }
    }

    /// Whether this work can be done with these sockets.
    #[must_use]
    pub fn has(self, work: Work) -> bool {
        match work {
            Work::Throughput => self != Self::ReqRep,
            Work::RoundTrip => self.receivers() == 1,
        }
    }
}

/// What connects the two sides, in one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Queues in memory.
    Inproc,
    /// Unix domain sockets.
    Ipc,
    /// TCP over the loopback interface.
    Tcp,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Inproc, Self::Ipc, Self::Tcp];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reads_back_as_it_was_written() {
        let job = Job {
            work: Work::RoundTrip,
            pattern: Pattern::RadioDish10,
            transport: Transport::Ipc,
            size: 64,
            count: 1000,
        };
        assert_eq!(job.to_string().parse(), Ok(job));
        assert!("RoundTrip RadioDish10 Ipc 64".parse::<Job>().is_err());
        assert!("RoundTrip Radio Ipc 64 1".parse::<Job>().is_err());
    }
}
