//! Streams of received messages, and sinks of messages to send.

use std::{
    fmt,
    ops::Deref,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;

use super::{
    Async,
    receive::attempt,
    send,
    waiters::{Direction, Entry, Waiters},
};
use crate::{
    error::{Error, ErrorKind},
    message::{Msg, Multipart},
    socket::{
        Socket,
        recv::{RecvMsg, RecvMultipart},
        send::{SendMsg, SendMultipart},
    },
};

impl<S: RecvMsg> Async<S> {
    /// Returns a stream of the messages that the socket receives, each as
    /// [`recv_msg`](Self::recv_msg) returns it.
    ///
    /// The stream ends after the error [`InvalidCtx`](ErrorKind::InvalidCtx) or
    /// [`Stopped`](ErrorKind::Stopped). Dropping the stream loses no message.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt, TryStreamExt};
    /// use libzmq::prelude::*;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let pull = Async::new(PullBuilder::new().bind("inproc://stream").build()?)?;
    /// let push = Async::new(PushBuilder::new().connect("inproc://stream").build()?)?;
    ///
    /// let mut sink = push.sink();
    /// sink.send("one".into()).await?;
    /// sink.send("two".into()).await?;
    ///
    /// let msgs: Vec<Msg> = pull.messages().take(2).try_collect().await?;
    /// assert_eq!(msgs, ["one", "two"]);
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "recv_stream")]
    pub fn messages(&self) -> Messages<'_, S> {
        Messages(Incoming::new(self, self.wakeups.entry(Direction::Receive)))
    }
}

impl<S: RecvMultipart> Async<S> {
    /// Returns a stream of the multipart messages that the socket receives, each as
    /// [`recv_multipart`](Self::recv_multipart) returns it.
    ///
    /// The stream ends after the error [`InvalidCtx`](ErrorKind::InvalidCtx) or
    /// [`Stopped`](ErrorKind::Stopped). Dropping the stream loses no message.
    pub fn multiparts(&self) -> Multiparts<'_, S> {
        Multiparts(Incoming::new(self, self.wakeups.entry(Direction::Receive)))
    }
}

impl<S: SendMsg> Async<S> {
    /// Returns a sink that sends each message like [`send`](Self::send).
    ///
    /// The sink holds at most one message while the socket is in its mute state. If the sink is
    /// dropped before a flush, that message is dropped too. `start_send` without `poll_ready`
    /// returns [`WrongState`](ErrorKind::WrongState) with the message if the sink holds another
    /// one.
    pub fn sink(&self) -> MsgSink<'_, S> {
        MsgSink(Outgoing::new(self, self.wakeups.entry(Direction::Send)))
    }
}

impl<S: SendMultipart> Async<S> {
    /// Returns a sink that sends each multipart message like
    /// [`send_multipart`](Self::send_multipart).
    ///
    /// The sink holds at most one message while the socket is in its mute state. If the sink is
    /// dropped before a flush, that message is dropped too.
    pub fn multipart_sink(&self) -> MultipartSink<'_, S> {
        MultipartSink(Outgoing::new(self, self.wakeups.entry(Direction::Send)))
    }
}

pub(super) struct Incoming<A, W: Deref<Target = Waiters>> {
    socket: A,
    entry: Entry<W>,
    ended: bool,
}

impl<A, W: Deref<Target = Waiters>> Incoming<A, W> {
    pub(super) fn new(socket: A, entry: Entry<W>) -> Self {
        Self { socket, entry, ended: false }
    }

    pub(super) fn socket(&self) -> &A {
        &self.socket
    }
}

impl<A, W, S> Incoming<A, W>
where
    A: Deref<Target = Async<S>>,
    W: Deref<Target = Waiters>,
    S: Socket,
{
    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        call: impl Fn(&S) -> Result<T, Error>,
    ) -> Poll<Option<Result<T, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let Self { socket, entry, .. } = self;
        let received = ready!(socket.poll(entry, cx, &mut |socket| attempt(socket, &call)));
        let received = received.and_then(|received| received);
        self.ended = received.as_ref().is_err_and(Error::is_shutdown);
        Poll::Ready(Some(received))
    }
}

pub(super) struct Outgoing<A, W: Deref<Target = Waiters>, C> {
    socket: A,
    entry: Entry<W>,
    content: Option<C>,
}

