//! The functions that this crate declares, all of which a libzmq must have.

use std::fs;
use std::path::Path;

const STABLE: &str = include_str!("../src/bindings/stable.rs");
const DRAFT: &str = include_str!("../src/bindings/draft.rs");

/// Functions of later versions that this crate declares too: our name for the capability, and the
/// function.
const LATER: [(&str, &str); 1] = [("disconnect_peer", "zmq_disconnect_peer")];

/// Which of the later functions the `zmq.h` in the folder `include` has.
pub(crate) fn later(include: &Path) -> Vec<String> {
    let text = fs::read_to_string(include.join("zmq.h")).unwrap_or_default();
    let declared = LATER.iter().filter(|(_, name)| text.contains(name));
    declared.map(|(capability, _)| (*capability).to_owned()).collect()
}

/// The names of all functions.
pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    [STABLE, DRAFT].into_iter().flat_map(str::lines).filter_map(|line| {
        let (name, _) = line.trim_start().strip_prefix("pub fn ")?.split_once('(')?;
        Some(name)
    })
}

/// Reads the version that the `zmq.h` in the folder `include` is of, and refuses a header that
/// lacks a function.
pub(crate) fn version(include: &Path) -> Result<String, String> {
    let header = include.join("zmq.h");
    let text = fs::read_to_string(&header)
        .map_err(|e| format!("cannot read {}: {e}", header.display()))?;
    let number = |part: &str| {
        let name = format!("#define ZMQ_VERSION_{part} ");
        text.lines().find_map(|line| line.strip_prefix(&*name)).map(str::trim)
    };
    let (Some(major), Some(minor), Some(patch)) =
        (number("MAJOR"), number("MINOR"), number("PATCH"))
    else {
        return Err(format!("{} does not tell the version of libzmq", header.display()));
    };
    let version = format!("{major}.{minor}.{patch}");
    match functions().find(|name| !text.contains(*name)) {
        Some(name) => Err(format!(
            "libzmq {version} ({}) is too old: it has no `{name}`. libzmq {} or later is needed.",
            header.display(),
            libzmq_src::VERSION
        )),
        None => Ok(version),
    }
}
