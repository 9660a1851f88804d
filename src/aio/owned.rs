//! Streams and sinks that own their socket, alone or as two halves.

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
    /// The messages as they come, as a stream that owns the socket: see
    /// [`messages`](Self::messages).
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
    /// The messages with all their parts as they come, as a stream that owns the socket: see
    /// [`multiparts`](Self::multiparts).
    pub fn into_multiparts(self) -> OwnedMultiparts<S> {
        OwnedMultiparts(incoming(Arc::new(self)))
    }
}

impl<S: SendMsg> Async<S> {
    /// A sink that owns the socket: see [`sink`](Self::sink).
    pub fn into_sink(self) -> OwnedMsgSink<S> {
        OwnedMsgSink(outgoing(Arc::new(self)))
    }
}

impl<S: SendMultipart> Async<S> {
    /// A sink for messages of several parts that owns the socket: see
    /// [`multipart_sink`](Self::multipart_sink).
    pub fn into_multipart_sink(self) -> OwnedMultipartSink<S> {
        OwnedMultipartSink(outgoing(Arc::new(self)))
    }
}

impl<S: RecvMsg + SendMsg> Async<S> {
    /// Two halves that own the socket, for two tasks: what it receives, and a sink for what it
    /// sends. It closes with the second half.
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
    /// // An echo: each message goes back to the peer that its routing id names.
    /// let (requests, replies) = Async::new(server)?.split();
    /// let echo = tokio::spawn(requests.take(1).forward(replies.sink_map_err(libzmq::Error::cast)));
    ///
    /// let (mut answers, mut questions) = Async::new(client)?.split();
    /// questions.send("anybody there?".into()).await?;
    /// assert_eq!(answers.next().await.unwrap()?, "anybody there?");
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
    /// Two halves that own the socket, for two tasks: the messages of several parts that it
    /// receives, and a sink for those that it sends. It closes with the second half.
    pub fn split_multipart(self) -> (OwnedMultiparts<S>, OwnedMultipartSink<S>) {
        let socket = Arc::new(self);
        (OwnedMultiparts(incoming(socket.clone())), OwnedMultipartSink(outgoing(socket)))
    }
}

macro_rules! get_ref {
    ($($name:ident)*) => {$(
        impl<S> $name<S> {
            /// The socket, for other calls on it.
            pub fn get_ref(&self) -> &Async<S> {
                self.0.socket()
            }
        }
    )*};
}

get_ref!(OwnedMessages OwnedMultiparts OwnedMsgSink OwnedMultipartSink);

stream! {
    /// The messages that a socket receives, and the socket: see [`Async::into_messages`].
    OwnedMessages<S>(Shared<S>, Arc<Waiters>): RecvMsg, try_recv_msg, Msg
}

stream! {
    /// The messages of several parts that a socket receives, and the socket: see
    /// [`Async::into_multiparts`].
    OwnedMultiparts<S>(Shared<S>, Arc<Waiters>): RecvMultipart, try_recv_multipart, Multipart
}

sink! {
    /// Sends messages, and owns the socket: see [`Async::into_sink`].
    OwnedMsgSink<S>(Shared<S>, Arc<Waiters>): SendMsg, try_send, Msg
}

sink! {
    /// Sends messages of several parts, and owns the socket: see [`Async::into_multipart_sink`].
    OwnedMultipartSink<S>(Shared<S>, Arc<Waiters>): SendMultipart, try_send_multipart, Multipart
}
