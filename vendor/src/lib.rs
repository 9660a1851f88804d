//! Where libzmq's C++ comes from and how it is compiled.
//!
//! This is a library for the build script of `libzmq-sys`; programs depend on `libzmq` instead.
//!
//! The sources are upstream's libzmq 4.3.5, which Cargo downloads as the package `zeromq-src` and
//! checks like any other dependency; nothing here touches the network. They are copied into
//! `OUT_DIR`, mended by the patches in `patches/`, and compiled by a C++ compiler alone: neither
//! CMake nor libclang is needed.
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

/// The version of libzmq whose sources these are.
pub const VERSION: &str = "4.3.5";
