//! The outgoing queues: messages from the program to the clients.

use std::{collections::VecDeque, time::Instant};

use super::{
    event::{Reason, ReplyTo},
    kind::Serving,
    settings::Overflow,
    slab::Key,
    state::{Client, Phase, State, Wakes},
    trace::Note,
};
use crate::error::{Error, ErrorKind};

/// The most messages of one client that the engine sends in one round.
const PORTION: usize = 32;

/// The most clients that the engine sends to in one round.
const CLIENTS: usize = 64;

/// The most clients with a full queue in the socket that the engine retries in one round. The
/// others follow in later rounds: clients that never read must not delay the others.
const BLOCKED: usize = 8;

/// Messages to one client that the engine is sending, and the result.
#[derive(Debug)]
pub(super) struct Portion<S: Serving> {
    key: Key,
    pub(super) id: S::Id,
    pub(super) bodies: VecDeque<S::Body>,
    pub(super) sent: usize,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All messages were sent, or none was tried yet.
    Done,
    /// The queue of the socket is full.
    Full,
    /// The client is gone.
    Unreachable,
}

/// How a message gets a place in the queue of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// If the queue is not full.
    Free,
    /// Also beyond the limit, unless the overflow policy drops it. For the reply of a handler: no
    /// caller can wait and send it again.
    Reserved,
}

/// The decision about an outgoing message.
enum Admission {
    Queue(Key),
    Drop,
}

