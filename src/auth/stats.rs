//! What an authentication handler has done so far.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::request::Verdict;

/// How often a handler gave which answer.
#[derive(Default)]
pub(super) struct Counters {
    allowed: AtomicU64,
    denied: AtomicU64,
    later: AtomicU64,
    failed: AtomicU64,
    pending: AtomicUsize,
}

impl Counters {
    pub(super) fn set_pending(&self, pending: usize) {
        self.pending.store(pending, Ordering::Relaxed);
    }

    pub(super) fn count(&self, verdict: &Verdict) {
        let counter = match verdict {
            Verdict::Allow { .. } => &self.allowed,
            Verdict::Deny(_) => &self.denied,
            Verdict::Later(_) => &self.later,
            Verdict::Failed(_) => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stats(&self) -> AuthStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        AuthStats {
            allowed: read(&self.allowed),
            denied: read(&self.denied),
            later: read(&self.later),
            failed: read(&self.failed),
            pending: self.pending.load(Ordering::Relaxed),
        }
    }
}

/// How many peers an authentication handler has judged, and how: see
/// [`AuthClient::stats`](super::AuthClient::stats).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AuthStats {
    /// Peers that were let in.
    pub allowed: u64,
    /// Peers that were refused for good, with status 400.
    pub denied: u64,
    /// Peers that were refused for now, with status 300: by the authenticator, or because too many
    /// were being judged.
    pub later: u64,
    /// Peers that were refused with status 500, because the authenticator panicked, gave no answer,
    /// or gave an answer that cannot be passed on.
    pub failed: u64,
    /// Peers that the authenticator is judging now, or has still to judge.
    pub pending: usize,
}
