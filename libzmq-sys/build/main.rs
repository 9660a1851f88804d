//! Brings a libzmq to link, and tells dependents about it.
//!
//! In this order: the source tree in `LIBZMQ_SOURCE_DIR`, built by its own CMake; the system's
//! library, if the feature `system` or `LIBZMQ_NO_VENDOR` wants that; the sources that Cargo
//! downloaded.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bindings;
mod declared;
mod environment;
mod source_dir;
mod system;
mod vendored;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

/// The libzmq that was found or made. Dependents see it as `DEP_ZMQ_ROOT`, `DEP_ZMQ_INCLUDE` and so
/// on.
struct Libzmq {
    /// The folder that the build made, or where the library is installed.
    root: PathBuf,
    /// The folder of `zmq.h`.
    include: PathBuf,
    /// The folder of the library, if it is not where every linker looks.
    lib: Option<PathBuf>,
    version: String,
    /// What it can do: `draft`, `patches`, `curve`, `ipc` ...
    has: Vec<String>,
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build");
    // For the tests, which ask the same compiler.
    println!("cargo::rustc-env=LIBZMQ_SYS_TARGET={}", env::var("TARGET").unwrap_or_default());
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            for line in why.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    if environment::is_docs_rs() {
        // There documentation is built, not programs, and nothing is linked.
        println!("cargo::metadata=version={}", libzmq_src::VERSION);
        println!("cargo::metadata=has={}", libzmq_src::CAPABILITIES.join(","));
        return Ok(());
    }

    let libzmq = if let Some(tree) = environment::source_dir() {
        source_dir::build(&tree)?
    } else if environment::no_vendor() {
        system::find()?
    } else {
        vendored::build()?
    };
    check_features(&libzmq)?;
    bindings::generate(&libzmq.include)?;

    println!("cargo::metadata=root={}", libzmq.root.display());
    println!("cargo::metadata=include={}", libzmq.include.display());
    if let Some(lib) = &libzmq.lib {
        println!("cargo::metadata=lib={}", lib.display());
    }
    println!("cargo::metadata=version={}", libzmq.version);
    println!("cargo::metadata=has={}", libzmq.has.join(","));
    Ok(())
}

/// Whether a feature asks for CURVE.
const CURVE: bool = cfg!(any(feature = "curve", feature = "libsodium"));

/// A feature that is on must be in the libzmq that is linked, wherever that comes from.
fn check_features(libzmq: &Libzmq) -> Result<(), String> {
    for (on, feature) in [(CURVE, "curve"), (cfg!(feature = "wss"), "wss")] {
        if on && !libzmq.has.iter().any(|has| has == feature) {
            return Err(format!(
                "the feature `{feature}` is on, but the libzmq {} in {} was built without it. Turn the feature off, or \
                 build that libzmq with it.",
                libzmq.version,
                libzmq.root.display()
            ));
        }
    }
    Ok(())
}
