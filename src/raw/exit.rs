//! A normal exit of the process waits until closed sockets have sent their queued messages.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use libc::c_int;

/// How often the exit checks whether sockets linger.
const INTERVAL: Duration = Duration::from_millis(1);

/// The deadline of an infinite linger period.
const NEVER: u64 = u64::MAX;

/// What the exit of the process needs to know about a context.
#[derive(Debug)]
pub(super) struct AtExit {
    waits: AtomicBool,
    /// The end of the longest linger period of the closed sockets, in milliseconds of [`now`].
    until: AtomicU64,
    /// How many open sockets will be closed soon.
    pub(super) closing: AtomicUsize,
}

impl AtExit {
    pub(super) fn new() -> Self {
        let (until, closing) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { waits: AtomicBool::new(true), until, closing }
    }

    pub(super) fn waits(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    pub(super) fn set_waits(&self, waits: bool) {
        self.waits.store(waits, Ordering::Relaxed);
    }

    /// Notes the linger period, in milliseconds, of a socket that is about to be closed. A negative
    /// one is infinite.
    pub(super) fn note_linger(&self, linger: c_int) {
        self.note_linger_after(Duration::ZERO, linger);
    }

    /// As [`note_linger`](Self::note_linger), for a socket that is closed after a time.
    pub(super) fn note_linger_after(&self, time: Duration, linger: c_int) {
        let start = now().saturating_add(u64::try_from(time.as_millis()).unwrap_or(NEVER));
        let until = u64::try_from(linger).map_or(NEVER, |linger| start.saturating_add(linger));
        self.until.fetch_max(until, Ordering::Relaxed);
    }

    /// Returns whether a socket will be closed soon.
    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst) > 0
    }

    /// Returns the deadline of the exit for the context, or `None` if the exit does not wait for
    /// it.
    pub(super) fn until(&self) -> Option<u64> {
        self.waits().then(|| self.until.load(Ordering::Relaxed))
    }
}

/// Returns the milliseconds since the first call.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(NEVER)
}

/// Returns the contexts that the exit waits for, each with its deadline.
type Awaited = fn() -> Vec<(u64, u64)>;

/// Returns whether sockets of a context linger or will be closed soon.
type Lingers = fn(u64) -> bool;

/// The functions that the exit calls.
static QUERIES: OnceLock<(Awaited, Lingers)> = OnceLock::new();

/// Registers the exit handler. A forked child inherits it, and waits for its own contexts.
pub(super) fn watch(awaited: Awaited, lingers: Lingers) {
    QUERIES.get_or_init(|| {
        now();
        // SAFETY: `at_exit` is a plain function that neither unwinds nor uses a thread-local. If
        // registering fails for lack of memory, the exit does not wait, as in C.
        unsafe { libc::atexit(at_exit) };
        (awaited, lingers)
    });
}

/// Waits for the sockets that were closed before the exit, or will be soon. Another thread that
/// opens and closes sockets does not prolong the exit.
extern "C" fn at_exit() {
    let Some((awaited, lingers)) = QUERIES.get().filter(|_| !threads_are_gone()) else { return };
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

/// Returns whether Windows has ended the I/O threads, which it does before it unloads a DLL.
#[cfg(windows)]
fn threads_are_gone() -> bool {
    #[link(name = "ntdll")]
    unsafe extern "system" {
        fn RtlDllShutdownInProgress() -> u8;
    }
    // SAFETY: takes nothing, and returns whether the process is ending.
    unsafe { RtlDllShutdownInProgress() != 0 }
}

#[cfg(not(windows))]
fn threads_are_gone() -> bool {
    false
}
