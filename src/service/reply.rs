//! What a handler answers with.

use std::fmt;

use super::kind::Serving;
use crate::{
    message::{Msg, Multipart},
    socket::{Router, Server},
};

/// What a handler of [`serve`](super::Service::serve) answers with: a message, or nothing.
///
/// A handler returns whatever converts into the service's messages (text, bytes, a
/// [`Msg`](crate::Msg), on a ROUTER a [`Multipart`](crate::Multipart)), or an `Option` of it.
pub struct Reply<S: Serving = Server>(pub(super) Option<S::Body>);

impl<S: Serving> Reply<S> {
    /// No reply: the client does not wait for one.
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
        Self(Some(body.into()))
    }
}

impl<M: Into<Multipart>> From<Option<M>> for Reply<Router> {
    fn from(body: Option<M>) -> Self {
        Self(body.map(Into::into))
    }
}

impl<S: Serving> fmt::Debug for Reply<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&self.0).finish()
    }
}
