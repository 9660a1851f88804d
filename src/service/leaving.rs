//! Clients that leave, and the end of the service.

use std::{
    cmp::Reverse,
    sync::{Arc, OnceLock},
    time::Instant,
};

use super::{
    event::Reason,
    kind::Serving,
    report::Report,
    slab::Key,
    state::{Client, Parting, Phase, State, Wakes},
    trace::Note,
};

impl<S: Serving> State<S> {
    /// Records that a client has left: the service no longer finds it by id, and drops the messages
    /// in its outgoing queue.
    pub(super) fn leave(&mut self, key: Key, reason: Reason, wakes: &mut Wakes<S>) {
        let Some(client) = self.clients.get_mut(key).filter(|client| client.left.is_none()) else {
            return;
        };
        let unsent = std::mem::take(&mut client.outgoing).len();
        client.left = Some((reason, unsent));
        if let Some(parting) = &client.parting {
            let _ = parting.unsent.set(unsent);
        }
        wakes.note(|| Note::Left(client.info.clone(), reason, unsent));
        wakes.client(client);
        if self.by_id.get(client.info.id()) == Some(&key) {
            self.by_id.remove(client.info.id());
        }
        self.stats.left += 1;
        self.stats.queued_outgoing -= unsent;
        self.stats.lost += unsent as u64;
        self.gone += 1;
        self.list(key, wakes);
        self.collect(key);
    }

    /// Removes a client that has left, if none of its messages is queued and there is no reader.
    pub(super) fn collect(&mut self, key: Key) {
        let client = self.clients.get(key);
        let done = |client: &Client<S>| client.left.is_some() && client.incoming.is_empty();
        if self.readers == 0 && client.is_some_and(done) {
            self.clients.remove(key);
            self.gone -= 1;
        }
    }

    /// Removes the clients that have left, and drops their messages. Returns their ids.
    pub(super) fn collect_all(&mut self) -> Vec<S::Id> {
        let gone = |key: &Key| self.clients.get(*key).is_some_and(|client| client.left.is_some());
        let gone: Vec<_> = self.clients.keys().into_iter().filter(gone).collect();
        let removed = gone.into_iter().filter_map(|key| self.clients.remove(key));
        let mut ids = Vec::new();
        for client in removed {
            let unread = client.incoming.len();
            self.stats.queued_incoming -= unread;
            self.stats.dropped_incoming += unread as u64;
            self.gone -= 1;
            ids.push(client.info.id().clone());
        }
        ids
    }

