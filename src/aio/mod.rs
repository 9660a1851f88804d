//! Sockets in an async runtime: [`Async`] for sockets, [`AsyncMonitor`] for monitors.
//!
//! | Feature | Runtime |
//! |:---|:---|
//! | `tokio` | tokio |
//! | `async-io` | any other: smol, async-std, a plain `block_on` |
//! | both | tokio if [`Async::new`] is called in a tokio runtime, `async-io` otherwise |
//!
//! On Windows both features work in every runtime: `async-io` starts a thread that waits for all
//! sockets and wakes the tasks of any runtime.

mod connect;
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

#[cfg(feature = "service")]
pub(crate) use limit::{Timer, within};
pub use monitor::AsyncMonitor;
pub use owned::{OwnedMessages, OwnedMsgSink, OwnedMultipartSink, OwnedMultiparts};
#[cfg(feature = "service")]
pub(crate) use retry::after_period;
pub use stream::{Messages, MsgSink, MultipartSink, Multiparts};
#[cfg(feature = "service")]
pub(crate) use waiters::{Direction, Entry, Waiters};

use std::{fmt, sync::Arc};

use crate::{
    error::Error,
    raw::{DeferDrops, HasRaw, Watched},
    socket::Socket,
};

use self::{wait::Wakeups, waiters::WakeAll};

/// A socket of any type in an async runtime: its calls are awaited instead of blocking the thread.
///
#[doc = include_str!("../../docs/pictures/async_socket.svg")]
///
/// `Async` has those methods of the socket type that can block, with the same names and as `async
/// fn` on `&self`: `send`, `route`, `transmit`, `recv_msg`, `recv_multipart` and so on. For all
/// other methods, use the socket itself: [`get_ref`](Self::get_ref) for a thread-safe socket,
/// [`with`](Self::with) for any socket.
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
/// # Thread safety
/// An `Async` and its futures are `Send` and `Sync` for every socket type: any number of tasks on
/// any threads can send and receive on one `Async`. On a single-threaded socket they take turns,
/// with a lock that is held for one call that does not block. The tasks must agree on the order of
/// requests and replies of a `Req` or `Rep` themselves. An `Async` of a thread-safe socket can be
/// cloned; a clone is the same socket.
///
/// # Cancel safety
/// All methods are cancel safe. A future that is dropped before it completes has received no
/// message and sent none, so `select!` loses nothing.
///
/// # Timeouts
/// The timeouts of the socket do not apply. Use a method with a limit, such as
/// [`recv_msg_timeout`](Self::recv_msg_timeout), or the timeout of the runtime.
///
/// # Ending
/// [`stop_receiving`](crate::prelude::Receives::stop_receiving) and a [`Stopper`](crate::Stopper)
/// complete the futures that receive with [`Stopped`](crate::ErrorKind::Stopped); sending is not
/// affected. [`Ctx::shutdown`](crate::Ctx::shutdown) completes all futures with
/// [`InvalidCtx`](crate::ErrorKind::InvalidCtx).
///
/// # Fairness
/// A task whose socket is always ready yields to the runtime from time to time.
pub struct Async<S> {
    wakeups: Arc<Wakeups>,
    socket: Watched<S>,
}

impl<S: Socket> Async<S> {
    /// Registers a socket with the runtime that calls this. The socket may be bound or connected
    /// already.
    ///
    /// # Errors
    /// After an error the socket is closed.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported) outside of a tokio runtime, without the
    ///   feature `async-io`; never on Windows
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context was shut down
    ///
    /// # Panics
    /// If the tokio runtime was built without `enable_io`.
    ///
    /// # C API
    /// `zmq_poller_fd`, or `ZMQ_FD`
    pub fn new(socket: S) -> Result<Self, Error> {
        let socket = Watched::new(socket).map_err(|errno| Error::c(errno, "make async"))?;
        let signal = socket.duplicate_signaler().map_err(|errno| Error::c(errno, "make async"))?;
        Ok(Self { wakeups: Arc::new(Wakeups::new(signal)?), socket })
    }

    /// Calls a closure with the socket, to bind, connect, subscribe, or read and set options.
    ///
    /// The closure must not block. On a single-threaded socket all other calls wait until the
    /// closure returns, and using the same `Async` in the closure deadlocks.
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
        // Owners are dropped after the tasks were woken.
        let _deferred = DeferDrops::new();
        // Any call may reset the signal that tasks wait for.
        let _wakes = WakeAll(&self.wakeups.waiters);
        self.socket.with(call)
    }

    /// Returns the socket. Only for thread-safe sockets.
    pub fn get_ref(&self) -> &S
    where
        S: Sync,
    {
        self.socket.get_ref()
    }

    /// Returns the socket by value, for blocking calls or another runtime.
    pub fn into_inner(self) -> S {
        drop(self.wakeups);
        self.socket.into_inner()
    }
}

/// A clone is the same socket. Only for thread-safe sockets.
impl<S: HasRaw + Clone> Clone for Async<S> {
    fn clone(&self) -> Self {
        Self { wakeups: self.wakeups.clone(), socket: self.socket.clone() }
    }
}

/// Formats the socket, except while another thread calls a method of a single-threaded socket.
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
