//! Detects forks. A forked child has its parent's memory, but not its I/O threads: calls on the
//! sockets would fail, block, or disturb the parent. So each object stores the process that created
//! it.

use std::sync::{
    Once,
    atomic::{AtomicU32, Ordering},
};

use crate::raw::Errno;

/// The number of forks between the first process and this one. The handler in the child counts it
/// up. Reading it costs one load; `getpid` would cost a system call for each message.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The process that created an object.
#[derive(Clone, Copy, Debug)]
pub(in crate::raw) struct Process(u32);

impl Process {
    pub(in crate::raw) fn number(self) -> u32 {
        self.0
    }

    pub(in crate::raw) fn current() -> Self {
        watch();
        Self(GENERATION.load(Ordering::Relaxed))
    }

    #[inline]
    pub(in crate::raw) fn is_current(self) -> bool {
        self.0 == GENERATION.load(Ordering::Relaxed)
    }

    #[inline]
    pub(in crate::raw) fn check(self) -> Result<(), Errno> {
        if self.is_current() { Ok(()) } else { Err(Errno::FORKED) }
    }
}

/// A value for each process of a line of forks. A lock that a thread of the parent holds during
/// `fork` stays locked in the child, so the child uses other locks.
#[derive(Debug)]
pub(crate) struct PerProcess<T>([T; GENERATIONS]);

/// How many processes of a line of forks have their own value. Further ones share the last value.
pub(crate) const GENERATIONS: usize = 16;

impl<T> PerProcess<T> {
    pub(crate) const fn new(values: [T; GENERATIONS]) -> Self {
        Self(values)
    }

    pub(crate) fn get(&self) -> &T {
        let generation = Process::current().0 as usize;
        &self.0[generation.min(GENERATIONS - 1)]
    }
}

#[cfg(unix)]
fn watch() {
    static WATCHED: Once = Once::new();

    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }

    WATCHED.call_once(|| {
        // SAFETY: the handler is a plain function that only changes an atomic, which is allowed
        // between fork and exec (pthread_atfork(3)). If registering fails for lack of memory, forks
        // are not detected, as in C.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

#[cfg(not(unix))]
fn watch() {
    static NOTHING_FORKS: Once = Once::new();
    NOTHING_FORKS.call_once(|| ());
}
