//! The house: arrows point one way, each outside library lives in one room, files stand in no
//! circle (`circles.rs`), most are small (`measure.rs`), docs name things (`words.rs`), and errors
//! name no flags (`errors.rs`).
//!
//! The rules are data (`rooms.rs`); what the code does is read from its paths
//! (`paths.rs`). A file in a folder that no rule knows fails the test, so a new
//! room is a decision and not an accident.

mod circles;
mod errors;
mod measure;
mod modules;
mod paths;
mod rooms;
mod uses;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use paths::Mention;
use rooms::{ROOMS, Room};

/// Every source file of the plugin, with the room it stands in.
fn files() -> Vec<(PathBuf, &'static Room)> {
    let source = root().join("kubectl-snapshot/src");
    let room = |path: PathBuf| {
        let inside = path.strip_prefix(&source).expect("it is inside");
        let room = room_of(inside);
        let room = room.unwrap_or_else(|| panic!("no rule knows the room of {}", inside.display()));
        (path, room)
    };
    rust_files(&source).into_iter().map(room).collect()
}

/// The source folders of all packages but those that only test.
fn sources() -> Vec<PathBuf> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    let (_, members) = manifest.split_once("members = [").expect("it has members");
    let (members, _) = members.split_once(']').expect("they end");
    let members = members.split('"').skip(1).step_by(2).filter(|place| !place.starts_with("tests"));
    members.map(|place| root().join(place).join("src")).collect()
}

/// Every Rust file below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a folder's entry can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

fn room_of(file: &Path) -> Option<&'static Room> {
    let first = file.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    ROOMS.iter().find(|room| room.name == name)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn broken_rules(text: &str, room: &Room) -> Vec<String> {
    let known: Vec<&str> = ROOMS.iter().map(|room| room.name).collect();
    let outside = rooms::outside();
    paths::mentions(text)
        .into_iter()
        .filter_map(|mention| match mention {
            Mention::Room(other)
                if other == room.name || room.may_use.contains(&other.as_str()) =>
            {
                None
            }
            Mention::Room(other) if known.contains(&other.as_str()) => {
                Some(format!("{} must not know {other}", room.name))
            }
            Mention::Library(name)
                if name != rooms::CORE
                    && outside.contains(&name.as_str())
                    && !room.libraries.contains(&name.as_str()) =>
            {
                Some(format!("{name} does not live in {}", room.name))
            }
            Mention::Room(_) | Mention::Library(_) => None,
        })
        .collect()
}

#[test]
fn arrows_point_one_way_and_libraries_stay_in_their_rooms() {
    let files = files();
    assert!(files.len() > 50, "only {} files were found", files.len());
    let broken: Vec<String> = files
        .iter()
        .flat_map(|(path, room)| {
            let text = fs::read_to_string(path).expect("a source file can be read");
            broken_rules(&text, room)
                .into_iter()
                .map(move |rule| format!("{}: {rule}", path.display()))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_wrong_arrow_and_a_strayed_library_are_found() {
    let render = ROOMS.iter().find(|room| room.name == "render").expect("there is a render");
    let wrong = "use snapshot_core::digest; use crate::{cluster::Cluster, render::Page}; fn f(c: kube::Client) { tokio::spawn(async {}); }";
    let found = broken_rules(wrong, render);
    assert_eq!(
        found,
        [
            "render must not know cluster",
            "kube does not live in render",
            "tokio does not live in render"
        ]
    );
}

#[test]
fn every_library_of_the_plugin_has_a_room() {
    let dependencies = dependencies("kubectl-snapshot");
    for known in ["kube", "mimalloc"] {
        assert!(dependencies.iter().any(|library| library == known), "{known} is not seen");
    }
    let homeless: Vec<String> = dependencies
        .into_iter()
        .filter(|library| !rooms::outside().contains(&library.as_str()))
        .collect();
    assert!(homeless.is_empty(), "no rule says where these live: {}", homeless.join(", "));
}

#[test]
fn the_core_knows_no_cluster_no_terminal_and_no_runtime() {
    let mut dependencies = dependencies("kubectl-snapshot/core");
    dependencies.sort_unstable();
    assert_eq!(dependencies, rooms::CORE_LIBRARIES);
}

#[test]
fn the_policy_host_takes_little_of_the_core() {
    let start = format!("{}::", rooms::CORE);
    let mut mentions = 0;
    for path in rust_files(&root().join("policy-wasm/host/src")) {
        let text = fs::read_to_string(&path).expect("a source file can be read");
        for mention in text.split(&start).skip(1) {
            let allowed = rooms::CORE_OF_THE_HOST.iter().any(|part| {
                let rest = mention.strip_prefix(part);
                rest.is_some_and(|rest| rest.starts_with([':', ';', ',', ' ', ')']))
            });
            let line = mention.lines().next().unwrap_or_default();
            assert!(allowed, "{} uses {start}{line}", path.display());
            mentions += 1;
        }
    }
    assert!(mentions > 10, "only {mentions} mentions of the core were found");
}

/// The libraries that a package's manifest names, those of one platform like the others.
fn dependencies(package: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(package).join("Cargo.toml"))
        .expect("the manifest can be read");
    manifest
        .split("\n[")
        .filter_map(|section| section.split_once('\n'))
        .filter(|(title, _)| *title == "dependencies]" || title.ends_with(".dependencies]"))
        .flat_map(|(_, lines)| lines.lines())
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once(['.', ' '])?.0.replace('-', "_")))
        .collect()
}
