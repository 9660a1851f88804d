//! The reactor that waits for the signaler of a socket: the one of the runtime. On Windows it is
//! always the one of `async-io`, because tokio's waits for no foreign sockets there.

use std::{
    io,
    task::{Context, Poll, ready},
};

#[cfg(all(not(windows), feature = "tokio"))]
use tokio::io::{Interest, unix::AsyncFd};

#[cfg(windows)]
use libzmq_sys::async_io;

use crate::{
    error::{Error, ErrorKind},
    raw::{Errno, OwnedDescriptor, Signaler},
};

#[derive(Debug)]
pub(super) enum Reactor {
    #[cfg(all(not(windows), feature = "tokio"))]
    Tokio(AsyncFd<OwnedDescriptor>),
    #[cfg(any(windows, feature = "async-io"))]
    AsyncIo(async_io::Async<OwnedDescriptor>),
}

impl Reactor {
    /// Registers the signaler with the reactor of the runtime that calls this.
    pub(super) fn new(signal: Signaler) -> Result<Self, Error> {
        let descriptor = signal.into_descriptor();
        #[cfg(all(not(windows), feature = "tokio"))]
        if tokio::runtime::Handle::try_current().is_ok() {
            #[allow(
                deprecated,
                reason = "its successor is unsafe, which an `OwnedFd` does not need"
            )]
            return AsyncFd::with_interest(descriptor, Interest::READABLE)
                .map(Self::Tokio)
                .map_err(failed);
        }
        #[cfg(any(windows, feature = "async-io"))]
        return async_io::Async::new_nonblocking(descriptor).map(Self::AsyncIo).map_err(failed);

        #[cfg(not(any(windows, feature = "async-io")))]
        {
            drop(descriptor);
            const OUTSIDE: &str =
                "it must be called within a tokio runtime, or with the feature `async-io`";
            Err(Error::new(ErrorKind::Unsupported(OUTSIDE), "make async"))
        }
    }

    /// Ready if there was a signal since this was last ready. Otherwise the next signal wakes the
    /// task: only the one that called last.
    pub(super) fn poll_signal(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(match self {
            #[cfg(all(not(windows), feature = "tokio"))]
            Self::Tokio(fd) => ready!(fd.poll_read_ready(cx)).map(|mut guard| guard.clear_ready()),
            #[cfg(any(windows, feature = "async-io"))]
            Self::AsyncIo(descriptor) => ready!(descriptor.poll_readable(cx)),
        })
        .map_err(failed)
    }
}

fn failed(error: io::Error) -> Error {
    const ENDED: &str = "the runtime that the socket was made async in has ended";

    match error.raw_os_error() {
        Some(_) => Error::c(Errno::of_system(&error), "wait").caused_by(error),
        None => Error::new(ErrorKind::Unsupported(ENDED), "wait"),
    }
}