impl<S: Serving> State<S> {
    /// Decides whether to queue or drop a message for a client.
    fn admit(
        &mut self,
        id: &S::Id,
        place: Place,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Result<Admission, Error> {
        let refused = |kind| Err(Error::new(kind, "send").about(id));
        if self.phase == Phase::Ended {
            return refused(ErrorKind::Stopped);
        }
        let key = self.by_id.get(id).copied();
        let client = key.and_then(|key| Some((key, self.clients.get_mut(key)?)));
        let Some((key, client)) = client.filter(|(_, client)| client.is_there()) else {
            return refused(ErrorKind::HostUnreachable);
        };
        let bound = self.settings.outgoing;
        if client.has_room(bound) {
            return Ok(Admission::Queue(key));
        }
        match bound.overflow {
            Overflow::StopReading if place == Place::Reserved => Ok(Admission::Queue(key)),
            Overflow::StopReading => Err(Error::new(ErrorKind::WouldBlock, "send")),
            // If the engine is sending the whole queue, the new message is the one to drop.
            Overflow::DropOldest if client.outgoing.pop_front().is_some() => {
                wakes.note(|| Note::Dropped(client.info.clone(), "outgoing"));
                self.stats.queued_outgoing -= 1;
                self.stats.dropped_outgoing += 1;
                Ok(Admission::Queue(key))
            }
            overflow => {
                wakes.note(|| Note::Dropped(client.info.clone(), "outgoing"));
                self.stats.accepted += 1;
                self.stats.dropped_outgoing += 1;
                if overflow == Overflow::Part {
                    drop(self.part(key, Reason::Overflow, now, wakes));
                }
                Ok(Admission::Drop)
            }
        }
    }

    /// Queues a message for a client.
    pub(super) fn send(
        &mut self,
        id: &S::Id,
        body: S::Body,
        place: Place,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Result<(), Error<S::Body>> {
        self.send_as(id, body, |body| body, place, now, wakes)
    }

    /// Queues a message for a client, in the form that `encode` gives it.
    fn send_as(
        &mut self,
        id: &S::Id,
        body: S::Body,
        encode: impl FnOnce(S::Body) -> S::Body,
        place: Place,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Result<(), Error<S::Body>> {
        if let Err(error) = S::check(&body) {
            return Err(error.giving_back(body));
        }
        match self.admit(id, place, now, wakes) {
            Ok(Admission::Queue(key)) => self.queue(key, encode(body), wakes),
            Ok(Admission::Drop) => (),
            Err(error) => return Err(error.giving_back(body)),
        }
        Ok(())
    }

    /// Queues a reply for its client.
    pub(super) fn reply(
        &mut self,
        to: &ReplyTo<S>,
        body: S::Body,
        place: Place,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Result<(), Error<S::Body>> {
        // Another client with the same id may have connected since the request.
        if self.phase != Phase::Ended && self.by_id.get(&to.client) != Some(&to.key) {
            let error = Error::new(ErrorKind::HostUnreachable, "reply").about(&to.client);
            return Err(error.giving_back(body));
        }
        let encode = |body| S::join(&to.path, body);
        self.send_as(&to.client, body, encode, place, now, wakes)?;
        self.stats.replying.record(now.saturating_duration_since(to.received));
        Ok(())
    }

    /// Records that a handler has completed a request.
    pub(super) fn answered(&mut self, to: &ReplyTo<S>, wakes: &mut Wakes<S>) {
        self.stats.in_flight -= 1;
        if let Some(client) = self.clients.get_mut(to.key) {
            client.in_flight -= 1;
            self.list_if_ready(to.key, wakes);
        }
        wakes.engine |= self.phase != Phase::Running;
    }

    /// Puts a client into the ring if it has requests that a handler may process.
    pub(super) fn list_if_ready(&mut self, key: Key, wakes: &mut Wakes<S>) {
        let bound = self.settings.outgoing;
        let ready = |client: &Client<S>| !client.incoming.is_empty() && client.may_be_served(bound);
        if self.clients.get(key).is_some_and(ready) {
            self.list(key, wakes);
        }
    }

    /// Queues a message for a client, beyond the limit if the queue is full.
    pub(super) fn queue(&mut self, key: Key, body: S::Body, wakes: &mut Wakes<S>) {
        let Some(client) = self.clients.get_mut(key) else { return };
        client.outgoing.push_back(body);
        self.stats.accepted += 1;
        self.stats.queued_outgoing += 1;
        if !client.sending {
            client.sending = true;
            self.sendable.push_back(key);
            wakes.engine = true;
        }
    }

    /// Takes messages from the queues for the engine to send. Includes at most `retries` clients
    /// whose queue in the socket was full. Returns how many those are.
    pub(super) fn take_in_hand(&mut self, portions: &mut Vec<Portion<S>>, retries: usize) -> usize {
        let retries = retries.min(BLOCKED).min(self.blocked.len());
        let ready = self.sendable.len().min(CLIENTS);
        let keys = self.blocked.drain(..retries).chain(self.sendable.drain(..ready));
        for key in keys {
            let Some(client) = self.clients.get_mut(key) else { continue };
            let take = client.outgoing.len().min(PORTION);
            let bodies = if take == client.outgoing.len() {
                std::mem::take(&mut client.outgoing)
            } else {
                client.outgoing.drain(..take).collect()
            };
            client.in_hand = bodies.len();
            portions.push(Portion {
                key,
                id: client.info.id().clone(),
                bodies,
                sent: 0,
                outcome: Outcome::Done,
            });
        }
        retries
    }

    /// Records the results of sending, and puts unsent messages back into the queues.
    pub(super) fn settle(
        &mut self,
        portions: &mut Vec<Portion<S>>,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) {
        for Portion { key, bodies, sent, outcome, .. } in portions.drain(..) {
            self.stats.sent += sent as u64;
            self.stats.queued_outgoing -= sent;
            let Some(client) = self.clients.get_mut(key) else {
                self.stats.queued_outgoing -= bodies.len();
                self.stats.lost += bodies.len() as u64;
                continue;
            };
            client.in_hand = 0;
            if sent > 0 {
                client.active = now;
                wakes.client(client);
            }
            if bodies.capacity() > client.outgoing.capacity() || !bodies.is_empty() {
                // Messages that were queued meanwhile come after the unsent ones.
                let later = std::mem::replace(&mut client.outgoing, bodies);
                client.outgoing.extend(later);
            }
            match outcome {
                Outcome::Unreachable => {
                    // The client leaves once the engine reads its disconnect message.
                    client.unreachable = true;
                    client.sending = false;
                    wakes.client(client);
                    let lost = std::mem::take(&mut client.outgoing).len();
                    self.stats.queued_outgoing -= lost;
                    self.stats.lost += lost as u64;
                }
                _ if client.outgoing.is_empty() => {
                    client.sending = false;
                    client.shrink();
                }
                Outcome::Full => self.blocked.push_back(key),
                Outcome::Done => self.sendable.push_back(key),
            }
            if sent > 0 {
                self.trim(key, wakes);
            }
            if sent > 0 || outcome == Outcome::Unreachable {
                self.list_if_ready(key, wakes);
            }
        }
    }

    /// Drops the oldest messages of a queue that exceeds its limit because unsent messages came
    /// back.
    fn trim(&mut self, key: Key, wakes: &mut Wakes<S>) {
        let bound = self.settings.outgoing;
        let Some(client) = self.clients.get_mut(key) else { return };
        while bound.overflow == Overflow::DropOldest
            && client.outgoing.len() > bound.limit
            && client.outgoing.pop_front().is_some()
        {
            wakes.note(|| Note::Dropped(client.info.clone(), "outgoing"));
            self.stats.queued_outgoing -= 1;
            self.stats.dropped_outgoing += 1;
        }
    }
}
