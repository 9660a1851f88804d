//! The generated files that include libzmq's `.cpp` files.
//!
//! All files include the same headers: in a few units they compile in a third of the time. There
//! are four units, so that four processors can compile at the same time. The code that every
//! message passes is in one unit, where the compiler can inline it.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

/// The code that every message passes: the C functions, the socket types, the queues, the
/// signalers, and the engine of a connection. In one unit a message takes 10 % fewer instructions
/// than in two.
const MESSAGES: &[&str] = &[
    "channel", "client", "clock", "content_pool", "ctx", "dealer", "decoder_allocators", "dgram",
    "dish", "dist", "epoll", "err", "fork", "fq", "gather", "io_object", "io_thread", "lb",
    "mailbox", "mailbox_safe", "mechanism", "mechanism_base", "metadata", "msg", "mtrie",
    "null_mechanism", "object", "own", "pair", "peer", "pipe", "poller_base", "pub", "pull",
    "push", "radio", "radix_tree", "rep", "req", "router", "scatter", "server", "session_base",
    "signaler", "socket_base", "stream", "stream_engine_base", "sub", "tcp", "trie", "v2_decoder",
    "v2_encoder", "v3_1_encoder", "xpub", "xsub", "zmq", "zmtp_engine",
];

/// Prefixes of the names of the other files for connections.
const ENGINES: &[&str] = &[
    "curve_", "plain_", "raw_", "udp_engine", "v1_", "ws_decoder", "ws_encoder", "ws_engine",
    "wss_engine", "zap_client",
];

/// Parts of the names of the files that resolve addresses, and open and accept connections.
const TRANSPORTS: &[&str] = &[
    "address", "connecter", "endpoint", "ip.", "ip_resolver", "listener", "socks", "tcp.", "vmci",
];

/// A file to compile.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The name of the file.
    pub(crate) name: &'static str,
    /// The content.
    pub(crate) text: String,
}

/// Returns the units, which must be written beside the tree's `.cpp` files.
pub(crate) fn units(tree: &Path, wss: bool) -> io::Result<Vec<Unit>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(tree.join("src"))? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("cpp")) {
            files.extend(path.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    if !wss {
        // These files always include GnuTLS's headers.
        files.retain(|file| !file.starts_with("wss_"));
    }
    // Sort, because the order of a folder differs between file systems.
    files.sort_unstable();
    let mut units = ["core.cc", "messages.cc", "engines.cc", "transports.cc"]
        .map(|name| Unit { name, text: String::new() });
    for file in files {
        units[place(&file)].text += &format!("#include \"{file}\"\n");
    }
    Ok(units.into())
}

/// Returns the index of a file's unit. Files that are not listed are in the first one.
fn place(file: &str) -> usize {
    let stem = file.trim_end_matches(".cpp");
    if MESSAGES.contains(&stem) {
        1
    } else if ENGINES.iter().any(|name| file.starts_with(name)) {
        2
    } else if TRANSPORTS.iter().any(|name| file.contains(name)) {
        3
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::source_tree;

    #[test]
    fn only_wss_needs_the_headers_of_gnutls() -> Result<(), String> {
        let tree = source_tree()?;
        let text = |wss| -> Result<String, String> {
            let units = units(&tree, wss).map_err(|e| e.to_string())?;
            Ok(units.iter().map(|unit| unit.text.as_str()).collect())
        };
        assert!(text(true)?.contains("\"wss_engine.cpp\""));
        assert!(!text(false)?.contains("\"wss_"));
        Ok(())
    }

    #[test]
    fn every_file_is_in_one_unit_and_no_unit_holds_nearly_all() -> Result<(), String> {
        let tree = source_tree()?;
        let units = units(&tree, true).map_err(|e| e.to_string())?;
        let sizes: Vec<_> = units.iter().map(|unit| unit.text.lines().count()).collect();
        let files = fs::read_dir(tree.join("src")).map_err(|e| e.to_string())?.flatten();
        let cpp = files.filter(|file| file.path().extension() == Some(OsStr::new("cpp")));
        assert_eq!(sizes.iter().sum::<usize>(), cpp.count());
        assert!(sizes.iter().all(|&size| (10..60).contains(&size)), "{sizes:?}");
        Ok(())
    }
}
