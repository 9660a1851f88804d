//! The clock: the same for threads and for tasks.

use std::future::Future;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

/// The runtime of the asynchronous contestants: two workers, one for either side.
///
/// # Panics
/// If the system has no threads left.
#[must_use]
pub fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts")
}

/// How long it takes until all of `waited` have returned, while `other` runs beside them, each on a
/// thread.
///
/// What they return, their sockets, is dropped after that, so that no message is lost and no time
/// is measured for it.
///
/// # Panics
/// If one of them does.
pub fn threads<T: Send + 'static, U: Send + 'static>(
    other: impl FnOnce() -> T + Send + 'static,
    waited: Vec<impl FnOnce() -> U + Send + 'static>,
) -> Duration {
    let waited: Vec<_> = waited.into_iter().map(thread::spawn).collect();
    let start = Instant::now();
    let other = thread::spawn(other);
    let waited: Vec<_> = waited.into_iter().map(thread::JoinHandle::join).collect();
    let took = start.elapsed();
    assert!(other.join().is_ok() && waited.iter().all(Result::is_ok), "a thread panicked");
    took
}

/// As [`threads`], with a task for each.
///
/// # Panics
/// If one of them does.
pub fn tasks<T: Send + 'static, U: Send + 'static>(
    runtime: &Runtime,
    other: impl Future<Output = T> + Send + 'static,
    waited: Vec<impl Future<Output = U> + Send + 'static>,
) -> Duration {
    runtime.block_on(async {
        let waited: Vec<_> = waited.into_iter().map(tokio::spawn).collect();
        let start = Instant::now();
        let other = tokio::spawn(other);
        let mut kept = Vec::new();
        for task in waited {
            kept.push(task.await.expect("a task panicked"));
        }
        let took = start.elapsed();
        other.await.expect("a task panicked");
        took
    })
}
