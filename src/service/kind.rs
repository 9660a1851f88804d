//! [`Serving`]: the socket types of a service.

use std::{fmt, hash::Hash};

use subtle::ConstantTimeEq;

use super::wire::{self, Status};
use crate::{
    error::Error,
    message::{Identity, Msg, Multipart, RoutingId},
    option::{TakenBy, opt},
    raw::DISCONNECTS_PEERS,
    socket::{
        Router, Server, Socket, builder::Builder, heartbeat::Heartbeating, recv::RecvMsg,
        send::SendMsg,
    },
};

/// The socket types that a [`Service`](super::Service) runs on: [`Server`], whose clients are
/// [`Client`](crate::Client)s, and [`Router`], whose clients are REQ and DEALER sockets.
///
/// | | `Server` | `Router` |
/// |:---|:---|:---|
/// | Client sockets | CLIENT | REQ, DEALER |
/// | Client id | [`RoutingId`] | [`Identity`] |
/// | Message | one frame: [`Msg`] | one or more frames: [`Multipart`] |
/// | [`disconnect`](super::ServiceHandle::disconnect) | closes the connection | refuses messages |
pub trait Serving: Heartbeating + Send + 'static {
    /// The id of a client: its routing id or its identity.
    type Id: Clone + Eq + Hash + fmt::Debug + fmt::Display + Send + Sync + Unpin + 'static;

    /// A message, without the routing id or identity and without the envelope.
    type Body: Clone + fmt::Debug + Send + Sync + Unpin + 'static;

    /// The envelope or number of a request, which the client needs to match the reply to it.
    #[doc(hidden)]
    type Path: Clone + fmt::Debug + Send + Sync + Unpin + 'static;

    /// Whether [`disconnect_client`](Self::disconnect_client) closes the connection.
    #[doc(hidden)]
    const DISCONNECTS: bool;

    /// Sets the options that the service needs, such as the disconnect message.
    #[doc(hidden)]
    fn prepare(builder: &mut Builder<Self>, token: &[u8], correlates: bool);

    #[doc(hidden)]
    fn receive(&self) -> Result<(Self::Id, Self::Body), Error>;

    #[doc(hidden)]
    fn transmit(&self, to: &Self::Id, body: Self::Body) -> Result<(), Error<Self::Body>>;

    #[doc(hidden)]
    fn disconnect_client(&self, id: &Self::Id) -> Result<(), Error>;

    /// Returns the frame from which the connection's properties are read.
    #[doc(hidden)]
    fn first(body: &Self::Body) -> Option<&Msg>;

    /// Returns whether the message equals `bytes`.
    #[doc(hidden)]
    fn is(body: &Self::Body, bytes: &[u8]) -> bool;

    /// Returns an error for a message that the socket cannot send.
    #[doc(hidden)]
    fn check(body: &Self::Body) -> Result<(), Error>;

    /// Splits a request into its envelope or number and its body.
    #[doc(hidden)]
    fn split(body: Self::Body, correlates: bool) -> (Self::Path, Self::Body);

    /// Puts the envelope or number before a reply.
    #[doc(hidden)]
    fn join(path: &Self::Path, body: Self::Body) -> Self::Body;

    /// Returns the message that reports a request without a reply, if the client understands one.
    #[doc(hidden)]
    fn failure(path: &Self::Path) -> Option<Self::Body>;
}

/// Compares in constant time, so that the duration does not reveal the token.
#[inline]
fn equal(msg: &Msg, bytes: &[u8]) -> bool {
    msg.len() == bytes.len() && bool::from(msg.as_bytes().ct_eq(bytes))
}

/// Sets the token as the message that reports the end of a connection, and the property by which a
/// requester recognises a service.
fn prepare<S: Socket>(builder: &mut Builder<S>, token: &[u8], correlates: bool)
where
    opt::DisconnectMessage: TakenBy<S>,
    opt::Metadata: TakenBy<S>,
{
    builder.option(opt::DisconnectMessage, token.to_vec());
    if correlates {
        builder.option(opt::Metadata, wire::METADATA);
    }
}

