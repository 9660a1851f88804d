//! The generated file that includes all of libzmq's `.cpp` files.
//!
//! As one unit libzmq compiles in a third of the time that its hundred files take, since they all include the same
//! headers, and the compiler sees all of it at once.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Writes the unit of the tree's `src/` into `folder` and returns its path.
pub(crate) fn write(tree: &Path, folder: &Path) -> io::Result<PathBuf> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tree.join("src"))? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("cpp")) {
            names.extend(path.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    // The order of a directory is the file system's; a build must not depend on it.
    names.sort_unstable();

    let mut text = String::new();
    for name in names {
        let _ = writeln!(text, "#include \"{name}\"");
    }
    let unit = folder.join("libzmq.cpp");
    fs::write(&unit, text)?;
    Ok(unit)
}