    /// Begins to disconnect a client: the service refuses messages from it and for it.
    pub(super) fn part(
        &mut self,
        key: Key,
        reason: Reason,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Option<Arc<OnceLock<usize>>> {
        let client = self.clients.get_mut(key).filter(|client| client.left.is_none())?;
        if let Some(parting) = &client.parting {
            return Some(parting.unsent.clone());
        }
        let unsent = Arc::<OnceLock<usize>>::default();
        let deadline = now + self.settings.farewell_time;
        client.parting = Some(Parting { reason, deadline, unsent: unsent.clone() });
        wakes.client(client);
        wakes.engine = true;
        self.parting.push(key);
        self.list_if_ready(key, wakes);
        if let Some(farewell) = self.farewell.clone() {
            self.queue(key, farewell, wakes);
        }
        Some(unsent)
    }

    /// Completes the disconnection of clients whose queues are sent or whose deadlines have passed.
    /// Returns the ids of the clients whose connections are to be closed.
    pub(super) fn end_partings(&mut self, now: Instant, wakes: &mut Wakes<S>) -> Vec<S::Id> {
        let mut ids = Vec::new();
        let mut index = 0;
        while let Some(&key) = self.parting.get(index) {
            let Some(client) = self.clients.get(key) else {
                self.parting.swap_remove(index);
                continue;
            };
            let Some(parting) = client.parting.clone().filter(|_| client.left.is_none()) else {
                self.parting.swap_remove(index);
                continue;
            };
            let over = client.unsent() == 0 || client.unreachable || parting.deadline <= now;
            if !over {
                index += 1;
                continue;
            }
            let id = client.info.id().clone();
            self.parting.swap_remove(index);
            // Held messages are reported before `Left`. They do not wait for room in the queue: the
            // program may be waiting for this disconnection.
            self.force(|held| held == key, wakes);
            self.leave(key, parting.reason, wakes);
            if !S::DISCONNECTS {
                self.refused.insert(id.clone());
            }
            ids.push(id);
        }
        ids
    }

    /// Removes clients that have left from the idle heap once it holds many of them.
    pub(super) fn forget_idle(&mut self) {
        const FEW: usize = 1024;

        if self.idle.len() > FEW + 2 * self.by_id.len() {
            let clients = &self.clients;
            self.idle.retain(|Reverse((_, key))| {
                clients.get(*key).is_some_and(|client| client.left.is_none())
            });
        }
    }

    /// Disconnects idle clients. Call this only when all messages of the socket are read.
    pub(super) fn part_with_idle(&mut self, now: Instant, wakes: &mut Wakes<S>) {
        let Some(idle) = self.idle_time() else { return };
        while let Some(Reverse((due, key))) = self.idle.peek().copied() {
            if due > now {
                return;
            }
            self.idle.pop();
            let Some(client) = self.clients.get(key).filter(|client| client.is_there()) else {
                continue;
            };
            if client.in_flight > 0 {
                self.idle.push(Reverse((now + idle, key)));
            } else if client.active + idle > now {
                self.idle.push(Reverse((client.active + idle, key)));
            } else {
                self.part(key, Reason::Idle, now, wakes);
            }
        }
    }

    /// Returns whether it is time to look for idle clients.
    pub(super) fn is_idle_due(&self, now: Instant) -> bool {
        self.idle.peek().is_some_and(|Reverse((due, _))| *due <= now)
    }

    /// Returns when the engine has to act even if no message arrives.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let parting = self.parting.iter().filter_map(|key| {
            self.clients.get(*key)?.parting.as_ref().map(|parting| parting.deadline)
        });
        let idle = self.idle.peek().map(|Reverse((due, _))| *due).filter(|_| self.may_read());
        let stop = match self.phase {
            Phase::Draining(deadline) => deadline,
            _ => None,
        };
        parting.chain(idle).chain(stop).min()
    }

    /// Makes the service end when all accepted work is done, and at `deadline` at the latest.
    pub(super) fn stop(&mut self, deadline: Option<Instant>, wakes: &mut Wakes<S>) {
        match self.phase {
            Phase::Built => self.end(false, wakes),
            Phase::Ended => (),
            Phase::Running => self.phase = Phase::Draining(deadline),
            Phase::Draining(before) => {
                self.phase = Phase::Draining(before.into_iter().chain(deadline).min());
            }
        }
        wakes.engine = true;
    }

    /// Returns whether a stopping service has no work left, or its deadline has passed.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let Phase::Draining(deadline) = self.phase else { return self.phase == Phase::Ended };
        let taken = self.stats.queued_incoming == 0 && self.held.is_empty();
        let sent = self.stats.queued_outgoing == 0 && self.parting.is_empty();
        deadline.is_some_and(|deadline| deadline <= now)
            || sent && self.stats.in_flight == 0 && (taken || self.readers == 0)
    }

    /// Ends the service. The program can still receive the messages that were read.
    pub(super) fn end(&mut self, aborted: bool, wakes: &mut Wakes<S>) {
        if self.phase == Phase::Ended {
            return;
        }
        self.phase = Phase::Ended;
        self.force(|_| true, wakes);
        let unsent = self.clients.iter().filter(|(_, client)| client.unsent() > 0);
        self.report = Some(Report {
            unsent: unsent.map(|(_, client)| (client.info.id().clone(), client.unsent())).collect(),
            unread: self.stats.queued_incoming,
            unanswered: self.stats.in_flight,
            aborted,
        });
        for key in self.clients.keys() {
            let reason = self.clients.get(key).and_then(|client| client.parting.as_ref());
            let reason = reason.map_or(Reason::Stopped, |parting| parting.reason);
            self.leave(key, reason, wakes);
        }
        self.parting.clear();
        self.idle.clear();
        self.sendable.clear();
        self.blocked.clear();
        wakes.readers = true;
        wakes.engine = true;
        wakes.ended = true;
    }

    /// Stops a service with its own thread when its last handle was dropped.
    pub(super) fn end_if_alone(&mut self, now: Instant, wakes: &mut Wakes<S>) {
        let time = self.settings.farewell_time;
        let Some(socket) = self.alone.as_ref().filter(|_| self.handles == 0) else { return };
        if self.phase != Phase::Ended {
            self.closing = Some(socket.within(time));
        }
        self.stop(Some(now + time), wakes);
    }
}
