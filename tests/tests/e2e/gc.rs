//! Garbage: what nothing refers to goes, and nothing else does.

mod guarded;
mod refused;
mod together;

use std::fs;

use end_to_end::{Cluster, Folder, HOSTILE_POLICY, Namespace, Output, fixture, test};
use regex::Regex;
use serde_json::Value;

use crate::{
    promote::Stages,
    shop::{DEV, PROD},
};

/// The names of the store's chunks.
fn chunks(place: &Namespace) -> Vec<String> {
    let label = "kubectl-snapshot.dev/part=chunk";
    let list = ["get", "configmaps", "-n", place.store(), "-l", label, "-o", "name"];
    let names = place.cluster().kubectl(list).succeeds().stdout;
    names.lines().map(|name| name.trim_start_matches("configmap/").to_owned()).collect()
}

fn capture(place: &Namespace, name: &str, manifests: &str) {
    place.plugin(["capture", name, "--from", "-"]).stdin(manifests).succeeds();
}

/// A transcript without what depends on the compiler and on compression.
fn shown(output: &Output) -> String {
    let text = Regex::new(r"[0-9.]+ (B|[KM]iB)")
        .unwrap()
        .replace_all(&output.to_string(), "[size]")
        .into_owned();
    Regex::new(r"; [0-9]+ kept").unwrap().replace_all(&text, "; [count] kept").into_owned()
}

/// Every stored snapshot can be read.
fn all_load(place: &Namespace) {
    for name in place.plugin(["list", "-o", "name"]).succeeds().stdout.lines() {
        place.plugin(["get", name, "-o", "json"]).succeeds();
    }
}

