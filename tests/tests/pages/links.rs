//! Links from page to page.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use regex::Regex;

use crate::page::{pages, root};

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\(([^)\s]+)\)").expect("a constant"));

#[test]
fn every_link_leads_to_a_page_and_a_heading_of_it() {
    let pages = pages();
    let anchors: BTreeMap<PathBuf, Vec<String>> = pages
        .iter()
        .map(|page| (root().join(&page.path).canonicalize().unwrap(), page.anchors()))
        .collect();
    let mut broken = Vec::new();
    for page in &pages {
        let here = root().join(&page.path);
        for target in page.prose().flat_map(|line| LINK.captures_iter(line)) {
            let target = target.get(1).expect("always there").as_str();
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = if path.is_empty() { here.clone() } else { here.with_file_name(path) };
            let there = there.canonicalize();
            let found = there.is_ok_and(|there| {
                anchor.is_empty()
                    || anchors.get(&there).is_some_and(|all| all.iter().any(|one| one == anchor))
            });
            if !found {
                broken.push(format!("{}: {target}", page.path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "these links lead nowhere:\n{}", broken.join("\n"));
}
