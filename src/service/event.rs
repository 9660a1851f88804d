//! The events of a service and their parts: [`Event`], [`ClientInfo`], [`Incoming`], [`ReplyTo`].

use std::{fmt, sync::Arc, time::Instant};

use super::{kind::Serving, slab::Key};
use crate::socket::Server;

/// An event of a client: it joined, sent a message, or left.
///
/// The events of one client come in order: `Joined`, its messages, `Left`. No event of a client
/// comes before its `Joined` or after its `Left`.
#[non_exhaustive]
pub enum Event<S: Serving = Server> {
    /// The client's first message or its [hello](super::ServiceBuilder::hello) has arrived.
    Joined(ClientInfo<S>),
    /// The client has sent a message.
    Message(Incoming<S>),
    /// The client's connection has ended, or the service has disconnected the client.
    Left {
        /// The id of the client.
        client: S::Id,
        /// Why the client left.
        reason: Reason,
        /// How many messages were in the service's queue for the client. They are dropped.
        unsent: usize,
    },
}

impl<S: Serving> Event<S> {
    /// Returns the id of the client that the event is about.
    pub fn client(&self) -> &S::Id {
        match self {
            Self::Joined(info) => info.id(),
            Self::Message(message) => message.client(),
            Self::Left { client, .. } => client,
        }
    }
}

impl<S: Serving> fmt::Debug for Event<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joined(info) => f.debug_tuple("Joined").field(info).finish(),
            Self::Message(message) => f.debug_tuple("Message").field(message).finish(),
            Self::Left { client, reason, unsent } => f
                .debug_struct("Left")
                .field("client", client)
                .field("reason", reason)
                .field("unsent", unsent)
                .finish(),
        }
    }
}

/// Why a client left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The connection ended: the client closed it, died, did not answer heartbeats, or violated the
    /// protocol.
    Disconnected,
    /// The program called [`disconnect`](super::ServiceHandle::disconnect).
    Parted,
    /// The client was idle for the [idle time](super::ServiceBuilder::idle).
    Idle,
    /// One of the client's queues was full, and the overflow policy is
    /// [`Overflow::Part`](super::Overflow::Part).
    Overflow,
    /// The service has ended.
    Stopped,
}

/// Describes a client. Cheap to clone.
pub struct ClientInfo<S: Serving = Server>(Arc<Known<S>>);

struct Known<S: Serving> {
    id: S::Id,
    peer_address: Option<Box<str>>,
    user_id: Option<Box<str>>,
    since: Instant,
}

impl<S: Serving> ClientInfo<S> {
    pub(super) fn new(id: S::Id, body: &S::Body, since: Instant) -> Self {
        let first = S::first(body);
        Self(Arc::new(Known {
            id,
            peer_address: first.and_then(|msg| msg.peer_address()).map(Into::into),
            user_id: first.and_then(|msg| msg.user_id()).map(Into::into),
            since,
        }))
    }

    /// Returns the client's id: a [`RoutingId`](crate::RoutingId) over a SERVER, an
    /// [`Identity`](crate::Identity) over a ROUTER.
    ///
    /// A client that reconnects is a new client. Over a SERVER it has a new id. Over a ROUTER it
    /// has a new id unless it sets its own.
    pub fn id(&self) -> &S::Id {
        &self.0.id
    }

    /// Returns the client's address, as its connection reports it: see
    /// [`Msg::peer_address`](crate::Msg::peer_address).
    pub fn peer_address(&self) -> Option<&str> {
        self.0.peer_address.as_deref()
    }

    /// Returns the user id that the authentication handler set for the client: see
    /// [`Msg::user_id`](crate::Msg::user_id).
    pub fn user_id(&self) -> Option<&str> {
        self.0.user_id.as_deref()
    }

    /// Returns when the client joined.
    pub fn since(&self) -> Instant {
        self.0.since
    }
}

impl<S: Serving> Clone for ClientInfo<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Serving> fmt::Debug for ClientInfo<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientInfo")
            .field("id", self.id())
            .field("peer_address", &self.peer_address())
            .field("user_id", &self.user_id())
            .finish_non_exhaustive()
    }
}

/// A message from a client.
pub struct Incoming<S: Serving = Server> {
    to: ReplyTo<S>,
    body: S::Body,
}

impl<S: Serving> Incoming<S> {
    pub(super) fn new(to: ReplyTo<S>, body: S::Body) -> Self {
        Self { to, body }
    }

    /// Returns the id of the client that sent the message.
    pub fn client(&self) -> &S::Id {
        self.to.client()
    }

    /// Returns the message without the envelope of a REQ and without the number of a
    /// [`Requester`](super::Requester).
    pub fn body(&self) -> &S::Body {
        &self.body
    }

    /// Returns the message by value, as [`body`](Self::body) describes it.
    pub fn into_body(self) -> S::Body {
        self.body
    }

    /// Returns the address for a [reply](super::ServiceHandle::reply) to the message.
    pub fn reply_to(&self) -> &ReplyTo<S> {
        &self.to
    }

    /// Returns the reply address and the message by value.
    pub fn into_parts(self) -> (ReplyTo<S>, S::Body) {
        (self.to, self.body)
    }
}

impl<S: Serving> fmt::Debug for Incoming<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("client", self.client()).field("body", &self.body).finish()
    }
}

/// The address for a reply: the client, and the envelope or number of its request.
///
/// If the client has reconnected since it sent the request, a reply returns
/// [`HostUnreachable`](crate::ErrorKind::HostUnreachable).
pub struct ReplyTo<S: Serving = Server> {
    pub(super) key: Key,
    pub(super) client: S::Id,
    pub(super) path: S::Path,
    pub(super) received: Instant,
}

impl<S: Serving> ReplyTo<S> {
    /// Returns the id of the client.
    pub fn client(&self) -> &S::Id {
        &self.client
    }
}

impl<S: Serving> Clone for ReplyTo<S> {
    fn clone(&self) -> Self {
        Self {
            key: self.key,
            client: self.client.clone(),
            path: self.path.clone(),
            received: self.received,
        }
    }
}

impl<S: Serving> fmt::Debug for ReplyTo<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReplyTo").field(&self.client).finish()
    }
}
