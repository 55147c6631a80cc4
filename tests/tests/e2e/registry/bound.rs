//! Policies that are asked straight out of a registry, or bound from one.

use end_to_end::{Cluster, Namespace, Registry, test};
use serde_json::Value;

use super::{Desk, key_pair};
use crate::shop::DEV;

/// A desk with the dev shop's manifests, where tax is too old.
fn desk() -> Desk {
    let desk = Desk::new(Registry::new());
    desk.folder.write("shop.yaml", end_to_end::fixture(DEV));
    desk
}

#[test]
fn check_asks_a_policy_in_a_registry() {
    let desk = desk();
    let pinned = desk.push("here:tax:1.4");
    let report = desk.run(&format!("check ./shop.yaml --policy {pinned} -o json")).exits(3).json();
    let asked = &report["policies"][1];
    assert_eq!(asked["policy"], pinned.as_str());
    assert_eq!(asked["findings"][0]["code"], "flag-requirement-unmet");
    // One that is not there is not passed over.
    let (repository, _) = pinned.split_once('@').unwrap();
    let gone = format!("{repository}@sha256:{}", "0".repeat(64));
    let check = format!("check ./shop.yaml --policy {gone} -o json");
    assert_eq!(desk.run(&check).exits(3).json()["policies"][1]["outcome"], "undecided");
    let inspected = desk.run(&format!("policy inspect {pinned} -o json")).succeeds().json();
    assert_eq!(inspected["about"]["name"], "flag-compatibility");
}

#[test]
fn a_binding_that_names_a_key_takes_what_that_key_has_signed() {
    let desk = desk();
    key_pair(&desk, "ada");
    key_pair(&desk, "mallory");
    let signed = desk.push("here:tax:signed --key ada.pem");
    let unsigned = desk.push("here:tax:unsigned");
    let add = |reference: &str, key: &str| {
        desk.run(&format!("policy add {reference} --name ours --key {key}.pub --store ./store"))
    };
    for (reference, key) in [(&unsigned, "ada"), (&signed, "mallory")] {
        let refused = add(reference, key).exits(1).stderr;
        assert!(refused.contains("sign") && refused.contains("by ed25519:"), "{refused}");
    }
    desk.run("check ./shop.yaml --store ./store").exits(3);
    add(&signed, "ada").succeeds();
    let listed = desk.run("policy list -o json --store ./store").succeeds().json();
    let ours = listed["items"].as_array().unwrap().iter().find(|one| one["name"] == "ours");
    assert_eq!(ours.unwrap()["source"], signed.as_str());
    desk.folder.write("new.yaml", end_to_end::fixture(DEV).replace("tax:1.3.9", "tax:1.4.1"));
    desk.run("check ./new.yaml --store ./store").succeeds();

    // Whoever can write to the store still cannot sign.
    let mut binding: Value =
        serde_json::from_slice(&desk.read("store/policies/ours.json")).unwrap();
    let signature: String = binding["signature"].as_str().unwrap().chars().rev().collect();
    binding["signature"] = signature.into();
    desk.folder.write("store/policies/ours.json", binding.to_string());
    let check = desk.run("check ./new.yaml --store ./store -o json").exits(4).json();
    let reason = check["policies"][1]["reason"].as_str().unwrap();
    assert!(reason.starts_with("the signature of policy ours is not one by ed25519:"), "{reason}");
    // Nor does it help to ask for it by its name.
    for words in ["policy run ours ./new.yaml", "policy inspect ours"] {
        let refused = desk.run(&format!("{words} --store ./store")).exits(1).stderr;
        assert!(refused.contains("is not one by ed25519:"), "{refused}");
    }
}

#[test]
fn a_cluster_keeps_a_policy_from_a_registry() {
    let desk = desk();
    let pinned = desk.push("here:tax:1.4");
    let qa = Namespace::new(Cluster::shared(), "qa");
    let add = ["policy", "add", &pinned, "--name", "ours", "--mode", "warn"];
    qa.plugin(add).succeeds();
    // The registry may be away from now on.
    drop(desk.registry);
    let file = desk.folder.path().join("shop.yaml");
    let check = ["check", file.to_str().unwrap(), "-o", "json"];
    let report = qa.plugin(check).exits(3).json();
    assert_eq!(report["policies"][1]["policy"], "ours");
    assert_eq!(report["policies"][1]["mode"], "warn");
}
