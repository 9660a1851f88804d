//! The headers of the patches: each names tests that exist, or says why there can be none.

#![allow(clippy::panic, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

fn patches() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("patches")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The value of a field of a header, such as `Test`.
fn field<'a>(patch: &'a str, name: &str) -> &'a str {
    let header = patch.split("\n--- ").next().unwrap_or_default();
    let mut values = header.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let value = values.next().unwrap_or_default();
    assert!(values.next().is_none(), "it has more than one field {name}");
    value
}

/// The source file of a test, and the name of its function. The path starts with the modules that
/// are files: `it sockets::groups::name` is `fn name` in `tests/it/sockets/groups.rs`.
fn locate<'a>(binary: &str, path: &'a str) -> Option<(PathBuf, &'a str)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (modules, function) = path.rsplit_once("::").unwrap_or(("main", path));
    // Modules within the file stand behind those that are files.
    let files = std::iter::successors(Some(modules), |modules| {
        modules.rsplit_once("::").map(|(outer, _)| outer)
    });
    let files = files.map(|modules| format!("{binary}/{}.rs", modules.replace("::", "/")));
    let alone = format!("process/{binary}.rs");
    files
        .chain([alone])
        .flat_map(|file| {
            ["libzmq-sys/tests", "tests"].map(|folder| workspace.join(folder).join(&file))
        })
        .find(|file| file.exists())
        .map(|file| (file, function))
}

/// What is wrong with one entry of the field `Test`.
fn problem(test: &str) -> Option<String> {
    let Some((binary, path)) = test.split_once(' ') else {
        return Some(format!("`{test}` is not `<test binary> <path>`"));
    };
    let Some((file, function)) = locate(binary, path) else {
        return Some(format!("`{test}`: there is no file of that name"));
    };
    let found = read(&file).contains(&format!("fn {function}()"));
    (!found).then(|| format!("`{test}` is not in {}", file.display()))
}

#[test]
fn every_patch_names_tests_that_exist() {
    let mut problems = Vec::new();
    for name in read(&patches().join("series")).lines() {
        let patch = read(&patches().join(format!("{name}.patch")));
        let tests = field(&patch, "Test");
        let none = tests.strip_prefix("none (").and_then(|reason| reason.strip_suffix(')'));
        if none.is_some_and(|reason| !reason.is_empty()) {
            continue;
        }
        problems.extend(
            tests.split(", ").filter_map(problem).map(|problem| format!("{name}: {problem}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_patch_header_has_a_summary_line_and_drop_when() {
    for name in read(&patches().join("series")).lines() {
        let patch = read(&patches().join(format!("{name}.patch")));
        let mut lines = patch.lines();
        let (first, second) = (lines.next().unwrap_or_default(), lines.next());
        assert!(first.ends_with('.') && second == Some(""), "{name} starts with: {first}");
        for required in ["Upstream", "Drop-when"] {
            assert!(!field(&patch, required).is_empty(), "{name} has no field {required}");
        }
    }
}

#[test]
fn patch_that_names_a_missing_test_is_detected() {
    for test in ["regressions", "nosuch udp::x", "regressions udp::nosuch", "exit nosuch"] {
        assert!(problem(test).is_some(), "{test}");
    }
}
