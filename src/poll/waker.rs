use std::{
    io::{self, Read, Write},
    rc::Rc,
    sync::Arc,
};

use super::Pollable;

/// Wakes a [`Poller`](super::Poller) from another thread.
///
/// A waker is `Send`, `Sync` and `Clone`. It never waits, and may outlive the poller: then it does
/// nothing.
#[derive(Clone, Debug)]
pub struct Waker(Arc<Stream>);

impl Waker {
    /// Ends the poll that is under way, or else the next one: it returns with
    /// [`Events::is_woken`](super::Events::is_woken). Several calls before that poll count as one.
    pub fn wake(&self) {
        // It fails if the poller is gone, or if nobody has looked at so many wakes that one more
        // adds nothing.
        let _ = (&mut &*self.0).write(&[1]);
    }
}

/// The end of a waker at its poller.
#[derive(Clone, Debug)]
pub(super) struct Woken(Rc<Stream>);

impl Woken {
    /// Forgets the wakes there were.
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
        // Anyone on this machine may connect to the port.
        if from == waker.local_addr()? {
            waker.set_nodelay(true)?;
            return Ok((waker, woken));
        }
    }
}
