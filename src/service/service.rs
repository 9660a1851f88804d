//! [`Service`].

use std::{fmt, future::Future, sync::Arc};

use super::{
    engine::Engine,
    event::Incoming,
    handle::ServiceHandle,
    kind::Serving,
    reply::Reply,
    report::Report,
    spawn,
    state::{Phase, Shared},
    work::{self, Handlers, Work},
};
use crate::{addr::Endpoint, error::Error, socket::Server};

/// A server that tracks its clients: see the [module](super).
///
/// A service is bound when it is built, and does nothing until it runs. Run it in a runtime with
/// [`run`](Self::run) or [`serve`](Self::serve), or on its own thread with [`spawn`](Self::spawn)
/// or [`spawn_serving`](Self::spawn_serving). While it runs, use it through its
/// [handle](Self::handle).
#[must_use = "a service does nothing unless it runs"]
pub struct Service<S: Serving = Server> {
    /// `None` once the service runs.
    socket: Option<S>,
    shared: Arc<Shared<S>>,
    token: Box<[u8]>,
    panic_reply: Option<S::Body>,
}

impl<S: Serving> Service<S> {
    pub(super) fn new(
        socket: S,
        shared: Arc<Shared<S>>,
        token: Box<[u8]>,
        panic_reply: Option<S::Body>,
    ) -> Self {
        Self { socket: Some(socket), shared, token, panic_reply }
    }

    /// Returns the endpoints that the service is bound to, with the ports that the system assigned.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// Returns a handle, with which tasks and threads use the service.
    pub fn handle(&self) -> ServiceHandle<S> {
        ServiceHandle::new(self.shared.clone())
    }

    /// Creates the engine in the current runtime. Returns `None` if the service was stopped before.
    fn engine(&mut self) -> Result<Option<Engine<S>>, Error> {
        let Some(socket) = self.socket.take() else { return Ok(None) };
        if self.shared.look(|state| state.phase) == Phase::Ended {
            return Ok(None);
        }
        Engine::new(socket, self.shared.clone(), std::mem::take(&mut self.token)).map(Some)
    }

    fn report(&self) -> Report<S> {
        self.shared
            .change(|state, wakes| {
                state.end(true, wakes);
                state.report.clone()
            })
            .unwrap_or_default()
    }

    /// Runs the service until it is [stopped](ServiceHandle::stop). Returns a report of the
    /// messages that were left.
    ///
    /// The program receives the clients' messages with [`events`](ServiceHandle::events) or
    /// [`recv_from`](ServiceHandle::recv_from).
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
    /// let client = ClientBuilder::new().connect(&service.endpoints()[0]).build()?;
    /// let client = Async::new(client)?;
    ///
    /// let handle = service.handle();
    /// let mut events = handle.events();
    /// let running = tokio::spawn(service.run());
    ///
    /// client.send("hello").await?;
    /// while let Some(event) = events.recv().await {
    ///     match event {
    ///         Event::Message(message) => {
    ///             handle.send(message.client(), "welcome").await?;
    ///             break;
    ///         }
    ///         event => println!("{event:?}"),
    ///     }
    /// }
    /// assert_eq!(client.recv_msg().await?, "welcome");
    ///
    /// drop(events);
    /// handle.stop(Duration::from_secs(1)).await;
    /// assert!(running.await??.is_complete());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// When the future is dropped, the service ends at once and closes its socket: see
    /// [`Report::aborted`].
    ///
    /// # Errors
    /// - the errors of [`Async::new`](crate::Async::new)
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    ///
    /// # Panics
    /// Panics in a tokio runtime without I/O, and in one without time if the service needs a timer
    /// (for its idle time, its farewell time or the deadline of a stop).
    pub async fn run(mut self) -> Result<Report<S>, Error> {
        if let Some(engine) = self.engine()? {
            self.drive(engine, |_| ()).await?;
        }
        Ok(self.report())
    }

