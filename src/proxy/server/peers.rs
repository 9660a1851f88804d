//! The peers of the frontend, and the client of each.

use std::collections::HashMap;

use super::poller::PeerPoller;
use crate::{
    ctx::CtxHandle,
    error::{Error, ErrorKind},
    message::RoutingId,
    raw::Message,
    socket::{Client, builder::Builder},
};

/// A message that is being forwarded.
pub(super) struct Load {
    pub(super) message: Message,
    /// Whether it was received and not sent yet.
    pub(super) pending: bool,
}

impl Load {
    pub(super) fn new() -> Self {
        Self { message: Message::new(), pending: false }
    }
}

/// A peer of the frontend, with its client.
pub(super) struct Peer {
    pub(super) client: Client,
    pub(super) reply: Load,
    /// Whether it is in the queue of peers whose replies are forwarded.
    pub(super) in_line: bool,
    /// The index of the bundle with its client.
    bundle: usize,
}

/// The peers by routing id, and the builder of their clients.
pub(super) struct Peers {
    builder: Builder<Client>,
    ctx: CtxHandle,
    pub(super) limit: usize,
    /// The first client, created with the proxy to report errors of the builder.
    spare: Option<Client>,
    all: HashMap<RoutingId, Peer>,
}

impl Peers {
    pub(super) fn new(builder: &Builder<Client>, ctx: CtxHandle) -> Result<Self, Error> {
        let spare = builder.with_ctx(ctx)?;
        Ok(Self {
            builder: builder.clone(),
            ctx,
            limit: usize::MAX,
            spare: Some(spare),
            all: HashMap::new(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Registers all clients with the poller, and returns the routing ids of their peers.
    pub(super) fn register(&mut self, poller: &mut PeerPoller) -> Result<Vec<RoutingId>, Error> {
        for (id, peer) in &mut self.all {
            peer.bundle = poller.add(&peer.client, *id)?;
            peer.in_line = true;
        }
        Ok(self.all.keys().copied().collect())
    }

    pub(super) fn get(&mut self, id: RoutingId) -> Option<&mut Peer> {
        self.all.get_mut(&id)
    }

    /// Creates the client of a new peer, and returns whether that was possible. The peer is then in
    /// the queue.
    pub(super) fn admit(&mut self, id: RoutingId, poller: &mut PeerPoller) -> Result<bool, Error> {
        if self.len() >= self.limit {
            return Ok(false);
        }
        let client = self.spare.take().map_or_else(|| self.builder.with_ctx(self.ctx), Ok);
        match client.and_then(|client| poller.add(&client, id).map(|bundle| (client, bundle))) {
            Ok((client, bundle)) => {
                self.all.insert(id, Peer { client, reply: Load::new(), in_line: true, bundle });
                Ok(true)
            }
            Err(error) if matches!(error.kind(), ErrorKind::InvalidCtx | ErrorKind::Forked) => {
                Err(error)
            }
            Err(_) => Ok(false),
        }
    }

    /// Closes the client of a peer that has disconnected. Its queued messages are still sent while
    /// it lingers.
    pub(super) fn remove(&mut self, id: RoutingId, poller: &mut PeerPoller) -> Result<(), Error> {
        match self.all.remove(&id) {
            Some(peer) => poller.remove(&peer.client, peer.bundle),
            None => Ok(()),
        }
    }
}
