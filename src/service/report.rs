//! What was left when a service ended.

use std::fmt;

use super::kind::Serving;
use crate::socket::Server;

/// What a service has left undone when it ended.
///
/// What was sent is with libzmq, which goes on sending for as long as the socket's
/// [`Linger`](crate::opt::Linger) allows; [`Ctx::terminate`](crate::Ctx::terminate), and a normal
/// end of the process, wait for that.
#[non_exhaustive]
pub struct Report<S: Serving = Server> {
    /// The messages that could not be sent in time: how many for which client.
    pub unsent: Vec<(S::Id, usize)>,
    /// How many messages were read, and not taken by the program. Streams of events still have
    /// them.
    pub unread: usize,
    /// How many requests a handler had in hand.
    pub unanswered: usize,
    /// Whether the service was dropped, or failed, instead of being stopped.
    pub aborted: bool,
}

impl<S: Serving> Report<S> {
    /// Whether nothing was left.
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
