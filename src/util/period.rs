//! Periods, which limit how long a call blocks.

use std::time::{Duration, Instant};

use crate::raw::Wait;

use Period::{Finite, Infinite};

/// A period of time that may be infinite.
///
/// Methods with a period also accept a [`Duration`]. libzmq counts milliseconds: a fraction is
/// rounded up. Zero means that the call does not block.
///
/// ```
/// use libzmq::{Period, Infinite, Finite};
/// use std::time::Duration;
///
/// assert_eq!(Period::from(Duration::from_secs(3)), Finite(Duration::from_secs(3)));
/// assert_eq!(Period::default(), Infinite);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// No limit.
    #[default]
    Infinite,
    /// At most this duration.
    Finite(Duration),
}

impl Period {
    /// Returns how a call with this limit waits.
    pub(crate) fn wait(self) -> Wait {
        Wait::Within(self.into())
    }

    /// Returns when the period that begins now ends. `None` is never: an infinite period, or one
    /// that is too long for the clock.
    pub(crate) fn deadline(self) -> Option<Instant> {
        Option::<Duration>::from(self).and_then(|period| Instant::now().checked_add(period))
    }
}

impl From<Duration> for Period {
    fn from(duration: Duration) -> Self {
        Finite(duration)
    }
}

/// `None` is infinite.
impl From<Option<Duration>> for Period {
    fn from(duration: Option<Duration>) -> Self {
        duration.map_or(Infinite, Finite)
    }
}

impl From<Period> for Option<Duration> {
    fn from(period: Period) -> Self {
        match period {
            Infinite => None,
            Finite(duration) => Some(duration),
        }
    }
}
