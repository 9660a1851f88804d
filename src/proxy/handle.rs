use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use super::{
    Statistics,
    control::{Command, Control},
};
use crate::{
    error::{Error, ErrorKind},
    poll::Waker,
    raw::Errno,
};

/// Steers a [`Proxy`](crate::Proxy) or [`ServerProxy`](crate::ServerProxy) that runs on a thread of
/// its own. Threads may share it. `P` is what [`stop`](Self::stop) gives back: of a `Proxy` the two
/// sockets, of a `ServerProxy` itself.
///
/// Dropping it stops the proxy, and waits for its thread: not long, since a proxy waits for nothing
/// but messages and its handle. What the sockets of a `Proxy` have queued is kept, but for one
/// message each way that was received and has no room on the other side.
#[derive(Debug)]
pub struct ProxyHandle<P> {
    control: Arc<Control>,
    waker: Waker,
    thread: Option<JoinHandle<Result<P, Error>>>,
}

impl<P: Send + 'static> ProxyHandle<P> {
    /// Has a thread of its own do the work. The work tells how it is woken once it can be, and ends
    /// when its control says so.
    pub(super) fn spawn<W>(work: W) -> Result<Self, Error>
    where
        W: FnOnce(&Control, Box<dyn FnOnce(Waker)>) -> Result<P, Error> + Send + 'static,
    {
        let control = Arc::new(Control::default());
        let (send, wakers) = mpsc::channel();
        let of_thread = control.clone();
        let run = move || {
            let _end = End(&of_thread);
            // Whoever is told waits for it.
            work(&of_thread, Box::new(move |waker| drop(send.send(waker))))
        };
        let refused =
            |error| Error::new(ErrorKind::Os(Errno::of_system(&error).0), SPAWN).caused_by(error);
        let thread = thread::Builder::new().name("zmq-proxy".into()).spawn(run).map_err(refused)?;
        match wakers.recv() {
            Ok(waker) => Ok(Self { control, waker, thread: Some(thread) }),
            // It has ended without a start.
            Err(_) => Err(thread
                .join()
                .ok()
                .and_then(Result::err)
                .unwrap_or_else(|| Error::new(ErrorKind::InvalidCtx, SPAWN))),
        }
    }
}

const SPAWN: &str = "spawn proxy";

/// Tells the handle that the proxy has ended, however it did.
struct End<'c>(&'c Control);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl<P> ProxyHandle<P> {
    /// Has the proxy pass on nothing more until it is [resumed](Self::resume). When this returns,
    /// it does so. A proxy that is paused does not notice a shutdown of its context.
    pub fn pause(&self) {
        self.tell(Command::Pause);
        self.control.wait_paused();
    }

    /// Has the proxy go on.
    pub fn resume(&self) {
        self.tell(Command::Run);
    }

    /// What has gone through the proxy. It may be asked at any time, and does not disturb the
    /// proxy.
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
    /// The error that the proxy had ended with, as [`Proxy::run`](crate::Proxy::run).
    pub fn stop(mut self) -> Result<P, Error> {
        self.end().unwrap_or_else(|| Err(Error::new(ErrorKind::InvalidCtx, "proxy")))
    }

    fn tell(&self, command: Command) {
        self.control.command(command);
        self.waker.wake();
    }

    fn end(&mut self) -> Option<Result<P, Error>> {
        self.tell(Command::Stop);
        self.thread.take()?.join().ok()
    }
}

impl<P> Drop for ProxyHandle<P> {
    fn drop(&mut self) {
        // How it ended is of no interest to whoever drops the handle.
        let _ = self.end();
    }
}
