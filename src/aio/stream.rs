//! Streams of what is received, and sinks for what is sent.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;

use super::{
    Async, send,
    wait::or_wait,
    waiters::{Direction, Place, Waiters},
};
use crate::{
    error::{Error, ErrorKind},
    msg::Msg,
    multipart::Multipart,
    recv::{RecvMsg, RecvMultipart},
    send::{SendMsg, SendMultipart},
    socket::Socket,
};

impl<S: RecvMsg> Async<S> {
    /// The messages as they come, each as [`recv_msg`](Self::recv_msg) receives it. The stream ends
    /// with the error [`InvalidCtx`](ErrorKind::InvalidCtx). Dropping it loses nothing.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt, TryStreamExt};
    /// use libzmq::{prelude::*, *};
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
    pub fn messages(&self) -> Messages<'_, S> {
        Messages(Incoming::new(self))
    }
}

impl<S: RecvMultipart> Async<S> {
    /// The messages with all their parts as they come, each as
    /// [`recv_multipart`](Self::recv_multipart) receives it. The stream ends with the error
    /// [`InvalidCtx`](ErrorKind::InvalidCtx). Dropping it loses nothing.
    pub fn multiparts(&self) -> Multiparts<'_, S> {
        Multiparts(Incoming::new(self))
    }
}

impl<S: SendMsg> Async<S> {
    /// Takes messages to send, each as [`send`](Self::send) does. It holds at most one that the
    /// socket has no room for; that is lost if the sink is dropped without being flushed. One that
    /// is given to it before it is ready for more comes back, with
    /// [`WrongState`](ErrorKind::WrongState).
    pub fn sink(&self) -> MsgSink<'_, S> {
        MsgSink(Outgoing::new(self))
    }
}

impl<S: SendMultipart> Async<S> {
    /// Takes messages of several parts to send, each as [`send_multipart`](Self::send_multipart)
    /// does. It holds at most one that the socket has no room for; that is lost if the sink is
    /// dropped without being flushed.
    pub fn multipart_sink(&self) -> MultipartSink<'_, S> {
        MultipartSink(Outgoing::new(self))
    }
}

struct Incoming<'a, S> {
    socket: &'a Async<S>,
    place: Place<&'a Waiters>,
    ended: bool,
}

impl<'a, S: Socket> Incoming<'a, S> {
    fn new(socket: &'a Async<S>) -> Self {
        Self { socket, place: socket.events.place(Direction::Receive), ended: false }
    }

    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        call: impl Fn(&S) -> Result<T, Error>,
    ) -> Poll<Option<Result<T, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let received =
            ready!(self.socket.poll(&mut self.place, cx, &mut |socket| or_wait(call(socket))));
        let received = received.and_then(|received| received);
        self.ended = received.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidCtx);
        Poll::Ready(Some(received))
    }
}

struct Outgoing<'a, S, C> {
    socket: &'a Async<S>,
    place: Place<&'a Waiters>,
    content: Option<C>,
}

impl<'a, S: Socket, C> Outgoing<'a, S, C> {
    fn new(socket: &'a Async<S>) -> Self {
        Self { socket, place: socket.events.place(Direction::Send), content: None }
    }

    fn hold(&mut self, content: C) -> Result<(), Error<C>> {
        if self.content.is_some() {
            return Err(Error::new(ErrorKind::WrongState, "start to send").giving_back(content));
        }
        self.content = Some(content);
        Ok(())
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        call: impl Fn(&S, C) -> Result<(), Error<C>>,
    ) -> Poll<Result<(), Error<C>>> {
        if self.content.is_none() {
            return Poll::Ready(Ok(()));
        }
        let Self { socket, place, content } = self;
        let sent =
            ready!(socket.poll(place, cx, &mut |socket| send::attempt(socket, content, &call)));
        Poll::Ready(sent.unwrap_or_else(|error| Err(error.cast_into())))
    }
}

macro_rules! stream {
    ($(#[$doc:meta])* $name:ident: $capability:ident, $receive:ident, $item:ty) => {
        $(#[$doc])*
        #[must_use = "a stream does nothing unless it is polled"]
        pub struct $name<'a, S>(Incoming<'a, S>);

        impl<S: $capability> Stream for $name<'_, S> {
            type Item = Result<$item, Error>;

            fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                let socket = self.0.socket;
                self.0.poll(cx, |raw| socket.$receive(raw))
            }
        }

        impl<S: $capability> FusedStream for $name<'_, S> {
            fn is_terminated(&self) -> bool {
                self.0.ended
            }
        }

        impl<S> fmt::Debug for $name<'_, S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(self.0.socket).finish()
            }
        }
    };
}

stream! {
    /// The messages that a socket receives: see [`Async::messages`].
    Messages: RecvMsg, try_recv_msg, Msg
}

stream! {
    /// The messages of several parts that a socket receives: see [`Async::multiparts`].
    Multiparts: RecvMultipart, try_recv_multipart, Multipart
}

macro_rules! sink {
    ($(#[$doc:meta])* $name:ident: $capability:ident, $try_send:ident, $item:ty) => {
        $(#[$doc])*
        #[must_use = "a sink does nothing unless it is polled"]
        pub struct $name<'a, S>(Outgoing<'a, S, $item>);

        impl<S: $capability> Sink<$item> for $name<'_, S> {
            type Error = Error<$item>;

            fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
                self.poll_flush(cx)
            }

            fn start_send(mut self: Pin<&mut Self>, item: $item) -> Result<(), Self::Error> {
                self.0.hold(item)
            }

            fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
                self.0.poll(cx, |socket, content| socket.$try_send(content))
            }

            fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
                self.poll_flush(cx)
            }
        }

        impl<S> fmt::Debug for $name<'_, S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(self.0.socket).finish()
            }
        }
    };
}

sink! {
    /// Sends messages: see [`Async::sink`].
    MsgSink: SendMsg, try_send, Msg
}

sink! {
    /// Sends messages of several parts: see [`Async::multipart_sink`].
    MultipartSink: SendMultipart, try_send_multipart, Multipart
}
