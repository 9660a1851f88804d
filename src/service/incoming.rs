//! The incoming queues: messages from the clients to the program.

use std::{cmp::Reverse, time::Instant};

use super::{
    event::{ClientInfo, Event, Incoming, Reason, ReplyTo},
    kind::Serving,
    settings::Overflow,
    slab::Key,
    state::{Client, Item, Phase, State, Wakes},
    trace::Note,
};

impl<S: Serving> State<S> {
    /// Processes a message or a disconnect that the engine has read from the socket.
    pub(super) fn accept(&mut self, id: S::Id, item: Item<S>, now: Instant, wakes: &mut Wakes<S>) {
        let Some(&key) = self.by_id.get(&id) else {
            match item {
                // The service has disconnected this client, or the client never sent a message.
                Item::Gone => drop(self.refused.remove(&id)),
                Item::Message(..) if self.refused.contains(&id) => self.stats.refused += 1,
                Item::Message(body, received) => self.meet(id, body, received, now, wakes),
            }
            return;
        };
        let Some(client) = self.clients.get_mut(key) else { return };
        match item {
            Item::Message(..) if client.parting.is_some() => self.stats.refused += 1,
            Item::Message(..) if client.held > 0 => {
                client.active = now;
                self.stats.received += 1;
                self.hold(key, item);
            }
            Item::Message(body, received) => {
                client.active = now;
                self.stats.received += 1;
                self.enqueue(key, body, received, wakes);
            }
            Item::Gone if client.held > 0 => self.hold(key, item),
            Item::Gone => self.leave(key, Reason::Disconnected, wakes),
        }
    }

    fn meet(
        &mut self,
        id: S::Id,
        body: S::Body,
        received: Instant,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) {
        let info = ClientInfo::new(id.clone(), &body, now);
        wakes.note(|| Note::Joined(info.clone()));
        let key = self.clients.insert(Client::new(info, now));
        self.by_id.insert(id, key);
        self.stats.joined += 1;
        if let Some(idle) = self.idle_time() {
            self.forget_idle();
            self.idle.push(Reverse((now + idle, key)));
        }
        self.list(key, wakes);
        if !self.settings.hello.as_ref().is_some_and(|hello| S::is(&body, hello)) {
            self.stats.received += 1;
            self.enqueue(key, body, received, wakes);
        }
    }

    fn hold(&mut self, key: Key, item: Item<S>) {
        if let Some(client) = self.clients.get_mut(key) {
            client.held += 1;
            self.held.push_back((key, item));
        }
    }

    fn is_full(&self, client: &Client<S>) -> bool {
        client.incoming.len() >= self.settings.incoming.limit
            || self.stats.queued_incoming >= self.settings.total
    }

    fn enqueue(&mut self, key: Key, body: S::Body, received: Instant, wakes: &mut Wakes<S>) {
        let Some(client) = self.clients.get(key) else { return };
        if self.is_full(client) {
            match self.settings.incoming.overflow {
                Overflow::StopReading => return self.hold(key, Item::Message(body, received)),
                Overflow::DropOldest if !client.incoming.is_empty() => {
                    self.clients.get_mut(key).and_then(|client| client.incoming.pop_front());
                    self.stats.queued_incoming -= 1;
                    self.drop_incoming(key, wakes);
                }
                Overflow::Part => {
                    self.drop_incoming(key, wakes);
                    return self.part(key, Reason::Overflow, received, wakes).map_or((), drop);
                }
                Overflow::DropOldest | Overflow::DropNewest => {
                    return self.drop_incoming(key, wakes);
                }
            }
        }
        self.push(key, body, received, wakes);
    }

    fn drop_incoming(&mut self, key: Key, wakes: &mut Wakes<S>) {
        self.stats.dropped_incoming += 1;
        if let Some(client) = self.clients.get(key) {
            wakes.note(|| Note::Dropped(client.info.clone(), "incoming"));
        }
    }

    fn push(&mut self, key: Key, body: S::Body, received: Instant, wakes: &mut Wakes<S>) {
        let Some(client) = self.clients.get_mut(key) else { return };
        client.incoming.push_back((body, received));
        wakes.client(client);
        self.stats.queued_incoming += 1;
        self.list(key, wakes);
    }

    /// Puts a client into the ring of clients with events.
    pub(super) fn list(&mut self, key: Key, wakes: &mut Wakes<S>) {
        if self.readers == 0 {
            return;
        }
        if let Some(client) = self.clients.get_mut(key).filter(|client| !client.listed) {
            client.listed = true;
            self.ring.push_back(key);
        }
        wakes.readers = true;
    }

