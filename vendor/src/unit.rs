//! The generated file that includes all of libzmq's `.cpp` files.
//!
//! As one unit libzmq compiles in a third of the time that its hundred files take, since they all include the same
//! headers, and the compiler sees all of it at once.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

/// The text of the unit, to be written beside the tree's `.cpp` files.
pub(crate) fn text(tree: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(tree.join("src"))? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("cpp")) {
            files.extend(path.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    // The order of a folder is the file system's; what is compiled must not depend on it.
    files.sort_unstable();
    Ok(files.iter().map(|file| format!("#include \"{file}\"\n")).collect())
}
