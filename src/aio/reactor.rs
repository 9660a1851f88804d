//! The reactor that waits for the signal of a socket: that of the runtime, or a thread where there is none for sockets of libzmq.

#[cfg(not(unix))]
mod thread;

use std::task::{Context, Poll};

#[cfg(unix)]
use std::{io, os::fd::OwnedFd, task::ready};

#[cfg(all(unix, feature = "tokio"))]
use tokio::io::{Interest, unix::AsyncFd};

use crate::{error::Error, raw::Signal};

#[cfg(unix)]
#[derive(Debug)]
pub(super) enum Reactor {
    #[cfg(feature = "tokio")]
    Tokio(AsyncFd<OwnedFd>),
    #[cfg(feature = "async-io")]
    AsyncIo(async_io::Async<OwnedFd>),
}

#[cfg(unix)]
impl Reactor {
    /// Registers with the reactor of the runtime that this is called in.
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        let fd = signal.into_fd();
        #[cfg(feature = "tokio")]
        if tokio::runtime::Handle::try_current().is_ok() {
            #[allow(
                deprecated,
                reason = "its successor is unsafe, for the sake of what is not as an `OwnedFd`: open as long as it lives"
            )]
            return AsyncFd::with_interest(fd, Interest::READABLE).map(Self::Tokio).map_err(failed);
        }
        #[cfg(feature = "async-io")]
        return async_io::Async::new_nonblocking(fd).map(Self::AsyncIo).map_err(failed);

        #[cfg(not(feature = "async-io"))]
        {
            drop(fd);
            const OUTSIDE: &str = "it must be called within a tokio runtime, or with the feature `async-io`";
            Err(Error::new(crate::ErrorKind::Unsupported(OUTSIDE), "make async"))
        }
    }

    /// Ready if the signal came since this was last ready. Otherwise it has the task woken when it comes: the last one that asked.
    pub(super) fn poll_signal(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(match self {
            #[cfg(feature = "tokio")]
            Self::Tokio(fd) => ready!(fd.poll_read_ready(cx)).map(|mut guard| guard.clear_ready()),
            #[cfg(feature = "async-io")]
            Self::AsyncIo(fd) => ready!(fd.poll_readable(cx)),
        })
        .map_err(failed)
    }
}

#[cfg(unix)]
fn failed(error: io::Error) -> Error {
    use crate::ErrorKind;

    const ENDED: &str = "the runtime that the socket was made async in has ended";
    let kind = match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE) => ErrorKind::SocketLimit,
        Some(number) => ErrorKind::Os(number),
        None => ErrorKind::Unsupported(ENDED),
    };
    Error::new(kind, "wait")
}

#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Reactor(thread::Waiting);

#[cfg(not(unix))]
impl Reactor {
    pub(super) fn new(signal: Signal) -> Result<Self, Error> {
        thread::Waiting::new(signal).map(Self)
    }

    pub(super) fn poll_signal(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_signal(cx)
    }
}
