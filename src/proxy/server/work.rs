//! The loop of a server proxy: forwards requests through the client of their peer, and replies to
//! the peer of their client.

use std::{collections::VecDeque, slice, time::Duration};

use super::{ServerProxy, poller::PeerPoller};
use crate::{
    error::Error,
    message::RoutingId,
    poll::Waker,
    proxy::control::Control,
    raw::{Errno, HasRaw},
    util::Period,
};

/// How many messages are forwarded in one direction before the other direction has its turn.
const BURST: usize = 1000;

/// How many of them go to one peer before the next peer has its turn.
const SHARE: usize = 100;

/// Forwards until the handle stops the proxy or a call on a socket fails.
pub(super) fn run(
    proxy: &mut ServerProxy,
    control: &Control,
    started: impl FnOnce(Waker),
) -> Result<(), Error> {
    let mut poller = PeerPoller::new(&proxy.frontend)?;
    let line = proxy.peers.register(&mut poller)?.into();
    control.counters.has_peers(proxy.peers.len());
    started(poller.waker()?);
    let mut work = Work { proxy, poller, line, held: Vec::new(), gone: Vec::new(), control };
    while control.should_run() {
        let more = work.requests()? | work.replies()?;
        work.wait(if more { Duration::ZERO.into() } else { Period::Infinite })?;
    }
    Ok(())
}

struct Work<'w> {
    proxy: &'w mut ServerProxy,
    poller: PeerPoller,
    /// The queue of peers whose clients may be readable.
    line: VecDeque<RoutingId>,
    /// The peers whose queue was full.
    held: Vec<RoutingId>,
    /// The peers that had gone when a reply was sent.
    gone: Vec<RoutingId>,
    control: &'w Control,
}

fn failed(errno: Errno) -> Error {
    Error::c(errno, "proxy")
}

impl Work<'_> {
    /// Forwards requests, and returns whether more can be forwarded at once.
    fn requests(&mut self) -> Result<bool, Error> {
        for _ in 0..BURST {
            if !self.proxy.request.pending && !self.receive_request()? {
                // All requests of these peers were forwarded.
                while let Some(id) = self.gone.pop() {
                    self.remove(id)?;
                }
                return Ok(false);
            }
            let Some(id) = self.sender()? else {
                self.control.counters.refused.add(0);
                self.proxy.request.pending = false;
                continue;
            };
            let ServerProxy { peers, request, .. } = &mut *self.proxy;
            let Some(peer) = peers.get(id) else { continue };
            let size = request.message.len();
            match peer.client.raw().try_send(&mut request.message, 0) {
                Ok(()) => self.control.counters.backend_sent.add(size),
                // The next signal, which room in that queue causes, leads here again.
                Err(Errno::AGAIN) => return Ok(false),
                Err(errno) => return Err(failed(errno)),
            }
            request.pending = false;
        }
        Ok(true)
    }

    /// Receives the next request, and returns whether there is one. Handles disconnect messages.
    fn receive_request(&mut self) -> Result<bool, Error> {
        loop {
            let ServerProxy { frontend, request, farewell, capture, .. } = &mut *self.proxy;
            match frontend.raw().try_recv(&mut request.message) {
                Ok(()) => (),
                Err(Errno::AGAIN) => return Ok(false),
                Err(errno) => return Err(failed(errno)),
            }
            if request.message.bytes() == farewell {
                if let Some(id) = RoutingId::new(request.message.routing_id()) {
                    self.remove(id)?;
                }
                continue;
            }
            request.pending = true;
            self.control.counters.frontend_received.add(request.message.len());
            capture.take(slice::from_ref(&request.message), &self.control.counters);
            return Ok(true);
        }
    }

    /// Returns the sender of the request, after creating its client if it is new, or `None` if it
    /// can have no client.
    fn sender(&mut self) -> Result<Option<RoutingId>, Error> {
        let ServerProxy { peers, request, .. } = &mut *self.proxy;
        let Some(id) = RoutingId::new(request.message.routing_id()) else { return Ok(None) };
        if peers.get(id).is_none() {
            if !peers.admit(id, &mut self.poller)? {
                return Ok(None);
            }
            self.line.push_back(id);
            self.control.counters.has_peers(peers.len());
        }
        Ok(Some(id))
    }

    fn remove(&mut self, id: RoutingId) -> Result<(), Error> {
        self.proxy.peers.remove(id, &mut self.poller)?;
        self.control.counters.has_peers(self.proxy.peers.len());
        Ok(())
    }

    /// Forwards replies, and returns whether more can be forwarded at once.
    fn replies(&mut self) -> Result<bool, Error> {
        for _ in 0..BURST / SHARE {
            let Some(id) = self.line.pop_front() else { break };
            if self.replies_to(id).map_err(failed)? {
                self.line.push_back(id);
            }
        }
        let can_remove = !self.gone.is_empty() && !self.proxy.request.pending;
        Ok(!self.line.is_empty() || can_remove)
    }

    /// Forwards replies to one peer, and returns whether more can be forwarded at once.
    fn replies_to(&mut self, id: RoutingId) -> Result<bool, Errno> {
        let counters = &self.control.counters;
        let Some(peer) = self.proxy.peers.get(id) else { return Ok(false) };
        peer.in_line = false;
        for _ in 0..SHARE {
            let reply = &mut peer.reply;
            if !reply.pending {
                match peer.client.raw().try_recv(&mut reply.message) {
                    Ok(()) => (),
                    Err(Errno::AGAIN) => return Ok(false),
                    Err(errno) => return Err(errno),
                }
                reply.pending = true;
                counters.backend_received.add(reply.message.len());
                self.proxy.capture.take(slice::from_ref(&reply.message), counters);
                reply.message.set_routing_id(id.0);
            }
            let size = reply.message.len();
            match self.proxy.frontend.raw().try_send(&mut reply.message, 0) {
                Ok(()) => counters.frontend_sent.add(size),
                Err(Errno::AGAIN) => {
                    self.held.push(id);
                    return Ok(false);
                }
                Err(Errno::HOST_UNREACHABLE) => {
                    reply.pending = false;
                    self.gone.push(id);
                    return Ok(false);
                }
                Err(errno) => return Err(errno),
            }
            reply.pending = false;
        }
        peer.in_line = true;
        Ok(true)
    }

    /// Waits for a signal, and queues the peers that it may be for.
    fn wait(&mut self, period: Period) -> Result<(), Error> {
        let Self { proxy, poller, line, held, .. } = self;
        let mut enter = |id, despite_reply| {
            if let Some(peer) = proxy
                .peers
                .get(id)
                .filter(|peer| !peer.in_line && (despite_reply || !peer.reply.pending))
            {
                peer.in_line = true;
                line.push_back(id);
            }
        };
        if poller.wait(period, |id| enter(id, false))? {
            // The signal of the frontend may mean room in the queue of a peer.
            held.drain(..).for_each(|id| enter(id, true));
        }
        Ok(())
    }
}
