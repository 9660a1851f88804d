//! The relative links of the Markdown pages lead to files and headings that exist.
//!
//! rustdoc checks the links of Markdown within `src`, such as those of the guide.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The Markdown pages of the folder and of those within.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !name.starts_with('.') && !["target", "node_modules", "src"].contains(&name) {
                pages.extend(self::pages(&path));
            }
        } else if name.ends_with(".md") {
            pages.push(path);
        }
    }
    pages
}

/// Lines that are not code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The targets of the links of a page, without those to other sites.
fn links(page: &str) -> Vec<String> {
    let text: Vec<_> = prose(page).collect();
    // A link's text may go over the end of a line.
    let text = text.join("\n");
    // What is between backquotes is code.
    let text: String = text.split('`').step_by(2).collect();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://")).collect()
}

/// The anchors that GitHub and rustdoc make of the headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = prose(page).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| -> String {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// What is wrong with a link, if anything.
fn fault(page: &Path, target: &str) -> Option<String> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let linked = match file {
        "" => page.to_owned(),
        _ => page.parent().unwrap().join(file),
    };
    if !linked.exists() {
        return Some(format!("{}: there is no {target}", page.display()));
    }
    let is_page = linked.extension().is_some_and(|extension| extension == "md");
    let known = anchor.is_empty()
        || !is_page
        || anchors(&fs::read_to_string(&linked).unwrap()).contains(anchor);
    (!known).then(|| format!("{}: there is no heading {target}", page.display()))
}

#[test]
fn every_relative_link_of_a_markdown_page_leads_to_a_file_and_a_heading() {
    let pages = pages(&root());
    assert!(pages.iter().any(|page| page.ends_with("examples/README.md")), "{pages:?}");
    let faults: Vec<_> = pages
        .iter()
        .flat_map(|page| {
            let links = links(&fs::read_to_string(page).unwrap());
            links.into_iter().filter_map(|target| fault(page, &target)).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_dead_link_is_found() {
    let page = root().join("README.md");
    assert_eq!(links("[a](b.md#c) `[x](y)` [d](https://e)\n```\n[f](g)\n```"), ["b.md#c"]);
    assert!(fault(&page, "NOWHERE.md").is_some());
    assert!(fault(&page, "README.md#nowhere").is_some());
    assert!(fault(&page, "README.md#features").is_none());
    assert!(fault(&page, "#in-an-async-runtime").is_none());
}
