//! The environment variables that choose a libzmq.
//!
//! Each is looked up for the target first, so that a cross build can differ from a native one:
//! `AARCH64_UNKNOWN_LINUX_GNU_LIBZMQ_SOURCE_DIR`, then `LIBZMQ_SOURCE_DIR`.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Another libzmq source tree to build.
pub(crate) fn source_dir() -> Option<PathBuf> {
    var("LIBZMQ_SOURCE_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Whether the system's libzmq is to be linked.
pub(crate) fn no_vendor() -> bool {
    // Looked up in any case: a variable that is not looked up does not start another build when it
    // changes.
    let wanted = is_on("LIBZMQ_NO_VENDOR");
    wanted || cfg!(feature = "system")
}

/// Whether the programs of this workspace are to look for the system's libzmq where it is linked.
pub(crate) fn rpath() -> bool {
    is_on("LIBZMQ_RPATH")
}

/// Whether our patches are to be left out. Only for testing that they matter.
pub(crate) fn unpatched() -> bool {
    is_on("LIBZMQ_UNPATCHED")
}

/// The patches to be left out, separated by commas. Only for testing that each matters.
pub(crate) fn skipped_patches() -> Vec<String> {
    let names = var("LIBZMQ_SKIP_PATCH").unwrap_or_default();
    names.to_string_lossy().split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Whether this is docs.rs, which has no network and little time.
pub(crate) fn is_docs_rs() -> bool {
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    env::var_os("DOCS_RS").is_some()
}

/// Whether what is built could be run here.
pub(crate) fn is_native() -> bool {
    env::var_os("HOST") == env::var_os("TARGET")
}

fn is_on(name: &str) -> bool {
    var(name).is_some_and(|value| !value.is_empty() && value != "0")
}

fn var(name: &str) -> Option<OsString> {
    let target = env::var("TARGET").unwrap_or_default().to_uppercase().replace(['-', '.'], "_");
    [format!("{target}_{name}"), name.to_owned()].into_iter().find_map(|name| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var_os(name)
    })
}
