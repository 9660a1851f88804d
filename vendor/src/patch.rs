//! Our edits of libzmq's C++: what `vendor/patches/*.edit` says, done to a copy of the upstream
//! tree.
//!
//! An `.edit` file mends one thing. It opens with prose: what is wrong, how it bites, and the
//! upstream commit if there is one. The edits follow, in the manner of a unified diff but without
//! line numbers or file headers:
//!
//! ```text
//! @@ src/some_file.cpp
//!  a line that stays
//! -a line that goes
//! +a line that comes
//! ```
//!
//! The lines that stay and those that go, taken together, must be in the file once and only once.
//! Nothing is guessed: if upstream's text changed, the build fails and names the patch, and a
//! person decides what becomes of it.

use std::fs;
use std::path::Path;

/// Names each `.edit` file once; they are applied in this order.
macro_rules! edits {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../patches/", $name, ".edit")))),*]
    };
}

const EDITS: &[(&str, &str)] = edits![
    "mailbox-leaf-mutex",
    "af11df08-udp-body-overflow",
    "e357cd32-udp-group-sign",
    "3be093c2-udp-group-leak",
    "udp-transient-errors",
    "udp-no-socket",
    "dgram-ipv4-only",
    "dgram-send-unbound",
    "long-group-copies",
    "group-set-twice",
    "radio-join-length",
    "dish-nameless-group",
    "dish-group-leak",
    "dish-commands",
    "radio-body-leak",
    "reset-while-stopped",
    "short-ping",
    "router-routing-id-claimed",
    "router-routing-id-taken",
    "routing-id-no-room",
    "refused-peer-descriptor",
    "push-drops-what-comes",
    "credential-not-counted",
    "credential-in-session",
    "tiny-batch",
    "conflate-more",
    "xpub-manual-sender",
    "zap-answer-late",
    "socks-reply",
    "socks-error-handle",
    "decoder-errno",
    "ws-heartbeat-no-mechanism",
    "ws-handshake-time",
    "stream-and-dgram-transports",
    "inproc-radio-dish",
    "959a1335-late-hwm",
    "acef50b8-pipe-term-ack",
    "dead-peer-send",
    "9d319655-tcp-self-connect",
    "0e61bce5-ws-path",
    "f8b3cc81-proxy-pause-resume",
    "058ad60b-proxy-control-type",
    "proxy-control-one-socket",
    "ctx-term-pending",
    "resolve-no-descriptors",
    "accept-no-descriptors",
    "close-no-descriptors",
    "start-no-resources",
    "use-fd-listening",
    "xsub-short-option",
    "signaler-overflow",
    "fork-term",
    "accept-filter-mapped",
    "connect-ipv4-too",
    "monitor-errno",
    "monitor-lost",
];

/// Applies every patch to the libzmq source tree at `tree` and returns their names, in order.
///
/// The tree must be pristine and writable. On an error it may be left half patched.
pub(crate) fn apply(tree: &Path) -> Result<Vec<String>, String> {
    EDITS
        .iter()
        .map(|(name, text)| {
            apply_one(tree, text).map_err(|why| format!("patch `{name}` does not apply: {why}"))?;
            Ok((*name).to_owned())
        })
        .collect()
}

fn apply_one(tree: &Path, text: &str) -> Result<(), String> {
    for hunk in parse(text)? {
        let path = tree.join(hunk.file);
        let told = |e| format!("{}: {e}", hunk.file);
        let old = fs::read_to_string(&path).map_err(told)?;
        let new = hunk.edit(&old)?;
        fs::write(&path, new).map_err(told)?;
    }
    Ok(())
}

/// One place in one file.
#[derive(Debug, Default)]
struct Hunk<'a> {
    file: &'a str,
    before: String,
    after: String,
}

impl Hunk<'_> {
    fn edit(&self, text: &str) -> Result<String, String> {
        // Whole lines only: the anchor starts where a line starts.
        let mut places = text
            .match_indices(&self.before)
            .map(|(at, _)| at)
            .filter(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n');
        match (places.next(), places.next()) {
            (Some(at), None) => {
                let (head, tail) = text.split_at(at);
                Ok([head, &self.after, &tail[self.before.len()..]].concat())
            }
            (None, _) => Err(format!("{}: no such lines:\n{}", self.file, self.before)),
            (Some(_), Some(_)) => Err(format!(
                "{}: these lines are there more than once:\n{}",
                self.file, self.before
            )),
        }
    }
}

