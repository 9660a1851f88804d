//! [`Delivery`], [`Matching`], and the other settings of a requester.

use std::time::Duration;

use crate::ctx::CtxHandle;

/// Whether a requester may deliver a request more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The requester does not resend a request: the server executes it once or not at all. It
    /// retries only a request that could not be sent, at the next endpoint.
    #[default]
    AtMostOnce,
    /// The requester resends a request without a reply, to the next endpoint. A server may execute
    /// it several times, so use this for idempotent requests.
    AtLeastOnce,
}

/// How a requester matches replies to requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matching {
    /// By number once a reply has shown that the server is a [`Service`](super::Service), and until
    /// then as [`OneAtATime`](Self::OneAtATime).
    ///
    /// A service cannot be detected over inproc, nor over ws without a mechanism.
    #[default]
    Detect,
    /// By number. The server must be a service.
    Numbered,
    /// By order: one request in flight at a time on each connection. For a SERVER or ROUTER that
    /// does not understand numbers.
    OneAtATime,
}

/// The settings of a requester.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) retries: u32,
    pub(super) backoff: Duration,
    pub(super) longest_backoff: Duration,
    pub(super) delivery: Delivery,
    pub(super) matching: Matching,
    pub(super) ctx: CtxHandle,
}
