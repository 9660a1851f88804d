//! Structured nonsense against every type of socket, in rounds. A seed decides all of a round,
//! which runs in a child process: an abort or a hang fails this round, with its seed.
//!
//!     HOSTILE_SECONDS=30 HOSTILE_SEED=1 cargo test --package libzmq-sys --test hostile

// The helpers are those of the regressions, which use all of them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(dead_code)]
#[macro_use]
#[path = "../regressions/zmq.rs"]
mod zmq;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod nonsense;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod random;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod rounds;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod target;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn main() -> std::process::ExitCode {
    rounds::run()
}

/// Descriptors, threads and memory are counted as Linux and its C library tell them.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() {}
