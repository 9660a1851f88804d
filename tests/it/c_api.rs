//! The table of the C API lists every name of C, and no other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use libzmq::Capability;

const TABLE: &str = include_str!("../../src/c_api.rs");
const OPTIONS: &str = include_str!("../../src/option/table.rs");
const DECLARATIONS: [&str; 6] = [
    include_str!("../../libzmq-sys/src/bindings/stable.rs"),
    include_str!("../../libzmq-sys/src/bindings/draft.rs"),
    include_str!("../../libzmq-sys/src/errno.rs"),
    include_str!("../../libzmq-sys/src/types.rs"),
    include_str!("../../libzmq-sys/src/lib.rs"),
    include_str!("../../libzmq-sys/src/patches.rs"),
];

/// The first cell of every row, and what stands after it.
fn rows() -> Vec<(&'static str, &'static str)> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("//! | `")?.strip_suffix(" |"));
    rows.map(|row| row.split_once("` | ").unwrap()).collect()
}

/// What libzmq-sys declares, as `pub const`, `fn`, `type` or `struct`, or exports from libc.
fn declared() -> BTreeSet<&'static str> {
    let lines = DECLARATIONS.iter().flat_map(|file| file.lines());
    let declared = lines.filter_map(|line| {
        let (kind, rest) = line.trim_start().strip_prefix("pub ")?.split_once(' ')?;
        ["const", "fn", "type", "struct"]
            .contains(&kind)
            .then(|| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
    });
    let (_, exported) =
        DECLARATIONS.iter().find_map(|file| file.split_once("pub use libc::{")).unwrap();
    let (exported, _) = exported.split_once("};").unwrap();
    declared.chain(exported.split(',').map(str::trim).filter(|name| !name.is_empty())).collect()
}

fn is_capability(name: &str) -> bool {
    name.starts_with('"')
}

#[test]
fn every_name_of_c_has_a_row() {
    let rows: BTreeSet<_> = rows().into_iter().map(|(name, _)| name).collect();
    let declared = declared();
    assert!(declared.len() > 350, "only {} names were found", declared.len());
    let missing: Vec<_> = declared.difference(&rows).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_row_is_a_name_of_c() {
    let declared = declared();
    let mut seen = BTreeSet::new();
    for (name, served) in rows() {
        assert!(seen.insert(name), "{name} has two rows");
        assert!(is_capability(name) || declared.contains(name), "C has no {name}");
        assert!(!served.is_empty(), "{name} has nothing in its row");
    }
}

#[test]
fn every_capability_has_a_row() {
    let rows: BTreeSet<_> = rows().into_iter().filter(|(name, _)| is_capability(name)).collect();
    let known = Capability::ALL
        .iter()
        .map(|capability| (format!("\"{capability}\""), format!("[`Capability::{capability:?}`]")));
    let known: BTreeSet<_> = known.collect();
    assert_eq!(rows, known.iter().map(|(name, item)| (name.as_str(), item.as_str())).collect());
}

/// An option's row links to the type that the option table gives it.
#[test]
fn every_option_is_served_by_its_own_type() {
    let rows: BTreeMap<_, _> = rows().into_iter().collect();
    let mut count = 0;
    for line in OPTIONS.lines() {
        let Some((left, right)) = line.split_once(" = ZMQ_") else { continue };
        let (Some(option), Some((constant, _))) =
            (left.split_whitespace().next(), right.split_once(':'))
        else {
            continue;
        };
        if option.starts_with("//") {
            continue;
        }
        count += 1;
        let row = rows[&*format!("ZMQ_{constant}")];
        assert!(row.contains(&format!("[`opt::{option}`]")), "ZMQ_{constant}: {row}");
    }
    assert!(count > 90, "only {count} options were found");
}

/// A search of the documentation for a name of C finds the item that serves it: the first that
/// its row links to has the name as an alias.
#[test]
fn every_name_is_an_alias_of_its_item() {
    let mut aliases = BTreeSet::new();
    read_aliases(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../src")), &mut aliases);
    let served = rows().into_iter().filter(|(name, served)| {
        !is_capability(name) && !served.starts_with("none") && served.contains("[`")
    });
    let missing: Vec<_> =
        served.filter(|(name, _)| !aliases.contains(*name)).map(|(name, _)| name).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

fn read_aliases(folder: &Path, aliases: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_aliases(&path, aliases);
            continue;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let alias = line.trim_start().strip_prefix("#[doc(alias = \"");
            aliases.extend(alias.and_then(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
}
