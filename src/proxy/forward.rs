//! The work of a proxy of two sockets: from one socket to the other, and when to wait for what.

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

/// How many messages go one way before the other way has its turn.
const BURST: usize = 1000;

/// How often a socket is tried that says it can send when it cannot.
const RETRY: Period = Period::Finite(Duration::from_millis(5));

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// There was more than a burst.
    On,
    /// There is nothing to receive.
    Dry,
    /// There is no room to send what was received.
    Full,
}

/// One way through a proxy.
struct Way<'s> {
    from: &'s raw::Socket,
    to: &'s raw::Socket,
    /// The message under way.
    parts: Vec<Message>,
    loaded: bool,
    flow: Flow,
    /// Whether `to` was reported to have room, and had none: some types of socket always are, since
    /// that depends on the peer.
    falsely_writable: bool,
    received: &'s Counter,
    sent: &'s Counter,
}

impl<'s> Way<'s> {
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
            flow: Flow::Dry,
            falsely_writable: false,
            received,
            sent,
        }
    }

    fn burst(&mut self, capture: impl Fn(&[Message])) -> Result<(), Errno> {
        self.flow = Flow::On;
        for _ in 0..BURST {
            if !self.loaded {
                match self.receive() {
                    Ok(()) => self.loaded = true,
                    Err(Errno::AGAIN) => {
                        self.flow = Flow::Dry;
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
                // Whoever it was for is gone, which is no reason to stop.
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
        // The drop of an owner must not receive from this socket between two parts.
        let _deferred = DeferDrops::new();
        self.parts.truncate(1);
        for part in &mut self.parts {
            self.from.try_recv(part)?;
        }
        // libzmq has all parts of a message when it has the first.
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

    /// What to wait for: on the socket received from, and on the one sent to.
    fn awaits(&self) -> (Trigger, Trigger) {
        match self.flow {
            Flow::Full if self.falsely_writable => (EMPTY, EMPTY),
            Flow::Full => (EMPTY, WRITABLE),
            Flow::Dry | Flow::On => (READABLE, EMPTY),
        }
    }
}

/// Which ways a proxy goes.
#[derive(Clone, Copy)]
pub(super) struct Ways {
    pub(super) forward: bool,
    pub(super) backward: bool,
}

/// Forwards until it is told to stop or a socket fails.
pub(super) fn run<'s>(
    frontend: &'s raw::Socket,
    backend: &'s raw::Socket,
    ways: Ways,
    capture: &Capture,
    control: &Control,
    poller: &mut Poller<'s, Side>,
) -> Result<(), Error> {
    let counters = &control.counters;
    let mut list = Vec::new();
    if ways.forward {
        list.push((
            Side::Front,
            Way::new(frontend, backend, &counters.frontend_received, &counters.backend_sent),
        ));
    }
    if ways.backward {
        list.push((
            Side::Back,
            Way::new(backend, frontend, &counters.backend_received, &counters.frontend_sent),
        ));
    }
    let mut waited_for = (EMPTY, EMPTY);
    let mut events = Events::default();
    while control.goes_on() {
        for (_, way) in &mut list {
            way.burst(|parts| capture.take(parts, counters))
                .map_err(|errno| Error::c(errno, "proxy"))?;
        }
        if list.iter().any(|(_, way)| way.flow == Flow::On) {
            continue;
        }

        let mut wait_for = (EMPTY, EMPTY);
        for (from, way) in &list {
            let (receive, send) = way.awaits();
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

        let full = |way: &Way<'_>| way.flow == Flow::Full;
        let period = if list.iter().any(|(_, way)| full(way) && way.falsely_writable) {
            RETRY
        } else {
            Infinite
        };
        match poller.poll(&mut events, period) {
            Err(error) if error.kind() == crate::ErrorKind::WouldBlock => (),
            done => done?,
        }
        for (from, way) in &mut list {
            // Should it have no room now, there is no point in waiting for it to say so.
            way.falsely_writable |=
                full(way) && events.iter().any(|event| event.id() != *from && event.is_writable());
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
