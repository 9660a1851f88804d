//! Programs written for `libzmq` 0.2 compile and run as they stand, but for what the guide's
//! chapter `coming_from` lists.

#![allow(unused_imports, reason = "they import the root as well, and the prelude suffices now")]

mod examples;
#[cfg(feature = "serde")]
mod files;
mod program;
mod signatures;
mod traits;
