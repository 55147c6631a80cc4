//! The plugin as users run it, against a real control plane.
//!
//! One module a subject; one test binary, so that one control plane serves all.

mod access;
mod apply;
mod as_kubectl;
mod bad_input;
mod capture;
mod check;
mod completion;
mod connect;
mod control_plane;
mod diff;
mod docs;
mod doctor;
mod drivers;
mod environment;
mod evidence;
mod gc;
mod guard;
mod harness;
mod html;
mod krew;
mod learn;
mod output;
mod page;
mod plugin;
mod policy;
mod policy_new;
mod promote;
mod published;
mod real_shops;
mod registry;
mod scale;
mod shop;
mod signals;
mod stage;

use std::fs;

/// A file that nobody declares would never run, and nobody would notice.
#[test]
fn every_file_here_is_declared() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e");
    let mut declared: Vec<String> = include_str!("main.rs")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("mod ")?.trim_end_matches(';').to_owned()))
        .chain(["main".to_owned()])
        .collect();
    let mut present: Vec<String> = fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    declared.sort();
    present.sort();
    assert_eq!(declared, present);
}
