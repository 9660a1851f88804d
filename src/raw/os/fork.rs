//! A child made by `fork` has its parent's memory, but none of the I/O threads that serve its
//! sockets: whatever it does with them fails, hangs or disturbs the parent. So each object
//! remembers the process that made it.

use std::sync::{
    Once,
    atomic::{AtomicU32, Ordering},
};

use crate::raw::Errno;

/// Counts the forks between the first process and this one. A counter that the child's side of
/// `fork` raises costs a load where asking for the process id would cost a system call for each
/// message.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The process that made an object.
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

/// One value for each process of a line of forks. A lock that some thread of the parent holds when
/// another forks stays locked in the child for ever; so the child uses locks that its parent never
/// touched.
#[derive(Debug)]
pub(crate) struct PerProcess<T>([T; GENERATIONS]);

/// How many processes of a line of forks are told apart. Those beyond share the last value, and
/// take the risk.
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
        // SAFETY: the handler is a plain function that only touches an atomic, which is allowed
        // between fork and exec (pthread_atfork(3)). Should registering fail for want of memory,
        // forks go unnoticed, as they do in C.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

#[cfg(not(unix))]
fn watch() {
    static NOTHING_FORKS: Once = Once::new();
    NOTHING_FORKS.call_once(|| ());
}
