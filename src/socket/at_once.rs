//! Calls on a socket that is most often ready: one C call, and nothing for the case that it fails.

use crate::{
    message::Msg,
    raw::{DeferDrops, NotDone, Wait},
    socket::{Socket, SocketType, recv::keep, send::is_too_large},
};

/// Receives a queued message of a single frame with one C call, for a caller that makes the whole
/// call if this one does not.
#[inline]
pub(crate) fn receive_at_once<S: Socket>(
    socket: &S,
    deferred: &DeferDrops,
    msg: &mut Msg,
) -> Result<(), NotDone> {
    let unread = socket.unread();
    if unread.is_some_and(|unread| !unread.is_empty()) {
        return Err(NotDone::Unknown);
    }
    // A stopped socket receives nothing, as in a call that blocks.
    socket.raw().begin_to_receive(deferred, msg.raw(), Wait::AsSet).map_err(NotDone::from)?;
    if S::KIND.socket_type == SocketType::XPub {
        socket.raw().note_subscription(msg);
    }
    match unread {
        Some(unread) if msg.raw().more() => {
            keep(socket, unread, msg);
            Err(NotDone::Unknown)
        }
        _ => Ok(()),
    }
}

/// Sends a message with one C call, for a caller that makes the whole call if this one does not.
/// The message is empty then. On failure it is as it was.
#[inline]
pub(crate) fn send_at_once<S: Socket>(
    socket: &S,
    deferred: &DeferDrops,
    msg: &mut Msg,
) -> Result<(), NotDone> {
    if is_too_large(socket, msg) {
        return Err(NotDone::Unknown);
    }
    socket.raw().send_at_once(deferred, msg.raw()).map_err(NotDone::from)
}
