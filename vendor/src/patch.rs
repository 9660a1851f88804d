//! Applies our patches in `vendor/patches` to a copy of the upstream tree.
//!
//! A patch is a header that says what is wrong, and a unified diff; `patches/series` gives the
//! order. Line numbers are ignored. The old lines of a hunk must be in the file exactly once. A
//! hunk of `/dev/null` adds a file, which must not exist. If the place of a patch is missing or
//! ambiguous, the build fails; all such patches are reported at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The name and the text of each patch, in the order of `patches/series`.
const PATCHES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/patches.rs"));

/// Applies the patches to the libzmq source tree at `tree`, except those named in `skipped`.
///
/// The tree must be unpatched and writable. After an error it may be partly patched.
pub(crate) fn apply(tree: &Path, skipped: &[String]) -> Result<(), String> {
    let mut failures = Vec::new();
    for name in skipped {
        if !PATCHES.iter().any(|(patch, _)| patch == name) {
            failures.push(format!("there is no patch `{name}` to leave out"));
        }
    }
    for (name, text) in PATCHES {
        if skipped.iter().any(|skipped| skipped == name) {
            continue;
        }
        if let Err(why) = apply_one(tree, text) {
            failures.push(format!("patch `{name}` does not apply: {why}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn apply_one(tree: &Path, text: &str) -> Result<(), String> {
    let mut files = BTreeMap::new();
    for hunk in parse(text)? {
        let path = tree.join(hunk.file);
        let old = match files.remove(&path) {
            Some(text) => text,
            None if hunk.adds_file && !path.exists() => String::new(),
            None => fs::read_to_string(&path).map_err(|e| format!("{}: {e}", hunk.file))?,
        };
        files.insert(path, hunk.apply(&old)?);
    }
    // Write the files only if the whole patch applies.
    for (path, text) in files {
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// One place in one file.
#[derive(Debug, Default)]
struct Hunk<'a> {
    file: &'a str,
    adds_file: bool,
    before: String,
    after: String,
}

impl Hunk<'_> {
    fn apply(&self, text: &str) -> Result<String, String> {
        if self.adds_file {
            let is_new = text.is_empty();
            return is_new.then(|| self.after.clone()).ok_or(format!("{} exists", self.file));
        }
        // The place must start at the start of a line.
        let mut places = text
            .match_indices(&self.before)
            .map(|(at, _)| at)
            .filter(|&at| at == 0 || text.as_bytes()[at - 1] == b'\n');
        match (places.next(), places.next()) {
            (Some(at), None) => {
                let (head, tail) = text.split_at(at);
                Ok([head, &self.after, &tail[self.before.len()..]].concat())
            }
            (None, _) => Err(format!("{} lacks these lines:\n{}", self.file, self.before)),
            (Some(_), Some(_)) => {
                Err(format!("{} has these lines more than once:\n{}", self.file, self.before))
            }
        }
    }
}

/// Reads the hunks of a unified diff. Every hunk must have old lines and must change them.
fn parse(text: &str) -> Result<Vec<Hunk<'_>>, String> {
    let mut lines = text.lines().enumerate().peekable();
    let mut reason = false;
    while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with("--- ")) {
        reason |= !line.trim().is_empty();
    }
    if !reason {
        return Err("it does not say why".to_owned());
    }
    let mut file = None;
    let mut adds_file = false;
    let mut hunks: Vec<Hunk<'_>> = Vec::new();
    // The numbers of old and new lines that are left in this hunk.
    let mut rest = (0, 0);
    for (number, line) in lines {
        let malformed = |why: &str| Err(format!("line {}: {why}", number + 1));
        if rest == (0, 0) {
            if let Some(new) = line.strip_prefix("+++ b/") {
                file = Some(new.trim_end());
            } else if let (Some(sizes), Some(file)) = (line.strip_prefix("@@ "), file) {
                let Some(sizes) = sizes_of(sizes) else {
                    return malformed("a hunk without its sizes");
                };
                rest = sizes;
                hunks.push(Hunk { file, adds_file, ..Hunk::default() });
            } else if let Some(old) = line.strip_prefix("--- ") {
                adds_file = old.trim_end() == "/dev/null";
                if !adds_file && !old.starts_with("a/") {
                    return malformed("the old file is neither below `a/` nor `/dev/null`");
                }
            } else {
                return malformed("neither a file nor a hunk begins here");
            }
            continue;
        }
        let Some(hunk) = hunks.last_mut() else {
            return malformed("a line outside of a hunk");
        };
        // Some editors remove the space of an empty line.
        let (mark, content) = if line.is_empty() { (" ", "") } else { line.split_at(1) };
        let (old, new) = match mark {
            " " => (1, 1),
            "-" => (1, 0),
            "+" => (0, 1),
            _ => return malformed("it starts with none of ' ', '-', '+'"),
        };
        if old > rest.0 || new > rest.1 {
            return malformed("the hunk has more lines than it says");
        }
        rest = (rest.0 - old, rest.1 - new);
        if old == 1 {
            hunk.before.extend([content, "\n"]);
        }
        if new == 1 {
            hunk.after.extend([content, "\n"]);
        }
    }
    if rest != (0, 0) {
        return Err("the last hunk has fewer lines than it says".to_owned());
    }
    let useless =
        |hunk: &&Hunk<'_>| hunk.before.is_empty() != hunk.adds_file || hunk.before == hunk.after;
    match hunks.iter().find(useless) {
        Some(hunk) => Err(format!("{}: a hunk without context or without a change", hunk.file)),
        None if hunks.is_empty() => Err("it changes nothing".to_owned()),
        None => Ok(hunks),
    }
}

/// Reads the numbers of old and new lines from `-12,7 +12,9 @@`.
fn sizes_of(ranges: &str) -> Option<(usize, usize)> {
    let (old, rest) = ranges.strip_prefix('-')?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let size = |range: &str| range.split_once(',').map_or(Some(1), |(_, size)| size.parse().ok());
    Some((size(old)?, size(new)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str =
        "Because.\n\n--- a/a.cpp\n+++ b/a.cpp\n@@ -7,2 +7,3 @@\n one\n-two\n+deux\n+\n";

    fn patched(file: &str, patch: &str) -> Result<String, String> {
        let mut text = file.to_owned();
        for hunk in parse(patch)? {
            text = hunk.apply(&text)?;
        }
        Ok(text)
    }

    #[test]
    fn a_hunk_replaces_its_lines_and_nothing_else() {
        let result = patched("zero\none\ntwo\nthree\n", PATCH);
        assert_eq!(result, Ok("zero\none\ndeux\n\nthree\n".to_owned()));
    }

    #[test]
    fn hunks_of_one_file_apply_in_order() {
        let patch = format!("{PATCH}@@ -8 +8 @@\n-deux\n+zwei\n");
        assert_eq!(patched("one\ntwo\n", &patch), Ok("one\nzwei\n\n".to_owned()));
    }

    #[test]
    fn a_removed_line_may_look_like_the_name_of_a_file() {
        let patch = "Because.\n--- a/a.cpp\n+++ b/a.cpp\n@@ -1,2 +1 @@\n one\n--- b\n";
        assert_eq!(patched("one\n-- b\n", patch), Ok("one\n".to_owned()));
    }

    #[test]
    fn a_hunk_whose_place_is_missing_or_ambiguous_is_an_error() {
        for file in ["", "one\nthree\n", "one\ntwo", "no one\ntwo\n", "one\ntwo\none\ntwo\n"] {
            let error = patched(file, PATCH);
            assert!(
                error.as_ref().is_err_and(|e| e.contains("a.cpp") && e.contains("one\ntwo")),
                "{file:?}: {error:?}"
            );
        }
    }

    #[test]
    fn a_hunk_of_dev_null_adds_a_file_that_must_not_exist() {
        let patch = "Because.\n--- /dev/null\n+++ b/a.hpp\n@@ -0,0 +1,2 @@\n+one\n+two\n";
        assert_eq!(patched("", patch), Ok("one\ntwo\n".to_owned()));
        assert!(patched("one\n", patch).is_err_and(|e| e.contains("a.hpp exists")));
        let with_context = patch.replace("@@ -0,0 +1,2 @@\n+", "@@ -1 +1,2 @@\n ");
        assert!(parse(&with_context).is_err());
    }

    #[test]
    fn a_malformed_patch_is_an_error() {
        for hunk in [
            "",
            "-a\n",
            "@@ -1 +1 @@\n-b\n",
            "@@ -1 +1 @@\n b\n",
            "@@ 1 @@\n",
            "@@ -1 +1 @@\n-b\nc\n",
        ] {
            let patch = format!("Because.\n--- a/a\n+++ b/a\n{hunk}");
            assert!(parse(&patch).is_err(), "{patch:?}");
        }
        assert!(parse("").is_err());
        assert!(parse(PATCH.trim_start_matches("Because.")).is_err());
    }

    #[test]
    fn all_patches_that_do_not_apply_are_reported_by_name() {
        let nowhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-such-tree");
        let Err(error) = apply(&nowhere, &["none/such".to_owned()]) else { unreachable!() };
        for name in PATCHES.iter().map(|(name, _)| *name).chain(["none/such"]) {
            assert!(error.contains(&format!("`{name}`")), "{name} is not in: {error}");
        }
    }

    #[test]
    fn every_patch_is_well_formed_and_in_the_series() -> Result<(), String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patches");
        let mut found = Vec::new();
        for area in fs::read_dir(&folder).map_err(|e| e.to_string())?.flatten() {
            for file in fs::read_dir(area.path()).into_iter().flatten().flatten() {
                let path = file.path().with_extension("");
                let name = path.strip_prefix(&folder).map_err(|e| e.to_string())?;
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
        let mut listed: Vec<_> = PATCHES.iter().map(|(name, _)| (*name).to_owned()).collect();
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
        for (name, text) in PATCHES {
            parse(text).map_err(|e| format!("{name}: {e}"))?;
        }
        Ok(())
    }
}
