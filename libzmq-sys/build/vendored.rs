//! libzmq from the sources that Cargo downloaded, with our patches.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use crate::{Libzmq, environment};

pub(crate) fn build() -> Result<Libzmq, String> {
    let mut build = libzmq_src::Build::from_cargo()?;
    build.patched(!environment::unpatched()).without_patches(environment::skipped_patches());
    if cfg!(feature = "libsodium") {
        build.curve(libsodium("INCLUDE")?);
    } else if cfg!(feature = "curve") {
        let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/curve");
        println!("cargo::rerun-if-changed={}", header.display());
        build.curve(header);
    }
    if cfg!(feature = "wss") {
        build.wss(gnutls()?.include_paths);
    }
    let made = build.compile()?;
    for lib in made.libs {
        println!("cargo::rustc-link-lib={lib}");
    }
    Ok(Libzmq {
        root: made.root,
        include: made.include,
        lib: Some(made.lib),
        version: libzmq_src::VERSION.to_owned(),
        has: made.has.into_iter().map(str::to_owned).collect(),
    })
}

/// Finds GnuTLS and links it. libzmq needs at least 3.6.7.
pub(crate) fn gnutls() -> Result<pkg_config::Library, String> {
    pkg_config::Config::new()
        .atleast_version("3.6.7")
        .probe("gnutls")
        .map_err(|e| format!("the feature `wss` needs GnuTLS 3.6.7 or later: install it (`apt-get install libgnutls28-dev`).\n{e}"))
}

/// The folder of libsodium's headers (`INCLUDE`), or of the library itself (`LIB`).
pub(crate) fn libsodium(what: &str) -> Result<OsString, String> {
    env::var_os(format!("DEP_SODIUM_{what}"))
        .ok_or_else(|| format!("libsodium-sys-stable does not set DEP_SODIUM_{what}"))
}
