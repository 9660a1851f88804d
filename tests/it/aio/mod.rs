//! `Async` and its runtimes.

#[cfg(feature = "tokio")]
mod calls;
#[cfg(feature = "tokio")]
mod methods;
#[cfg(any(feature = "tokio", feature = "async-io"))]
mod monitor;
#[cfg(feature = "async-io")]
mod runtimes;
#[cfg(feature = "tokio")]
mod stress;
#[cfg(feature = "tokio")]
mod wakes;
