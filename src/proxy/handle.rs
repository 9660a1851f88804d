//! The handle of a proxy that runs on its own thread.

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
};

/// Controls a [`Proxy`](crate::Proxy) or [`ServerProxy`](crate::ServerProxy) that runs on its own
/// thread. Threads may share the handle.
///
/// `P` is the value that [`stop`](Self::stop) returns: the two sockets of a `Proxy`, or the
/// `ServerProxy` itself.
///
/// Dropping the handle stops the proxy and joins its thread, which takes a moment. The messages in
/// the queues of the sockets are kept. In each direction, a message that was received and could not
/// be sent yet is dropped.
#[derive(Debug)]
pub struct ProxyHandle<P> {
    control: Arc<Control>,
    waker: Waker,
    thread: Option<JoinHandle<Result<P, Error>>>,
}

impl<P: Send + 'static> ProxyHandle<P> {
    /// Runs `work` on a new thread. It must pass on its waker when it has started, and return when
    /// its control says so.
    pub(super) fn spawn<W>(work: W) -> Result<Self, Error>
    where
        W: FnOnce(&Control, Box<dyn FnOnce(Waker)>) -> Result<P, Error> + Send + 'static,
    {
        let control = Arc::new(Control::default());
        let (send, wakers) = mpsc::channel();
        let of_thread = control.clone();
        let run = move || {
            let _end = End(&of_thread);
            // The receiver waits for it, so sending cannot fail.
            work(&of_thread, Box::new(move |waker| drop(send.send(waker))))
        };
        let thread = thread::Builder::new()
            .name("zmq-proxy".into())
            .spawn(run)
            .map_err(|error| Error::system(error, SPAWN))?;
        match wakers.recv() {
            Ok(waker) => Ok(Self { control, waker, thread: Some(thread) }),
            // The work has failed before it started.
            Err(_) => Err(thread
                .join()
                .ok()
                .and_then(Result::err)
                .unwrap_or_else(|| Error::new(ErrorKind::InvalidCtx, SPAWN))),
        }
    }
}

const SPAWN: &str = "spawn proxy";

/// Reports the end of the proxy to the handle, also after a panic.
struct End<'c>(&'c Control);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl<P> ProxyHandle<P> {
    /// Pauses the proxy until [`resume`](Self::resume). When this returns, the proxy forwards
    /// nothing more.
    ///
    /// A paused proxy does not notice that its context was shut down.
    ///
    /// # C API
    /// The command `PAUSE` of `zmq_proxy_steerable`
    pub fn pause(&self) {
        self.command(Command::Pause);
        self.control.wait_paused();
    }

    /// Resumes a paused proxy.
    ///
    /// # C API
    /// The command `RESUME` of `zmq_proxy_steerable`
    pub fn resume(&self) {
        self.command(Command::Run);
    }

    /// Returns the counters of the proxy. Does not slow the proxy down.
    ///
    /// # C API
    /// The command `STATISTICS` of `zmq_proxy_steerable`
    pub fn statistics(&self) -> Statistics {
        self.control.counters.read()
    }

    /// Returns whether the proxy has ended by itself. Then [`stop`](Self::stop) returns the error.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Stops the proxy and returns its sockets.
    ///
    /// # Errors
    /// The error with which the proxy has ended, as in [`Proxy::run`](crate::Proxy::run).
    ///
    /// # C API
    /// The command `TERMINATE` of `zmq_proxy_steerable`
    pub fn stop(mut self) -> Result<P, Error> {
        self.end().unwrap_or_else(|| Err(Error::new(ErrorKind::InvalidCtx, "proxy")))
    }

    fn command(&self, command: Command) {
        self.control.command(command);
        self.waker.wake();
    }

    fn end(&mut self) -> Option<Result<P, Error>> {
        self.command(Command::Stop);
        self.thread.take()?.join().ok()
    }
}

impl<P> Drop for ProxyHandle<P> {
    fn drop(&mut self) {
        // A caller that wants the error calls `stop`.
        let _ = self.end();
    }
}
