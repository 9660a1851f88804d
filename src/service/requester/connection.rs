//! [`Connection`]: a connection that many tasks send requests over.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::Instant,
};

use super::{super::wire::Status, asking::Asking};
use crate::{
    aio::{Async, Direction, Entry, Waiters},
    error::{Error, ErrorKind},
};

/// The kind of server at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Nothing was received yet.
    Unknown,
    /// Its replies carry the number of their request.
    Service,
    /// It replies to one request after the other, without numbers.
    Plain,
}

/// A request in flight, and its reply once it has arrived.
#[derive(Debug)]
struct Slot<B> {
    waker: Option<Waker>,
    reply: Option<Result<B, Error>>,
}

#[derive(Debug)]
struct Table<B> {
    peer: Peer,
    slots: HashMap<u64, Slot<B>>,
    next: u64,
    /// The request whose task receives the replies of all.
    leader: Option<u64>,
    /// Whether a request without a number is in flight.
    busy: bool,
    /// Whether the connection may receive a reply without a number whose request has ended.
    spoiled: bool,
    /// When the connection last received a message.
    heard: Option<Instant>,
    late: u64,
}

/// A socket that is connected to one endpoint.
#[derive(Debug)]
pub(super) struct Connection<S: Asking> {
    socket: Async<S>,
    table: Mutex<Table<S::Body>>,
    /// Requests that wait for their turn.
    turns: Arc<Waiters>,
    /// Whether a reply can reveal that the server is a service.
    detects: bool,
}

/// Why a request has no reply.
pub(super) enum Failure {
    /// It was not sent.
    NotSent(Error),
    /// It was sent.
    Lost(Error),
}

impl<S: Asking> Connection<S> {
    pub(super) fn new(socket: S, peer: Peer) -> Result<Self, Error> {
        let detects = peer == Peer::Unknown;
        let table = Table {
            peer,
            slots: HashMap::new(),
            next: 0,
            leader: None,
            busy: false,
            spoiled: false,
            heard: None,
            late: 0,
        };
        let (socket, table) = (Async::new(socket)?, Mutex::new(table));
        Ok(Self { socket, table, turns: Arc::default(), detects })
    }

    fn table(&self) -> MutexGuard<'_, Table<S::Body>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether no more requests may be sent over the connection.
    pub(super) fn is_spoiled(&self) -> bool {
        self.table().spoiled
    }

    /// Notes that a request that was made at `since` got no reply. If the connection has received
    /// nothing since then, the server is considered dead.
    pub(super) fn gave_up(&self, since: Instant) {
        let mut table = self.table();
        table.spoiled |= table.heard.is_none_or(|heard| heard < since);
    }

    /// Returns how many replies arrived after their request had ended.
    pub(super) fn late(&self) -> u64 {
        self.table().late
    }

    /// Sends a request and waits for its reply.
    ///
    /// Returns `None`, and sends nothing, if the connection is spoiled.
    pub(super) async fn ask(
        &self,
        body: S::Body,
        sent: &mut bool,
    ) -> Result<Option<S::Body>, Failure> {
        match self.turn().await {
            Some(_) if self.is_spoiled() => Ok(None),
            Some(turn) => self.ask_alone(turn, body, sent).await.map(Some),
            None => self.ask_among_others(body, sent).await.map(Some),
        }
    }

