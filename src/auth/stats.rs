//! The statistics of an authentication handler.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::request::Verdict;

/// Counts a handler's answers by their status.
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

/// The numbers of peers that an authentication handler has accepted and refused: see
/// [`AuthClient::stats`](super::AuthClient::stats).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AuthStats {
    /// Accepted peers.
    pub allowed: u64,
    /// Peers refused permanently, with status 400.
    pub denied: u64,
    /// Peers refused temporarily, with status 300: by the authenticator, or because too many
    /// requests were pending.
    pub later: u64,
    /// Peers refused with status 500: the authenticator panicked, gave no answer, or gave an
    /// invalid answer.
    pub failed: u64,
    /// Requests that the authenticator is answering, or that wait for one of its threads.
    pub pending: usize,
}
