//! Waking a poller from another thread.

use std::{
    io::{self, Read, Write},
    rc::Rc,
    sync::Arc,
};

use super::Pollable;

/// Wakes a [`Poller`](super::Poller) from another thread.
///
/// [`Poller::waker`](super::Poller::waker) creates it. A waker is `Send`, `Sync` and `Clone`. It
/// never blocks. After the poller was dropped it does nothing.
#[derive(Clone, Debug)]
pub struct Waker(Arc<Stream>);

impl Waker {
    /// Ends the present poll, or the next one if there is none. That poll returns `Ok`, and
    /// [`Events::is_woken`](super::Events::is_woken) returns `true`. Several calls before it count
    /// as one.
    pub fn wake(&self) {
        // It fails if the poller was dropped, or if the buffer is full of wakes already.
        let _ = (&mut &*self.0).write(&[1]);
    }
}

/// The poller's end of a waker.
#[derive(Clone, Debug)]
pub(super) struct Woken(Rc<Stream>);

impl Woken {
    /// Removes all wakes from the buffer.
    pub(super) fn reset(&self) {
        let mut wakes = [0; 64];
        while matches!((&mut &*self.0).read(&mut wakes), Ok(1..)) {}
    }
}

impl From<&Woken> for Pollable<'_> {
    fn from(woken: &Woken) -> Self {
        Self::from(woken.0.clone())
    }
}

#[cfg(unix)]
type Stream = std::os::unix::net::UnixStream;
#[cfg(not(unix))]
type Stream = std::net::TcpStream;

pub(super) fn pair() -> io::Result<(Waker, Woken)> {
    let (waker, woken) = streams()?;
    waker.set_nonblocking(true)?;
    woken.set_nonblocking(true)?;
    Ok((Waker(Arc::new(waker)), Woken(Rc::new(woken))))
}

#[cfg(unix)]
fn streams() -> io::Result<(Stream, Stream)> {
    Stream::pair()
}

#[cfg(not(unix))]
fn streams() -> io::Result<(Stream, Stream)> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let waker = Stream::connect(listener.local_addr()?)?;
    loop {
        let (woken, from) = listener.accept()?;
        // Other programs on this machine can connect to the port too.
        if from == waker.local_addr()? {
            waker.set_nodelay(true)?;
            return Ok((waker, woken));
        }
    }
}
