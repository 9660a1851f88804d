//! Waiting with the reactor of tokio, which takes any descriptor on Unix, and its own types of socket on Windows.

use std::{
    io,
    task::{Context, Poll, ready},
};

use tokio::io::Interest;

use crate::raw::OwnedDescriptor;

#[cfg(unix)]
#[derive(Debug)]
pub(in crate::aio) struct Registered(tokio::io::unix::AsyncFd<OwnedDescriptor>);

#[cfg(unix)]
impl Registered {
    pub(super) fn new(descriptor: OwnedDescriptor) -> io::Result<Self> {
        #[allow(deprecated, reason = "its successor is unsafe, for the sake of what is not as an `OwnedFd`: open as long as it lives")]
        tokio::io::unix::AsyncFd::with_interest(descriptor, Interest::READABLE).map(Self)
    }

    /// Ready if it became readable since this was last ready.
    pub(super) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.0.poll_read_ready(cx))?.clear_ready();
        Poll::Ready(Ok(()))
    }
}

/// As a stream that is never read: there the signal of a socket is a connection of libzmq to itself.
#[cfg(windows)]
#[derive(Debug)]
pub(in crate::aio) struct Registered(tokio::net::TcpStream);

#[cfg(windows)]
impl Registered {
    pub(super) fn new(descriptor: OwnedDescriptor) -> io::Result<Self> {
        tokio::net::TcpStream::from_std(descriptor.into()).map(Self)
    }

    /// Ready if it is readable and was not when this was last ready, or may still be.
    pub(super) fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.0.poll_read_ready(cx))?;
        // Has tokio ask the system again.
        let _ = self.0.try_io(Interest::READABLE, || Err::<(), _>(io::ErrorKind::WouldBlock.into()));
        Poll::Ready(Ok(()))
    }
}
