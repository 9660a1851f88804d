//! Passing on what one socket receives to another.

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
use forward::Ways;

/// Passes on what the frontend receives to the backend and the other way round, until the context
/// of one is shut down. The same as [`Proxy::run`]; a [`Proxy`] can do more.
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
/// let asker = ReqBuilder::new().connect("inproc://frontend").build()?;
/// asker.send("question")?;
/// assert_eq!(worker.recv_msg()?, "question");
/// worker.send("answer")?;
/// assert_eq!(asker.recv_msg()?, "answer");
/// #     Ok(())
/// # }
/// ```
///
/// # Errors
/// As `Proxy::run`.
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

/// Passes on messages between two sockets.
///
/// Messages go whole, with all their parts and with their group. While a side has no room for more,
/// nothing more is received for it: the queues before the proxy fill up, and whoever sends into
/// them blocks or drops as that socket does. A message for a peer that is gone is dropped.
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
/// `zmq_proxy_steerable`. It is not called: it blocks on a full queue in the midst of its work,
/// where no command reaches it.
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
    const WAYS: Ways = Ways {
        forward: <F::Socket as Sealed>::KIND.receives && <B::Socket as Sealed>::KIND.sends,
        backward: <B::Socket as Sealed>::KIND.receives && <F::Socket as Sealed>::KIND.sends,
    };

    /// A proxy between two sockets, which are bound or connected already. Only [pairs](Joins) that
    /// work are accepted.
    pub fn new(frontend: F, backend: B) -> Self {
        Self { frontend, backend, capture: Capture::default() }
    }

    /// Sends a copy of each message that the proxy receives to that socket, as long as it has room:
    /// the proxy does not wait for it.
    ///
    /// # C API
    /// The capture socket of `zmq_proxy`, which the proxy waits for
    #[must_use]
    pub fn capture<C>(mut self, capture: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        self.capture = Capture::by(capture);
        self
    }

    /// Passes on messages on this thread, until a socket fails.
    ///
    /// # Errors
    /// Always, when it ends.
    /// - [`InvalidCtx`](crate::ErrorKind::InvalidCtx) after a shutdown of the context of one of the
    ///   sockets
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if both are the same socket
    pub fn run(self) -> Result<(), Error> {
        self.drive(&Control::default(), |_| ())
    }

    fn drive(&self, control: &Control, started: impl FnOnce(Waker)) -> Result<(), Error> {
        let (frontend, backend) = (self.frontend.socket().raw(), self.backend.socket().raw());
        let mut poller = Poller::default();
        forward::register(&mut poller, frontend, backend)?;
        started(poller.waker()?);
        forward::run(frontend, backend, Self::WAYS, &self.capture, control, &mut poller)
    }
}

impl<F, B> Proxy<F, B>
where
    F: ProxyEnd<Socket = F> + Socket + Joins<B> + Send + 'static,
    B: ProxyEnd<Socket = B> + Socket + Send + 'static,
{
    /// Passes on messages on a thread of its own.
    ///
    /// # Errors
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput) if both are the same socket
    /// - [`SocketLimit`](crate::ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`Os`](crate::ErrorKind::Os) if it has no thread left
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
