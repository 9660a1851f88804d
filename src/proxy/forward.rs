//! The loop of a proxy of two sockets: forwards messages in both directions, and polls.

use std::time::Duration;

use super::{
    Capture,
    control::{Control, Counter},
};
use crate::{
    error::Error,
    poll::{EMPTY, Events, Pollable, Poller, READABLE, Trigger, WRITABLE},
    raw::{self, DeferDrops, Errno, Message, Source, Wait},
    util::Period::{self, Infinite},
};

/// How many messages are forwarded in one direction before the other direction has its turn.
const BURST: usize = 1000;

/// How often sending is tried on a socket that reports writable while its queue is full.
const RETRY: Period = Period::Finite(Duration::from_millis(5));

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// More messages can be forwarded at once.
    Ready,
    /// No message is queued at the receiving socket.
    Empty,
    /// The queue of the sending socket is at its high water mark.
    Full,
}

/// One direction of a proxy.
struct Direction<'s> {
    from: &'s raw::Socket,
    to: &'s raw::Socket,
    /// The frames of the message that is being forwarded.
    parts: Vec<Message>,
    loaded: bool,
    flow: Flow,
    /// Whether `to` reported writable while its queue was full. Some socket types always report
    /// writable, since that depends on the peer.
    falsely_writable: bool,
    received: &'s Counter,
    sent: &'s Counter,
}

impl<'s> Direction<'s> {
    fn new(
        from: &'s raw::Socket,
        to: &'s raw::Socket,
        received: &'s Counter,
        sent: &'s Counter,
    ) -> Self {
        Self {
            from,
            to,
            parts: vec![Message::new()],
            loaded: false,
            flow: Flow::Empty,
            falsely_writable: false,
            received,
            sent,
        }
    }

    fn burst(&mut self, capture: impl Fn(&[Message])) -> Result<(), Errno> {
        self.flow = Flow::Ready;
        for _ in 0..BURST {
            if !self.loaded {
                match self.receive() {
                    Ok(()) => self.loaded = true,
                    Err(Errno::AGAIN) => {
                        self.flow = Flow::Empty;
                        return Ok(());
                    }
                    Err(errno) => return Err(errno),
                }
                self.received.add(self.size());
                capture(&self.parts);
            }
            let size = self.size();
            match self.send() {
                Ok(()) => self.sent.add(size),
                Err(Errno::AGAIN) => {
                    self.flow = Flow::Full;
                    return Ok(());
                }
                // The peer of this message has gone: drop it.
                Err(Errno::HOST_UNREACHABLE) => (),
                Err(errno) => return Err(errno),
            }
            self.loaded = false;
            self.falsely_writable = false;
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.parts.iter().map(Message::len).sum()
    }

    fn receive(&mut self) -> Result<(), Errno> {
        // Dropping an owner may run user code, which must not receive between two frames.
        let _deferred = DeferDrops::new();
        self.parts.truncate(1);
        for part in &mut self.parts {
            self.from.try_recv(part)?;
        }
        // libzmq has all frames of a message when it has the first.
        while self.parts.last_mut().is_some_and(|last| last.more()) {
            let mut part = Message::new();
            self.from.try_recv(&mut part)?;
            self.parts.push(part);
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Errno> {
        match &mut *self.parts {
            [part] => self.to.try_send(part, 0),
            parts => self.to.send_parts(parts, |part| part, Wait::No),
        }
    }

    /// The readiness to wait for: of the receiving socket, and of the sending one.
    fn awaits(&self) -> (Trigger, Trigger) {
        match self.flow {
            Flow::Full if self.falsely_writable => (EMPTY, EMPTY),
            Flow::Full => (EMPTY, WRITABLE),
            Flow::Empty | Flow::Ready => (READABLE, EMPTY),
        }
    }
}

/// The directions in which a proxy forwards.
#[derive(Clone, Copy)]
pub(super) struct Directions {
    pub(super) forward: bool,
    pub(super) backward: bool,
}

/// Forwards until the handle stops the proxy or a call on a socket fails.
pub(super) fn run<'s>(
    frontend: &'s raw::Socket,
    backend: &'s raw::Socket,
    directions: Directions,
    capture: &Capture,
    control: &Control,
    poller: &mut Poller<'s, Side>,
) -> Result<(), Error> {
    let counters = &control.counters;
    let mut list = Vec::new();
    if directions.forward {
        list.push((
            Side::Front,
            Direction::new(frontend, backend, &counters.frontend_received, &counters.backend_sent),
        ));
    }
    if directions.backward {
        list.push((
            Side::Back,
            Direction::new(backend, frontend, &counters.backend_received, &counters.frontend_sent),
        ));
    }
    let mut waited_for = (EMPTY, EMPTY);
    let mut events = Events::default();
    while control.should_run() {
        for (_, direction) in &mut list {
            direction
                .burst(|parts| capture.take(parts, counters))
                .map_err(|errno| Error::c(errno, "proxy"))?;
        }
        if list.iter().any(|(_, direction)| direction.flow == Flow::Ready) {
            continue;
        }

        let mut wait_for = (EMPTY, EMPTY);
        for (from, direction) in &list {
            let (receive, send) = direction.awaits();
            let (front, back) =
                if *from == Side::Front { (receive, send) } else { (send, receive) };
            wait_for = (wait_for.0 | front, wait_for.1 | back);
        }
        if wait_for.0 != waited_for.0 {
            poller.modify(side(frontend), wait_for.0)?;
        }
        if wait_for.1 != waited_for.1 {
            poller.modify(side(backend), wait_for.1)?;
        }
        waited_for = wait_for;

        let full = |direction: &Direction<'_>| direction.flow == Flow::Full;
        let period =
            if list.iter().any(|(_, direction)| full(direction) && direction.falsely_writable) {
                RETRY
            } else {
                Infinite
            };
        match poller.poll(&mut events, period) {
            Err(error) if error.kind() == crate::ErrorKind::WouldBlock => (),
            done => done?,
        }
        for (from, direction) in &mut list {
            // If its queue is full after this, polling for writable would return at once.
            direction.falsely_writable |= full(direction)
                && events.iter().any(|event| event.id() != *from && event.is_writable());
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Front,
    Back,
}

pub(super) fn register<'s>(
    poller: &mut Poller<'s, Side>,
    frontend: &'s raw::Socket,
    backend: &'s raw::Socket,
) -> Result<(), Error> {
    poller.add(side(frontend), Side::Front, EMPTY)?;
    poller.add(side(backend), Side::Back, EMPTY)
}

fn side(socket: &raw::Socket) -> Pollable<'_> {
    Source::Socket(socket).into()
}
