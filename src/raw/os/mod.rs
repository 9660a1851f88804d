//! Calls of the operating system.

pub(crate) mod descriptor;
pub(crate) mod fork;
pub(crate) mod scheduling;
#[cfg(any(feature = "tokio", feature = "async-io"))]
pub(crate) mod signaler;
