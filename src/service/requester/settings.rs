//! The settings of a requester.

use std::time::Duration;

use crate::ctx::CtxHandle;

/// How often a request may be carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// A request that was sent is not sent again: it is carried out once or not at all. Only one
    /// that could not be sent is tried again, at the next endpoint.
    #[default]
    AtMostOnce,
    /// A request without a reply is sent again, to the next endpoint. It may be carried out several
    /// times: for requests that do no harm then.
    AtLeastOnce,
}

/// How replies are matched to requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matching {
    /// By number once the other side has shown that it is a [`Service`](super::Service), and
    /// until then one request at a time. Connections over inproc, and over ws without a mechanism,
    /// do not show it.
    #[default]
    Detect,
    /// By number: the other side is a service.
    Numbered,
    /// One request at a time on each connection, for a SERVER or ROUTER that knows nothing of
    /// numbers.
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
