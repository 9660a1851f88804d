//! The generated file that includes all of libzmq's `.cpp` files.
//!
//! As one unit libzmq compiles in a third of the time that its hundred files take, since they all
//! include the same headers, and the compiler sees all of it at once.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

/// The text of the unit, to be written beside the tree's `.cpp` files.
pub(crate) fn text(tree: &Path, wss: bool) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(tree.join("src"))? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("cpp")) {
            files.extend(path.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    if !wss {
        // These include GnuTLS's headers in any case; the rest of libzmq does not when it is told
        // so.
        files.retain(|file| !file.starts_with("wss_"));
    }
    // The order of a folder is the file system's; what is compiled must not depend on it.
    files.sort_unstable();
    Ok(files.iter().map(|file| format!("#include \"{file}\"\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::source_tree;

    #[test]
    fn only_wss_needs_the_headers_of_gnutls() -> Result<(), String> {
        let tree = source_tree()?;
        let text = |wss| text(&tree, wss).map_err(|e| e.to_string());
        assert!(text(true)?.contains("\"wss_engine.cpp\""));
        assert!(!text(false)?.contains("\"wss_"));
        assert!(text(false)?.starts_with("#include \"address.cpp\"\n"));
        Ok(())
    }
}
