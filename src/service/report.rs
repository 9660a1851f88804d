//! [`Report`]: the messages and requests that a service left when it ended.

use std::fmt;

use super::kind::Serving;
use crate::socket::Server;

/// The messages and requests that a service left when it ended.
///
/// A message that the service has sent is in the socket's queue. libzmq goes on sending for at most
/// the socket's [`Linger`](crate::opt::Linger). [`Ctx::terminate`](crate::Ctx::terminate) and a
/// normal end of the process wait for that.
#[non_exhaustive]
pub struct Report<S: Serving = Server> {
    /// The clients with messages that could not be sent in time, and how many.
    pub unsent: Vec<(S::Id, usize)>,
    /// How many messages the service has read and the program has not received. Streams of events
    /// still return them.
    pub unread: usize,
    /// How many requests a handler was processing.
    pub unanswered: usize,
    /// Whether the service was dropped or failed instead of being stopped.
    pub aborted: bool,
}

impl<S: Serving> Report<S> {
    /// Returns whether nothing was left, and the service was stopped rather than aborted.
    pub fn is_complete(&self) -> bool {
        self.unsent.is_empty() && self.unread == 0 && self.unanswered == 0 && !self.aborted
    }
}

impl<S: Serving> Default for Report<S> {
    fn default() -> Self {
        Self { unsent: Vec::new(), unread: 0, unanswered: 0, aborted: false }
    }
}

impl<S: Serving> Clone for Report<S> {
    fn clone(&self) -> Self {
        Self {
            unsent: self.unsent.clone(),
            unread: self.unread,
            unanswered: self.unanswered,
            aborted: self.aborted,
        }
    }
}

impl<S: Serving> fmt::Debug for Report<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("unsent", &self.unsent)
            .field("unread", &self.unread)
            .field("unanswered", &self.unanswered)
            .field("aborted", &self.aborted)
            .finish()
    }
}
