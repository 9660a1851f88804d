//! Async methods that receive.

use std::{net::SocketAddr, task::Poll};

use super::{Async, wait::or_wait, waiters::Direction};
use crate::{
    error::Error,
    message::{Identity, Msg, Multipart},
    raw::NotDone,
    socket::{
        Dgram, Router, Socket, Stream, Subscription, XPub,
        at_once::receive_at_once,
        recv::{RecvMsg, RecvMultipart},
    },
};

impl<S: Socket> Async<S> {
    async fn receiving<T>(&self, call: impl Fn(&S) -> Result<T, Error>) -> Result<T, Error> {
        self.until(Direction::Receive, |socket| attempt(socket, &call)).await?
    }
}

impl<S: RecvMsg> Async<S> {
    async fn recv_later(&self, not_done: NotDone) -> Result<Msg, Error> {
        // Received in the place that it is returned from: moving a message that C has just written
        // is slow.
        let mut msg = Msg::new();
        let attempt = |socket: &S| attempt(socket, |socket| socket.try_recv(&mut msg));
        self.go_on(not_done, Direction::Receive, attempt).await??;
        Ok(msg)
    }
}

/// Receives without blocking, unless the socket has stopped receiving.
pub(super) fn attempt<S: Socket, T>(
    socket: &S,
    call: impl FnOnce(&S) -> Result<T, Error>,
) -> Poll<Result<T, Error>> {
    match socket.raw().stop().check() {
        Ok(()) => or_wait(call(socket)),
        Err(errno) => Poll::Ready(Err(Error::c(errno, "receive"))),
    }
}

impl<S: RecvMsg> Async<S> {
    /// Receives the next message.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while
    ///   the future waits
    /// - [`Multipart`](crate::ErrorKind::Multipart) if the next message is a multipart message; see
    ///   [`recv`](RecvMsg::recv)
    /// - the other errors of `recv`, except the timeout
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    pub async fn recv_msg(&self) -> Result<Msg, Error> {
        let not_done = {
            let mut msg = Msg::new();
            match self.at_once(|socket, deferred| receive_at_once(socket, deferred, &mut msg)) {
                Ok(()) => return Ok(msg),
                Err(not_done) => not_done,
            }
        };
        self.recv_later(not_done).await
    }

    /// Receives at least one and at most `limit` messages, appends them to `msgs`, and returns
    /// their number.
    ///
    /// Waits for the first message only. One call for many messages costs less than a call for
    /// each.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let pull = Async::new(PullBuilder::new().bind("inproc://recv-many").build()?)?;
    /// let push = Async::new(PushBuilder::new().connect("inproc://recv-many").build()?)?;
    /// for number in 0..10 {
    ///     push.send(number.to_string()).await?;
    /// }
    /// let mut msgs = Vec::new();
    /// while msgs.len() < 10 {
    ///     pull.recv_many(&mut msgs, 4).await?;
    /// }
    /// assert_eq!(msgs[9], "9");
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message, and `msgs` is
    /// unchanged.
    ///
    /// # Errors
    /// Those of [`recv_msg`](Self::recv_msg), before the first message. The next call returns an
    /// error that occurs after it.
    pub async fn recv_many(&self, msgs: &mut Vec<Msg>, limit: usize) -> Result<usize, Error> {
        self.until(Direction::Receive, |socket| {
            attempt(socket, |socket| socket.try_recv_many(msgs, limit))
        })
        .await?
    }
}

impl<S: RecvMultipart> Async<S> {
    /// Receives the next message with all its frames.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no frame.
    ///
    /// # Errors
    /// - [`WrongState`](crate::ErrorKind::WrongState) from a `Req` or `Rep` whose turn is to send
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while
    ///   the future waits
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`, `ZMQ_RCVMORE`
    pub async fn recv_multipart(&self) -> Result<Multipart, Error> {
        self.receiving(S::try_recv_multipart).await
    }
}

impl Async<XPub> {
    /// Receives the next message as a [`Subscription`].
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// Those of [`recv_msg`](Self::recv_msg).
    pub async fn recv_subscription(&self) -> Result<Subscription, Error> {
        self.recv_msg().await.map(Subscription::from)
    }
}

/// Sockets that know the sender of a message by its identity.
macro_rules! recv_parts {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Receives the next message and the identity of its sender.
                ///
                /// # Cancel safety
                /// A future that is dropped before it completes has received no frame.
                ///
                /// # Errors
                /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down,
                /// also while the future waits.
                pub async fn recv_from(&self) -> Result<(Identity, Multipart), Error> {
                    self.receiving($name::try_recv_from).await
                }
            }
        )*
    };
}

recv_parts!(Router Stream);

impl Async<Dgram> {
    /// Receives the next datagram and the address of its sender.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no datagram.
    ///
    /// # Errors
    /// [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down, also while the
    /// future waits.
    pub async fn recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        self.receiving(Dgram::try_recv_from).await
    }
}
