//! Receives frames, and makes messages of them.

use std::mem;

use crate::{
    error::{Error, ErrorKind},
    message::{Kept, Msg, Multipart, Unread},
    raw::{DeferDrops, Errno, Wait},
    socket::{Socket, SocketType},
};

pub(crate) fn receive_parts<S: Socket>(socket: &S, wait: Wait) -> Result<Multipart, Error> {
    if let Some(kept) = socket.unread().and_then(Unread::take) {
        return Ok(kept.parts);
    }
    let mut first = Msg::new();
    let _deferred = receive_first(socket, &mut first, wait)?;
    Multipart::complete(first, socket.raw()).map_err(|errno| failed(socket, errno, wait))
}

/// Receives the first frame of a message. Until the returned value is dropped, no owner of a buffer
/// is: its drop may run user code that receives the other frames.
#[inline]
fn receive_first<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<DeferDrops, Error> {
    let mut deferred = DeferDrops::new();
    if let Err(errno) = socket.raw().begin_to_receive(&deferred, msg.raw(), wait) {
        // Owners that the attempt released are dropped before this call blocks.
        drop(deferred);
        deferred = receive_first_later(socket, msg, wait, errno)?;
    }
    if S::KIND.socket_type == SocketType::XPub {
        socket.raw().note_subscription(msg);
    }
    Ok(deferred)
}

/// Receives the first frame after an attempt that failed.
#[cold]
fn receive_first_later<S: Socket>(
    socket: &S,
    msg: &mut Msg,
    wait: Wait,
    errno: Errno,
) -> Result<DeferDrops, Error> {
    let deferred = DeferDrops::new();
    match socket.raw().go_on_to_receive(&deferred, msg.raw(), wait, errno) {
        Ok(()) => Ok(deferred),
        Err(errno) => Err(failed(socket, errno, wait)),
    }
}

/// Receives a message of a single frame. A multipart message is kept whole for `recv_multipart`,
/// and the error says so.
#[inline]
pub(super) fn receive<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<(), Error> {
    if let Some(unread) = socket.unread() {
        if let Some(kept) = unread.take() {
            return receive_past(socket, unread, kept, msg, wait);
        }
    }
    receive_next(socket, msg, wait)
}

#[inline]
fn receive_next<S: Socket>(socket: &S, msg: &mut Msg, wait: Wait) -> Result<(), Error> {
    let _deferred = receive_first(socket, msg, wait)?;
    match socket.unread() {
        Some(unread) if msg.raw().more() => Err(put_aside(socket, unread, msg)),
        _ => Ok(()),
    }
}

/// Receives a single frame where a multipart message is held. The caller that got
/// `ErrorKind::Multipart` for it and receives a single frame again skips it.
#[cold]
fn receive_past<S: Socket>(
    socket: &S,
    unread: &Unread,
    mut kept: Box<Kept>,
    msg: &mut Msg,
    wait: Wait,
) -> Result<(), Error> {
    if !mem::replace(&mut kept.reported, true) {
        unread.put(kept);
        return Err(Error::new(ErrorKind::Multipart, "receive"));
    }
    let received = receive_next(socket, msg, wait);
    match &received {
        Err(error) if error.kind() != ErrorKind::Multipart => unread.put(kept),
        _ => drop(kept),
    }
    received
}

/// Receives queued messages, and blocks only while there is none.
pub(super) fn receive_many<S: Socket>(
    socket: &S,
    msgs: &mut Vec<Msg>,
    limit: usize,
    wait: Wait,
) -> Result<usize, Error> {
    let Some(after_first) = limit.checked_sub(1) else { return Ok(0) };
    let kept = socket.unread().is_some_and(|unread| !unread.is_empty());
    let received = if kept { 0 } else { receive_queued(socket, msgs, limit) };
    if received > 0 {
        return Ok(received);
    }
    let mut first = Msg::new();
    receive(socket, &mut first, wait)?;
    msgs.push(first);
    Ok(1 + receive_queued(socket, msgs, after_first))
}

/// Receives queued messages up to a multipart message, which the next call reports.
fn receive_queued<S: Socket>(socket: &S, msgs: &mut Vec<Msg>, limit: usize) -> usize {
    if S::KIND.socket_type == SocketType::XPub {
        // Each subscription is noted when it is received.
        return 0;
    }
    // The drop of an owner may run user code that receives the other frames.
    let _deferred = DeferDrops::new();
    let received = socket.raw().recv_many(limit, |message| msgs.push(Msg::of_raw(message)));
    let (Some(unread), Some(last)) = (socket.unread(), msgs.last_mut()) else { return received };
    if received == 0 || !last.raw().more() {
        return received;
    }
    keep(socket, unread, last);
    msgs.pop();
    received - 1
}

/// Receives the other frames, and holds the message for the next call, which reports it. If that
/// fails, the next call fails as well.
#[cold]
pub(in crate::socket) fn keep<S: Socket>(socket: &S, unread: &Unread, first: &mut Msg) {
    if let Ok(parts) = Multipart::complete(mem::take(first), socket.raw()) {
        unread.put(Box::new(Kept { parts, reported: false }));
    }
}

#[cold]
fn failed<S: Socket>(socket: &S, errno: Errno, wait: Wait) -> Error {
    let error = Error::c(errno, "receive").waited(socket.raw().waited_to_receive(wait));
    match (error.kind(), S::KIND.socket_type) {
        (ErrorKind::WrongState, SocketType::Req) => error.cured_by("send a request first"),
        (ErrorKind::WrongState, SocketType::Rep) => error.cured_by("reply to the last one first"),
        _ => error,
    }
}

/// Turns a timeout into `None`.
pub(crate) fn or_none<T>(received: Result<T, Error>) -> Result<Option<T>, Error> {
    match received {
        Ok(received) => Ok(Some(received)),
        Err(error) if error.is_would_block() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Receives the other frames, and holds the message for `recv_multipart`.
#[cold]
fn put_aside<S: Socket>(socket: &S, unread: &Unread, msg: &mut Msg) -> Error {
    match Multipart::complete(mem::take(msg), socket.raw()) {
        Ok(parts) => {
            unread.put(Box::new(Kept { parts, reported: true }));
            Error::new(ErrorKind::Multipart, "receive")
        }
        Err(errno) => Error::c(errno, "receive"),
    }
}
