//! [`BlockingHandle`]: a service handle for threads without a runtime.

use std::{borrow::Borrow, ops::Deref};

use super::{
    event::{Incoming, ReplyTo},
    events::BlockingEvents,
    handle::ServiceHandle,
    kind::Serving,
    park,
    report::Report,
    waiting::timed_out,
};
use crate::{error::Error, socket::Server, util::Period};

/// A [`ServiceHandle`] for threads without a runtime.
///
/// The methods that are `async` on a `ServiceHandle` block here. The other methods are available by
/// dereferencing to the `ServiceHandle`. A `BlockingHandle` is cheap to clone and can be used from
/// any thread.
///
/// Do not call the blocking methods in a task: they block the thread of the runtime. Use the
/// `ServiceHandle` there.
///
/// # Examples
/// ```
/// use libzmq::{prelude::*, service::*};
/// use std::time::Duration;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// // The service runs on its own thread. The program needs no runtime.
/// let handle = Service::builder().bind("tcp://127.0.0.1:*").build()?.spawn()?.blocking();
///
/// let client = ClientBuilder::new().connect(&handle.endpoints()[0]).build()?;
/// client.send("hello")?;
///
/// for event in handle.events() {
///     if let Event::Message(message) = event {
///         handle.send(message.client(), "hello yourself")?;
///         break;
///     }
/// }
/// assert_eq!(client.recv_msg()?, "hello yourself");
/// assert!(handle.stop(Duration::from_secs(10)).is_complete());
/// #     Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BlockingHandle<S: Serving = Server>(ServiceHandle<S>);

impl<S: Serving> ServiceHandle<S> {
    /// Returns a handle whose methods block instead of being `async`.
    pub fn blocking(&self) -> BlockingHandle<S> {
        BlockingHandle(self.clone())
    }
}

impl<S: Serving> BlockingHandle<S> {
    /// Starts reporting events: see [`ServiceHandle::events`].
    ///
    /// Returns an iterator that blocks until the next event.
    pub fn events(&self) -> BlockingEvents<S> {
        self.0.events().blocking()
    }

    /// Queues a message for a client, blocking while the queue is full: see
    /// [`ServiceHandle::send`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::send`.
    pub fn send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        park::block_on(self.0.send(client, body))
    }

    /// Queues a message for a client, blocking for at most `limit` while the queue is full: see
    /// [`ServiceHandle::send_timeout`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::send_timeout`.
    pub fn send_timeout<B, P>(
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
        let sent = park::within(limit, self.0.sending(client.borrow(), &mut body));
        sent.unwrap_or_else(|| Err(timed_out(limit, body)))
    }

    /// Replies to a message, blocking while the queue of its client is full: see
    /// [`ServiceHandle::reply`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::reply`.
    pub fn reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        park::block_on(self.0.reply(to, body))
    }

    /// Receives the next message of a client, blocking until one arrives: see
    /// [`ServiceHandle::recv_from`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::recv_from`.
    pub fn recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        park::block_on(self.0.recv_from(client))
    }

    /// Receives the next message of a client, blocking for at most `limit`. Returns `None` if no
    /// message arrives in that time.
    ///
    /// # Errors
    /// The errors of [`ServiceHandle::recv_from`].
    pub fn recv_from_timeout<P>(
        &self,
        client: impl Borrow<S::Id>,
        limit: P,
    ) -> Result<Option<Incoming<S>>, Error>
    where
        P: Into<Period>,
    {
        park::within(limit.into(), self.0.recv_from(client)).transpose()
    }

    /// Blocks until a message of a client is queued: see [`ServiceHandle::wait_incoming`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::wait_incoming`.
    pub fn wait_incoming(&self, client: impl Borrow<S::Id>) -> Result<(), Error> {
        park::block_on(self.0.wait_incoming(client))
    }

    /// Disconnects a client, blocking until its queue is sent or the
    /// [farewell time](super::ServiceBuilder::farewell_time) has passed: see
    /// [`ServiceHandle::disconnect`].
    ///
    /// # Errors
    /// The errors of `ServiceHandle::disconnect`.
    pub fn disconnect(&self, client: impl Borrow<S::Id>) -> Result<usize, Error> {
        park::block_on(self.0.disconnect(client))
    }

    /// Stops the service, blocking until it has ended: see [`ServiceHandle::stop`].
    pub fn stop<P>(&self, limit: P) -> Report<S>
    where
        P: Into<Period>,
    {
        park::block_on(self.0.stop(limit))
    }

    /// Blocks until the service has ended: see [`ServiceHandle::ended`].
    pub fn ended(&self) -> Report<S> {
        park::block_on(self.0.ended())
    }
}

impl<S: Serving> Clone for BlockingHandle<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Serving> Deref for BlockingHandle<S> {
    type Target = ServiceHandle<S>;

    fn deref(&self) -> &ServiceHandle<S> {
        &self.0
    }
}
