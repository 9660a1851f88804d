//! Async methods that send.

use std::{mem, net::SocketAddr, task::Poll};

use super::{Async, wait::or_wait, waiters::Direction};
use crate::{
    error::Error,
    message::{GroupSlice, Msg, Multipart, RoutingId},
    raw::{NotDone, Wait},
    socket::{
        Dgram, Peer, Radio, Router, Server, Socket, Stream,
        at_once::send_at_once,
        send::{SendMsg, SendMultipart, send_in_place},
    },
};

impl<S: Socket> Async<S> {
    /// Attempts to send until it succeeds or fails. An attempt that would block returns the content
    /// for the next attempt.
    pub(super) async fn sending<C>(
        &self,
        content: C,
        call: impl Fn(&S, C) -> Result<(), Error<C>>,
    ) -> Result<(), Error<C>> {
        let mut content = Some(content);
        let waited =
            self.until(Direction::Send, |socket| attempt(socket, &mut content, &call)).await;
        waited.unwrap_or_else(|error| {
            Err(match content {
                Some(content) => error.giving_back(content),
                None => error.cast_into(),
            })
        })
    }
}

/// Takes the content and sends it. If that would block, puts it back.
#[inline]
pub(super) fn attempt<S, C>(
    socket: &S,
    content: &mut Option<C>,
    call: impl Fn(&S, C) -> Result<(), Error<C>>,
) -> Poll<Result<(), Error<C>>> {
    let Some(taken) = content.take() else { return Poll::Ready(Ok(())) };
    or_wait(call(socket, taken).map_err(|mut error| {
        if error.kind() == crate::ErrorKind::WouldBlock {
            *content = error.take();
        }
        error
    }))
}

impl<S: SendMsg> Async<S> {
    /// Sends a message: puts it into the queue of a peer.
    ///
    /// Waits where [`send`](SendMsg::send) of the socket type blocks, without a timeout.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the message.
    ///
    /// # Errors
    /// Each error contains the message; [`take`](Error::take) returns it.
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a `Server` or `Peer`, if the
    ///   peer of the message's routing id has gone or never was
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while
    ///   the future waits
    /// - the other errors of `send`, except the timeout
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_DONTWAIT`
    pub async fn send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        let (not_done, msg) = {
            // It moves into the future only if it has to wait: moving a message that C has just
            // written is slow.
            let mut msg = msg.into();
            match self.at_once(|socket, deferred| send_at_once(socket, deferred, &mut msg)) {
                Ok(()) => {
                    // It is empty now, so there is nothing to drop.
                    mem::forget(msg);
                    return Ok(());
                }
                Err(not_done) => (not_done, msg),
            }
        };
        self.send_later(not_done, msg).await
    }
}

impl<S: Socket> Async<S> {
    async fn send_later(&self, not_done: NotDone, mut msg: Msg) -> Result<(), Error<Msg>> {
        let attempt = |socket: &S| or_wait(send_in_place(socket, &mut msg, Wait::No));
        match self.go_on(not_done, Direction::Send, attempt).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) | Err(error) => Err(error.giving_back(msg)),
        }
    }
}

impl<S: SendMultipart> Async<S> {
    /// Sends a message of one or more frames: all of them or none.
    ///
    /// Waits where [`send_multipart`](SendMultipart::send_multipart) of the socket type blocks,
    /// without a timeout.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has sent no frame.
    ///
    /// # Errors
    /// Each error contains the whole message; [`take`](Error::take) returns it.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a message without frames
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to
    ///   receive
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while
    ///   the future waits
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_DONTWAIT` and `ZMQ_SNDMORE`
    pub async fn send_multipart<M>(&self, parts: M) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
    {
        self.sending(parts.into(), |socket, parts| socket.try_send_multipart(parts)).await
    }
}

/// Sockets that send each message to the peer whose routing id it carries.
macro_rules! route_msg {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Sends a message to a peer: sets the message's routing id and
                /// [sends](Self::send) it.
                ///
                /// # Cancel safety
                /// A future that is dropped before it completes has not sent the message.
                ///
                /// # Errors
                /// Those of `send`.
                pub async fn route<M>(&self, msg: M, id: RoutingId) -> Result<(), Error<Msg>>
                where
                    M: Into<Msg>,
                {
                    let mut msg = msg.into();
                    msg.set_routing_id(id);
                    self.send(msg).await
                }
            }
        )*
    };
}

route_msg!(Server Peer);

/// Sockets that send each message to the peer with an identity.
macro_rules! route_parts {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Sends a message to the peer with this identity.
                ///
                /// Waits where the method of the socket blocks, without a timeout.
                ///
                /// # Cancel safety
                /// A future that is dropped before it completes has sent no frame.
                ///
                /// # Errors
                #[doc = concat!(
                    "Those of [`", stringify!($name), "::route`](", stringify!($name),
                    "::route), except the timeout."
                )]
                pub async fn route<M, I>(
                    &self,
                    parts: M,
                    to: I,
                ) -> Result<(), Error<Multipart>>
                where
                    M: Into<Multipart>,
                    I: AsRef<[u8]>,
                {
                    let to = to.as_ref();
                    self.sending(parts.into(), |socket, parts| socket.try_route(parts, to)).await
                }
            }
        )*
    };
}

route_parts!(Router Stream);

impl Async<Radio> {
    /// Transmits a message to a group: sets the message's group and [sends](Self::send) it.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the message.
    ///
    /// # Errors
    /// Those of `send`.
    pub async fn transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.send(msg.into().with_group(group)).await
    }
}

impl Async<Dgram> {
    /// Sends a datagram to an IPv4 address, waiting while the queue is at its high water mark.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the datagram.
    ///
    /// # Errors
    /// Those of [`Dgram::send_to`], except the timeout.
    pub async fn send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        let to = to.into();
        self.sending(msg.into(), |socket, msg| socket.try_send_to(msg, to)).await
    }
}