impl Serving for Server {
    type Id = RoutingId;
    type Body = Msg;
    type Path = Option<u64>;

    const DISCONNECTS: bool = DISCONNECTS_PEERS;

    fn prepare(builder: &mut Builder<Self>, token: &[u8], correlates: bool) {
        prepare(builder, token, correlates);
    }

    #[inline]
    fn receive(&self) -> Result<(RoutingId, Msg), Error> {
        let msg = self.try_recv_msg()?;
        let Some(id) = msg.routing_id() else {
            return Err(Error::invalid("a message of a SERVER has a routing id", "receive"));
        };
        Ok((id, msg))
    }

    #[inline]
    fn transmit(&self, to: &RoutingId, mut msg: Msg) -> Result<(), Error<Msg>> {
        msg.set_routing_id(*to);
        self.try_send(msg)
    }

    fn disconnect_client(&self, id: &RoutingId) -> Result<(), Error> {
        self.disconnect_peer(*id)
    }

    fn first(msg: &Msg) -> Option<&Msg> {
        Some(msg)
    }

    #[inline]
    fn is(msg: &Msg, bytes: &[u8]) -> bool {
        equal(msg, bytes)
    }

    #[inline]
    fn check(_: &Msg) -> Result<(), Error> {
        Ok(())
    }

    #[inline]
    fn split(msg: Msg, correlates: bool) -> (Option<u64>, Msg) {
        match correlates.then(|| wire::number(&msg)).flatten() {
            Some((number, Status::Request)) => (Some(number), wire::body(msg)),
            _ => (None, msg),
        }
    }

    fn join(path: &Option<u64>, msg: Msg) -> Msg {
        match path {
            Some(number) => wire::correlated(*number, Status::Reply, &msg),
            None => msg,
        }
    }

    fn failure(path: &Option<u64>) -> Option<Msg> {
        path.map(|number| wire::correlated(number, Status::Failure, &[]))
    }
}

impl Serving for Router {
    type Id = Identity;
    type Body = Multipart;
    /// The frames of the envelope, including the empty delimiter.
    type Path = Multipart;

    const DISCONNECTS: bool = false;

    fn prepare(builder: &mut Builder<Self>, token: &[u8], correlates: bool) {
        prepare(builder, token, correlates);
        // Otherwise the socket drops a message to a client that is gone or whose queue is full.
        builder.option(opt::Mandatory, true);
    }

    fn receive(&self) -> Result<(Identity, Multipart), Error> {
        self.try_recv_from()
    }

    fn transmit(&self, to: &Identity, parts: Multipart) -> Result<(), Error<Multipart>> {
        self.try_route(parts, to)
    }

    fn disconnect_client(&self, _: &Identity) -> Result<(), Error> {
        Ok(())
    }

    fn first(parts: &Multipart) -> Option<&Msg> {
        parts.first()
    }

    fn is(parts: &Multipart, bytes: &[u8]) -> bool {
        matches!(&**parts, [part] if equal(part, bytes))
    }

    fn check(parts: &Multipart) -> Result<(), Error> {
        match parts.is_empty() {
            true => Err(Error::invalid("a message has at least one frame", "send")),
            false => Ok(()),
        }
    }

    fn split(mut parts: Multipart, _: bool) -> (Multipart, Multipart) {
        // A DEALER may send without an envelope.
        let Some(end) = parts.iter().position(|part| part.is_empty()) else {
            return (Multipart::new(), parts);
        };
        let mut path = Multipart::new();
        path.extend((0..=end).filter_map(|_| parts.pop_front()));
        (path, parts)
    }

    fn join(path: &Multipart, mut parts: Multipart) -> Multipart {
        for part in path.iter().rev() {
            parts.push_front(part.clone());
        }
        parts
    }

    fn failure(_: &Multipart) -> Option<Multipart> {
        None
    }
}
