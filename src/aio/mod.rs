//! Sockets in an async runtime: [`Async`], and their monitors: [`AsyncMonitor`].
//!
//! With the feature `tokio` an `Async` works within a tokio runtime, and with `async-io` in any
//! other; with both the runtime it is made in decides. On Windows either feature does for all
//! runtimes: there one thread, which `async-io` starts, waits for all sockets, and wakes the tasks
//! of any runtime.

mod limit;
mod monitor;
mod owned;
mod pace;
mod reactor;
mod receive;
mod retry;
mod send;
mod stream;
mod wait;
mod waiters;

pub use monitor::AsyncMonitor;
pub use owned::{OwnedMessages, OwnedMsgSink, OwnedMultipartSink, OwnedMultiparts};
pub use stream::{Messages, MsgSink, MultipartSink, Multiparts};

use std::{fmt, sync::Arc};

use crate::{
    error::Error,
    raw::{DeferDrops, HasRaw, Watched},
    socket::Socket,
};

use self::{wait::Wakeups, waiters::WakeAll};

/// A socket of any type whose calls do not block but are awaited.
///
#[doc = include_str!("../../docs/pictures/async_socket.svg")]
///
/// It has the methods of the socket that might block, by the same names: `send`, `route`,
/// `transmit`, `recv_msg`, `recv_multipart` and so on, on `&self`. Everything else is done on the
/// socket itself, through [`get_ref`](Self::get_ref) for a thread-safe type and
/// [`with`](Self::with) for any.
///
/// ```
/// use libzmq::prelude::*;
///
/// # #[cfg(feature = "tokio")]
/// # #[tokio::main]
/// # async fn main() -> Result<(), anyhow::Error> {
/// let server = ServerBuilder::new().bind("tcp://127.0.0.1:*").build()?;
/// let client = ClientBuilder::new().connect(server.last_endpoint()?).build()?;
///
/// let server = Async::new(server)?;
/// let echo = tokio::spawn(async move {
///     let request = server.recv_msg().await?;
///     let id = request.routing_id().unwrap();
///     server.route(request, id).await?;
///     Ok::<_, libzmq::Error>(())
/// });
///
/// let client = Async::new(client)?;
/// client.send("hello").await?;
/// assert_eq!(client.recv_msg().await?, "hello");
/// echo.await??;
/// #     Ok(())
/// # }
/// # #[cfg(not(feature = "tokio"))]
/// # fn main() {}
/// ```
///
/// # Sharing
/// An `Async` is `Send` and `Sync` whatever the type of its socket, and so are its futures: any
/// number of tasks on any threads may send and receive on one. On a socket that is not thread-safe
/// they take turns, under a lock that is held for one call that does not wait; how its requests and
/// replies follow each other remains the business of those tasks. An `Async` of a thread-safe
/// socket can be cloned; a clone is the same socket.
///
/// # Dropping a future
/// A future that is dropped before it is ready has done nothing: no message was taken from the
/// socket, and none was sent.
///
/// # Timeouts
/// The timeouts of the socket do not count. A limit is given to a single call, such as
/// [`recv_msg_timeout`](Self::recv_msg_timeout), or any future is wrapped in the runtime's own
/// timeout.
///
/// # Ending
/// [`stop_receiving`](crate::prelude::Receives::stop_receiving) and a
/// [`Stopper`](crate::Stopper) end what is received, with [`Stopped`](crate::ErrorKind::Stopped);
/// sending goes on.
/// [`Ctx::shutdown`](crate::Ctx::shutdown) ends all that is awaited with
/// [`InvalidCtx`](crate::ErrorKind::InvalidCtx).
///
/// # Fairness
/// A task that always finds its socket ready pauses from time to time, so that others have their
/// turn.
pub struct Async<S> {
    wakeups: Arc<Wakeups>,
    socket: Watched<S>,
}

impl<S: Socket> Async<S> {
    /// Prepares a socket for the runtime that this is called in. The socket may be bound or
    /// connected already.
    ///
    /// # Errors
    /// Each closes the socket.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) outside of a tokio runtime, if the crate
    ///   has no other feature for async than `tokio`; not on Windows
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) without a file descriptor left
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown
    ///
    /// # Panics
    /// If tokio's runtime was built without I/O.
    ///
    /// # C API
    /// `zmq_poller_fd`, or `ZMQ_FD`
    pub fn new(socket: S) -> Result<Self, Error> {
        let socket = Watched::new(socket).map_err(|errno| Error::c(errno, "make async"))?;
        let signal = socket.signal().map_err(|errno| Error::c(errno, "make async"))?;
        Ok(Self { wakeups: Arc::new(Wakeups::new(signal)?), socket })
    }

    /// Makes calls on the socket that do not wait: to bind, connect, subscribe, read or set
    /// options.
    ///
    /// On a socket that is not thread-safe all other calls on it wait until this one is done; to
    /// use the `Async` within it would wait for ever.
    ///
    /// ```
    /// use libzmq::prelude::*;
    ///
    /// # #[cfg(feature = "tokio")]
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), anyhow::Error> {
    /// let sub = Async::new(Sub::new()?)?;
    /// sub.with(|sub| sub.subscribe("weather"))?;
    /// assert_eq!(sub.with(|sub| sub.recv_hwm())?, 1000);
    /// #     Ok(())
    /// # }
    /// # #[cfg(not(feature = "tokio"))]
    /// # fn main() {}
    /// ```
    pub fn with<R>(&self, call: impl FnOnce(&S) -> R) -> R {
        // After the tasks were woken.
        let _deferred = DeferDrops::new();
        // Whatever the call was, it may have taken the signal that tasks wait for.
        let _wakes = WakeAll(&self.wakeups.waiters);
        self.socket.with(call)
    }

    /// The socket, of a type that is thread-safe.
    pub fn get_ref(&self) -> &S
    where
        S: Sync,
    {
        self.socket.get_ref()
    }

    /// The socket itself, for blocking calls, or another runtime.
    pub fn into_inner(self) -> S {
        drop(self.wakeups);
        self.socket.into_inner()
    }
}

/// The same socket.
impl<S: HasRaw + Clone> Clone for Async<S> {
    fn clone(&self) -> Self {
        Self { wakeups: self.wakeups.clone(), socket: self.socket.clone() }
    }
}

/// Shows the socket, unless a call on it is under way that it would have to wait for.
impl<S: Socket> fmt::Debug for Async<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it is written to may use this socket, which needs a turn of its own.
        let alternate = f.alternate();
        let shown = self.socket.try_with(|socket| match alternate {
            true => format!("{socket:#?}"),
            false => format!("{socket:?}"),
        });
        match shown {
            Some(shown) => f.debug_tuple("Async").field(&format_args!("{shown}")).finish(),
            None => f.debug_struct("Async").finish_non_exhaustive(),
        }
    }
}
