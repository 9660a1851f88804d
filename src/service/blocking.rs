//! The handle of a service for threads without a runtime.

use std::{borrow::Borrow, ops::Deref};

use super::{
    event::{Incoming, ReplyTo},
    events::BlockingEvents,
    handle::{ServiceHandle, timed_out},
    kind::Serving,
    park,
    report::Report,
};
use crate::{error::Error, socket::Server, util::Period};

/// A [`ServiceHandle`] for threads without a runtime. The methods that are futures there block
/// here. The other methods are those of the handle, which this dereferences to.
///
/// In a task of a runtime these methods would block the runtime's thread: use the handle there.
///
/// ```
/// use libzmq::{prelude::*, service::*};
/// use std::time::Duration;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// // A service on a thread of its own, and a program that knows nothing of runtimes.
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
    /// The same handle for threads without a runtime.
    pub fn blocking(&self) -> BlockingHandle<S> {
        BlockingHandle(self.clone())
    }
}

impl<S: Serving> BlockingHandle<S> {
    /// The events from now on: [`ServiceHandle::events`].
    pub fn events(&self) -> BlockingEvents<S> {
        self.0.events().blocking()
    }

    /// Puts a message into the queue to a client, blocking while it is full:
    /// [`ServiceHandle::send`].
    ///
    /// # Errors
    /// As `ServiceHandle::send`.
    pub fn send<B>(&self, client: impl Borrow<S::Id>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        park::block_on(self.0.send(client, body))
    }

    /// Puts a message into the queue to a client, blocking no longer than that.
    ///
    /// # Errors
    /// As [`ServiceHandle::send_timeout`].
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

    /// Replies to a message, blocking while the queue to its client is full:
    /// [`ServiceHandle::reply`].
    ///
    /// # Errors
    /// As `ServiceHandle::reply`.
    pub fn reply<B>(&self, to: &ReplyTo<S>, body: B) -> Result<(), Error<S::Body>>
    where
        B: Into<S::Body>,
    {
        park::block_on(self.0.reply(to, body))
    }

    /// Takes the next message of that client, blocking until there is one:
    /// [`ServiceHandle::recv_from`].
    ///
    /// # Errors
    /// As `ServiceHandle::recv_from`.
    pub fn recv_from(&self, client: impl Borrow<S::Id>) -> Result<Incoming<S>, Error> {
        park::block_on(self.0.recv_from(client))
    }

    /// Takes the next message of that client, blocking no longer than that; `None` if there was
    /// none in that time.
    ///
    /// # Errors
    /// As [`ServiceHandle::recv_from`].
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

    /// Blocks until a message of that client can be taken: [`ServiceHandle::wait_incoming`].
    ///
    /// # Errors
    /// As `ServiceHandle::wait_incoming`.
    pub fn wait_incoming(&self, client: impl Borrow<S::Id>) -> Result<(), Error> {
        park::block_on(self.0.wait_incoming(client))
    }

    /// Parts with a client, blocking until what was queued for it is sent:
    /// [`ServiceHandle::disconnect`].
    ///
    /// # Errors
    /// As `ServiceHandle::disconnect`.
    pub fn disconnect(&self, client: impl Borrow<S::Id>) -> Result<usize, Error> {
        park::block_on(self.0.disconnect(client))
    }

    /// Stops the service, blocking until it has ended: [`ServiceHandle::stop`].
    pub fn stop<P>(&self, limit: P) -> Report<S>
    where
        P: Into<Period>,
    {
        park::block_on(self.0.stop(limit))
    }

    /// Blocks until the service has ended: [`ServiceHandle::ended`].
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