    /// Runs the service with a handler of requests until it is [stopped](ServiceHandle::stop).
    /// Returns a report of the messages and requests that were left.
    ///
    /// Every message of a client is a request. The service calls the handler with it, and sends the
    /// output of the handler's future to the client as the reply. It processes many requests at
    /// once, up to the limit of [`in_flight`](super::ServiceBuilder::in_flight), taking the clients
    /// in turn. While a client's queue is full, the service processes no more of its requests.
    ///
    /// # Blocking
    /// All handlers run in the task that awaits `serve`, so a handler must not block. Move long
    /// computations to another task or thread.
    ///
    /// # Examples
    /// ```
    /// use libzmq::{prelude::*, service::*};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let service = Service::builder().bind("tcp://127.0.0.1:*").build()?;
    /// let client = ClientBuilder::new().connect(&service.endpoints()[0]).build()?;
    /// let client = Async::new(client)?;
    ///
    /// let handle = service.handle();
    /// let serving = tokio::spawn(service.serve(|request| async move {
    ///     tokio::time::sleep(Duration::from_millis(10)).await;
    ///     format!("{} to you too", request.body().to_str().unwrap_or("?"))
    /// }));
    ///
    /// client.send("hello").await?;
    /// assert_eq!(client.recv_msg().await?, "hello to you too");
    /// handle.stop(Duration::from_secs(1)).await;
    /// assert!(serving.await??.is_complete());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Panics in a handler
    /// The service catches a panic and [counts](super::Stats::panics) it. The client gets the
    /// [`panic_reply`](super::ServiceBuilder::panic_reply).
    ///
    /// # Stopping
    /// When the service stops, it still answers the requests that it has read.
    ///
    /// # Cancel safety
    /// As for [`run`](Self::run). The futures of the handlers are dropped.
    ///
    /// # Errors
    /// The errors of `run`.
    ///
    /// # Panics
    /// As for `run`.
    pub async fn serve<H, F, R>(mut self, handler: H) -> Result<Report<S>, Error>
    where
        H: FnMut(Incoming<S>) -> F,
        F: Future<Output = R>,
        R: Into<Reply<S>>,
    {
        if let Some(engine) = self.engine()? {
            self.drive(engine, |service| service.handlers(handler)).await?;
        }
        Ok(self.report())
    }

    /// Runs the service on its own thread, with its own runtime.
    ///
    /// Blocks until the service runs. The service ends when it is
    /// [stopped](ServiceHandle::stop), or when the last handle and the last stream of events are
    /// dropped. In the second case it still sends the messages in the clients' queues, for at most
    /// the [farewell time](super::ServiceBuilder::farewell_time). A normal end of the process waits
    /// for that, unless it is [switched off](crate::Ctx::set_wait_at_exit).
    ///
    /// # Errors
    /// - [`Os`](crate::ErrorKind::Os) if the system cannot start a thread
    /// - the errors of [`run`](Self::run) that occur at the start
    pub fn spawn(self) -> Result<ServiceHandle<S>, Error> {
        self.spawn_with(|_| ())
    }

    /// Runs the service with a handler of requests, as [`serve`](Self::serve) does, on its own
    /// thread, with its own runtime.
    ///
    /// Blocks until the service runs. The service ends as [`spawn`](Self::spawn) describes. A
    /// handler that owns a [`ServiceHandle`] keeps the service running until it is stopped.
    ///
    /// # Errors
    /// The errors of `spawn`.
    pub fn spawn_serving<H, F, R>(self, handler: H) -> Result<ServiceHandle<S>, Error>
    where
        H: FnMut(Incoming<S>) -> F + Send + 'static,
        F: Future<Output = R>,
        R: Into<Reply<S>>,
    {
        self.spawn_with(move |service| service.handlers(handler))
    }

    /// Runs the service and `work` on its own thread until the last handle is dropped.
    fn spawn_with<W: Work>(
        mut self,
        work: impl FnOnce(&Self) -> W + Send + 'static,
    ) -> Result<ServiceHandle<S>, Error> {
        let handle = self.handle();
        // Not before: otherwise the drop of another handle could end the service here.
        let alone = self.socket.as_ref().map(|socket| socket.raw().closes_at_exit());
        self.shared.change(|state, _| state.alone = alone);
        spawn::spawn(move |started| async move {
            let engine = self.engine();
            started(engine.as_ref().err().cloned());
            if let Ok(Some(engine)) = engine {
                let _ = self.drive(engine, work).await;
            }
        })?;
        Ok(handle)
    }

    async fn drive<W: Work>(
        &self,
        engine: Engine<S>,
        work: impl FnOnce(&Self) -> W,
    ) -> Result<(), Error> {
        work::drive(engine, work(self)).await
    }

    fn handlers<H, F, R>(&self, handler: H) -> impl Work + use<S, H, F, R>
    where
        H: FnMut(Incoming<S>) -> F,
        F: Future<Output = R>,
        R: Into<Reply<S>>,
    {
        let notify = work::notifier(&self.shared);
        Handlers::new(self.shared.clone(), handler, self.panic_reply.clone(), notify)
    }
}

/// Ends a service that was dropped before it ran, or that could not start. After a run it has ended
/// already.
impl<S: Serving> Drop for Service<S> {
    fn drop(&mut self) {
        self.shared.change(|state, wakes| state.end(true, wakes));
    }
}

impl<S: Serving> fmt::Debug for Service<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("endpoints", &self.endpoints()).finish_non_exhaustive()
    }
}
