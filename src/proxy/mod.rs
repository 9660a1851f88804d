//! Proxies, which forward the messages of one socket to another.

mod capture;
mod control;
mod forward;
mod handle;
mod pairs;
mod server;

pub use control::{Statistics, Traffic};
pub use handle::ProxyHandle;
pub use pairs::{Joins, ProxyEnd};
pub use server::ServerProxy;

use std::fmt;

use crate::{
    error::Error,
    poll::{Poller, Waker},
    raw::HasRaw,
    socket::{Socket, sealed::Sealed, send::SendMultipart},
};
use capture::Capture;
use control::Control;
use forward::Directions;

/// Forwards messages between a frontend and a backend on this thread, until the context of one of
/// them is shut down.
///
/// It is a short form of [`Proxy::run`]. A [`Proxy`] can also run on its own thread, pause,
/// capture, and count.
///
/// ```
/// use libzmq::{prelude::*, proxy};
/// use std::thread;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let frontend = RouterBuilder::new().bind("inproc://frontend").build()?;
/// let backend = DealerBuilder::new().bind("inproc://backend").build()?;
/// thread::spawn(move || proxy(frontend, backend));
///
/// let worker = RepBuilder::new().connect("inproc://backend").build()?;
/// let client = ReqBuilder::new().connect("inproc://frontend").build()?;
/// client.send("question")?;
/// assert_eq!(worker.recv_msg()?, "question");
/// worker.send("answer")?;
/// assert_eq!(client.recv_msg()?, "answer");
/// #     Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of `Proxy::run`.
///
/// # C API
/// `zmq_proxy`
#[doc(alias = "zmq_proxy")]
pub fn proxy<F, B>(frontend: F, backend: B) -> Result<(), Error>
where
    F: ProxyEnd,
    B: ProxyEnd,
    F::Socket: Joins<B::Socket>,
{
    Proxy::new(frontend, backend).run()
}

/// Forwards messages between two sockets.
///
#[doc = include_str!("../../docs/pictures/proxy.svg")]
///
/// # Message flow
/// - Messages are forwarded with all their frames and with their group.
/// - While the queue of one socket is at its high water mark, the proxy stops receiving from the
///   other. Then the queues of the senders fill, and the senders block or drop messages, depending
///   on their socket type.
/// - A message for a peer that has gone is dropped.
///
/// ```
/// use libzmq::prelude::*;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let frontend = PullBuilder::new().bind("inproc://in").build()?;
/// let backend = PushBuilder::new().bind("inproc://out").build()?;
/// let copies = PullBuilder::new().bind("inproc://copies").build()?;
/// let capture = PushBuilder::new().connect("inproc://copies").build()?;
///
/// let handle = Proxy::new(frontend, backend).capture(capture).spawn()?;
///
/// let push = PushBuilder::new().connect("inproc://in").build()?;
/// let pull = PullBuilder::new().connect("inproc://out").build()?;
/// push.send("work")?;
/// assert_eq!(pull.recv_msg()?, "work");
/// assert_eq!(copies.recv_msg()?, "work");
///
/// handle.pause();
/// push.send("later")?;
/// assert!(pull.try_recv_msg().is_err());
/// handle.resume();
/// assert_eq!(pull.recv_msg()?, "later");
///
/// assert_eq!(handle.statistics().frontend_received.bytes, 9);
/// let (frontend, backend) = handle.stop()?;
/// #     Ok(())
/// # }
/// ```
///
/// # C API
/// Like `zmq_proxy_steerable`, which is not called, because it ignores its commands while it blocks
/// on a full queue.
#[doc(alias = "zproxy")]
pub struct Proxy<F, B> {
    frontend: F,
    backend: B,
    capture: Capture,
}

impl<F, B> Proxy<F, B>
where
    F: ProxyEnd,
    B: ProxyEnd,
    F::Socket: Joins<B::Socket>,
{
    const DIRECTIONS: Directions = Directions {
        forward: <F::Socket as Sealed>::KIND.receives && <B::Socket as Sealed>::KIND.sends,
        backward: <B::Socket as Sealed>::KIND.receives && <F::Socket as Sealed>::KIND.sends,
    };

    /// Creates a proxy between two sockets, which are bound or connected already. The compiler
    /// accepts only [pairs of socket types](Joins) that work.
    pub fn new(frontend: F, backend: B) -> Self {
        Self { frontend, backend, capture: Capture::default() }
    }

    /// Sends a copy of each received message to another socket. While that socket is in its mute
    /// state, copies are dropped; the proxy does not block.
    ///
    /// # C API
    /// The capture socket of `zmq_proxy`, where the proxy blocks
    #[must_use]
    pub fn capture<C>(mut self, capture: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        self.capture = Capture::by(capture);
        self
    }

    /// Forwards messages on this thread until a call on one of the sockets fails.
    ///
    /// # Errors
    /// It returns only with an error:
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after the context of one of the sockets was
    ///   shut down
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if both are the same socket
    pub fn run(self) -> Result<(), Error> {
        self.drive(&Control::default(), |_| ())
    }

    fn drive(&self, control: &Control, started: impl FnOnce(Waker)) -> Result<(), Error> {
        let (frontend, backend) = (self.frontend.socket().raw(), self.backend.socket().raw());
        let mut poller = Poller::default();
        forward::register(&mut poller, frontend, backend)?;
        started(poller.waker()?);
        forward::run(frontend, backend, Self::DIRECTIONS, &self.capture, control, &mut poller)
    }
}

impl<F, B> Proxy<F, B>
where
    F: ProxyEnd<Socket = F> + Socket + Joins<B> + Send + 'static,
    B: ProxyEnd<Socket = B> + Socket + Send + 'static,
{
    /// Forwards messages on a new thread, and returns a handle that pauses and stops the proxy.
    ///
    /// # Errors
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if both are the same socket
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`Os`](crate::ErrorKind::Os) if the process can have no more threads
    #[doc(alias = "zmq_proxy_steerable")]
    pub fn spawn(self) -> Result<ProxyHandle<(F, B)>, Error> {
        ProxyHandle::spawn(move |control, started| {
            self.drive(control, started)?;
            Ok((self.frontend, self.backend))
        })
    }
}

impl<F, B> fmt::Debug for Proxy<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("capture", &self.capture).finish_non_exhaustive()
    }
}
