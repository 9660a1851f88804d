//! The reactor that waits for the signal of a socket: that of the runtime, or on Windows always
//! that of `async-io`, because tokio's waits for no sockets there but its own.

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
    raw::{Errno, OwnedDescriptor, Signal},
};

#[derive(Debug)]
pub(super) enum Reactor {
    #[cfg(all(not(windows), feature = "tokio"))]
    Tokio(AsyncFd<OwnedDescriptor>),
    #[cfg(any(windows, feature = "async-io"))]
    AsyncIo(async_io::Async<OwnedDescriptor>),
}

impl Reactor {
    /// Registers with the reactor of the runtime that this is called in.
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        let descriptor = signal.into_descriptor();
        #[cfg(all(not(windows), feature = "tokio"))]
        if tokio::runtime::Handle::try_current().is_ok() {
            #[allow(
                deprecated,
                reason = "its successor is unsafe, for the sake of what is not as an `OwnedFd`: open as long as it lives"
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

    /// Ready if the signal came since this was last ready. Otherwise it has the task woken when it
    /// comes: the last one that asked.
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