fn parse(text: &str) -> Result<Vec<Hunk<'_>>, String> {
    let mut hunks: Vec<Hunk<'_>> = Vec::new();
    let mut reason = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(file) = line.strip_prefix("@@ ") {
            hunks.push(Hunk { file: file.trim(), ..Hunk::default() });
            continue;
        }
        let Some(hunk) = hunks.last_mut() else {
            reason |= !line.trim().is_empty();
            continue;
        };
        let (mark, rest) = line.split_at(usize::from(!line.is_empty()));
        if matches!(mark, " " | "-") {
            hunk.before.extend([rest, "\n"]);
        }
        if matches!(mark, " " | "+") {
            hunk.after.extend([rest, "\n"]);
        }
        if !matches!(mark, "" | " " | "-" | "+") {
            return Err(format!("line {} starts with none of ' ', '-', '+', '@@ '", number + 1));
        }
    }
    if !reason {
        return Err("it does not say why".to_owned());
    }
    match hunks.iter().find(|hunk| hunk.before.is_empty() || hunk.before == hunk.after) {
        Some(hunk) => Err(format!("{}: a hunk without an anchor or without a change", hunk.file)),
        None if hunks.is_empty() => Err("it edits nothing".to_owned()),
        None => Ok(hunks),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIT: &str = "Because.\n\n@@ a.cpp\n one\n-two\n+deux\n+\n";

    fn edited(file: &str, edit: &str) -> Result<String, String> {
        let mut text = file.to_owned();
        for hunk in parse(edit)? {
            text = hunk.edit(&text)?;
        }
        Ok(text)
    }

    #[test]
    fn an_edit_replaces_its_anchor_and_nothing_else() {
        assert_eq!(
            edited("zero\none\ntwo\nthree\n", EDIT),
            Ok("zero\none\ndeux\n\nthree\n".to_owned())
        );
    }

    #[test]
    fn hunks_of_one_file_apply_in_order() {
        let edit = format!("{EDIT}@@ a.cpp\n-deux\n+zwei\n");
        assert_eq!(edited("one\ntwo\n", &edit), Ok("one\nzwei\n\n".to_owned()));
    }

    #[test]
    fn an_anchor_must_be_there_once() {
        for file in ["", "one\nthree\n", "one\ntwo", "no one\ntwo\n", "one\ntwo\none\ntwo\n"] {
            let error = edited(file, EDIT);
            assert!(
                error.as_ref().is_err_and(|e| e.contains("a.cpp") && e.contains("one\ntwo")),
                "{file:?}: {error:?}"
            );
        }
    }

    #[test]
    fn a_malformed_edit_is_refused() {
        for edit in [
            "",
            "Because.\n",
            "@@ a\n-b\n",
            "Because.\n@@ a\n+b\n",
            "Because.\n@@ a\n b\n",
            "Because.\n@@ a\n-b\nc\n",
        ] {
            assert!(parse(edit).is_err(), "{edit:?}");
        }
    }

    #[test]
    fn an_error_names_the_patch_and_the_file() {
        let nowhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-such-tree");
        let error = apply(&nowhere);
        let (name, text) = EDITS[0];
        let file = parse(text).map(|hunks| hunks[0].file).unwrap_or_default();
        assert!(error.as_ref().is_err_and(|e| e.contains(name) && e.contains(file)), "{error:?}");
    }

    #[test]
    fn every_file_in_patches_is_listed_and_well_formed() -> Result<(), String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patches");
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(|e| e.to_string())? {
            let file = entry.map_err(|e| e.to_string())?.file_name();
            found.push(file.to_string_lossy().into_owned());
        }
        let mut listed: Vec<_> = EDITS.iter().map(|(name, _)| format!("{name}.edit")).collect();
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
        EDITS
            .iter()
            .try_for_each(|(name, text)| parse(text).map(drop).map_err(|e| format!("{name}: {e}")))
    }
}
