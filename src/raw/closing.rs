//! Open sockets that the exit of the process waits for.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use libc::c_int;

use super::{Socket, exit::AtExit};

/// A socket that the exit of the process may have to wait for before it is closed.
#[derive(Debug)]
pub(crate) struct ClosesAtExit {
    at_exit: Arc<AtExit>,
    linger: c_int,
}

impl ClosesAtExit {
    /// Notes that the socket will be closed within `time`. The exit waits for that, as it does for
    /// the queued messages of closed sockets.
    pub(crate) fn within(&self, time: Duration) -> Closing {
        self.at_exit.note_linger_after(time, self.linger);
        self.at_exit.closing.fetch_add(1, Ordering::SeqCst);
        Closing(self.at_exit.clone())
    }
}

/// A socket that will be closed soon. It is dropped after the socket.
#[derive(Debug)]
pub(crate) struct Closing(Arc<AtExit>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.closing.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Socket {
    pub(crate) fn closes_at_exit(&self) -> ClosesAtExit {
        let at_exit = self.context().at_exit().clone();
        ClosesAtExit { at_exit, linger: self.linger.load(Ordering::Relaxed) }
    }
}
