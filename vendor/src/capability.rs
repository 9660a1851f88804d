//! Capabilities, which a libzmq may have or lack.

/// A macro of `platform.hpp`, and its capability.
const OF_MACRO: [(&str, &str); 9] = [
    ("ZMQ_HAVE_CURVE", "curve"),
    ("ZMQ_HAVE_EVENTFD", "eventfd"),
    ("ZMQ_HAVE_IPC", "ipc"),
    ("ZMQ_HAVE_NORM", "norm"),
    ("ZMQ_HAVE_OPENPGM", "pgm"),
    ("ZMQ_HAVE_TIPC", "tipc"),
    ("ZMQ_HAVE_VMCI", "vmci"),
    ("ZMQ_HAVE_WS", "ws"),
    ("ZMQ_HAVE_WSS", "wss"),
];

/// The capabilities of a [`Build`](crate::Build) with all features on Linux.
pub const CAPABILITIES: [&str; 9] =
    ["draft", "patches", "disconnect_peer", "curve", "eventfd", "ipc", "tipc", "ws", "wss"];

/// The capabilities that the patches add.
pub(crate) const OF_PATCHES: [&str; 2] = ["patches", "disconnect_peer"];

/// Reads the capabilities from the text of a `platform.hpp`, ours or one of upstream's CMake.
///
/// `draft` and `patches` are not in that file.
pub fn capabilities(platform_hpp: &str) -> Vec<&'static str> {
    let defined: Vec<&str> = platform_hpp
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split_whitespace().next())
        .collect();
    OF_MACRO
        .iter()
        .filter(|(name, _)| defined.contains(name))
        .map(|&(_, capability)| capability)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_defined_counts() {
        let text = "#define ZMQ_HAVE_WS\n/* #undef ZMQ_HAVE_WSS */\n  #define ZMQ_HAVE_TIPC\n#define ZMQ_HAVE_IPC 1\n";
        assert_eq!(capabilities(text), ["ipc", "ws"]);
    }
}