    /// Waits until a request without a number may be sent. Returns `None` if requests have numbers.
    async fn turn(&self) -> Option<Turn<'_, S>> {
        let mut entry = Entry::new(self.turns.clone(), Direction::Receive);
        poll_fn(|cx| {
            entry.enter(cx.waker());
            let mut table = self.table();
            if table.peer == Peer::Service {
                return Poll::Ready(None);
            }
            if table.busy && !table.spoiled {
                return Poll::Pending;
            }
            table.busy = true;
            Poll::Ready(Some(Turn { connection: self, owes: false }))
        })
        .await
    }

    async fn ask_alone(
        &self,
        mut turn: Turn<'_, S>,
        body: S::Body,
        sent: &mut bool,
    ) -> Result<S::Body, Failure> {
        self.send(S::encode(None, body), sent).await?;
        turn.owes = true;
        loop {
            let reply = S::recv(&self.socket).await.map_err(Failure::Lost)?;
            let is_of_service = S::is_of_service(&reply);
            let (number, reply) = S::decode(reply);
            if number.is_some() {
                // The reply belongs to a request whose future was dropped.
                continue;
            }
            let mut table = self.table();
            table.peer = if is_of_service && self.detects { Peer::Service } else { Peer::Plain };
            table.heard = Some(Instant::now());
            drop(table);
            turn.owes = false;
            return Ok(reply);
        }
    }

    async fn send(&self, body: S::Body, sent: &mut bool) -> Result<(), Failure> {
        S::send(&self.socket, body).await.map_err(|error| Failure::NotSent(error.cast()))?;
        *sent = true;
        Ok(())
    }

    async fn ask_among_others(&self, body: S::Body, sent: &mut bool) -> Result<S::Body, Failure> {
        let number = {
            let mut table = self.table();
            table.next += 1;
            let number = table.next;
            table.slots.insert(number, Slot { waker: None, reply: None });
            number
        };
        let _asked = Asked { connection: self, number };
        self.send(S::encode(Some(number), body), sent).await?;

        // One task receives the replies of all, until its own arrives.
        let mut receives = pin!(self.receive_all());
        poll_fn(|cx| {
            loop {
                let leads = {
                    let mut table = self.table();
                    let leads = *table.leader.get_or_insert(number) == number;
                    let Some(slot) = table.slots.get_mut(&number) else { return Poll::Pending };
                    if let Some(reply) = slot.reply.take() {
                        return Poll::Ready(reply);
                    }
                    slot.waker = Some(cx.waker().clone());
                    leads
                };
                if !leads {
                    return Poll::Pending;
                }
                match receives.as_mut().poll(cx) {
                    Poll::Pending if self.has_reply(number) => (),
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(error) => return Poll::Ready(Err(error)),
                }
            }
        })
        .await
        .map_err(Failure::Lost)
    }

    fn has_reply(&self, number: u64) -> bool {
        self.table().slots.get(&number).is_some_and(|slot| slot.reply.is_some())
    }

    /// Receives replies and wakes their tasks, until receiving fails.
    async fn receive_all(&self) -> Error {
        const FAILED: ErrorKind =
            ErrorKind::NotFound("the handler of the service has failed, so there is no reply");

        loop {
            let reply = match S::recv(&self.socket).await {
                Ok(reply) => reply,
                Err(error) => return error,
            };
            let (number, reply) = S::decode(reply);
            let mut table = self.table();
            table.heard = Some(Instant::now());
            let slot = number.and_then(|(number, _)| table.slots.get_mut(&number));
            let Some(slot) = slot else {
                table.late += 1;
                continue;
            };
            let failed = matches!(number, Some((_, Status::Failure)));
            let error = || Error::new(FAILED, "request");
            slot.reply = Some(if failed { Err(error()) } else { Ok(reply) });
            let waker = slot.waker.take();
            drop(table);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

/// The turn of a request without a number.
struct Turn<'c, S: Asking> {
    connection: &'c Connection<S>,
    /// Whether the server still owes a reply.
    owes: bool,
}

impl<S: Asking> Drop for Turn<'_, S> {
    fn drop(&mut self) {
        let mut table = self.connection.table();
        table.busy = false;
        // The next request would receive this reply as its own.
        table.spoiled |= self.owes;
        drop(table);
        self.connection.turns.take_all().wake();
    }
}

/// A request with a number that is in flight.
struct Asked<'c, S: Asking> {
    connection: &'c Connection<S>,
    number: u64,
}

impl<S: Asking> Drop for Asked<'_, S> {
    fn drop(&mut self) {
        let mut table = self.connection.table();
        let own = table.slots.remove(&self.number);
        let mut next = None;
        if table.leader.is_none_or(|leader| leader == self.number) {
            table.leader = None;
            // The task of another request receives from now on.
            next = table.slots.values_mut().find_map(|slot| slot.waker.take());
        }
        drop(table);
        drop(own);
        if let Some(next) = next {
            next.wake();
        }
    }
}
