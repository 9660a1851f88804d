//! Finds upstream's source tree and copies it.

use std::ffi::OsStr;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use zeromq_src::LibLocation;

/// The package with upstream's tree, in `vendor/` beside its `src/`.
const PACKAGE: &str = "zeromq-src-0.3.6+4.3.5";

/// The folders of the tree that the build needs, and the endings of the files.
const NEEDED: [(&str, &[&str]); 4] = [
    ("include", &["h"]),
    ("src", &["cpp", "hpp", "h"]),
    ("external/sha1", &["c", "h"]),
    ("external/wepoll", &["c", "h"]),
];

/// Finds upstream's source tree, as Cargo unpacked it.
///
/// # Errors
/// If it is not found, for example because paths are remapped and `CARGO_HOME` is not set in the
/// build script.
pub fn source_tree() -> Result<PathBuf, String> {
    let beside = tree_beside(&caller_in_package());
    beside.into_iter().chain(in_registry()).find(|tree| is_tree(tree)).ok_or_else(|| {
        format!(
            "libzmq's sources, which the package {PACKAGE} carries, were not found. \
             Set LIBZMQ_SOURCE_DIR to a libzmq source tree instead."
        )
    })
}

/// Copies the files that the build needs from the tree `from` to `to`, and replaces those of an
/// earlier build.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let told = |e: io::Error| {
        format!("cannot copy libzmq's sources from {} to {}: {e}", from.display(), to.display())
    };
    match fs::remove_dir_all(to) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(told(e)),
        _ => (),
    }
    for (folder, endings) in NEEDED {
        copy_folder(&from.join(folder), &to.join(folder), endings).map_err(told)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path, endings: &[&str]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .and_then(OsStr::to_str)
            .is_some_and(|ending| endings.contains(&ending));
        if let (true, Some(name)) = (wanted, path.file_name()) {
            // Not `fs::copy`, which also copies permissions: the registry's files may be read-only.
            fs::write(to.join(name), fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn is_tree(tree: &Path) -> bool {
    tree.join("include/zmq.h").is_file() && tree.join("src/zmq.cpp").is_file()
}

/// Returns the path of the package's `src/lib.rs`.
///
/// The package does not say where it is unpacked. But its constructor calls a conversion of ours,
/// which has `#[track_caller]`, so it knows the source file of its caller.
fn caller_in_package() -> PathBuf {
    struct Caller;

    impl From<Caller> for PathBuf {
        #[track_caller]
        fn from(_: Caller) -> Self {
            Self::from(Location::caller().file())
        }
    }

    LibLocation::new(Caller, PathBuf::new()).lib_dir().to_path_buf()
}

fn tree_beside(lib_rs: &Path) -> Option<PathBuf> {
    Some(lib_rs.parent()?.parent()?.join("vendor"))
}

/// Returns the tree in each of Cargo's registries, for builds that remap paths
/// (`--remap-path-prefix`).
fn in_registry() -> Vec<PathBuf> {
    let user = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(user()?).join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    registries
        .into_iter()
        .flatten()
        .flatten()
        .map(|registry| registry.path().join(PACKAGE).join("vendor"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_beside_the_package_that_carries_it() {
        let tree = tree_beside(&caller_in_package());
        assert!(tree.is_some_and(|tree| is_tree(&tree)));
    }

    #[test]
    fn the_registry_is_searched_when_paths_are_hidden() {
        assert_eq!(
            tree_beside(Path::new("/hidden/src/lib.rs")),
            Some(PathBuf::from("/hidden/vendor"))
        );
        assert!(!is_tree(Path::new("/hidden/vendor")));
    }
}