    /// Moves held items into the queues that are no longer full.
    pub(super) fn refill(&mut self, wakes: &mut Wakes<S>) {
        let mut full = Vec::new();
        for _ in 0..self.held.len() {
            let Some((key, item)) = self.held.pop_front() else { return };
            let Some(client) = self.clients.get(key) else { continue };
            if full.contains(&key) || matches!(item, Item::Message(..)) && self.is_full(client) {
                full.push(key);
                self.held.push_back((key, item));
                continue;
            }
            if let Some(client) = self.clients.get_mut(key) {
                client.held -= 1;
            }
            match item {
                Item::Message(body, received) => self.push(key, body, received, wakes),
                Item::Gone => self.leave(key, Reason::Disconnected, wakes),
            }
        }
    }

    /// Moves held items of the chosen clients into their queues, beyond the limits.
    pub(super) fn force(&mut self, chosen: impl Fn(Key) -> bool, wakes: &mut Wakes<S>) {
        for (key, item) in std::mem::take(&mut self.held) {
            if !chosen(key) {
                self.held.push_back((key, item));
                continue;
            }
            if let Some(client) = self.clients.get_mut(key) {
                client.held -= 1;
            }
            match item {
                Item::Message(body, received) => self.push(key, body, received, wakes),
                Item::Gone => self.leave(key, Reason::Disconnected, wakes),
            }
        }
    }

    /// Registers a reader of events, and lists the clients with events for the first reader.
    pub(super) fn add_reader(&mut self, wakes: &mut Wakes<S>) {
        self.readers += 1;
        if self.readers > 1 {
            return;
        }
        for key in self.clients.keys() {
            let news = self.clients.get(key).is_some_and(|client| {
                !client.announced || client.left.is_some() || !client.incoming.is_empty()
            });
            if news {
                self.list(key, wakes);
            }
        }
    }

    /// Unregisters a reader of events.
    pub(super) fn remove_reader(&mut self, wakes: &mut Wakes<S>) {
        self.readers -= 1;
        // A service that is stopping no longer waits for this reader.
        wakes.engine = true;
        if self.readers > 0 {
            return;
        }
        for key in std::mem::take(&mut self.ring) {
            if let Some(client) = self.clients.get_mut(key) {
                client.listed = false;
            }
            self.collect(key);
        }
    }

    /// Returns the next event, taking the clients in turn.
    pub(super) fn next_event(&mut self, now: Instant, wakes: &mut Wakes<S>) -> Option<Event<S>> {
        loop {
            let key = self.ring.pop_front()?;
            let Some(client) = self.clients.get_mut(key) else { continue };
            client.listed = false;
            if !client.announced {
                client.announced = true;
                let info = client.info.clone();
                self.list_rest(key);
                return Some(Event::Joined(info));
            }
            if let Some(message) = self.take(key, now, wakes) {
                self.list_rest(key);
                return Some(Event::Message(message));
            }
            // Otherwise another reader has received the client's message.
            if let Some(event) = self.report_left(key) {
                return Some(event);
            }
        }
    }

    /// Puts a client into the ring again if it has more events.
    fn list_rest(&mut self, key: Key) {
        let Some(client) = self.clients.get_mut(key) else { return };
        if !client.incoming.is_empty() || client.left.is_some() {
            client.listed = true;
            self.ring.push_back(key);
        }
    }

    fn report_left(&mut self, key: Key) -> Option<Event<S>> {
        let client = self.clients.get(key)?;
        let (reason, unsent) = client.left?;
        let event = Event::Left { client: client.info.id().clone(), reason, unsent };
        self.clients.remove(key);
        self.gone -= 1;
        Some(event)
    }

    /// Returns the next request for a handler, taking in turn the clients whose queues have room
    /// for the reply. Handlers do not see clients join and leave.
    pub(super) fn next_request(
        &mut self,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Option<Incoming<S>> {
        loop {
            let key = self.ring.pop_front()?;
            let Some(client) = self.clients.get_mut(key) else { continue };
            client.listed = false;
            client.announced = true;
            if !client.may_be_served(self.settings.outgoing) {
                // `list_if_ready` lists the client again when this changes.
                continue;
            }
            if let Some(request) = self.take(key, now, wakes) {
                if let Some(client) = self.clients.get_mut(key) {
                    client.in_flight += 1;
                }
                self.stats.in_flight += 1;
                self.list_rest(key);
                return Some(request);
            }
            self.report_left(key);
        }
    }

    /// Returns the next message of a client, regardless of its turn.
    pub(super) fn take(
        &mut self,
        key: Key,
        now: Instant,
        wakes: &mut Wakes<S>,
    ) -> Option<Incoming<S>> {
        let correlates = self.settings.correlates;
        let client = self.clients.get_mut(key)?;
        let (body, received) = client.incoming.pop_front()?;
        let id = client.info.id().clone();
        self.stats.queued_incoming -= 1;
        self.stats.delivered += 1;
        self.stats.waiting.record(now.saturating_duration_since(received));
        // The engine may have stopped reading, or may be waiting to end the service.
        wakes.engine |= !self.held.is_empty()
            || self.stats.queued_incoming + 1 >= self.settings.total
            || self.phase != Phase::Running;
        let (path, body) = S::split(body, correlates);
        Some(Incoming::new(ReplyTo { key, client: id, path, received }, body))
    }
}
