//! Capturing: copies of the messages of a proxy.

use std::fmt;

use super::control::Counters;
use crate::{
    raw::{Message, Wait},
    socket::send::SendMultipart,
};

/// Sends copies of the messages to a capture socket, if there is one.
#[derive(Default)]
pub(super) struct Capture(Option<Box<Copier>>);

/// Sends a copy of a message, or returns `false` if the capture socket is in its mute state.
type Copier = dyn Fn(&[Message]) -> bool + Send;

impl Capture {
    pub(super) fn by<C>(socket: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        Self(Some(Box::new(move |parts| {
            let mut copies: Vec<Message> = parts.iter().map(Message::copy).collect();
            socket.raw().send_parts(&mut copies, |copy| copy, Wait::No).is_ok()
        })))
    }

    pub(super) fn take(&self, parts: &[Message], counters: &Counters) {
        if self.0.as_ref().is_some_and(|copy| !copy(parts)) {
            counters.uncaptured.add(0);
        }
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Capture").field(&self.0.is_some()).finish()
    }
}
