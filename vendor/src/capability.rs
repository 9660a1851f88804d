//! What a libzmq can do beyond what every libzmq can.

/// A macro of `platform.hpp`, and the capability that it means.
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

/// What a [`Build`](crate::Build) with everything on reports on Linux.
pub const CAPABILITIES: [&str; 8] =
    ["draft", "patches", "curve", "eventfd", "ipc", "tipc", "ws", "wss"];

/// Reads the capabilities out of the text of a `platform.hpp`, ours or one that upstream's CMake
/// wrote.
///
/// `draft` and `patches` are not among them: nothing in that file tells.
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
