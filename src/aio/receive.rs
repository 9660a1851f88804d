//! Receiving.

use std::{net::SocketAddr, sync::atomic::Ordering, task::Poll};

use super::{Async, wait::or_wait, waiters::Direction};
use crate::{
    error::{Error, ErrorKind},
    message::{Identity, Msg, Multipart},
    socket::{
        Dgram, Router, Socket, Stream, Subscription, XPub,
        recv::{RecvMsg, RecvMultipart},
    },
};

impl<S: Socket> Async<S> {
    async fn receiving<T>(&self, call: impl Fn(&S) -> Result<T, Error>) -> Result<T, Error> {
        self.until(Direction::Receive, |socket| attempt(socket, &call)).await?
    }
}

/// Receives what is there, unless the socket was told to stop receiving.
pub(super) fn attempt<S: Socket, T>(
    socket: &S,
    call: impl Fn(&S) -> Result<T, Error>,
) -> Poll<Result<T, Error>> {
    match socket.raw().stop().check() {
        Ok(()) => or_wait(call(socket)),
        Err(errno) => Poll::Ready(Err(Error::c(errno, "receive"))),
    }
}

impl<S: RecvMsg> Async<S> {
    /// Receives a message.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no message.
    ///
    /// # Errors
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile
    /// - [`Multipart`](ErrorKind::Multipart) if the message has several parts, on a socket that
    ///   also receives such; see [`recv`](RecvMsg::recv)
    /// - what else `recv` fails with
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`
    pub async fn recv_msg(&self) -> Result<Msg, Error> {
        self.receiving(|socket| self.try_recv_msg(socket)).await
    }

    /// Receives the messages that are there, at least one and at most `limit`, and appends them to
    /// `msgs`. Answers with how many they are. One call for many messages costs less than one for
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
    /// A future that is dropped before it is ready has taken no message, and left `msgs` as it was.
    ///
    /// # Errors
    /// As [`recv_msg`](Self::recv_msg), before the first message. What fails after it, the next
    /// call tells.
    pub async fn recv_many(&self, msgs: &mut Vec<Msg>, limit: usize) -> Result<usize, Error> {
        let before = msgs.len();
        self.until(Direction::Receive, |socket| {
            if let Err(errno) = socket.raw().stop().check() {
                return Poll::Ready(Err(Error::c(errno, "receive")));
            }
            while msgs.len() - before < limit {
                match self.try_recv_msg(socket) {
                    Ok(msg) => msgs.push(msg),
                    Err(error) if msgs.len() == before => return or_wait(Err(error)),
                    Err(error) => {
                        self.wakeups
                            .untold
                            .store(error.kind() == ErrorKind::Multipart, Ordering::Relaxed);
                        break;
                    }
                }
            }
            Poll::Ready(Ok(msgs.len() - before))
        })
        .await?
    }

    /// Receives a message if one is there, and tells first of one of several parts that was not
    /// told of yet.
    #[inline]
    pub(super) fn try_recv_msg(&self, socket: &S) -> Result<Msg, Error> {
        let untold = &self.wakeups.untold;
        if untold.load(Ordering::Relaxed) && untold.swap(false, Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Multipart, "receive"));
        }
        socket.try_recv_msg()
    }
}

impl<S: RecvMultipart> Async<S> {
    /// Receives a message with all its parts.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no part.
    ///
    /// # Errors
    /// - [`WrongState`](ErrorKind::WrongState) if it is not the socket's turn to receive
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile
    ///
    /// # C API
    /// `zmq_msg_recv` with `ZMQ_DONTWAIT`, `ZMQ_RCVMORE`
    pub async fn recv_multipart(&self) -> Result<Multipart, Error> {
        self.receiving(|socket| self.try_recv_multipart(socket)).await
    }

    pub(super) fn try_recv_multipart(&self, socket: &S) -> Result<Multipart, Error> {
        self.wakeups.untold.store(false, Ordering::Relaxed);
        socket.try_recv_multipart()
    }
}

impl Async<XPub> {
    /// Receives a message as what it means: [`recv_msg`](Self::recv_msg), read.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no message.
    ///
    /// # Errors
    /// As `recv_msg`.
    pub async fn recv_subscription(&self) -> Result<Subscription, Error> {
        self.recv_msg().await.map(Subscription::from)
    }
}

/// Sockets whose messages begin with a part that says whom they are from.
macro_rules! recv_parts {
    ($($name:ident)*) => {
        $(
            impl Async<$name> {
                /// Receives a message, and who it is from.
                ///
                /// # Cancel safety
                /// A future that is dropped before it is ready has taken no part.
                ///
                /// # Errors
                /// [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens
                /// meanwhile.
                pub async fn recv_from(&self) -> Result<(Identity, Multipart), Error> {
                    self.receiving($name::try_recv_from).await
                }
            }
        )*
    };
}

recv_parts!(Router Stream);

impl Async<Dgram> {
    /// Receives a datagram, and the address that it is from.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no datagram.
    ///
    /// # Errors
    /// [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown, also one that happens meanwhile.
    pub async fn recv_from(&self) -> Result<(SocketAddr, Msg), Error> {
        self.receiving(Dgram::try_recv_from).await
    }
}
