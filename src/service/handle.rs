//! [`ServiceHandle`].

use std::{
    borrow::Borrow,
    fmt,
    future::poll_fn,
    sync::{Arc, OnceLock},
    task::Poll,
    time::Instant,
};

use super::{
    event::{ClientInfo, Incoming, ReplyTo},
    events::Events,
    kind::Serving,
    outgoing::Place,
    report::Report,
    slab::Key,
    state::{Phase, Shared, State},
    stats::Stats,
    waiting::{attempt, giving_back, timed_out},
};
use crate::{
    addr::Endpoint,
    aio::{Direction, Entry, within},
    error::{Error, ErrorKind},
    socket::Server,
    util::Period,
};

/// A handle to a service, for use from any task and any thread.
///
/// A handle is cheap to clone. Its `async` methods work in any runtime. The other methods return at
/// once. For a thread without a runtime, [`blocking`](Self::blocking) returns a handle whose
/// methods block.
///
/// After the service has ended, methods that send return [`Stopped`](ErrorKind::Stopped).
pub struct ServiceHandle<S: Serving = Server> {
    shared: Arc<Shared<S>>,
}

impl<S: Serving> ServiceHandle<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Self {
        shared.change(|state, _| state.handles += 1);
        Self { shared }
    }

    /// Returns the endpoints that the service is bound to, with the ports that the system assigned.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// Starts reporting events.
    ///
    /// The stream begins with the events that were not reported yet: `Joined` of the clients that
    /// joined before, and their queued messages. Several streams share the events: each event goes
    /// to one of them.
    ///
    /// Keep a stream to see all clients leave: while there is none, the service forgets a client
    /// that has left and whose messages were received, and no later stream reports its `Left`.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    /// let mut events = handle.events();
    ///
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    ///
    /// assert!(matches!(events.recv().await, Some(Event::Joined(_))));
    /// match events.recv().await {
    ///     Some(Event::Message(message)) => assert_eq!(*message.body(), "hello"),
    ///     event => anyhow::bail!("unexpected: {event:?}"),
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events<S> {
        Events::new(self.shared.clone())
    }

    /// Returns the ids of the connected clients, in no particular order.
    pub fn client_ids(&self) -> Vec<S::Id> {
        self.shared.look(|state| state.by_id.keys().cloned().collect())
    }

    /// Returns the connected clients, in no particular order.
    pub fn clients(&self) -> Vec<ClientInfo<S>> {
        self.shared.look(|state| {
            let keys = state.by_id.values();
            keys.filter_map(|key| Some(state.clients.get(*key)?.info.clone())).collect()
        })
    }

    /// Returns a client's description, or `None` if the client is not connected.
    pub fn client(&self, client: impl Borrow<S::Id>) -> Option<ClientInfo<S>> {
        self.shared.look(|state| Some(state.client(client.borrow())?.info.clone()))
    }

    /// Returns how many messages of a client are queued for the program.
    ///
    /// Counts the messages of a client that has left, too. Returns zero for an unknown client.
    pub fn queued_from(&self, client: impl Borrow<S::Id>) -> usize {
        self.shared.look(|state| {
            let key = state.find_unread(client.borrow());
            key.and_then(|key| state.clients.get(key)).map_or(0, |client| client.incoming.len())
        })
    }

    /// Returns how many messages the service still has to send to a client.
    ///
    /// Returns zero if the client is not connected.
    pub fn queued_to(&self, client: impl Borrow<S::Id>) -> usize {
        self.shared.look(|state| state.client(client.borrow()).map_or(0, |client| client.unsent()))
    }

    /// Returns whether a message of a client is queued, so that
    /// [`try_recv_from`](Self::try_recv_from) would return it.
    pub fn is_readable(&self, client: impl Borrow<S::Id>) -> bool {
        self.queued_from(client) > 0
    }

    /// Returns whether the client is connected and its queue is not full.
    pub fn is_writable(&self, client: impl Borrow<S::Id>) -> bool {
        self.shared.look(|state| {
            let bound = state.settings.outgoing;
            state
                .client(client.borrow())
                .is_some_and(|client| client.is_there() && client.has_room(bound))
        })
    }

    /// Returns the counters. They are consistent: all are read at one moment.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # fn main() -> Result<(), anyhow::Error> {
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
    /// let handle = service.spawn_serving(|request| async move { request.into_body() })?;
    ///
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    /// client.recv_msg()?;
    ///
    /// let stats = handle.stats();
    /// assert_eq!((stats.clients, stats.received, stats.accepted), (1, 1, 1));
    /// #     Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> Stats {
        self.shared.look(State::snapshot)
    }

    /// Queues a message for a client, waiting while the client's queue is full.
    ///
    /// With another [overflow policy](super::Overflow) than `StopReading` this does not wait. A
    /// client whose queue is full does not delay messages to other clients.
    ///
    /// The service sends the message later. If the client leaves before that,
    /// [`Event::Left`](super::Event::Left) counts the message as unsent.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has queued no message.
    ///
    /// # Errors
    /// Each error returns the message.
    /// - [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not connected, or leaves
    ///   while the future waits
    /// - [`Stopped`](ErrorKind::Stopped) after the service has ended
    pub async fn send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        self.sending(client.borrow(), &mut Some(body.into())).await
    }

    /// Sends `body`. A future that is dropped before it completes leaves the message in `body`.
    pub(super) async fn sending(
        &self,
        id: &S::Id,
        body: &mut Option<S::Body>,
    ) -> Result<(), Error<S::Body>> {
        self.shared
            .waiting(id, |state, wakes| {
                attempt(body, |body| state.send(id, body, Place::Free, Instant::now(), wakes))
            })
            .await
    }

    /// Queues a message for a client as [`send`](Self::send) does, waiting for at most `limit`.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has queued no message.
    ///
    /// # Errors
    /// The errors of `send`, and [`WouldBlock`](ErrorKind::WouldBlock) if the queue is still full
    /// after `limit`.
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

    /// Queues a message for a client if the client's queue is not full. Does not wait.
    ///
    /// # Errors
    /// The errors of [`send`](Self::send), and [`WouldBlock`](ErrorKind::WouldBlock) if the queue
    /// is full.
    pub fn try_send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        let now = Instant::now();
        self.shared
            .change(|state, wakes| state.send(client.borrow(), body, Place::Free, now, wakes))
    }

    /// Queues a message for every connected client. Does not wait.
    ///
    /// Returns the ids of the clients whose queue was full. They do not get the message. With
    /// another [overflow policy](super::Overflow) than `StopReading` that policy applies instead,
    /// and the list is empty. No client gets a message without frames, so the list contains all.
    pub fn broadcast<B>(&self, body: B) -> Vec<S::Id>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        let now = Instant::now();
        self.shared.change(|state, wakes| {
            let ids: Vec<_> = state.by_id.keys().cloned().collect();
            let full = |id: &S::Id| {
                let sent = state.send(id, body.clone(), Place::Free, now, wakes);
                sent.is_err_and(|error| error.kind() != ErrorKind::HostUnreachable)
            };
            ids.into_iter().filter(full).collect()
        })
    }

    /// Replies to a message, waiting while the client's queue is full.
    ///
    /// This queues the reply as [`send`](Self::send) does, with the envelope or the number of the
    /// request. Use this instead of `send` for a REQ socket or a [`Requester`](super::Requester):
    /// they receive only replies to their requests.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    /// let requester = Requester::builder().connect(&handle.endpoints()[0]).build()?;
    /// let request = tokio::spawn(async move { requester.request("hello").await });
    ///
    /// let mut events = handle.events();
    /// while let Some(event) = events.recv().await {
    ///     if let Event::Message(message) = event {
    ///         handle.reply(message.reply_to(), "hello yourself").await?;
    ///         break;
    ///     }
    /// }
    /// assert_eq!(request.await??, "hello yourself");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has queued no reply.
    ///
    /// # Errors
    /// The errors of `send`. [`HostUnreachable`](ErrorKind::HostUnreachable) also if the client has
    /// reconnected since it sent the message.
    pub async fn reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let mut body = Some(body.into());
        self.shared
            .waiting(&to.client, |state, wakes| {
                attempt(&mut body, |body| state.reply(to, body, Place::Free, Instant::now(), wakes))
            })
            .await
    }

    /// Replies to a message if the client's queue is not full. Does not wait.
    ///
    /// # Errors
    /// The errors of [`reply`](Self::reply), and [`WouldBlock`](ErrorKind::WouldBlock) if the queue
    /// is full.
    pub fn try_reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        let body = body.into();
        self.shared.change(|state, wakes| state.reply(to, body, Place::Free, Instant::now(), wakes))
    }

    /// Receives the next message of a client, waiting until one arrives.
    ///
    /// The queued messages of a client that has left can still be received.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    /// let mut events = handle.events();
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    ///
    /// if let Some(Event::Joined(joined)) = events.recv().await {
    ///     let message = handle.recv_from(joined.id()).await?;
    ///     assert_eq!(*message.body(), "hello");
    /// }
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not connected, or leaves
    /// while the future waits, and none of its messages is queued.
    pub async fn recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        let id = client.borrow();
        self.shared
            .waiting(id, |state, wakes| match state.take_from(id, wakes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
                done => Poll::Ready(done),
            })
            .await
    }

    /// Receives the next message of a client, waiting for at most `limit`. Returns `None` if no
    /// message arrives in that time.
    ///
    /// # Cancel safety
    /// A future that is dropped before it completes has received no message.
    ///
    /// # Errors
    /// The errors of [`recv_from`](Self::recv_from).
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

    /// Receives the next message of a client if one is queued. Does not wait.
    ///
    /// # Errors
    /// The errors of [`recv_from`](Self::recv_from), and [`WouldBlock`](ErrorKind::WouldBlock) if
    /// no message is queued.
    pub fn try_recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        self.shared.change(|state, wakes| state.take_from(client.borrow(), wakes))
    }

    /// Waits until a message of a client is queued.
    ///
    /// # Cancel safety
    /// A dropped future loses nothing.
    ///
    /// # Errors
    /// The errors of [`recv_from`](Self::recv_from).
    pub async fn wait_incoming(&self, client: impl Borrow<S::Id>) -> Result<(), Error> {
        let id = client.borrow();
        self.shared
            .waiting(id, |state, _| match state.find_unread(id) {
                Some(key) if state.clients.get(key).is_some_and(|of| of.incoming.is_empty()) => {
                    Poll::Pending
                }
                Some(_) => Poll::Ready(Ok(())),
                None => {
                    Poll::Ready(Err(Error::new(ErrorKind::HostUnreachable, "receive").about(id)))
                }
            })
            .await
    }

    /// Disconnects a client, waiting until its queue is sent. Returns how many messages could not
    /// be sent, including the farewell.
    ///
    /// From now on the service refuses messages from the client and for it. It first sends the
    /// messages in the client's queue, and then the [farewell](super::ServiceBuilder::farewell),
    /// for at most the [farewell time](super::ServiceBuilder::farewell_time). Messages that the
    /// service has already read are reported before `Left`.
    ///
    /// Over a SERVER the service then closes the connection. A client that reconnects is a new
    /// client. Over a ROUTER, and with a libzmq without `zmq_disconnect_peer`, the connection stays
    /// open, and the service refuses its messages until the client closes it.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    /// let mut events = handle.events();
    /// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
    /// client.send("hello")?;
    ///
    /// if let Some(Event::Joined(joined)) = events.recv().await {
    ///     handle.send(joined.id(), "one last thing").await?;
    ///     assert_eq!(handle.disconnect(joined.id()).await?, 0);
    ///     assert!(handle.client(joined.id()).is_none());
    /// }
    /// assert_eq!(client.recv_msg()?, "one last thing");
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// The service disconnects the client once the future has been polled, even if the future is
    /// dropped before it completes.
    ///
    /// # Errors
    /// [`HostUnreachable`](ErrorKind::HostUnreachable) if the client is not connected.
    ///
    /// # C API
    /// `zmq_disconnect_peer` (added by this crate's libzmq)
    pub async fn disconnect(&self, client: impl Borrow<S::Id>) -> Result<usize, Error> {
        let (key, unsent) = self.begin_disconnect(client.borrow())?;
        let counted = || if unsent.get().is_some() { Poll::Ready(()) } else { Poll::Pending };
        self.shared.waiting_of(|_| Some(key), |_, _| counted()).await;
        // The count is set before the client is removed.
        Ok(unsent.get().copied().unwrap_or_default())
    }

    fn begin_disconnect(&self, id: &S::Id) -> Result<(Key, Arc<OnceLock<usize>>), Error> {
        let now = Instant::now();
        let parting = self.shared.change(|state, wakes| {
            let key = *state.by_id.get(id)?;
            Some((key, state.part(key, super::Reason::Parted, now, wakes)?))
        });
        parting.ok_or_else(|| Error::new(ErrorKind::HostUnreachable, "disconnect").about(id))
    }

    /// Forgets the clients that have left and drops their queued messages. Returns their ids.
    ///
    /// The messages count as [dropped](super::Stats::dropped_incoming). Programs that receive
    /// [events](Self::events) do not need this method.
    pub fn collect_gone(&self) -> Vec<S::Id> {
        self.shared.change(|state, _| state.collect_all())
    }

    /// Stops the service, waiting until it has ended. Returns a report of the messages and requests
    /// that were left.
    ///
    /// From now on the service reads no messages from clients. The program can still receive the
    /// messages that the service has read, and can still send. The service ends when the program
    /// has received all of them and the service has sent all that it has accepted, and after
    /// `limit` at the latest. If there is no stream of events and no handler, the service does not
    /// wait for the program to receive messages.
    ///
    /// Later calls return the same report. If their limits differ, the earliest deadline counts.
    ///
    /// # Blocking
    /// A handler of [`serve`](super::Service::serve) must not await `stop`: the service waits for
    /// the handler, so both wait until `limit`. The same is true of a task that owns a stream of
    /// events and does not receive from it while it awaits `stop`: drop the stream before, or stop
    /// from another task.
    ///
    /// # Examples
    /// ```
    /// use libzmq::service::*;
    /// use std::time::Duration;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?;
    /// let report = handle.stop(Duration::from_secs(5)).await;
    /// assert!(report.is_complete());
    /// assert!(!handle.is_running());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// The service stops once the future has been polled, even if the future is dropped before it
    /// completes.
    pub async fn stop<P>(&self, limit: P) -> Report<S>
    where
        P: Into<Period>,
    {
        let deadline = limit.into().deadline();
        self.shared.change(|state, wakes| state.stop(deadline, wakes));
        self.ended().await
    }

    /// Waits until the service has ended. Returns a report of the messages and requests that were
    /// left.
    ///
    /// # Cancel safety
    /// A dropped future loses nothing.
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

    /// Returns whether the service runs: it was started, and has not ended.
    pub fn is_running(&self) -> bool {
        self.shared.look(|state| matches!(state.phase, Phase::Running | Phase::Draining(_)))
    }
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
