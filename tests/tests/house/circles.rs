//! Circles between the files of a crate: files that cannot be understood one after the other.
//!
//! A file's arrows go to the files that define what it mentions, also where a module above hands it
//! on. A module and what is inside it are one thing, and have no arrows to each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use crate::modules::{Crate, Module};
use crate::{root, sources};

/// The circles of a crate, the shortest of those that share files, each in one line.
fn circles(files: &Crate) -> Vec<String> {
    let arrows = files.arrows();
    let mut seen: BTreeSet<&Module> = BTreeSet::new();
    let mut found: Vec<Vec<&Module>> =
        arrows.keys().filter_map(|start| shortest(&arrows, start)).collect();
    found.sort_by_key(Vec::len);
    found.retain(|circle| {
        let is_new = circle.iter().all(|module| !seen.contains(module));
        seen.extend(circle);
        is_new
    });
    let line = |circle: Vec<&Module>| {
        let next = circle.iter().cycle().skip(1);
        let steps = circle.iter().zip(next).map(|(from, to)| {
            format!("{} mentions {} of {}", name(from), arrows[from][to], name(to))
        });
        steps.collect::<Vec<_>>().join(", ")
    };
    found.into_iter().map(line).collect()
}

/// The shortest way from a file back to it.
fn shortest<'a>(
    arrows: &BTreeMap<&'a Module, BTreeMap<&'a Module, String>>,
    start: &'a Module,
) -> Option<Vec<&'a Module>> {
    let mut came_from: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(from) = waiting.pop_front() {
        for to in arrows.get(from).into_iter().flat_map(BTreeMap::keys) {
            if *to == start {
                let back = std::iter::successors(Some(from), |file| came_from.get(file).copied());
                let mut circle: Vec<&Module> = back.collect();
                circle.reverse();
                return Some(circle);
            }
            if !came_from.contains_key(to) {
                came_from.insert(to, from);
                waiting.push_back(to);
            }
        }
    }
    None
}

fn name(module: &Module) -> String {
    if module.is_empty() { "the root".to_owned() } else { module.join("::") }
}

#[test]
fn files_have_an_order_in_which_they_can_be_read() {
    let mut wrong = Vec::new();
    for source in sources() {
        let place =
            source.strip_prefix(root()).expect("it is inside").parent().map(Path::to_path_buf);
        let place = place.expect("a source folder is in a package").display().to_string();
        let circles = circles(&Crate::read(&source));
        if !circles.is_empty() {
            wrong.push(format!("{place} has {}:\n  {}", circles.len(), circles.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn of(files: &[(&str, &str)]) -> Vec<String> {
    let module = |path: &str| -> Module {
        path.split("::").filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let texts = files.iter().map(|(path, text)| (module(path), (*text).to_owned()));
    circles(&Crate::of(texts.collect()))
}

#[test]
fn a_circle_is_told_with_what_ties_it() {
    let found = of(&[
        ("", "mod edges; mod wording; mod shop;"),
        ("edges", "use crate::{shop, wording::need}; pub struct Group; fn f() { shop::open(); }"),
        ("wording", "pub fn need(group: &super::edges::Group) {}"),
        ("shop", "pub fn open() {}"),
    ]);
    assert_eq!(found, ["edges mentions need of wording, wording mentions Group of edges"]);
}

#[test]
fn a_circle_is_seen_through_what_a_module_hands_on() {
    let files = [
        ("", "mod quiet; mod sandbox;"),
        ("quiet", "mod clock; pub(crate) use clock::Clock;"),
        (
            "quiet::clock",
            "use crate::sandbox::State; pub(crate) struct Clock; impl Host for State {}",
        ),
        ("sandbox", "use crate::quiet::Clock; pub(crate) struct State { clock: Clock }"),
    ];
    let found = of(&files);
    assert_eq!(
        found,
        ["quiet::clock mentions State of sandbox, sandbox mentions Clock of quiet::clock"]
    );
}

#[test]
fn what_only_tests_mention_and_what_is_handed_on_is_no_circle() {
    let none: [&[(&str, &str)]; 3] = [
        &[
            ("", "mod a; mod b;"),
            ("a", "pub fn a() {} #[cfg(test)] mod tests { use crate::b::b; }"),
            ("b", "pub fn b() { crate::a::a() }"),
        ],
        &[
            ("", "mod a; #[cfg(test)] mod shop;"),
            ("a", "pub fn a() {}"),
            ("shop", "use crate::a::a; pub fn shop() {}"),
        ],
        &[
            ("", "mod set;"),
            ("set", "mod read; mod write; pub use read::read; pub use write::*; pub struct Set;"),
            ("set::read", "use super::Set; pub fn read() -> Set { Set }"),
            ("set::write", "use super::{Set, read}; pub fn write() { read(); }"),
        ],
    ];
    for files in none {
        assert_eq!(of(files), Vec::<String>::new());
    }
}
