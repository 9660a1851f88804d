//! A normal end of the process waits until what closed sockets still had to send has left.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use libc::c_int;

/// How often the exit asks whether sockets still linger.
const INTERVAL: Duration = Duration::from_millis(1);

/// A moment that does not come.
const NEVER: u64 = u64::MAX;

/// What the exit of the process has to know of a context.
#[derive(Debug)]
pub(super) struct AtExit {
    waits: AtomicBool,
    /// When the last of the closed sockets stops lingering, in milliseconds as [`now`] counts them.
    until: AtomicU64,
}

impl AtExit {
    pub(super) fn new() -> Self {
        Self { waits: AtomicBool::new(true), until: AtomicU64::new(0) }
    }

    pub(super) fn waits(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    pub(super) fn set_waits(&self, waits: bool) {
        self.waits.store(waits, Ordering::Relaxed);
    }

    /// A socket is about to be closed that lingers so many milliseconds (for ever if negative).
    pub(super) fn lingers(&self, linger: c_int) {
        let until = u64::try_from(linger).map_or(NEVER, |linger| now() + linger);
        self.until.fetch_max(until, Ordering::Relaxed);
    }

    /// Until when the exit waits for the context, if it does at all.
    pub(super) fn until(&self) -> Option<u64> {
        self.waits().then(|| self.until.load(Ordering::Relaxed))
    }
}

/// Milliseconds since the first call.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(NEVER)
}

/// The contexts that the exit waits for, and until when at most.
type Awaited = fn() -> Vec<(u64, u64)>;

/// Whether closed sockets of a context still linger.
type Lingers = fn(u64) -> bool;

/// What the exit asks.
static QUESTIONS: OnceLock<(Awaited, Lingers)> = OnceLock::new();

/// Makes the end of the process wait from now on. A forked child inherits this, and then waits for
/// its own contexts.
pub(super) fn watch(awaited: Awaited, lingers: Lingers) {
    QUESTIONS.get_or_init(|| {
        now();
        // SAFETY: `at_exit` is a plain function that neither unwinds nor needs a thread-local.
        // Where registering fails for want of memory, the exit does not wait, as in C.
        unsafe { libc::atexit(at_exit) };
        (awaited, lingers)
    });
}

/// Only those sockets count that were closed before: another thread that goes on opening and
/// closing sockets does not keep the process.
extern "C" fn at_exit() {
    let Some((awaited, lingers)) = QUESTIONS.get().filter(|_| !threads_are_gone()) else { return };
    let mut awaited = awaited();
    loop {
        let now = now();
        awaited.retain(|(context, until)| now < *until && lingers(*context));
        if awaited.is_empty() {
            return;
        }
        thread::sleep(INTERVAL);
    }
}

/// Whether the I/O threads have been ended, which Windows does before it unloads the DLL that this
/// crate may be part of.
#[cfg(windows)]
fn threads_are_gone() -> bool {
    #[link(name = "ntdll")]
    unsafe extern "system" {
        fn RtlDllShutdownInProgress() -> u8;
    }
    // SAFETY: takes nothing, and answers whether the process is ending.
    unsafe { RtlDllShutdownInProgress() != 0 }
}

#[cfg(not(windows))]
fn threads_are_gone() -> bool {
    false
}
