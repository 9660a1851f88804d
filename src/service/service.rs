//! [`Service`]: what runs.

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

/// A server that knows its clients: see the [module](super).
///
/// It is bound, and does nothing until it runs: within a runtime with [`run`](Self::run) or
/// [`serve`](Self::serve), or on a thread and in a runtime of its own with
/// [`spawn`](Self::spawn) or [`spawn_serving`](Self::spawn_serving). What is done meanwhile is done
/// by way of its [handle](Self::handle).
#[must_use = "a service does nothing unless it runs"]
pub struct Service<S: Serving = Server> {
    /// Until it runs.
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

    /// Where the service is bound, with the ports that the system chose.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// A handle, which tasks and threads talk to the service with.
    pub fn handle(&self) -> ServiceHandle<S> {
        ServiceHandle::new(self.shared.clone())
    }

    /// The engine, in the runtime that this is called in; `None` if the service was stopped before.
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

    /// Runs the service until it is [stopped](ServiceHandle::stop), and returns what was left
    /// undone. What clients send is taken with [`events`](ServiceHandle::events) or
    /// [`recv_from`](ServiceHandle::recv_from).
    ///
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
    ///             handle.send(message.client(), "who are you?").await?;
    ///             break;
    ///         }
    ///         event => println!("{event:?}"),
    ///     }
    /// }
    /// assert_eq!(client.recv_msg().await?, "who are you?");
    ///
    /// drop(events);
    /// handle.stop(Duration::from_secs(1)).await;
    /// assert!(running.await??.is_complete());
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// The service ends at once when the future is dropped, and its socket closes: see
    /// [`Report::aborted`].
    ///
    /// # Panics
    /// If tokio's runtime was built without I/O, or without time and the service has a time limit
    /// to keep.
    ///
    /// # Errors
    /// - those of [`Async::new`](crate::Async::new)
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) if the context is shut down
    pub async fn run(mut self) -> Result<Report<S>, Error> {
        if let Some(engine) = self.engine()? {
            self.drive(engine, |_| ()).await?;
        }
        Ok(self.report())
    }

    /// Runs the service with a handler of requests, until it is [stopped](ServiceHandle::stop), and
    /// returns what was left undone.
    ///
    /// Each message of a client is a request. The handler is called with it, and what the future
    /// that it returns gives is sent to the client that asked. Many requests are in hand at once,
    /// [as many as the builder says](super::ServiceBuilder::in_flight), of the clients in turn. A
    /// client whose queue is full is asked for no more requests until it has taken replies.
    ///
    /// All handlers run in the task that this is awaited in. So they must not block: one that
    /// computes for long hands that to a task or a thread of its own.
    ///
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
    /// A panic is contained, and [counted](super::Stats::panics). The client gets the
    /// [`panic_reply`](super::ServiceBuilder::panic_reply).
    ///
    /// # Stopping
    /// When the service stops, the requests that were read are still answered.
    ///
    /// # Cancel safety
    /// As [`run`](Self::run). The handlers' futures are dropped.
    ///
    /// # Errors
    /// As `run`.
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

    /// Runs the service on a thread and in a runtime of its own. It ends when it is stopped, or
    /// when the last handle and the last stream of events are dropped. Then it still sends what is
    /// queued for clients, for at most the
    /// [farewell time](super::ServiceBuilder::farewell_time).
    ///
    /// # Errors
    /// - [`Os`](crate::ErrorKind::Os) if the system starts no thread
    /// - those of [`run`](Self::run) that come at once
    pub fn spawn(self) -> Result<ServiceHandle<S>, Error> {
        self.spawn_with(|_| ())
    }

    /// Runs the service with a handler of requests, as [`serve`](Self::serve) does, on a thread and
    /// in a runtime of its own. It ends as [`spawn`](Self::spawn) says. A handler that has a handle
    /// of the service keeps it from ending by itself.
    ///
    /// # Errors
    /// As `spawn`.
    pub fn spawn_serving<H, F, R>(self, handler: H) -> Result<ServiceHandle<S>, Error>
    where
        H: FnMut(Incoming<S>) -> F + Send + 'static,
        F: Future<Output = R>,
        R: Into<Reply<S>>,
    {
        self.spawn_with(move |service| service.handlers(handler))
    }

    /// Runs the service with some work on a thread of its own, until its last handle is dropped.
    fn spawn_with<W: Work>(
        mut self,
        work: impl FnOnce(&Self) -> W + Send + 'static,
    ) -> Result<ServiceHandle<S>, Error> {
        self.shared.change(|state, _| state.ends_alone = true);
        let handle = self.handle();
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

/// A service that was not run ends.
impl<S: Serving> Drop for Service<S> {
    fn drop(&mut self) {
        if self.socket.take().is_some() {
            self.shared.change(|state, wakes| state.end(true, wakes));
        }
    }
}

impl<S: Serving> fmt::Debug for Service<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("endpoints", &self.endpoints()).finish_non_exhaustive()
    }
}
