//! [`Reply`]: the output of a request handler.

use std::fmt;

use super::kind::Serving;
use crate::{
    message::{Msg, Multipart},
    socket::{Router, Server},
};

/// The output of a handler of [`serve`](super::Service::serve): a message, or no reply.
///
/// A handler can return any type that converts into a message of the service (text, bytes, a
/// [`Msg`](crate::Msg), over a ROUTER a [`Multipart`](crate::Multipart)), or an `Option` of it.
/// `None` means no reply. A `Multipart` without frames is sent as one empty frame, because a REQ
/// waits for a reply.
pub struct Reply<S: Serving = Server>(pub(super) Option<S::Body>);

impl<S: Serving> Reply<S> {
    /// Returns the output of a handler that sends no reply, for a client that expects none.
    pub fn none() -> Self {
        Self(None)
    }
}

impl<M: Into<Msg>> From<M> for Reply<Server> {
    fn from(body: M) -> Self {
        Self(Some(body.into()))
    }
}

impl<M: Into<Msg>> From<Option<M>> for Reply<Server> {
    fn from(body: Option<M>) -> Self {
        Self(body.map(Into::into))
    }
}

impl<M: Into<Multipart>> From<M> for Reply<Router> {
    fn from(body: M) -> Self {
        Self(Some(with_frames(body.into())))
    }
}

impl<M: Into<Multipart>> From<Option<M>> for Reply<Router> {
    fn from(body: Option<M>) -> Self {
        Self(body.map(|body| with_frames(body.into())))
    }
}

fn with_frames(mut parts: Multipart) -> Multipart {
    if parts.is_empty() {
        parts.push_back(Msg::new());
    }
    parts
}

impl<S: Serving> fmt::Debug for Reply<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&self.0).finish()
    }
}
