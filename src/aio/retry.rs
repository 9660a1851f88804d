//! Asking again after a while, where nothing tells when.
//!
//! A ROUTER that waits for room for one of its peers says that it is writable, and so does a PUB that must not drop. Then the signal of the room
//! may be swallowed by any call on the socket, and nothing is left to see of it.

use std::{
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use super::waiters::Waiters;

const WHILE: Duration = Duration::from_millis(5);

/// Wakes all that wait in a while.
pub(super) fn soon(waiters: &Arc<Waiters>) {
    if waiters.retried.swap(true, Ordering::SeqCst) {
        return;
    }
    let later = waiters.clone();
    let spawned = thread::Builder::new().name("libzmq retry".into()).spawn(move || {
        thread::sleep(WHILE);
        wake(&later);
    });
    if spawned.is_err() {
        wake(waiters);
    }
}

fn wake(waiters: &Waiters) {
    waiters.retried.store(false, Ordering::SeqCst);
    waiters.take_all().wake();
}
