use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    raw::{self, STOPS_RECEIVING},
};

/// Has a socket [stop receiving](crate::prelude::Receives::stop_receiving), from any thread.
///
/// A stopper is `Send`, `Sync` and `Clone`. It never blocks for long, does not keep the socket
/// open, and may outlive it: then it does nothing.
///
/// ```
/// use libzmq::prelude::*;
/// use std::thread;
///
/// # fn main() -> Result<(), anyhow::Error> {
/// let pull = PullBuilder::new().bind("inproc://work").build()?;
/// let stopper = pull.stopper()?;
///
/// // A single-threaded socket, on its thread.
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
            "this libzmq cannot wake a thread that receives: use the vendored one, or a poller's waker",
        );

        if !STOPS_RECEIVING {
            return Err(Error::new(OTHER, "stop receiving"));
        }
        Ok(Self(socket.stop().clone()))
    }

    /// Has every call that would wait for a message end with
    /// [`Stopped`](crate::ErrorKind::Stopped): those under way, and later ones. Another call
    /// changes nothing.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Whether the socket was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped()
    }
}