#[test]
fn what_is_needed_stays_and_works() {
    let stages = Stages::new();
    let folder = Folder::new(stages.dev.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    let plugin = |line: &str| stages.plugin(line).current_dir(folder.path());
    plugin(r#"policy add ./ours.wasm --name ours --mode warn --settings {"do":"say-all"}"#)
        .succeeds();
    stages.succeeds("promote rel-42 --to dev --yes");
    stages.succeeds("promote rel-42 --to qa --yes");
    // The record keeps what it rests on, bound or not.
    plugin("policy remove ours").succeeds();
    plugin("policy add semver-major --name kept --mode warn").succeeds();
    capture(&stages.dev, "rel-43", &fixture(PROD));
    stages.succeeds("tag rel-43 released");
    stages.succeeds("delete rel-43");
    let all = chunks(&stages.dev);
    insta::assert_snapshot!("nothing", shown(&stages.succeeds("gc --grace 0s")));
    assert_eq!(chunks(&stages.dev), all);

    stages.succeeds("delete released");
    stages.succeeds("gc --grace 0s");
    all_load(&stages.dev);
    stages.succeeds("policy run --replay dev/1");
    let asked = stages.succeeds("check rel-42 -o json").json();
    let asked = asked["policies"].as_array().unwrap();
    assert!(asked.iter().any(|one| one["policy"] == "kept" && one["outcome"] == "decided"));
    stages.succeeds("history --verify");
    stages.succeeds("policy run --replay qa/1");
    stages.succeeds("rollback qa --yes --reason back");
}

#[test]
fn what_nothing_refers_to_goes_once_it_is_old_enough() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    insta::assert_snapshot!("empty", shown(&qa.plugin(["gc"]).succeeds()));
    capture(&qa, "rel-41", &fixture(PROD));
    let kept = chunks(&qa);
    capture(&qa, "rel-42", &fixture(DEV));
    let all = chunks(&qa);
    assert!(all.len() > kept.len());
    qa.plugin(["delete", "rel-42"]).succeeds();
    insta::assert_snapshot!("young", shown(&qa.plugin(["gc"]).succeeds()));
    insta::assert_snapshot!(
        "dry_run",
        shown(&qa.plugin(["gc", "--grace", "0s", "--dry-run"]).succeeds())
    );
    assert_eq!(chunks(&qa), all);
    insta::assert_snapshot!("gone", shown(&qa.plugin(["gc", "--grace", "0s"]).succeeds()));
    assert_eq!(chunks(&qa), kept);
    all_load(&qa);
    // What has gone is written anew.
    capture(&qa, "rel-42", &fixture(DEV));
    qa.plugin(["delete", "rel-42"]).succeeds();
    let report = qa.plugin(["gc", "--grace", "0s", "-o", "json"]).succeeds().json();
    assert_eq!(report["kind"], "GarbageReport");
    let (rows, bytes) = (report["chunks"].as_array().unwrap(), &report["bytes"]);
    assert_eq!(rows.len(), all.len() - kept.len());
    assert_eq!(*bytes, rows.iter().map(|row| row["bytes"].as_u64().unwrap()).sum::<u64>());
    all_load(&qa);
}

#[test]
fn snapshots_share_what_one_of_them_leaves() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    capture(&qa, "rel-41", &fixture(DEV));
    capture(&qa, "rel-42", &fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    qa.plugin(["delete", "rel-41"]).succeeds();
    qa.plugin(["gc", "--grace", "0s"]).succeeds();
    all_load(&qa);
    // A head that has lost its label is found by its name, and keeps its chunks.
    let label = ["label", "configmap", "snapshot.rel-42", "kubectl-snapshot.dev/part-"];
    qa.cluster().kubectl(label.into_iter().chain(["-n", qa.store()])).succeeds();
    qa.plugin(["gc", "--grace", "0s"]).succeeds();
    qa.plugin(["get", "rel-42", "-o", "json"]).succeeds();
}

#[test]
fn files_go_too() {
    let stages = Stages::new();
    let folder = Folder::new(stages.dev.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    folder.write("shop.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| {
        let line = format!("{line} --store ./store");
        stages.dev.plugin(line.split_whitespace()).current_dir(folder.path())
    };
    plugin("variables set dev DB_HOST=orders-db.dev").succeeds();
    plugin(&format!("stage set dev --at {} --variables dev", stages.dev.name())).succeeds();
    plugin(r#"policy add ./ours.wasm --name ours --mode warn --settings {"do":"say-all"}"#)
        .succeeds();
    plugin("capture rel-42").succeeds();
    plugin("promote rel-42 --to dev --yes").succeeds();
    plugin("policy remove ours").succeeds();
    folder.write("ours.wasm", end_to_end::fixture(DEV));
    let loose = format!("store/blobs/{}", "1f".repeat(32));
    folder.write(&loose, "nobody's");
    folder.write("store/snapshots/.rel-43.json.4711.unfinished", "half of it");
    folder.write("store/blobs/notes.txt", "somebody else's");
    insta::assert_snapshot!("files_young", shown(&plugin("gc").succeeds()));
    for file in [&loose, "store/snapshots/.rel-43.json.4711.unfinished"] {
        let touch = ["-d", "2 days ago", file];
        stages.dev.cluster().command("touch", touch).current_dir(folder.path()).succeeds();
    }
    insta::assert_snapshot!("files_dry_run", shown(&plugin("gc --dry-run").succeeds()));
    insta::assert_snapshot!("files_gone", shown(&plugin("gc").succeeds()));
    plugin("gc --grace 0s").succeeds();
    plugin("policy run --replay dev/1").succeeds();
    plugin("get rel-42 -o json").succeeds();
    assert!(!folder.path().join(&loose).exists());
    assert!(fs::exists(folder.path().join("store/blobs/notes.txt")).unwrap());
}

#[test]
fn what_a_stage_needs_keeps_its_last_name() {
    let stages = Stages::new();
    stages.up_to_qa();
    insta::assert_snapshot!("delete_running", stages.plugin("delete rel-42").exits(1));
    let before = stages.succeeds("history qa -o json").json();
    let before = name_before(&before);
    insta::assert_snapshot!("delete_way_back", stages.plugin(&format!("delete {before}")).exits(1));
    stages.succeeds("tag rel-42 released");
    stages.succeeds("delete rel-42");
    stages.plugin("delete released").exits(1);
    stages.succeeds("delete released --force");
    stages.plugin("get stage:dev").exits(1);
}

/// Name in the store of the set that the first record of a stage replaced.
fn name_before(history: &Value) -> String {
    let items = history["items"].as_array().unwrap();
    let before = items.iter().find_map(|item| item["before"]["name"].as_str());
    before.expect("a decision says what ran before").to_owned()
}
