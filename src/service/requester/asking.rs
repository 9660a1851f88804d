//! [`Asking`]: the socket types of a requester.

use std::{fmt, future::Future};

use super::super::wire::{self, Status};
use crate::{
    aio::Async,
    error::Error,
    message::{Msg, Multipart},
    socket::{
        Client, Dealer,
        builder::Builder,
        heartbeat::Heartbeating,
        recv::{Receives, RecvMsg, RecvMultipart},
        send::Sends,
    },
};

/// The socket types of a [`Requester`](super::Requester): [`Client`], which connects to a SERVER,
/// and [`Dealer`], which connects to a ROUTER or REP.
pub trait Asking: Sends + Receives + Heartbeating + Send + 'static {
    /// A request or a reply.
    type Body: Clone + fmt::Debug + Send + Sync + Unpin + 'static;

    #[doc(hidden)]
    fn builder() -> Builder<Self>;

    #[doc(hidden)]
    fn send(
        socket: &Async<Self>,
        body: Self::Body,
    ) -> impl Future<Output = Result<(), Error<Self::Body>>> + Send;

    #[doc(hidden)]
    fn recv(socket: &Async<Self>) -> impl Future<Output = Result<Self::Body, Error>> + Send;

    /// Receives without waiting.
    #[doc(hidden)]
    fn try_recv(socket: &Self) -> Result<Self::Body, Error>;

    /// Encodes a request, with its number if the server understands numbers.
    #[doc(hidden)]
    fn encode(number: Option<u64>, body: Self::Body) -> Self::Body;

    /// Decodes a reply. Returns its number if it has one.
    #[doc(hidden)]
    fn decode(body: Self::Body) -> (Option<(u64, Status)>, Self::Body);

    /// Returns whether the connection's properties say that the message comes from a service.
    #[doc(hidden)]
    fn is_of_service(body: &Self::Body) -> bool;
}

fn is_of_service(msg: &Msg) -> bool {
    msg.property(wire::PROPERTY).is_some()
}

impl Asking for Client {
    type Body = Msg;

    fn builder() -> Builder<Self> {
        Builder::new()
    }

    async fn send(socket: &Async<Self>, body: Msg) -> Result<(), Error<Msg>> {
        socket.send(body).await
    }

    async fn recv(socket: &Async<Self>) -> Result<Msg, Error> {
        socket.recv_msg().await
    }

    fn try_recv(socket: &Self) -> Result<Msg, Error> {
        socket.try_recv_msg()
    }

    fn encode(number: Option<u64>, body: Msg) -> Msg {
        match number {
            Some(number) => wire::correlated(number, Status::Request, &body),
            None => body,
        }
    }

    fn decode(body: Msg) -> (Option<(u64, Status)>, Msg) {
        match wire::number(&body) {
            None => (None, body),
            number => (number, wire::body(body)),
        }
    }

    fn is_of_service(body: &Msg) -> bool {
        is_of_service(body)
    }
}

impl Asking for Dealer {
    type Body = Multipart;

    fn builder() -> Builder<Self> {
        Builder::new()
    }

    async fn send(socket: &Async<Self>, body: Multipart) -> Result<(), Error<Multipart>> {
        socket.send_multipart(body).await
    }

    async fn recv(socket: &Async<Self>) -> Result<Multipart, Error> {
        socket.recv_multipart().await
    }

    fn try_recv(socket: &Self) -> Result<Multipart, Error> {
        socket.try_recv_multipart()
    }

    /// Adds the envelope of a REQ. The number is an additional frame of the envelope.
    fn encode(number: Option<u64>, mut body: Multipart) -> Multipart {
        body.push_front(Msg::new());
        if let Some(number) = number {
            body.push_front(wire::correlated(number, Status::Reply, &[]));
        }
        body
    }

    fn decode(mut body: Multipart) -> (Option<(u64, Status)>, Multipart) {
        let Some(end) = body.iter().position(|part| part.is_empty()) else { return (None, body) };
        let number = body.first().and_then(|part| wire::number(part));
        for _ in 0..=end {
            body.pop_front();
        }
        (number, body)
    }

    fn is_of_service(body: &Multipart) -> bool {
        body.first().is_some_and(is_of_service)
    }
}
