//! Another libzmq source tree, built by its own CMake.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::{Libzmq, declared, vendored};

pub(crate) fn build(tree: &Path) -> Result<Libzmq, String> {
    println!("cargo::rerun-if-changed={}", tree.display());
    if !tree.join("CMakeLists.txt").is_file() || !tree.join("include/zmq.h").is_file() {
        return Err(format!(
            "LIBZMQ_SOURCE_DIR is {}, which is not the root of a libzmq source tree",
            tree.display()
        ));
    }
    let version = declared::version(&tree.join("include"))?;
    check_cmake()?;

    let mut config = cmake::Config::new(tree);
    config.profile("Release").define("CMAKE_INSTALL_LIBDIR", "lib");
    for (option, on) in [
        ("BUILD_SHARED", false),
        ("BUILD_STATIC", true),
        ("BUILD_TESTS", false),
        ("ENABLE_CPACK", false),
        ("ENABLE_CURVE", cfg!(feature = "libsodium")),
        ("ENABLE_DRAFTS", true),
        ("WITH_DOC", false),
        ("WITH_DOCS", false),
        ("WITH_LIBBSD", false),
        ("WITH_LIBSODIUM", cfg!(feature = "libsodium")),
        ("WITH_LIBSODIUM_STATIC", cfg!(feature = "libsodium")),
        ("WITH_PERF_TOOL", false),
        ("WITH_TLS", cfg!(feature = "wss")),
    ] {
        config.define(option, if on { "ON" } else { "OFF" });
    }
    if cfg!(feature = "libsodium") {
        let lib = vendored::libsodium("LIB")?;
        config
            .define("SODIUM_INCLUDE_DIRS", vendored::libsodium("INCLUDE")?)
            .define("SODIUM_LIBRARIES", static_library(Path::new(&lib), "sodium")?);
    } else if cfg!(feature = "curve") {
        return Err("the CMake of the tree in LIBZMQ_SOURCE_DIR builds CURVE on libsodium only: \
                    turn on the feature `libsodium` instead of `curve`"
            .to_owned());
    }
    if cfg!(feature = "wss") {
        vendored::gnutls()?;
    }
    let root = config.build();

    let lib = root.join("lib");
    link(&lib)?;
    let platform = root.join("build/platform.hpp");
    let text = fs::read_to_string(&platform)
        .map_err(|e| format!("cannot read {}: {e}", platform.display()))?;
    let mut has = vec!["draft".to_owned()];
    has.extend(libzmq_src::capabilities(&text).into_iter().map(str::to_owned));
    let include = root.join("include");
    has.extend(declared::later(&include));
    Ok(Libzmq { include, lib: Some(lib), root, version, has })
}

/// Links the static library in the folder `lib`, and what it needs.
fn link(lib: &Path) -> Result<(), String> {
    let file = static_library(lib, "zmq")?;
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or("zmq");
    let target = libzmq_src::Target::from_cargo()?;
    // Only there is the prefix a part of the name.
    let name = if target.env == "msvc" { stem } else { stem.trim_start_matches("lib") };
    println!("cargo::rustc-link-search=native={}", lib.display());
    println!("cargo::rustc-link-lib=static={name}");
    for lib in target.libs() {
        println!("cargo::rustc-link-lib={lib}");
    }
    println!("cargo::rerun-if-env-changed=CXXSTDLIB");
    let cxx = env::var("CXXSTDLIB").ok().or_else(|| cxx_library(&target).map(str::to_owned));
    if let Some(cxx) = cxx.filter(|name| !name.is_empty()) {
        println!("cargo::rustc-link-lib={cxx}");
    }
    Ok(())
}

/// The C++ standard library of the target, if it is not linked by itself.
fn cxx_library(target: &libzmq_src::Target) -> Option<&'static str> {
    match &*target.os {
        _ if target.env == "msvc" => None,
        "android" => Some("c++_shared"),
        "freebsd" | "openbsd" => Some("c++"),
        _ if target.vendor == "apple" => Some("c++"),
        _ => Some("stdc++"),
    }
}

/// Finds the static library of `what` in a folder: its name differs between systems, and between
/// compilers on Windows.
fn static_library(folder: &Path, what: &str) -> Result<PathBuf, String> {
    let files =
        fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    let is_it = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        name.trim_start_matches("lib").starts_with(what)
            && (name.ends_with(".a") || name.ends_with(".lib"))
    };
    files
        .flatten()
        .map(|entry| entry.path())
        .find(is_it)
        .ok_or_else(|| format!("there is no static library of {what} in {}", folder.display()))
}

fn check_cmake() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=CMAKE");
    let cmake = env::var_os("CMAKE").unwrap_or_else(|| "cmake".into());
    let found = Command::new(cmake)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if found {
        Ok(())
    } else {
        Err("LIBZMQ_SOURCE_DIR is set, and building that tree takes cmake: install it".to_owned())
    }
}
