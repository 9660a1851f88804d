//! The reactor of the runtime, which waits for the signal of a socket.

#[cfg(feature = "tokio")]
mod tokio;

use std::{
    io,
    task::{Context, Poll},
};

#[cfg(feature = "async-io")]
use crate::raw::OwnedDescriptor;
use crate::{
    error::{Error, ErrorKind},
    raw::{Errno, Signal},
};

#[derive(Debug)]
pub(super) enum Reactor {
    #[cfg(feature = "tokio")]
    Tokio(tokio::Registered),
    #[cfg(feature = "async-io")]
    AsyncIo(async_io::Async<OwnedDescriptor>),
}

impl Reactor {
    /// Registers with the reactor of the runtime that this is called in.
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        let descriptor = signal.into_descriptor();
        #[cfg(feature = "tokio")]
        if ::tokio::runtime::Handle::try_current().is_ok() {
            return tokio::Registered::new(descriptor).map(Self::Tokio).map_err(failed);
        }
        #[cfg(feature = "async-io")]
        return async_io::Async::new_nonblocking(descriptor).map(Self::AsyncIo).map_err(failed);

        #[cfg(not(feature = "async-io"))]
        {
            drop(descriptor);
            const OUTSIDE: &str = "it must be called within a tokio runtime, or with the feature `async-io`";
            Err(Error::new(ErrorKind::Unsupported(OUTSIDE), "make async"))
        }
    }

    /// Ready if the signal came since this was last ready. Otherwise it has the task woken when it comes: the last one that asked.
    pub(super) fn poll_signal(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(registered) => registered.poll_readable(cx),
            #[cfg(feature = "async-io")]
            Self::AsyncIo(registered) => registered.poll_readable(cx),
        }
        .map_err(failed)
    }
}

fn failed(error: io::Error) -> Error {
    const ENDED: &str = "the runtime that the socket was made async in has ended";

    match error.raw_os_error() {
        Some(_) => Error::c(Errno::of_system(&error), "wait"),
        None => Error::new(ErrorKind::Unsupported(ENDED), "wait"),
    }
}
