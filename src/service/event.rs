//! What a service reports, and what its clients ask.

use std::{fmt, sync::Arc, time::Instant};

use super::{kind::Serving, slab::Key};
use crate::socket::Server;

/// Something that happened to a client. The events of one client come in order: `Joined`, then its
/// messages, then `Left`. Nothing of a client comes before its `Joined` or after its `Left`.
#[non_exhaustive]
pub enum Event<S: Serving = Server> {
    /// A client is there. Its first message, or its hello, has arrived.
    Joined(ClientInfo<S>),
    /// A client has sent a message.
    Message(Incoming<S>),
    /// A client has gone.
    Left {
        /// The client.
        client: S::Id,
        /// Why it has gone.
        reason: Reason,
        /// How many messages were still in the service's queue for it, and are lost.
        unsent: usize,
    },
}

impl<S: Serving> Event<S> {
    /// The client that the event is about.
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

/// Why a client is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Its connection ended: the client closed it, died, did not answer heartbeats, or spoke
    /// another protocol.
    Disconnected,
    /// [`disconnect`](super::ServiceHandle::disconnect) was called.
    Parted,
    /// It has not sent anything for the [idle time](super::ServiceBuilder::idle).
    Idle,
    /// One of its queues was full, and the [overflow policy](super::Overflow::Part) is to part.
    Overflow,
    /// The service has stopped.
    Stopped,
}

/// A client that a service knows. Cheap to clone.
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

    /// What the socket knows the client by. A client that connects anew is a new client: on a
    /// SERVER with a new id, on a ROUTER with a new one unless it has set its own.
    pub fn id(&self) -> &S::Id {
        &self.0.id
    }

    /// The client's address, as its connection has it: see
    /// [`Msg::peer_address`](crate::Msg::peer_address).
    pub fn peer_address(&self) -> Option<&str> {
        self.0.peer_address.as_deref()
    }

    /// The name that the authentication handler gave the client: see
    /// [`Msg::user_id`](crate::Msg::user_id).
    pub fn user_id(&self) -> Option<&str> {
        self.0.user_id.as_deref()
    }

    /// When the service has met the client.
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

/// A message of a client.
pub struct Incoming<S: Serving = Server> {
    to: ReplyTo<S>,
    body: S::Body,
}

impl<S: Serving> Incoming<S> {
    pub(super) fn new(to: ReplyTo<S>, body: S::Body) -> Self {
        Self { to, body }
    }

    /// The client that sent it.
    pub fn client(&self) -> &S::Id {
        self.to.client()
    }

    /// What it sent. Of a request of a REQ socket, or of a [`Requester`](super::Requester), this is
    /// the part that its user gave.
    pub fn body(&self) -> &S::Body {
        &self.body
    }

    /// What it sent.
    pub fn into_body(self) -> S::Body {
        self.body
    }

    /// Where a reply goes.
    pub fn reply_to(&self) -> &ReplyTo<S> {
        &self.to
    }

    /// Both.
    pub fn into_parts(self) -> (ReplyTo<S>, S::Body) {
        (self.to, self.body)
    }
}

impl<S: Serving> fmt::Debug for Incoming<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("client", self.client()).field("body", &self.body).finish()
    }
}

/// Where the reply to a message goes: to the client that sent it, with what the client knows its
/// request by. A client that has connected anew since then does not get the reply.
pub struct ReplyTo<S: Serving = Server> {
    pub(super) key: Key,
    pub(super) client: S::Id,
    pub(super) path: S::Path,
    pub(super) received: Instant,
}

impl<S: Serving> ReplyTo<S> {
    /// The client.
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
