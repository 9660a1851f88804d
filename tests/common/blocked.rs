//! Threads that are known to be blocked in a call.

use std::{
    sync::mpsc,
    thread::{self, JoinHandle},
};

/// Starts a thread that makes the call, and returns once the thread is blocked in it. The call may
/// also have returned.
///
/// Only Linux reports that a thread is blocked. Elsewhere the thread has started, and has had a
/// head start.
pub fn spawn_blocked<T: Send + 'static>(
    call: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let (started, start) = mpsc::channel();
    let thread = thread::spawn(move || {
        started.send(observed::this_thread()).unwrap();
        call()
    });
    let id = start.recv().unwrap();
    super::until(|| thread.is_finished() || observed::is_blocked(&id));
    thread
}

#[cfg(target_os = "linux")]
mod observed {
    use std::{
        fs,
        path::{Path, PathBuf},
        thread,
        time::Duration,
    };

    /// The folder of the calling thread in `/proc`.
    pub(super) fn this_thread() -> PathBuf {
        Path::new("/proc").join(fs::read_link("/proc/thread-self").unwrap())
    }

    /// Whether the thread sleeps, and has done nothing else for a millisecond. A thread may also
    /// sleep for a moment because of a lock.
    pub(super) fn is_blocked(thread: &Path) -> bool {
        let before = state(thread);
        thread::sleep(Duration::from_millis(1));
        before.is_some() && state(thread) == before
    }

    /// How often the thread has been switched, if it sleeps now.
    fn state(thread: &Path) -> Option<Vec<String>> {
        let status = fs::read_to_string(thread.join("status")).ok()?;
        let sleeps = status.lines().any(|line| line.starts_with("State:\tS"));
        let switches = status.lines().filter(|line| line.contains("ctxt_switches"));
        sleeps.then(|| switches.map(str::to_owned).collect())
    }
}

#[cfg(not(target_os = "linux"))]
mod observed {
    use std::{thread, time::Duration};

    /// Says nothing of the thread.
    pub(super) struct Started;

    pub(super) fn this_thread() -> Started {
        Started
    }

    /// Nothing reports it, so this gives the thread a head start.
    pub(super) fn is_blocked(_: &Started) -> bool {
        thread::sleep(Duration::from_millis(50));
        true
    }
}