impl<A, W: Deref<Target = Waiters>, C> Outgoing<A, W, C> {
    pub(super) fn new(socket: A, entry: Entry<W>) -> Self {
        Self { socket, entry, content: None }
    }

    pub(super) fn socket(&self) -> &A {
        &self.socket
    }
}

impl<A, W, S, C> Outgoing<A, W, C>
where
    A: Deref<Target = Async<S>>,
    W: Deref<Target = Waiters>,
    S: Socket,
{
    pub(super) fn hold(&mut self, content: C) -> Result<(), Error<C>> {
        if self.content.is_some() {
            return Err(Error::new(ErrorKind::WrongState, "start to send").giving_back(content));
        }
        self.content = Some(content);
        Ok(())
    }

    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        call: impl Fn(&S, C) -> Result<(), Error<C>>,
    ) -> Poll<Result<(), Error<C>>> {
        if self.content.is_none() {
            return Poll::Ready(Ok(()));
        }
        let Self { socket, entry, content } = self;
        let sent =
            ready!(socket.poll(entry, cx, &mut |socket| send::attempt(socket, content, &call)));
        Poll::Ready(sent.unwrap_or_else(|error| Err(error.cast_into())))
    }
}

/// Declares a stream over a socket that it borrows or owns.
macro_rules! stream {
    (
        $(#[$doc:meta])*
        $name:ident<$($life:lifetime,)? $S:ident>($socket:ty, $waiters:ty):
        $capability:ident, $receive:ident, $item:ty
    ) => {
        $(#[$doc])*
        #[must_use = "a stream does nothing unless it is polled"]
        pub struct $name<$($life,)? $S>(Incoming<$socket, $waiters>);

        impl<$($life,)? $S: $capability> Stream for $name<$($life,)? $S> {
            type Item = Result<$item, Error>;

            fn poll_next(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Option<Self::Item>> {
                self.0.poll(cx, |socket| socket.$receive())
            }
        }

        impl<$($life,)? $S: $capability> FusedStream for $name<$($life,)? $S> {
            fn is_terminated(&self) -> bool {
                self.0.is_ended()
            }
        }

        impl<$($life,)? $S: $capability> fmt::Debug for $name<$($life,)? $S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(self.0.socket()).finish()
            }
        }
    };
}

pub(super) use stream;

stream! {
    /// A stream of the messages that a socket receives. Created by [`Async::messages`].
    Messages<'a, S>(&'a Async<S>, &'a Waiters): RecvMsg, try_recv_msg, Msg
}

stream! {
    /// A stream of the multipart messages that a socket receives. Created by
    /// [`Async::multiparts`].
    Multiparts<'a, S>(&'a Async<S>, &'a Waiters): RecvMultipart, try_recv_multipart, Multipart
}

/// Declares a sink over a socket that it borrows or owns.
macro_rules! sink {
    (
        $(#[$doc:meta])*
        $name:ident<$($life:lifetime,)? $S:ident>($socket:ty, $waiters:ty):
        $capability:ident, $try_send:ident, $item:ty
    ) => {
        $(#[$doc])*
        #[must_use = "a sink does nothing unless it is polled"]
        pub struct $name<$($life,)? $S>(Outgoing<$socket, $waiters, $item>);

        impl<$($life,)? $S: $capability> Sink<$item> for $name<$($life,)? $S> {
            type Error = Error<$item>;

            fn poll_ready(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Result<(), Self::Error>> {
                self.poll_flush(cx)
            }

            fn start_send(mut self: Pin<&mut Self>, item: $item) -> Result<(), Self::Error> {
                self.0.hold(item)
            }

            fn poll_flush(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Result<(), Self::Error>> {
                self.0.poll(cx, |socket, content| socket.$try_send(content))
            }

            fn poll_close(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Result<(), Self::Error>> {
                self.poll_flush(cx)
            }
        }

        impl<$($life,)? $S: $capability> fmt::Debug for $name<$($life,)? $S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(self.0.socket()).finish()
            }
        }
    };
}

pub(super) use sink;

sink! {
    /// A sink that sends messages. Created by [`Async::sink`].
    MsgSink<'a, S>(&'a Async<S>, &'a Waiters): SendMsg, try_send, Msg
}

sink! {
    /// A sink that sends multipart messages. Created by [`Async::multipart_sink`].
    MultipartSink<'a, S>(&'a Async<S>, &'a Waiters): SendMultipart, try_send_multipart, Multipart
}
