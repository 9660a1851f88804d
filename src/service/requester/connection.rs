//! [`Connection`]: a connection that many tasks send requests over.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::pin,
    sync::{Arc, MutexGuard},
    task::{Context, Poll, Waker},
    time::Instant,
};

use super::{
    super::wire::Status,
    asking::Asking,
    table::{Peer, Requests, Slot, Table},
};
use crate::{
    aio::{Async, Direction, Entry, Waiters},
    error::{Error, ErrorKind},
    raw::contained,
};

/// A socket that is connected to one endpoint.
#[derive(Debug)]
pub(super) struct Connection<S: Asking> {
    socket: Async<S>,
    requests: Arc<Requests<S::Body>>,
    /// The waker of `requests`.
    signal: Waker,
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
        let (socket, requests) = (Async::new(socket)?, Requests::new(peer));
        let signal = requests.clone().into();
        Ok(Self { socket, requests, signal, turns: Arc::default(), detects })
    }

    fn table(&self) -> MutexGuard<'_, Table<S::Body>> {
        self.requests.table()
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
        self.drop_late_replies();
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

    /// Drops what a server has sent beyond its replies. The next request would receive it as its
    /// own reply.
    fn drop_late_replies(&self) {
        /// A server that sends without end must not keep the task busy.
        const MOST: u32 = 1000;

        for _ in 0..MOST {
            // An error that is not "would block" fails the request as well.
            let Ok(late) = self.socket.with(S::try_recv) else { return };
            self.table().late += 1;
            drop(late);
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
            table.slots.insert(number, Slot::EMPTY);
            number
        };
        let _asked = Asked { connection: self, number };
        self.send(S::encode(Some(number), body), sent).await?;

        // One task receives the replies of all, until its own arrives.
        let mut receives = pin!(self.receive_all());
        poll_fn(|cx| {
            if let Some(reply) = self.take_reply(number) {
                return Poll::Ready(reply);
            }
            if !self.leads(number, cx.waker()) {
                return Poll::Pending;
            }
            match receives.as_mut().poll(&mut Context::from_waker(&self.signal)) {
                Poll::Pending => self.take_reply(number).map_or(Poll::Pending, Poll::Ready),
                Poll::Ready(error) => Poll::Ready(Err(error)),
            }
        })
        .await
        .map_err(Failure::Lost)
    }

    fn take_reply(&self, number: u64) -> Option<Result<S::Body, Error>> {
        self.table().slots.get_mut(&number)?.reply.take()
    }

    /// Keeps the waker of a request, and returns whether its task has to receive now.
    fn leads(&self, number: u64, waker: &Waker) -> bool {
        // Wakers are cloned and dropped without the lock, because they are code of the user.
        let waker = waker.clone();
        let mut table = self.table();
        let Some(slot) = table.slots.get_mut(&number) else { return false };
        let known = slot.waker.replace(waker);
        if mem::take(&mut table.unheard) {
            table.leader = Some(number);
        }
        let leads = *table.leader.get_or_insert(number) == number;
        drop(table);
        contained(|| drop(known));
        leads
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
            // The first reply to a request counts.
            let Some(slot) = slot.filter(|slot| slot.reply.is_none()) else {
                table.late += 1;
                continue;
            };
            let failed = matches!(number, Some((_, Status::Failure)));
            let error = || Error::new(FAILED, "request");
            slot.reply = Some(if failed { Err(error()) } else { Ok(reply) });
            let waker = slot.waker.take();
            drop(table);
            if let Some(waker) = waker {
                contained(|| waker.wake());
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
        if table.leader.is_none_or(|leader| leader == self.number) {
            table.leader = None;
            // The task of another request receives from now on.
            self.connection.requests.appoint(table);
        } else {
            drop(table);
        }
        contained(|| drop(own));
    }
}
