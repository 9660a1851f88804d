//! How a handle waits for a client: for a message of it, or for space in its queue.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use super::{
    event::Incoming,
    kind::Serving,
    slab::Key,
    state::{Shared, State, Wakes},
};
use crate::{
    aio::{Direction, Entry, Waiters},
    error::{Error, ErrorKind},
    util::Period,
};

impl<S: Serving> Shared<S> {
    /// Repeats `attempt` until it is ready, waiting for changes of the client in between.
    pub(super) async fn waiting<T>(
        &self,
        id: &S::Id,
        attempt: impl FnMut(&mut State<S>, &mut Wakes<S>) -> Poll<T>,
    ) -> T {
        let mut attempt = attempt;
        loop {
            let done = self.waiting_of(|state| state.find_unread(id), |s, w| attempt(s, w)).await;
            if let Some(done) = done {
                return done;
            }
            // The client was removed in between. The next attempt returns the error.
        }
    }

    /// Repeats `attempt` as [`waiting`](Self::waiting) does. Returns `None` once `key` finds no
    /// client.
    pub(super) async fn waiting_of<T>(
        &self,
        key: impl Fn(&State<S>) -> Option<Key>,
        mut attempt: impl FnMut(&mut State<S>, &mut Wakes<S>) -> Poll<T>,
    ) -> Option<T> {
        let mut waits: Option<(Arc<Waiters>, Entry<Arc<Waiters>>)> = None;
        let mut poll = |cx: &mut Context<'_>| {
            if let Poll::Ready(done) = self.change(&mut attempt) {
                return Poll::Ready(Some(done));
            }
            let waiters = self.change(|state, _| state.waiters(key(state)?));
            let Some(waiters) = waiters else { return Poll::Ready(None) };
            let entry = match &mut waits {
                Some((of, entry)) if Arc::ptr_eq(of, &waiters) => entry,
                waits => {
                    let entry = Entry::new(waiters.clone(), Direction::Receive);
                    &mut waits.insert((waiters, entry)).1
                }
            };
            entry.enter(cx.waker());
            self.change(&mut attempt).map(Some)
        };
        poll_fn(|cx| poll(cx)).await
    }
}

impl<S: Serving> State<S> {
    /// Finds the connected client with this id, or one that has left with messages in its queue.
    pub(super) fn find_unread(&self, id: &S::Id) -> Option<Key> {
        let gone = || {
            let mut clients = self.clients.iter();
            let unread = clients.find(|(_, of)| of.info.id() == id && !of.incoming.is_empty());
            unread.map(|(key, _)| key)
        };
        let there = self.by_id.get(id).copied();
        if self.gone == 0 { there } else { there.or_else(gone) }
    }

    /// Takes the next message of the client with this id.
    pub(super) fn take_from(
        &mut self,
        id: &S::Id,
        wakes: &mut Wakes<S>,
    ) -> Result<Incoming<S>, Error> {
        let Some(key) = self.find_unread(id) else {
            return Err(Error::new(ErrorKind::HostUnreachable, "receive").about(id));
        };
        let taken = self.take(key, Instant::now(), wakes);
        self.collect(key);
        taken.ok_or_else(|| Error::new(ErrorKind::WouldBlock, "receive"))
    }
}

/// Sends `body`. Puts the message back into `body` if the queue is full.
pub(super) fn attempt<B>(
    body: &mut Option<B>,
    send: impl FnOnce(B) -> Result<(), Error<B>>,
) -> Poll<Result<(), Error<B>>> {
    let Some(taken) = body.take() else { return Poll::Ready(Ok(())) };
    match send(taken) {
        Err(mut error) if error.kind() == ErrorKind::WouldBlock => {
            *body = error.take();
            Poll::Pending
        }
        done => Poll::Ready(done),
    }
}

pub(super) fn giving_back<B>(error: Error, body: Option<B>) -> Error<B> {
    match body {
        Some(body) => error.giving_back(body),
        None => error.cast_into(),
    }
}

pub(super) fn timed_out<B>(limit: Period, body: Option<B>) -> Error<B> {
    giving_back(Error::new(ErrorKind::WouldBlock, "send").waited(limit.into()), body)
}
