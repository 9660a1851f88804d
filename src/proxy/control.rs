//! The state that a proxy and its handle share: commands and counters.

use std::sync::{
    Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// The number and size of messages that one socket of a proxy has received or sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Traffic {
    /// The number of messages. A multipart message counts once.
    pub messages: u64,
    /// The number of bytes in all frames.
    pub bytes: u64,
}

/// The counters of a proxy since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Statistics {
    /// The messages received from the frontend.
    pub frontend_received: Traffic,
    /// The messages sent to the frontend.
    pub frontend_sent: Traffic,
    /// The messages received from the backend.
    pub backend_received: Traffic,
    /// The messages sent to the backend.
    pub backend_sent: Traffic,
    /// The number of messages that were not captured, because the capture socket was in its mute
    /// state.
    pub uncaptured: u64,
    /// The number of messages that a [`ServerProxy`](crate::ServerProxy) dropped, because it could
    /// not create a client for their sender.
    pub refused: u64,
    /// The number of peers that a `ServerProxy` has a client for now.
    pub peers: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counter {
    messages: AtomicU64,
    bytes: AtomicU64,
}

impl Counter {
    pub(super) fn add(&self, bytes: usize) {
        self.messages.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn read(&self) -> Traffic {
        Traffic {
            messages: self.messages.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) frontend_received: Counter,
    pub(super) frontend_sent: Counter,
    pub(super) backend_received: Counter,
    pub(super) backend_sent: Counter,
    pub(super) uncaptured: Counter,
    pub(super) refused: Counter,
    peers: AtomicU64,
}

impl Counters {
    pub(super) fn has_peers(&self, number: usize) {
        self.peers.store(number as u64, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Statistics {
        Statistics {
            frontend_received: self.frontend_received.read(),
            frontend_sent: self.frontend_sent.read(),
            backend_received: self.backend_received.read(),
            backend_sent: self.backend_sent.read(),
            uncaptured: self.uncaptured.read().messages,
            refused: self.refused.read().messages,
            peers: self.peers.load(Ordering::Relaxed),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Command {
    #[default]
    Run,
    Pause,
    Stop,
}

#[derive(Debug, Default)]
struct State {
    command: Command,
    paused: bool,
    ended: bool,
}

#[derive(Debug, Default)]
pub(super) struct Control {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) counters: Counters,
}

impl Control {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Called by the proxy: blocks while it is paused, and returns `false` when it must stop.
    pub(super) fn should_run(&self) -> bool {
        let mut state = self.state();
        while state.command == Command::Pause {
            state.paused = true;
            self.changed.notify_all();
            state = self.wait(state);
        }
        state.paused = false;
        state.command == Command::Run
    }

    /// Called by the proxy when it ends.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.changed.notify_all();
    }

    /// Called by the handle.
    pub(super) fn command(&self, command: Command) {
        self.state().command = command;
        self.changed.notify_all();
    }

    /// Called by the handle: blocks until the proxy is paused.
    pub(super) fn wait_paused(&self) {
        let mut state = self.state();
        while !state.paused && !state.ended && state.command == Command::Pause {
            state = self.wait(state);
        }
    }
}
