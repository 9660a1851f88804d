//! Finds libzmq's C++ sources, patches and compiles them.
//!
//! This is a library for the build script of `libzmq-sys`; programs depend on `libzmq` instead.
//!
//! The sources are upstream's libzmq 4.3.5, which Cargo downloads as the package `zeromq-src` and
//! checks like any other dependency; this crate does not use the network. It copies them into
//! `OUT_DIR`, applies the patches in `patches/`, and compiles them. It needs a C++ compiler, but
//! neither CMake nor libclang.
//!
//! ```no_run
//! # fn main() -> Result<(), String> {
//! let artifacts = libzmq_src::Build::from_cargo()?.compile()?;
//! println!("cargo::metadata=include={}", artifacts.include.display());
//! # Ok(())
//! # }
//! ```

mod build;
mod capability;
mod patch;
mod platform;
mod probe;
mod source;
mod target;
mod unit;

pub use build::{Artifacts, Build};
pub use capability::{CAPABILITIES, capabilities};
pub use source::source_tree;
pub use target::Target;

/// The version of libzmq.
pub const VERSION: &str = "4.3.5";
