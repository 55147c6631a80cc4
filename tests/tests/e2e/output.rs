//! `-o` of the commands that make, change or take away something.

use end_to_end::{Cluster, Namespace, fixture, test};

use crate::shop::DEV;

/// Changes in the list, one for each item.
fn changes(dev: &Namespace, words: &str) -> Vec<String> {
    let report = dev.plugin(words.split(' ').chain(["-o", "json"])).succeeds().json();
    assert_eq!(report["kind"], "ChangeList", "{words}");
    let word = |of: &serde_json::Value| of.as_str().unwrap_or_default().to_owned();
    let items = report["items"].as_array().unwrap().iter();
    items
        .map(|one| {
            format!("{}/{} {}", word(&one["kind"]), word(&one["name"]), word(&one["action"]))
        })
        .collect()
}

#[test]
fn what_was_done_for_machines() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.plugin(["capture", "rel-41", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    assert_eq!(changes(&dev, "tag rel-41 rel-42"), ["snapshot/rel-42 tagged"]);
    assert_eq!(changes(&dev, "variables set qa A=1 B=2"), ["variables/qa set"]);
    assert_eq!(changes(&dev, "variables remove qa A"), ["variables/qa removed"]);
    assert_eq!(changes(&dev, "stage set qa --at qa"), ["stage/qa set"]);
    assert_eq!(changes(&dev, "policy add semver-major"), ["policy/semver-major added"]);
    assert_eq!(changes(&dev, "policy add semver-major"), ["policy/semver-major unchanged"]);
    assert_eq!(changes(&dev, "policy remove semver-major"), ["policy/semver-major removed"]);
    let fact = dev.plugin("evidence add rel-41 --name e2e --passed --at qa -o json".split(' '));
    let fact = fact.succeeds().json();
    assert_eq!(fact["kind"], "EvidenceList");
    assert_eq!(fact["items"][0]["name"], "e2e");
    assert_eq!(fact["items"][0]["stage"], "qa");
    let word = dev.plugin("approve rel-41 --to qa -o jsonpath={.items[0].outcome}".split(' '));
    assert_eq!(word.succeeds().stdout.trim_end(), "passed");
    assert_eq!(changes(&dev, "stage remove qa"), ["stage/qa removed"]);
    let deleted = dev.plugin("delete rel-41 rel-42 -o name".split(' ')).succeeds();
    assert_eq!(deleted.stdout, "rel-41\nrel-42\n");
}

#[test]
fn what_init_makes() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let names = dev.plugin(["init", "--dry-run=client", "-o", "name"]).succeeds().stdout;
    assert!(names.starts_with(&format!("namespace/{}\nrole.", dev.store())), "{names}");
    assert_eq!(dev.plugin(["init", "-o", "name"]).succeeds().stdout, names);
    let done = dev.plugin(["init", "-o", "jsonpath={.items[*].action}"]).succeeds().stdout;
    assert!(done.split_whitespace().all(|one| one == "unchanged"), "{done}");
    let refused = dev.plugin(["init", "--dry-run=client", "-o", "table"]).exits(2).stderr;
    assert!(refused.contains("yaml, json or name"), "{refused}");
}
