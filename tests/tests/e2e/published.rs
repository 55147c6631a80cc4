//! Published form of what a store keeps: in a cluster, and in a directory.

use std::{collections::BTreeMap, fs};

use end_to_end::{Cluster, Folder, fixture, schema_violations, test};
use serde_json::Value;

use crate::shop::{self, PROD};

/// Holds a member that is a document of its own against its schema.
#[track_caller]
fn check_text(name: &str, object: &Value, member: &str) {
    let text = object["data"][member].as_str().unwrap_or_else(|| panic!("{object}"));
    check(name, &serde_json::from_str(text).unwrap());
}

#[track_caller]
fn check(name: &str, document: &Value) {
    let violations = schema_violations(name, document);
    assert!(violations.is_empty(), "{name}:\n{}\n{document}", violations.join("\n"));
}

#[test]
fn what_a_cluster_keeps() {
    let qa = shop::running("qa", &fixture(PROD));
    let run = |words: &str| qa.plugin(words.split(' ')).succeeds();
    run("variables set qa DB_HOST=orders-db.qa");
    run(&format!("stage set qa --at {} --variables qa", qa.name()));
    run("policy add semver-major --stage qa --mode warn");
    run("capture rel-41");
    run("evidence add rel-41 --name e2e --passed --at qa --link https://ci.example/7");
    run("evidence add rel-41 --metric p95=120ms --at qa");
    run("promote rel-41 --to qa --yes --reason sprint");
    let list = ["get", "configmaps", "-n", qa.store(), "-l", "kubectl-snapshot.dev/part"];
    let list = qa.cluster().kubectl(list.into_iter().chain(["-o", "json"])).succeeds().json();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for object in list["items"].as_array().unwrap() {
        let part = object["metadata"]["labels"]["kubectl-snapshot.dev/part"].as_str().unwrap();
        match part {
            "records" => check_text("Record", object, "record"),
            "evidence" => check_text("Evidence", object, "evidence"),
            "stages" | "variables" | "policies" => check(part, &object["data"]),
            // What only the plugin writes and reads.
            "chunk" | "snapshot" | "chains" => {}
            other => panic!("nothing is published of {other}"),
        }
        *seen.entry(part).or_default() += 1;
    }
    let at_least = [("records", 2), ("evidence", 2), ("stages", 1), ("variables", 1)];
    for (part, count) in at_least.into_iter().chain([("policies", 1), ("snapshot", 1)]) {
        assert!(seen.get(part).is_some_and(|there| *there >= count), "{part}: {seen:?}");
    }
    // The document as it is printed has been looked at by whoever ran the command.
    assert_eq!(run("get rel-41 -o json").json()["kind"], "Snapshot");
}

#[test]
fn what_a_directory_keeps() {
    let folder = Folder::new(Cluster::shared());
    folder.write("shop.yaml", fixture(PROD));
    let run = |words: &str| {
        let plugin = Cluster::shared().plugin(words.split(' ').chain(["--store", "store"]));
        plugin.current_dir(folder.path()).env("KUBECONFIG", "/nowhere").succeeds()
    };
    run("variables set qa DB_HOST=orders-db.qa");
    run("stage set qa --at qa --variables qa");
    run("policy add semver-major --settings {}");
    run("capture rel-41 --from shop.yaml");
    for (section, file, schema) in [
        ("snapshots", "rel-41", "Snapshot"),
        ("stages", "qa", "stages"),
        ("variables", "qa", "variables"),
        ("policies", "semver-major", "policies"),
    ] {
        let file = folder.path().join("store").join(section).join(format!("{file}.json"));
        check(schema, &serde_json::from_slice(&fs::read(&file).unwrap()).unwrap());
    }
    let recorded = "policy run flag-compatibility shop.yaml --record decision.json";
    run(recorded);
    let decision = fs::read(folder.path().join("decision.json")).unwrap();
    check("Decision", &serde_json::from_slice(&decision).unwrap());
}
