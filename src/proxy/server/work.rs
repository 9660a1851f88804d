//! The work of a proxy of a server: requests to the client of who asked, what a client receives to
//! whom it belongs.

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

/// How many messages go one way before the other way has its turn.
const BURST: usize = 1000;

/// How many of them go to one peer before the next has its turn.
const SHARE: usize = 100;

/// Forwards until it is told to stop or a socket fails.
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
    while control.goes_on() {
        let more = work.requests()? | work.replies()?;
        work.wait(if more { Duration::ZERO.into() } else { Period::Infinite })?;
    }
    Ok(())
}

struct Work<'w> {
    proxy: &'w mut ServerProxy,
    poller: PeerPoller,
    /// The peers whose clients may have something to receive.
    line: VecDeque<RoutingId>,
    /// The peers that had no room for a reply.
    held: Vec<RoutingId>,
    /// The peers that a reply did not find any more.
    gone: Vec<RoutingId>,
    control: &'w Control,
}

fn failed(errno: Errno) -> Error {
    Error::c(errno, "proxy")
}

impl Work<'_> {
    /// Passes on requests, and answers whether more can be passed on at once.
    fn requests(&mut self) -> Result<bool, Error> {
        for _ in 0..BURST {
            if !self.proxy.request.pending && !self.receive_request()? {
                // All that they had sent has gone on.
                while let Some(id) = self.gone.pop() {
                    self.remove(id)?;
                }
                return Ok(false);
            }
            let Some(id) = self.asker()? else {
                self.control.counters.refused.add(0);
                self.proxy.request.pending = false;
                continue;
            };
            let ServerProxy { peers, request, .. } = &mut *self.proxy;
            let Some(peer) = peers.get(id) else { continue };
            let size = request.message.len();
            match peer.client.raw().try_send(&mut request.message, 0) {
                Ok(()) => self.control.counters.backend_sent.add(size),
                // It is tried again when something is new: room in that queue will be.
                Err(Errno::AGAIN) => return Ok(false),
                Err(errno) => return Err(failed(errno)),
            }
            request.pending = false;
        }
        Ok(true)
    }

    /// Receives until there is a request, and answers whether there is one.
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

    /// Who has sent the request, now with a client; or `None` if it cannot have one.
    fn asker(&mut self) -> Result<Option<RoutingId>, Error> {
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

    /// Passes on replies, and answers whether more can be passed on at once.
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

    /// Passes on replies to one peer, and answers whether more can be passed on at once.
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

    /// Waits for something new.
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
            // Perhaps it is room for a reply.
            held.drain(..).for_each(|id| enter(id, true));
        }
        Ok(())
    }
}
