//! Programs written for `libzmq` 0.2 compile and run as they stand, but for what the guide lists in `coming_from`.

#![allow(unused_imports, reason = "they import the root as well, and the prelude suffices now")]

mod examples;
#[cfg(feature = "serde")]
mod files;
mod program;
mod signatures;
mod traits;
