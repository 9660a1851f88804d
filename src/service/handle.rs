//! The handle of a service.

use std::{
    borrow::Borrow,
    fmt,
    future::poll_fn,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Instant,
};

use super::{
    event::{ClientInfo, Incoming, ReplyTo},
    events::Events,
    kind::Serving,
    report::Report,
    slab::Key,
    state::{Phase, Shared, State, Wakes},
    stats::Stats,
};
use crate::{
    addr::Endpoint,
    aio::{Direction, Entry, Waiters, within},
    error::{Error, ErrorKind},
    socket::Server,
    util::Period,
};

/// What a program talks to a service with: from any task and any thread.
///
/// A handle is cheap to clone. Its `async` methods work in any runtime; for a thread without one
/// [`blocking`](Self::blocking) gives the same methods, which block. All others return at once.
///
/// After the end of the service what sends fails with [`Stopped`](ErrorKind::Stopped).
pub struct ServiceHandle<S: Serving = Server> {
    shared: Arc<Shared<S>>,
}

impl<S: Serving> ServiceHandle<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Self {
        shared.change(|state, _| state.handles += 1);
        Self { shared }
    }

    /// Where the service is bound, with the ports that the system chose.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// The events from now on, and `Joined` for the clients that are there. Several streams share
    /// them.
    pub fn events(&self) -> Events<S> {
        Events::new(self.shared.clone())
    }

    /// The ids of the clients that are there, in no order.
    pub fn client_ids(&self) -> Vec<S::Id> {
        self.shared.look(|state| state.by_id.keys().cloned().collect())
    }

    /// The clients that are there, in no order.
    pub fn clients(&self) -> Vec<ClientInfo<S>> {
        self.shared.look(|state| {
            let keys = state.by_id.values();
            keys.filter_map(|key| Some(state.clients.get(*key)?.info.clone())).collect()
        })
    }

    /// What is known of a client; `None` if it is not there.
    pub fn client(&self, client: impl Borrow<S::Id>) -> Option<ClientInfo<S>> {
        self.shared.look(|state| Some(state.client(client.borrow())?.info.clone()))
    }

    /// How many messages of that client wait to be taken.
    pub fn queued_from(&self, client: impl Borrow<S::Id>) -> usize {
        self.shared.look(|state| {
            let key = find_unread(state, client.borrow());
            key.and_then(|key| state.clients.get(key)).map_or(0, |client| client.incoming.len())
        })
    }

    /// How many messages wait to be sent to that client.
    pub fn queued_to(&self, client: impl Borrow<S::Id>) -> usize {
        self.shared.look(|state| state.client(client.borrow()).map_or(0, |client| client.unsent()))
    }

    /// Whether a message of that client can be taken now.
    pub fn is_readable(&self, client: impl Borrow<S::Id>) -> bool {
        self.queued_from(client) > 0
    }

    /// Whether the queue to that client has room now.
    pub fn is_writable(&self, client: impl Borrow<S::Id>) -> bool {
        self.shared.look(|state| {
            let bound = state.settings.outgoing;
            state
                .client(client.borrow())
                .is_some_and(|client| client.is_there() && client.has_room(bound))
        })
    }

    /// The counters, all of one moment.
    pub fn stats(&self) -> Stats {
        self.shared.look(State::snapshot)
    }

    /// Puts a message into the queue to a client, waiting while it is full, unless the
    /// [overflow policy](super::Overflow) says otherwise. No client delays messages to another.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not put the message into the queue.
    ///
    /// # Errors
    /// Each gives the message back.
    /// - [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not there, also when it
    ///   goes meanwhile
    /// - [`Stopped`](ErrorKind::Stopped) after the end of the service
    pub async fn send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        self.sending(client.borrow(), &mut Some(body.into())).await
    }

    /// Sends what is there to send. A future that is dropped leaves it there.
    pub(super) async fn sending(
        &self,
        id: &S::Id,
        body: &mut Option<S::Body>,
    ) -> Result<(), Error<S::Body>> {
        self.waiting(id, |state, wakes| {
            attempt(body, |body| state.send(id, body, Instant::now(), wakes))
        })
        .await
    }

    /// Puts a message into the queue to a client, as [`send`](Self::send) does, waiting no longer
    /// than that.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not put the message into the queue.
    ///
    /// # Errors
    /// As `send`, and [`WouldBlock`](ErrorKind::WouldBlock) when the time has passed.
    pub async fn send_timeout<B, P>(
        &self,
        client: impl Borrow<S::Id>,
        body: B,
        limit: P,
    ) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
        P: Into<Period>,
    {
        let limit = limit.into();
        let mut body = Some(body.into());
        match within(limit, self.sending(client.borrow(), &mut body)).await {
            Ok(Some(sent)) => sent,
            Ok(None) => Err(timed_out(limit, body)),
            Err(error) => Err(giving_back(error, body)),
        }
    }

    /// Puts a message into the queue to a client if that is possible without waiting.
    ///
    /// # Errors
    /// As [`send`](Self::send), and [`WouldBlock`](ErrorKind::WouldBlock) if the queue is full.
    pub fn try_send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        let now = Instant::now();
        self.shared.change(|state, wakes| state.send(client.borrow(), body, now, wakes))
    }

    /// Puts a message into the queues to all clients that are there. Returns those whose queue was
    /// full: they do not get it.
    pub fn broadcast<B>(&self, body: B) -> Vec<S::Id>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        let now = Instant::now();
        self.shared.change(|state, wakes| {
            let ids: Vec<_> = state.by_id.keys().cloned().collect();
            let full = |id: &S::Id| {
                let sent = state.send(id, body.clone(), now, wakes);
                sent.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
            };
            ids.into_iter().filter(full).collect()
        })
    }

    /// Replies to a message, as [`send`](Self::send) sends. A REQ socket or a
    /// [`Requester`](super::Requester) takes only replies.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has not put the message into the queue.
    ///
    /// # Errors
    /// As `send`. [`HostUnreachable`](ErrorKind::HostUnreachable) also if the client has connected
    /// anew since then.
    pub async fn reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let mut body = Some(body.into());
        self.waiting(&to.client, |state, wakes| {
            attempt(&mut body, |body| state.reply(to, body, Instant::now(), wakes))
        })
        .await
    }

    /// Replies to a message if that is possible without waiting.
    ///
    /// # Errors
    /// As [`reply`](Self::reply), and [`WouldBlock`](ErrorKind::WouldBlock) if the queue is full.
    pub fn try_reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        self.shared.change(|state, wakes| state.reply(to, body, Instant::now(), wakes))
    }

    /// Takes the next message of that client, waiting until there is one. The messages of a client
    /// that has gone can still be taken.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no message.
    ///
    /// # Errors
    /// [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not there, also when it
    /// leaves meanwhile, and no message of it is left.
    pub async fn recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        let id = client.borrow();
        self.waiting(id, |state, wakes| match take(state, id, wakes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            done => Poll::Ready(done),
        })
        .await
    }

    /// Takes the next message of that client, waiting no longer than that; `None` if there was none
    /// in that time.
    ///
    /// # Cancel safety
    /// A future that is dropped before it is ready has taken no message.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from).
    pub async fn recv_from_timeout<P>(
        &self,
        client: impl Borrow<S::Id>,
        limit: P,
    ) -> Result<Option<Incoming<S>>, Error>
    where
        P: Into<Period>,
    {
        within(limit.into(), self.recv_from(client)).await?.transpose()
    }

    /// Takes the next message of that client if there is one now.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from), and [`WouldBlock`](ErrorKind::WouldBlock) if there is
    /// none.
    pub fn try_recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        self.shared.change(|state, wakes| take(state, client.borrow(), wakes))
    }

    /// Waits until a message of that client can be taken.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from).
    pub async fn wait_incoming(&self, client: impl Borrow<S::Id>) -> Result<(), Error> {
        let id = client.borrow();
        self.waiting(id, |state, _| match find_unread(state, id) {
            Some(key) if state.clients.get(key).is_some_and(|of| of.incoming.is_empty()) => {
                Poll::Pending
            }
            Some(_) => Poll::Ready(Ok(())),
            None => Poll::Ready(Err(Error::new(ErrorKind::HostUnreachable, "receive").about(id))),
        })
        .await
    }

    /// Parts with a client, and returns how many messages it could not be sent.
    ///
    /// From now on its messages are refused, and none can be sent to it. The messages in the queue
    /// to it, and after them the [farewell](super::ServiceBuilder::farewell), are sent first, if
    /// the client takes them within the [farewell time](super::ServiceBuilder::farewell_time).
    /// Those that were read from it already are reported before its `Left`.
    ///
    /// Over a SERVER the connection is then closed, and the client, if it connects anew, is a new
    /// client. Over a ROUTER, and with a libzmq that has no `zmq_disconnect_peer`, the connection
    /// stays: the service refuses what comes on it until the client closes it.
    ///
    /// # Cancel safety
    /// The service parts with the client also if the future is dropped, once it was polled.
    ///
    /// # Errors
    /// [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not there.
    pub async fn disconnect(&self, client: impl Borrow<S::Id>) -> Result<usize, Error> {
        let (key, unsent) = self.begin_disconnect(client.borrow())?;
        self.waiting_of(
            |_| Some(key),
            |_, _| unsent.get().map_or(Poll::Pending, |unsent| Poll::Ready(*unsent)),
        )
        .await
        .map_or(Ok(0), Ok)
    }

    fn begin_disconnect(&self, id: &S::Id) -> Result<(Key, Arc<OnceLock<usize>>), Error> {
        let now = Instant::now();
        let parting = self.shared.change(|state, wakes| {
            let key = *state.by_id.get(id)?;
            Some((key, state.part(key, super::Reason::Parted, now, wakes)?))
        });
        parting.ok_or_else(|| Error::new(ErrorKind::HostUnreachable, "disconnect").about(id))
    }

    /// Forgets the clients that have gone and whose messages were not taken, with those messages,
    /// which count as dropped. Returns their ids. A stream of events makes this unnecessary.
    pub fn collect_gone(&self) -> Vec<S::Id> {
        self.shared.change(|state, _| state.collect_all())
    }

    /// Stops the service, and returns what was left undone.
    ///
    /// From now on the service reads no message. Programs can still take the messages that it has
    /// read, and send. The service ends when all of those messages are taken and all that it has
    /// accepted is sent, or when the limit has passed. Without a stream of events or a handler it
    /// does not wait until messages are taken.
    ///
    /// A handler of [`serve`](super::Service::serve) must not wait for the end: the service waits
    /// for the handler, until the deadline.
    ///
    /// Stopping twice is no error: the earlier deadline counts, and both calls return the same.
    ///
    /// # Cancel safety
    /// The service stops also if the future is dropped, once it was polled.
    pub async fn stop<P>(&self, limit: P) -> Report<S>
    where
        P: Into<Period>,
    {
        let deadline = limit.into().deadline();
        self.shared.change(|state, wakes| state.stop(deadline, wakes));
        self.ended().await
    }

    /// Waits until the service has ended, and returns what was left undone.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn ended(&self) -> Report<S> {
        let mut entry = Entry::new(self.shared.ended.clone(), Direction::Receive);
        poll_fn(|cx| {
            entry.enter(cx.waker());
            match self.shared.look(|state| state.report.clone()) {
                Some(report) => Poll::Ready(report),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Whether the service runs: it was started, and has not ended.
    pub fn is_running(&self) -> bool {
        self.shared.look(|state| matches!(state.phase, Phase::Running | Phase::Draining(_)))
    }

    /// Attempts until it is done, waiting in between for changes of that client.
    async fn waiting<T>(
        &self,
        id: &S::Id,
        attempt: impl FnMut(&mut State<S>, &mut Wakes<S>) -> Poll<T>,
    ) -> T {
        let mut attempt = attempt;
        loop {
            let done = self.waiting_of(|state| find_unread(state, id), |s, w| attempt(s, w)).await;
            if let Some(done) = done {
                return done;
            }
            // The client has gone just then: the next attempt says so.
        }
    }

    /// The same for the client of that key; `None` if there is no such client.
    async fn waiting_of<T>(
        &self,
        key: impl Fn(&State<S>) -> Option<Key>,
        mut attempt: impl FnMut(&mut State<S>, &mut Wakes<S>) -> Poll<T>,
    ) -> Option<T> {
        let mut waits: Option<(Arc<Waiters>, Entry<Arc<Waiters>>)> = None;
        let mut poll = |cx: &mut Context<'_>| {
            if let Poll::Ready(done) = self.shared.change(&mut attempt) {
                return Poll::Ready(Some(done));
            }
            let waiters = self.shared.change(|state, _| state.waiters(key(state)?));
            let Some(waiters) = waiters else { return Poll::Ready(None) };
            let entry = match &mut waits {
                Some((of, entry)) if Arc::ptr_eq(of, &waiters) => entry,
                waits => {
                    let entry = Entry::new(waiters.clone(), Direction::Receive);
                    &mut waits.insert((waiters, entry)).1
                }
            };
            entry.enter(cx.waker());
            self.shared.change(&mut attempt).map(Some)
        };
        poll_fn(|cx| poll(cx)).await
    }
}

/// The client of that id, or one of that id that has gone and whose messages were not all taken.
fn find_unread<S: Serving>(state: &State<S>, id: &S::Id) -> Option<Key> {
    let gone = || {
        let mut clients = state.clients.iter();
        let unread = clients.find(|(_, of)| of.info.id() == id && !of.incoming.is_empty());
        unread.map(|(key, _)| key)
    };
    let there = state.by_id.get(id).copied();
    if state.gone == 0 { there } else { there.or_else(gone) }
}

fn take<S: Serving>(
    state: &mut State<S>,
    id: &S::Id,
    wakes: &mut Wakes<S>,
) -> Result<Incoming<S>, Error> {
    let Some(key) = find_unread(state, id) else {
        return Err(Error::new(ErrorKind::HostUnreachable, "receive").about(id));
    };
    let taken = state.take(key, Instant::now(), wakes);
    state.collect(key);
    taken.ok_or_else(|| Error::new(ErrorKind::WouldBlock, "receive"))
}

/// Sends what is there to send. If that has to wait it is still there.
fn attempt<B>(
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

impl<S: Serving> Clone for ServiceHandle<S> {
    fn clone(&self) -> Self {
        Self::new(self.shared.clone())
    }
}

impl<S: Serving> Drop for ServiceHandle<S> {
    fn drop(&mut self) {
        self.shared.change(|state, wakes| {
            state.handles -= 1;
            state.end_if_alone(Instant::now(), wakes);
        });
    }
}

impl<S: Serving> fmt::Debug for ServiceHandle<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceHandle")
            .field("endpoints", &self.shared.endpoints)
            .finish_non_exhaustive()
    }
}
