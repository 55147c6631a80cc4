//! The published JSON Schemas: there is one for every report, and the reference lists them all.

use std::{collections::BTreeSet, fs, path::PathBuf};

use end_to_end::{published_schemas, schema_violations};
use regex::Regex;
use serde_json::json;

use crate::page::{file, root};

/// The `kind` of every report and document that the plugin's source declares.
fn declared() -> BTreeSet<String> {
    let kind = Regex::new(r#"const KIND: &(?:'static )?str = "([A-Za-z]+)""#).unwrap();
    let mut kinds = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![root().join("kubectl-snapshot")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some("rs".as_ref()) {
                let text = fs::read_to_string(path).unwrap();
                kinds.extend(kind.captures_iter(&text).map(|found| found[1].to_owned()));
            }
        }
    }
    kinds
}

#[test]
fn every_kind_has_one() {
    let kinds = declared();
    assert!(kinds.len() > 20 && kinds.contains("Diff"), "{kinds:?}");
    // What is stored as fields has a section of the store, and no kind; definitions are shared.
    let others = ["definitions", "flagsources", "policies", "repositories", "stages", "variables"];
    let published: BTreeSet<String> = published_schemas().into_iter().collect();
    let others = others.map(str::to_owned);
    let kinds: BTreeSet<String> = kinds.into_iter().chain(others).collect();
    assert_eq!(published, kinds);
}

#[test]
fn the_reference_lists_each() {
    let reference = file("docs/reference/README.md");
    for name in published_schemas() {
        assert!(reference.contains(&format!("(schemas/{name}.json)")), "{name} is not listed");
    }
}

#[test]
fn a_member_that_is_not_published_is_found() {
    let version = json!({
        "apiVersion": "kubectl-snapshot.dev/v1alpha1", "kind": "VersionReport",
        "version": "0.1.0", "platform": "linux/x86_64",
        "documents": "kubectl-snapshot.dev/v1alpha1",
    });
    assert_eq!(schema_violations("VersionReport", &version), [""; 0]);
    let mut more = version.clone();
    more["colour"] = json!("blue");
    assert_eq!(schema_violations("VersionReport", &more).len(), 1);
    let mut less = version;
    less.as_object_mut().unwrap().remove("platform");
    assert_eq!(schema_violations("VersionReport", &less).len(), 1);
    // Through a reference to what is shared.
    let side = json!({"name": "rel-42", "digest": "sha256:no"});
    let list = json!({
        "apiVersion": "kubectl-snapshot.dev/v1alpha1", "kind": "EvidenceList",
        "snapshot": side, "items": [],
    });
    assert_eq!(schema_violations("EvidenceList", &list).len(), 1);
}

/// Stages and variable sets may be written by hand, as a ConfigMap of kubectl's.
#[test]
fn what_people_write_by_hand_is_as_published() {
    let stage = json!({"namespace": "qa", "after": "dev", "variables": "qa"});
    assert_eq!(schema_violations("stages", &stage), [""; 0]);
    assert_eq!(schema_violations("stages", &json!({"after": "dev"})).len(), 1);
    assert_eq!(schema_violations("variables", &json!({"DB_HOST": "orders-db"})), [""; 0]);
    assert_eq!(schema_violations("variables", &json!({"DB HOST": "orders-db"})).len(), 1);
}
