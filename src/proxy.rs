//! Passing on what one socket receives to another.

mod control;
mod forward;
mod pairs;

pub use control::{Statistics, Traffic};
pub use pairs::{Joins, ProxyEnd};

use std::{
    fmt,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use crate::{
    error::{Error, ErrorKind},
    poll::{Poller, Waker},
    raw::{HasRaw, Message},
    send::SendMultipart,
    socket::{Socket, sealed::Sealed},
};
use control::{Command, Control};
use forward::Ways;

/// Passes on what the frontend receives to the backend and the other way round, until the context of one is shut down. The same as
/// [`Proxy::run`]; a [`Proxy`] can do more.
///
/// ```
/// use libzmq::{prelude::*, *};
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
/// # In C
/// `zmq_proxy`
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
/// Messages go whole, with all their parts and with their group. While a side has no room for more, nothing more is received for it: the
/// queues before the proxy fill up, and whoever sends into them blocks or drops as that socket does. A message for a peer that
/// is gone is dropped.
///
/// ```
/// use libzmq::{prelude::*, *};
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
/// # In C
/// `zmq_proxy_steerable`. It is not called: it blocks on a full queue in the midst of its work, where no command reaches it.
pub struct Proxy<F, B> {
    frontend: F,
    backend: B,
    capture: Option<Box<Capture>>,
}

/// Copies a message to a capturing socket, or answers that it has no room.
type Capture = dyn Fn(&mut [Message]) -> bool + Send;

impl<F, B> Proxy<F, B>
where
    F: ProxyEnd,
    B: ProxyEnd,
    F::Socket: Joins<B::Socket>,
{
    const WAYS: Ways = Ways {
        forth: <F::Socket as Sealed>::KIND.receives && <B::Socket as Sealed>::KIND.sends,
        back: <B::Socket as Sealed>::KIND.receives && <F::Socket as Sealed>::KIND.sends,
    };

    /// A proxy between two sockets, which are bound or connected already. Only [pairs](Joins) that work are accepted.
    pub fn new(frontend: F, backend: B) -> Self {
        Self { frontend, backend, capture: None }
    }

    /// Sends a copy of each message that the proxy receives to that socket, as long as it has room: the proxy does not wait for it.
    ///
    /// # In C
    /// The capture socket of `zmq_proxy`, which the proxy waits for
    #[must_use]
    pub fn capture<C>(mut self, capture: C) -> Self
    where
        C: SendMultipart + Send + 'static,
    {
        self.capture = Some(Box::new(move |parts| {
            let mut copies: Vec<Message> = parts.iter().map(|part| part.copy()).collect();
            capture.raw().send_parts(copies.iter_mut(), false).is_ok()
        }));
        self
    }

    /// Passes on messages on this thread, until a socket fails.
    ///
    /// # Errors
    /// Always, when it ends.
    /// - [`InvalidCtx`](ErrorKind::InvalidCtx) after a shutdown of the context of one of the sockets
    /// - [`InvalidInput`](ErrorKind::InvalidInput) if both are the same socket
    pub fn run(self) -> Result<(), Error> {
        self.drive(&Control::default(), |_| ())
    }

    fn drive(&self, control: &Control, started: impl FnOnce(Result<Waker, Error>)) -> Result<(), Error> {
        let (frontend, backend) = (self.frontend.socket().raw(), self.backend.socket().raw());
        let mut poller = Poller::default();
        match forward::register(&mut poller, frontend, backend).and_then(|()| poller.waker()) {
            Ok(waker) => started(Ok(waker)),
            Err(error) => {
                started(Err(error.clone()));
                return Err(error);
            }
        }
        forward::run(frontend, backend, Self::WAYS, self.capture.as_deref(), control, &mut poller)
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
    /// - [`InvalidInput`](ErrorKind::InvalidInput) if both are the same socket
    /// - [`SocketLimit`](ErrorKind::SocketLimit) if the process has no file descriptor left
    /// - [`Os`](ErrorKind::Os) if it has no thread left
    pub fn spawn(self) -> Result<ProxyHandle<F, B>, Error> {
        let control = Arc::new(Control::default());
        let (send, wakers) = mpsc::channel();
        let of_thread = control.clone();
        let run = move || {
            let _end = End(&of_thread);
            // Whoever is told waits for it.
            let done = self.drive(&of_thread, |waker| drop(send.send(waker)));
            done.map(|()| (self.frontend, self.backend))
        };
        let refused = |error: std::io::Error| Error::new(ErrorKind::Os(error.raw_os_error().unwrap_or(libc::EAGAIN)), "spawn proxy");
        let thread = thread::Builder::new().name("zmq-proxy".into()).spawn(run).map_err(refused)?;
        let waker = wakers.recv().map_err(|_| Error::new(ErrorKind::InvalidCtx, "spawn proxy"))??;
        Ok(ProxyHandle { control, waker, thread: Some(thread) })
    }
}

/// Tells the handle that the proxy has ended, however it did.
struct End<'c>(&'c Control);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl<F, B> fmt::Debug for Proxy<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("captures", &self.capture.is_some()).finish_non_exhaustive()
    }
}

/// Steers a [`Proxy`] that runs on a thread of its own. Threads may share it.
///
/// Dropping it stops the proxy, and waits for its thread: not long, since a proxy waits for nothing but messages and its handle. What the
/// frontend and the backend have queued is kept, but for one message each way that was received and has no room on the other side.
#[derive(Debug)]
pub struct ProxyHandle<F, B> {
    control: Arc<Control>,
    waker: Waker,
    thread: Option<JoinHandle<Result<(F, B), Error>>>,
}

impl<F, B> ProxyHandle<F, B> {
    /// Has the proxy pass on nothing more until it is [resumed](Self::resume). When this returns, it does so. A proxy that
    /// is paused does not notice a shutdown of its context.
    pub fn pause(&self) {
        self.tell(Command::Pause);
        self.control.wait_paused();
    }

    /// Has the proxy go on.
    pub fn resume(&self) {
        self.tell(Command::Run);
    }

    /// What has gone through the proxy. It may be asked at any time, and does not disturb the proxy.
    pub fn statistics(&self) -> Statistics {
        self.control.counters.read()
    }

    /// Whether the proxy has ended by itself. [`stop`](Self::stop) tells why.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Stops the proxy, and gives back its sockets.
    ///
    /// # Errors
    /// The error that the proxy had ended with, as [`Proxy::run`].
    pub fn stop(mut self) -> Result<(F, B), Error> {
        self.end().unwrap_or_else(|| Err(Error::new(ErrorKind::InvalidCtx, "proxy")))
    }

    fn tell(&self, command: Command) {
        self.control.command(command);
        self.waker.wake();
    }

    fn end(&mut self) -> Option<Result<(F, B), Error>> {
        self.tell(Command::Stop);
        self.thread.take()?.join().ok()
    }
}

impl<F, B> Drop for ProxyHandle<F, B> {
    fn drop(&mut self) {
        // How it ended is of no interest to whoever drops the handle.
        let _ = self.end();
    }
}
