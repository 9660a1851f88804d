//! Stopping calls that receive, from another thread.

use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    raw::{self, STOPS_RECEIVING},
};

/// A handle that makes a socket [stop receiving](crate::prelude::Receives::stop_receiving) from any
/// thread.
///
/// [`stopper`](crate::prelude::Receives::stopper) creates it. A stopper is `Send`, `Sync` and
/// `Clone`. It does not keep the socket open. After the socket was dropped it does nothing.
///
/// ```
/// use libzmq::prelude::*;
/// use std::thread;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let pull = PullBuilder::new().bind("inproc://work").build()?;
/// let stopper = pull.stopper()?;
///
/// // A single-threaded socket moves to its thread.
/// let worker = thread::spawn(move || pull.recv_msg().unwrap_err().kind());
///
/// stopper.stop();
/// assert_eq!(worker.join().unwrap(), ErrorKind::Stopped);
/// #     Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stopper(Arc<raw::Stop>);

impl Stopper {
    pub(crate) fn of(socket: &raw::Socket) -> Result<Self, Error> {
        const OTHER: ErrorKind = ErrorKind::Unsupported(
            "this libzmq cannot wake a thread that receives: use the vendored one, or a poller's \
             waker",
        );

        if !STOPS_RECEIVING {
            return Err(Error::new(OTHER, "stop receiving"));
        }
        Ok(Self(socket.stop().clone()))
    }

    /// Makes every call that blocks to receive return [`Stopped`](crate::ErrorKind::Stopped): those
    /// that are blocked now, and later ones.
    ///
    /// Does not block, except for a moment on the lock of the socket. A second call changes
    /// nothing.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Returns whether [`stop`](Self::stop) was called on any stopper of the socket.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped()
    }
}
