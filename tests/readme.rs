//! The README says what is so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

const README: &str = include_str!("../README.md");

/// The README's program is the crate documentation's, which is run as a test.
#[test]
fn the_example_is_one_that_is_tested() {
    let shown = block(README.lines().collect(), "```rust");
    let documentation = include_str!("../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//!"));
    let tested = block(documentation.map(str::trim).collect(), "```");
    assert_eq!(shown, tested);
}

/// Lines of the first block that begins so. Hidden lines count, indentation does not.
fn block<'a>(lines: Vec<&'a str>, begin: &str) -> Vec<&'a str> {
    let code = lines.into_iter().skip_while(|line| *line != begin).skip(1).take_while(|line| *line != "```");
    code.map(|line| line.trim_start_matches("# ").trim()).collect()
}

/// Each feature of the package has a row in the README, and the other way round.
#[test]
fn the_features_are_those_of_the_package() {
    let package = include_str!("../Cargo.toml").lines().skip_while(|line| *line != "[features]").skip(1);
    let package = package.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    let mut package: Vec<_> =
        package.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).filter(|name| *name != "default").collect();

    let table = README.lines().skip_while(|line| *line != "## Features").skip(4).take_while(|line| line.starts_with('|'));
    let mut shown: Vec<_> = table.map(|row| row.split('`').nth(1).unwrap()).collect();

    package.sort_unstable();
    shown.sort_unstable();
    assert_eq!(shown, package);
}
