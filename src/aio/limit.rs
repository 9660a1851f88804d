//! Async methods with a limit.

use std::{
    future::{Future, poll_fn},
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

#[cfg(windows)]
use libzmq_sys::async_io;

use super::{Async, receive, send, waiters::Direction};
use crate::{
    error::{Error, ErrorKind},
    message::{GroupSlice, Identity, Msg, Multipart, RoutingId},
    socket::{
        Dgram, Peer, Radio, Router, Server, Socket, Stream, Subscription, XPub,
        recv::{RecvMsg, RecvMultipart},
        send::{SendMsg, SendMultipart},
    },
    util::Period::{self, Finite, Infinite},
};

/// A timer of the runtime that creates it.
pub(crate) enum Timer {
    #[cfg(all(not(windows), feature = "tokio"))]
    Tokio(Pin<Box<tokio::time::Sleep>>),
    #[cfg(any(windows, feature = "async-io"))]
    AsyncIo(async_io::Timer),
}

impl Timer {
    pub(crate) fn after(limit: Duration) -> Result<Self, Error> {
        #[cfg(all(not(windows), feature = "tokio"))]
        if tokio::runtime::Handle::try_current().is_ok() {
            return Ok(Self::Tokio(Box::pin(tokio::time::sleep(limit))));
        }
        #[cfg(any(windows, feature = "async-io"))]
        return Ok(Self::AsyncIo(async_io::Timer::after(limit)));

        #[cfg(not(any(windows, feature = "async-io")))]
        {
            const OUTSIDE: &str =
                "a limit needs a tokio runtime to be polled in, or the feature `async-io`";
            let _ = limit;
            Err(Error::new(ErrorKind::Unsupported(OUTSIDE), "wait"))
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            #[cfg(all(not(windows), feature = "tokio"))]
            Self::Tokio(sleep) => sleep.as_mut().poll(cx),
            #[cfg(any(windows, feature = "async-io"))]
            Self::AsyncIo(timer) => Pin::new(timer).poll(cx).map(drop),
        }
    }
}

/// Returns the output of the future, or `None` if the limit passes first.
pub(crate) async fn within<F: Future>(
    limit: Period,
    future: F,
) -> Result<Option<F::Output>, Error> {
    let Finite(limit) = limit else { return Ok(Some(future.await)) };
    let mut future = pin!(future);
    let mut timer = None;
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(Some(output)));
        }
        let timer = match &mut timer {
            Some(timer) => timer,
            none => none.insert(Timer::after(limit)?),
        };
        ready!(timer.poll(cx));
        // The future may have been pending only because it yielded.
        Poll::Ready(Ok(match future.as_mut().poll(cx) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }))
    })
    .await
}

impl<S: Socket> Async<S> {
    async fn receiving_within<T>(
        &self,
        limit: Period,
        call: impl Fn(&S) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let waiting = self.until(Direction::Receive, |socket| receive::attempt(socket, &call));
        match within(limit, waiting).await? {
            Some(received) => received?.map(Some),
            None => Ok(None),
        }
    }

    async fn sending_within<C>(
        &self,
        content: C,
        limit: Period,
        call: impl Fn(&S, C) -> Result<(), Error<C>>,
    ) -> Result<(), Error<C>> {
        let mut content = Some(content);
        let waiting =
            self.until(Direction::Send, |socket| send::attempt(socket, &mut content, &call));
        let error = match within(limit, waiting).await {
            Ok(Some(Ok(sent))) => return sent,
            Ok(Some(Err(error))) | Err(error) => error,
            Ok(None) => Error::new(ErrorKind::WouldBlock, "send").waited(match limit {
                Infinite => None,
                Finite(limit) => Some(limit),
            }),
        };
        Err(match content {
            Some(content) => error.giving_back(content),
            None => error.cast_into(),
        })
    }
}

/// # Limits
/// A method with a limit waits at most for that long, with a timer of the runtime.
///
/// # Panics
/// If the tokio runtime was built without `enable_time`.
impl<S: RecvMsg> Async<S> {
    /// Receives the next message, waiting at most for `limit`. Returns `None` if none arrived.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let server = Async::new(Server::new()?)?;
    /// assert_eq!(server.recv_msg_timeout(Duration::from_millis(10)).await?, None);
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// Those of [`recv_msg`](Self::recv_msg).
    pub async fn recv_msg_timeout<P>(&self, limit: P) -> Result<Option<Msg>, Error>
    where
        P: Into<Period>,
    {
        self.receiving_within(limit.into(), S::try_recv_msg).await
    }
}

impl<S: RecvMultipart> Async<S> {
    /// Receives the next message with all its frames, waiting at most for `limit`. Returns `None`
    /// if none arrived.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no frame.
    ///
    /// # Errors
    /// Those of [`recv_multipart`](Self::recv_multipart).
    pub async fn recv_multipart_timeout<P>(&self, limit: P) -> Result<Option<Multipart>, Error>
    where
        P: Into<Period>,
    {
        self.receiving_within(limit.into(), S::try_recv_multipart).await
    }
}

impl Async<XPub> {
    /// Receives the next message as a [`Subscription`], waiting at most for `limit`. Returns `None`
    /// if none arrived.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// Those of `recv_msg_timeout`.
    pub async fn recv_subscription_timeout<P>(
        &self,
        limit: P,
    ) -> Result<Option<Subscription>, Error>
    where
        P: Into<Period>,
    {
        Ok(self.recv_msg_timeout(limit).await?.map(Subscription::from))
    }
}

