//! Sending.

use std::{net::SocketAddr, task::Poll};

use super::{Async, wait::or_wait, waiters::Direction};
use crate::{
    error::Error,
    message::{GroupSlice, Msg, Multipart, RoutingId},
    socket::{
        Dgram, Peer, Radio, Router, Server, Socket, Stream,
        send::{SendMsg, SendMultipart},
    },
};

impl<S: Socket> Async<S> {
    /// Attempts to send until that is done. An attempt that has to wait gives the content back, for
    /// the next.
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

/// Sends what is there to send. If that has to wait it is still there.
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
    /// Puts a message into the outgoing queue, waiting where the socket's own
    /// [`send`](SendMsg::send) does.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not sent the message.
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable) from a socket that routes, if the
    ///   peer that the message names is not there
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
    /// - what else `send` fails with
    ///
    /// # C API
    /// `zmq_msg_send` with `ZMQ_DONTWAIT`
    pub async fn send<M>(&self, msg: M) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        self.sending(msg.into(), |socket, msg| socket.try_send(msg)).await
    }
}

impl<S: SendMultipart> Async<S> {
    /// Puts a message of one or more parts into the outgoing queue: all of them or none. Waits as a
    /// message of one part does.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has sent no part.
    ///
    /// # Errors
    /// Each gives the whole message back.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) for a message without parts
    /// - [`WrongState`](crate::ErrorKind::WrongState) if it is not the socket's turn to send
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown, also one that happens
    ///   meanwhile
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

/// Sockets whose messages carry a number that says whom they go to.
macro_rules! route_msg {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Sends a message to the peer of that routing id: sets the message's routing id,
                /// and [sends](Self::send) it.
                ///
                /// # Cancel safety
                /// A future that is dropped before it is ready has not sent the message.
                ///
                /// # Errors
                /// As `send`.
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

/// Sockets whose messages begin with a part that says whom they go to.
macro_rules! route_parts {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Sends a message to that peer, waiting if the socket does.
                ///
                /// # Cancel safety
                /// A future that is dropped before it is ready has sent no part.
                ///
                /// # Errors
                #[doc = concat!(
                    "As [`", stringify!($name), "::route`](", stringify!($name),
                    "::route), but it waits without end."
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
    /// Transmits a message to a group: sets the message's group, and [sends](Self::send) it.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not sent the message.
    ///
    /// # Errors
    /// As `send`.
    pub async fn transmit<M, G>(&self, msg: M, group: G) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
    {
        self.send(msg.into().with_group(group)).await
    }
}

impl Async<Dgram> {
    /// Sends a datagram to that IPv4 address, waiting while the queue is at its high water mark.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not sent the datagram.
    ///
    /// # Errors
    /// As [`Dgram::send_to`], but it waits without end.
    pub async fn send_to<M>(&self, msg: M, to: impl Into<SocketAddr>) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
    {
        let to = to.into();
        self.sending(msg.into(), |socket, msg| socket.try_send_to(msg, to)).await
    }
}
