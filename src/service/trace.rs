//! Reports of a service to `tracing`, with the feature `tracing`. They never include the content
//! of a message. A subscriber that panics does not end the service.

use super::{
    event::{ClientInfo, Reason},
    kind::Serving,
    report::Report,
};

/// A report. The service holds no lock while it reports, because a subscriber is code of the user.
#[cfg_attr(
    not(feature = "tracing"),
    allow(dead_code, reason = "without the feature nothing is reported")
)]
#[derive(Debug)]
pub(super) enum Note<S: Serving> {
    Joined(ClientInfo<S>),
    Left(ClientInfo<S>, Reason, usize),
    Dropped(ClientInfo<S>, &'static str),
}

#[cfg(feature = "tracing")]
mod on {
    use tracing::{Span, debug, debug_span, info, warn};

    use super::*;
    use crate::raw::contained;

    const TARGET: &str = "libzmq::service";

    pub(crate) fn tell<S: Serving>(note: &Note<S>) {
        contained(|| match note {
            Note::Joined(client) => debug!(
                target: TARGET,
                client = %client.id(),
                peer_address = client.peer_address(),
                user_id = client.user_id(),
                "client joined"
            ),
            Note::Left(client, reason, unsent) => {
                debug!(target: TARGET, client = %client.id(), ?reason, unsent, "client left");
            }
            Note::Dropped(client, direction) => {
                debug!(target: TARGET, client = %client.id(), direction, "message dropped");
            }
        });
    }

    pub(crate) fn panicked<S: Serving>(client: &S::Id) {
        contained(|| warn!(target: TARGET, client = %client, "handler panicked"));
    }

    pub(crate) fn ended<S: Serving>(report: &Report<S>) {
        contained(|| info!(target: TARGET, ?report, "service ended"));
    }

    /// The span of a request. Its handler runs in it.
    #[derive(Clone, Debug)]
    pub(crate) struct Request(Span);

    impl Request {
        pub(crate) fn new<S: Serving>(client: &S::Id) -> Self {
            let span = contained(|| debug_span!(target: TARGET, "request", client = %client));
            Self(span.unwrap_or_else(Span::none))
        }

        pub(crate) fn run<T>(&self, call: impl FnOnce() -> T) -> T {
            self.0.in_scope(call)
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod on {
    use super::*;

    pub(crate) fn tell<S: Serving>(_: &Note<S>) {}

    pub(crate) fn panicked<S: Serving>(_: &S::Id) {}

    pub(crate) fn ended<S: Serving>(_: &Report<S>) {}

    #[derive(Clone, Debug)]
    pub(crate) struct Request;

    impl Request {
        pub(crate) fn new<S: Serving>(_: &S::Id) -> Self {
            Self
        }

        #[inline]
        pub(crate) fn run<T>(&self, call: impl FnOnce() -> T) -> T {
            call()
        }
    }
}

pub(super) use on::*;
