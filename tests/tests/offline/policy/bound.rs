//! Policies that are bound in a directory.

use end_to_end::{HOSTILE_POLICY, TestEnvironment, test};

use super::shop;

#[test]
fn a_directory_keeps_bindings_too() {
    let environment = TestEnvironment::new();
    environment.write("ours.wasm", &*HOSTILE_POLICY);
    environment.write("shop.yaml", shop("1.4.1"));
    let plugin =
        |line: &str| environment.plugin(line.split_whitespace().chain(["--store", "./store"]));
    plugin(r#"policy add ./ours.wasm --name ours --settings {"do":"say-all"}"#).succeeds();
    plugin("check ./shop.yaml").exits(3);
    let blobs = environment.path().join("store/blobs");
    let blob = std::fs::read_dir(blobs).unwrap().next().unwrap().unwrap().path();
    std::fs::write(blob, b"something else").unwrap();
    insta::assert_snapshot!("damaged", plugin("check ./shop.yaml").exits(4));
    plugin("policy remove ours").succeeds();
    plugin("check ./shop.yaml").succeeds();
}

#[test]
fn what_ships_does_not_stand_in_for_what_is_bound_and_damaged() {
    let environment = TestEnvironment::new();
    environment.write("ours.wasm", &*HOSTILE_POLICY);
    let plugin =
        |line: &str| environment.plugin(line.split_whitespace().chain(["--store", "./store"]));
    plugin(r#"policy add ./ours.wasm --name flag-compatibility --settings {"do":"say-all"}"#)
        .succeeds();
    let inspected = plugin("policy inspect flag-compatibility -o json").succeeds().json();
    assert_eq!(inspected["about"]["name"], "hostile");
    let blobs = environment.path().join("store/blobs");
    let blob = std::fs::read_dir(blobs).unwrap().next().unwrap().unwrap().path();
    std::fs::write(blob, b"something else").unwrap();
    let refused = plugin("policy inspect flag-compatibility").exits(1).stderr;
    assert!(refused.contains("policy flag-compatibility cannot be loaded"), "{refused}");
    // Whoever binds it anew by its name means the one that ships with the plugin.
    plugin("policy add flag-compatibility").succeeds();
    let inspected = plugin("policy inspect flag-compatibility -o json").succeeds().json();
    assert_eq!(inspected["about"]["name"], "flag-compatibility");
}

#[test]
fn a_policy_asked_by_its_name_has_the_settings_it_is_bound_with() {
    let environment = TestEnvironment::new();
    environment.write("ours.wasm", &*HOSTILE_POLICY);
    environment.write("shop.yaml", shop("1.4.1"));
    let plugin =
        |line: &str| environment.plugin(line.split_whitespace().chain(["--store", "./store"]));
    let bind =
        r#"policy add ./ours.wasm --name ours --stage prod --force --settings {"do":"say-all"}"#;
    plugin(bind).succeeds();
    plugin("check ./shop.yaml").succeeds();
    plugin("check ./shop.yaml --policy ours").exits(3);
    plugin("policy run ours ./shop.yaml").exits(3);
}

#[test]
fn only_what_can_work_is_bound() {
    let environment = TestEnvironment::new();
    environment.write("ours.wasm", &*HOSTILE_POLICY);
    let plugin =
        |line: &str| environment.plugin(line.split_whitespace().chain(["--store", "./store"]));
    insta::assert_snapshot!(
        "add_unknown_stage",
        plugin("policy add semver-major --stage prod").exits(2)
    );
    // It needs settings that its schema does not ask for.
    insta::assert_snapshot!("add_without_its_settings", plugin("policy add ./ours.wasm").exits(2));
    let inspected = plugin("policy inspect ./ours.wasm").exits(1).to_string();
    // How many bytes it has depends on where it was built.
    let lines: Vec<&str> = inspected.lines().filter(|line| !line.starts_with("size ")).collect();
    insta::assert_snapshot!("inspect_unbindable", lines.join("\n"));
    plugin("stage set prod --at prod").succeeds();
    plugin("policy add semver-major --stage prod --config-map schema --config-map shop").succeeds();
    let list = plugin("policy list -o json").succeeds().json();
    let items = list["items"].as_array().unwrap();
    let bound = items.iter().find(|one| one["name"] == "semver-major").unwrap();
    assert_eq!(bound["configMaps"], serde_json::json!(["schema", "shop"]));
}
