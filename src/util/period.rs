//! How long a call may wait.

use std::time::Duration;

use crate::raw::Wait;

use Period::{Finite, Infinite};

/// A period of time that may have no end.
///
/// Whatever takes a period takes a [`Duration`] too. libzmq counts whole milliseconds: a fraction
/// is rounded up, and zero means "do not wait".
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
    /// Without an end.
    #[default]
    Infinite,
    /// No longer than this.
    Finite(Duration),
}

impl Period {
    /// As the limit of one call.
    pub(crate) fn wait(self) -> Wait {
        Wait::Within(self.into())
    }
}

impl From<Duration> for Period {
    fn from(duration: Duration) -> Self {
        Finite(duration)
    }
}

/// `None` has no end.
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
