//! Streams and sinks that own their socket, and halves of a socket.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;

use super::{
    Async,
    stream::{Incoming, Outgoing, sink, stream},
    waiters::{Direction, Entry, Waiters},
};
use crate::{
    error::Error,
    message::{Msg, Multipart},
    socket::{
        recv::{RecvMsg, RecvMultipart},
        send::{SendMsg, SendMultipart},
    },
};

/// What an owned stream or sink holds: a share of the socket.
type Shared<S> = Arc<Async<S>>;

fn entry<S>(socket: &Shared<S>, direction: Direction) -> Entry<Arc<Waiters>> {
    Entry::new(socket.wakeups.waiters.clone(), direction)
}

fn incoming<S>(socket: Shared<S>) -> Incoming<Shared<S>, Arc<Waiters>> {
    let entry = entry(&socket, Direction::Receive);
    Incoming::new(socket, entry)
}

fn outgoing<S, C>(socket: Shared<S>) -> Outgoing<Shared<S>, Arc<Waiters>, C> {
    let entry = entry(&socket, Direction::Send);
    Outgoing::new(socket, entry)
}

impl<S: RecvMsg> Async<S> {
    /// Converts the socket into a stream of its messages, like [`messages`](Self::messages), which
    /// can be moved to another task.
    ///
    /// ```
    /// use futures::StreamExt;
    /// use libzmq::prelude::*;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let pull = Async::new(PullBuilder::new().bind("inproc://into-messages").build()?)?;
    /// let push = Async::new(PushBuilder::new().connect("inproc://into-messages").build()?)?;
    ///
    /// let mut messages = pull.into_messages();
    /// let receiver = tokio::spawn(async move { messages.next().await });
    /// push.send("hello").await?;
    /// assert_eq!(receiver.await?.unwrap()?, "hello");
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub fn into_messages(self) -> OwnedMessages<S> {
        OwnedMessages(incoming(Arc::new(self)))
    }
}

impl<S: RecvMultipart> Async<S> {
    /// Converts the socket into a stream of its multipart messages, like
    /// [`multiparts`](Self::multiparts), which can be moved to another task.
    pub fn into_multiparts(self) -> OwnedMultiparts<S> {
        OwnedMultiparts(incoming(Arc::new(self)))
    }
}

impl<S: SendMsg> Async<S> {
    /// Converts the socket into a sink of messages, like [`sink`](Self::sink), which can be moved
    /// to another task.
    pub fn into_sink(self) -> OwnedMsgSink<S> {
        OwnedMsgSink(outgoing(Arc::new(self)))
    }
}

impl<S: SendMultipart> Async<S> {
    /// Converts the socket into a sink of multipart messages, like
    /// [`multipart_sink`](Self::multipart_sink), which can be moved to another task.
    pub fn into_multipart_sink(self) -> OwnedMultipartSink<S> {
        OwnedMultipartSink(outgoing(Arc::new(self)))
    }
}

impl<S: RecvMsg + SendMsg> Async<S> {
    /// Splits the socket into a stream of received messages and a sink of messages to send, for two
    /// tasks. The socket closes when both halves are dropped.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt};
    /// use libzmq::prelude::*;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let server = ServerBuilder::new().bind("inproc://split").build()?;
    /// let client = ClientBuilder::new().connect("inproc://split").build()?;
    ///
    /// // An echo: each message carries the routing id of its sender.
    /// let (requests, replies) = Async::new(server)?.split();
    /// let replies = replies.sink_map_err(libzmq::Error::cast);
    /// let echo = tokio::spawn(requests.take(1).forward(replies));
    ///
    /// let (mut answers, mut questions) = Async::new(client)?.split();
    /// questions.send("hello".into()).await?;
    /// assert_eq!(answers.next().await.unwrap()?, "hello");
    /// echo.await??;
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub fn split(self) -> (OwnedMessages<S>, OwnedMsgSink<S>) {
        let socket = Arc::new(self);
        (OwnedMessages(incoming(socket.clone())), OwnedMsgSink(outgoing(socket)))
    }
}

impl<S: RecvMultipart + SendMultipart> Async<S> {
    /// Splits the socket into a stream and a sink of multipart messages, for two tasks. The socket
    /// closes when both halves are dropped.
    pub fn split_multipart(self) -> (OwnedMultiparts<S>, OwnedMultipartSink<S>) {
        let socket = Arc::new(self);
        (OwnedMultiparts(incoming(socket.clone())), OwnedMultipartSink(outgoing(socket)))
    }
}

macro_rules! get_ref {
    ($($name:ident)*) => {$(
        impl<S> $name<S> {
            /// Returns the socket, for other calls.
            pub fn get_ref(&self) -> &Async<S> {
                self.0.socket()
            }
        }
    )*};
}

get_ref!(OwnedMessages OwnedMultiparts OwnedMsgSink OwnedMultipartSink);

stream! {
    /// A stream of the messages that a socket receives, which owns the socket. Created by
    /// [`Async::into_messages`].
    OwnedMessages<S>(Shared<S>, Arc<Waiters>): RecvMsg, try_recv_msg, Msg
}

stream! {
    /// A stream of the multipart messages that a socket receives, which owns the socket. Created by
    /// [`Async::into_multiparts`].
    OwnedMultiparts<S>(Shared<S>, Arc<Waiters>): RecvMultipart, try_recv_multipart, Multipart
}

sink! {
    /// A sink that sends messages and owns the socket. Created by [`Async::into_sink`].
    OwnedMsgSink<S>(Shared<S>, Arc<Waiters>): SendMsg, try_send, Msg
}

sink! {
    /// A sink that sends multipart messages and owns the socket. Created by
    /// [`Async::into_multipart_sink`].
    OwnedMultipartSink<S>(Shared<S>, Arc<Waiters>): SendMultipart, try_send_multipart, Multipart
}
