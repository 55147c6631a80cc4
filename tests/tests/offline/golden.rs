//! Files of a store, as version 0.1.0 wrote them, and as newer versions may write them.

use std::fs;
use std::path::Path;

use end_to_end::{GOLDEN, Invocation, TestEnvironment, assert_reads_golden, fixture, test};
use serde_json::{Value, json};

/// Digest of the golden set in parts: the cart, and the tax that it requires.
const PARTS: &str = "sha256:7c5c45104d1f8422c3b6caa6153b3361bfde4c6b5884fbe676d30b934a44dd0d";

/// A copy of the golden store, in `store`.
fn golden() -> TestEnvironment {
    let environment = TestEnvironment::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let store = fixtures.join(GOLDEN).join("directory");
    for folder in fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let below = file.strip_prefix(folder.parent().unwrap()).unwrap();
            environment.write(&format!("store/{}", below.display()), fs::read(&file).unwrap());
        }
    }
    environment
}

fn plugin(environment: &TestEnvironment, line: &str) -> Invocation {
    environment.plugin(line.split_whitespace().chain(["--store", "store"]))
}

#[test]
fn a_golden_store_is_read() {
    let environment = golden();
    assert_reads_golden(|line| plugin(&environment, line));
}

#[test]
fn a_golden_document_is_written_again_to_the_byte() {
    let environment = golden();
    let stored = |name: &str| {
        fs::read_to_string(environment.path().join(format!("store/snapshots/{name}.json"))).unwrap()
    };
    for name in ["small", "rich"] {
        plugin(&environment, &format!("tag {name} again-{name}")).succeeds();
        let again = stored(&format!("again-{name}"));
        let named = format!("\"name\":\"again-{name}\"");
        assert_eq!(again.replace(&named, &format!("\"name\":\"{name}\"")), stored(name));
    }
}

#[test]
fn what_a_newer_minor_version_adds_is_kept() {
    let environment = golden();
    let small = fixture(&format!("{GOLDEN}/directory/snapshots/small.json"));
    let mut newer: Value = serde_json::from_str(&small).unwrap();
    newer["apiVersion"] = json!("kubectl-snapshot.dev/v1beta1");
    newer["metadata"].as_object_mut().unwrap().remove("digest");
    let places =
        ["/metadata", "/spec", "/spec/services/tax/tax", "/spec/services/tax/tax/containers/tax"];
    for place in places {
        newer.pointer_mut(place).unwrap()["severity"] = json!({"of": place});
    }
    environment.write("newer.json", newer.to_string());
    plugin(&environment, "tag ./newer.json newer").succeeds();
    let kept = fs::read_to_string(environment.path().join("store/snapshots/newer.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    for place in places {
        assert_eq!(kept.pointer(place).unwrap()["severity"], json!({"of": place}), "{kept}");
    }
    let printed = plugin(&environment, "get newer -o jsonpath={.spec.severity.of}").succeeds();
    assert_eq!(printed.stdout, "/spec");
    let digest = |name: &str| {
        let template = format!("get {name} -o jsonpath={{.metadata.digest}}");
        plugin(&environment, &template).succeeds().stdout
    };
    assert_eq!(digest("newer"), digest("./newer.json"));
    assert_ne!(digest("newer"), digest("small"), "what is kept is part of the set");
    plugin(&environment, "diff ./newer.json newer").succeeds();
}

#[test]
fn a_golden_document_in_parts_is_read_and_written_again_to_the_byte() {
    let environment = TestEnvironment::new();
    let golden = fixture("golden/v2alpha1/parts.json");
    environment.write("store/snapshots/parts.json", &golden);
    let read = plugin(&environment, "get parts -o json").succeeds().json();
    assert_eq!(read["metadata"]["digest"], PARTS);
    let written: Value = serde_json::from_str(&golden).unwrap();
    assert_eq!(read["spec"], written["spec"]);
    assert_eq!(read["metadata"]["parts"], written["metadata"]["parts"]);
    let parts = plugin(&environment, "list -o jsonpath={.items[0].parts}").succeeds().stdout;
    assert_eq!(parts, "[\"payments\",\"shop\"]");
    plugin(&environment, "tag parts again").succeeds();
    let again = fs::read_to_string(environment.path().join("store/snapshots/again.json")).unwrap();
    assert_eq!(again.replace("\"name\":\"again\"", "\"name\":\"parts\""), golden);
}

#[test]
fn another_major_version_is_refused() {
    let environment = golden();
    let small = fixture(&format!("{GOLDEN}/directory/snapshots/small.json"));
    environment.write("newer.json", small.replace("dev/v1alpha1", "dev/v3"));
    let refused = plugin(&environment, "get ./newer.json").exits(1).stderr;
    assert!(refused.contains("it was written by a newer kubectl snapshot"), "{refused}");
    assert!(refused.contains("upgrade the plugin"), "{refused}");
}
