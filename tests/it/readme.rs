//! The README agrees with the code.

const README: &str = include_str!("../../README.md");

/// The README's programs are those of the documentation, which are run as tests.
#[test]
fn readme_examples_are_tested_in_the_documentation() {
    let readme: Vec<_> = README.lines().collect();
    let asynchronous = readme.iter().position(|line| *line == "## In an async runtime").unwrap();
    for (shown, documentation, comment) in [
        (&readme[..], include_str!("../../src/lib.rs"), "//!"),
        (&readme[asynchronous..], include_str!("../../src/aio/mod.rs"), "///"),
    ] {
        let tested: Vec<_> = documentation
            .lines()
            .filter_map(|line| line.strip_prefix(comment))
            .map(str::trim)
            .collect();
        assert_eq!(block(shown, "```rust"), block(&tested, "```"));
    }
}

/// Lines of the first block that begins so. Hidden lines count, but for what a missing feature
/// needs; indentation and empty lines do not.
fn block<'a>(lines: &[&'a str], begin: &str) -> Vec<&'a str> {
    let code =
        lines.iter().skip_while(|line| **line != begin).skip(1).take_while(|line| **line != "```");
    let code = code.map(|line| line.trim_start_matches("# ").trim());
    code.filter(|line| !line.is_empty() && !line.starts_with("#[cfg") && *line != "fn main() {}")
        .collect()
}

/// Each feature of the package has a row in the README, and the other way round.
#[test]
fn readme_lists_the_features_of_the_package() {
    let package =
        include_str!("../../Cargo.toml").lines().skip_while(|line| *line != "[features]").skip(1);
    let package =
        package.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    let mut package: Vec<_> = package
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "default")
        .collect();

    let table = README
        .lines()
        .skip_while(|line| *line != "## Features")
        .skip(4)
        .take_while(|line| line.starts_with('|'));
    let mut shown: Vec<_> = table.map(|row| row.split('`').nth(1).unwrap()).collect();

    package.sort_unstable();
    shown.sort_unstable();
    assert_eq!(shown, package);
}