impl<S: SendMsg> Async<S> {
    /// Sends a message like [`send`](Self::send), waiting at most for `limit`.
    ///
    /// ```
    /// use libzmq::prelude::*;
    /// use std::time::Duration;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// // No server is connected.
    /// let client = Async::new(Client::new()?)?;
    /// let limit = Duration::from_millis(10);
    /// let mut error = client.send_msg_timeout("hello?", limit).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(error.take().unwrap(), "hello?");
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the message.
    ///
    /// # Errors
    /// Those of `send`, and [`WouldBlock`](ErrorKind::WouldBlock) when the limit has passed. Each
    /// error contains the message.
    pub async fn send_msg_timeout<M, P>(&self, msg: M, limit: P) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        P: Into<Period>,
    {
        self.sending_within(msg.into(), limit.into(), |socket, msg| socket.try_send(msg)).await
    }
}

impl<S: SendMultipart> Async<S> {
    /// Sends a message of one or more frames like [`send_multipart`](Self::send_multipart), waiting
    /// at most for `limit`.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has sent no frame.
    ///
    /// # Errors
    /// Those of `send_multipart`, and [`WouldBlock`](ErrorKind::WouldBlock) when the limit has
    /// passed. Each error contains the whole message.
    pub async fn send_multipart_timeout<M, P>(
        &self,
        parts: M,
        limit: P,
    ) -> Result<(), Error<Multipart>>
    where
        M: Into<Multipart>,
        P: Into<Period>,
    {
        self.sending_within(parts.into(), limit.into(), |socket, parts| {
            socket.try_send_multipart(parts)
        })
        .await
    }
}

/// Sockets that send each message to the peer whose routing id it carries.
macro_rules! route_msg {
    ($($name:ident)*) => {$(
        impl Async<$name> {
            /// Sends a message to a peer, waiting at most for `limit`: sets the message's routing
            /// id and [sends](Self::send_msg_timeout) it.
            ///
            /// # Cancel safety
            /// A future that is dropped before it completes has not sent the message.
            ///
            /// # Errors
            /// Those of `send_msg_timeout`.
            pub async fn route_timeout<M, P>(
                &self,
                msg: M,
                id: RoutingId,
                limit: P,
            ) -> Result<(), Error<Msg>>
            where
                M: Into<Msg>,
                P: Into<Period>,
            {
                let mut msg = msg.into();
                msg.set_routing_id(id);
                self.send_msg_timeout(msg, limit).await
            }
        }
    )*};
}

route_msg!(Server Peer);

/// Sockets that know a peer by its identity.
macro_rules! addressed {
    ($($name:ident)*) => {$(
        impl Async<$name> {
            /// Receives the next message and the identity of its sender, waiting at most for
            /// `limit`. Returns `None` if none arrived.
            ///
            /// # Cancel safety
            /// A future that is dropped before it completes has received no frame.
            ///
            /// # Errors
            /// Those of [`recv_from`](Self::recv_from).
            pub async fn recv_from_timeout<P>(
                &self,
                limit: P,
            ) -> Result<Option<(Identity, Multipart)>, Error>
            where
                P: Into<Period>,
            {
                self.receiving_within(limit.into(), $name::try_recv_from).await
            }

            /// Sends a message to the peer with this identity, waiting at most for `limit`.
            ///
            /// # Cancel safety
            /// A future that is dropped before it completes has sent no frame.
            ///
            /// # Errors
            /// Those of [`route`](Self::route), and [`WouldBlock`](ErrorKind::WouldBlock) when the
            /// limit has passed. Each error contains the message.
            pub async fn route_timeout<M, I, P>(
                &self,
                parts: M,
                to: I,
                limit: P,
            ) -> Result<(), Error<Multipart>>
            where
                M: Into<Multipart>,
                I: AsRef<[u8]>,
                P: Into<Period>,
            {
                let to = to.as_ref();
                self.sending_within(parts.into(), limit.into(), |socket, parts| {
                    socket.try_route(parts, to)
                })
                .await
            }
        }
    )*};
}

addressed!(Router Stream);

impl Async<Radio> {
    /// Transmits a message to a group, waiting at most for `limit`: sets the message's group and
    /// [sends](Self::send_msg_timeout) it.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the message.
    ///
    /// # Errors
    /// Those of `send_msg_timeout`.
    pub async fn transmit_timeout<M, G, P>(
        &self,
        msg: M,
        group: G,
        limit: P,
    ) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        G: AsRef<GroupSlice>,
        P: Into<Period>,
    {
        self.send_msg_timeout(msg.into().with_group(group), limit).await
    }
}

impl Async<Dgram> {
    /// Receives the next datagram and the address of its sender, waiting at most for `limit`.
    /// Returns `None` if none arrived.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no datagram.
    ///
    /// # Errors
    /// Those of [`recv_from`](Self::recv_from).
    pub async fn recv_from_timeout<P>(&self, limit: P) -> Result<Option<(SocketAddr, Msg)>, Error>
    where
        P: Into<Period>,
    {
        self.receiving_within(limit.into(), Dgram::try_recv_from).await
    }

    /// Sends a datagram to an IPv4 address, waiting at most for `limit`.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has not sent the datagram.
    ///
    /// # Errors
    /// Those of [`send_to`](Self::send_to), and [`WouldBlock`](ErrorKind::WouldBlock) when the
    /// limit has passed. Each error contains the message.
    pub async fn send_to_timeout<M, P>(
        &self,
        msg: M,
        to: impl Into<SocketAddr>,
        limit: P,
    ) -> Result<(), Error<Msg>>
    where
        M: Into<Msg>,
        P: Into<Period>,
    {
        let to = to.into();
        self.sending_within(msg.into(), limit.into(), |socket, msg| socket.try_send_to(msg, to))
            .await
    }
}
