//! Policies that are bound: asked in every command, by everybody, the same bytes.

use end_to_end::{Cluster, Folder, HOSTILE_POLICY, Namespace, test};

use super::shop;

#[test]
fn a_policy_is_bound_listed_replaced_and_removed() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    folder.write("settings.yaml", "do: say-all\n");
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    insta::assert_snapshot!("list_of_none", plugin("policy list").succeeds());
    let add = "policy add ./ours.wasm --name our-rules --stage prod --stage qa --settings settings.yaml --mode warn --force";
    insta::assert_snapshot!("added", plugin(add).succeeds());
    insta::assert_snapshot!("unchanged", plugin(add).succeeds());
    insta::assert_snapshot!(
        "replaced",
        plugin("policy add ./ours.wasm --name our-rules --force").succeeds()
    );
    plugin(add).succeeds();
    insta::assert_snapshot!("list", plugin("policy list").succeeds());
    let listed = plugin("policy list -o json").succeeds().json();
    let ours = listed["items"].as_array().unwrap().iter().find(|one| one["name"] == "our-rules");
    let ours = ours.unwrap();
    assert_eq!(ours["settings"]["do"], "say-all");
    assert_eq!(ours["mode"], "warn");
    assert_eq!(ours["stages"], serde_json::json!(["prod", "qa"]));
    // A bound policy can be looked at by its name, without the file.
    std::fs::remove_file(folder.path().join("ours.wasm")).unwrap();
    let inspected = plugin("policy inspect our-rules -o json").succeeds().json();
    assert_eq!(inspected["digest"], ours["policy"]);
    insta::assert_snapshot!("removed", plugin("policy remove our-rules").succeeds());
    insta::assert_snapshot!("removed_again", plugin("policy remove our-rules").exits(1));
    insta::assert_snapshot!("remove_default", plugin("policy remove flag-compatibility").exits(1));
}

#[test]
fn settings_are_checked_when_a_policy_is_bound() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let add =
        |settings: &str| qa.plugin(["policy", "add", "flag-compatibility", "--settings", settings]);
    insta::assert_snapshot!("mistyped_setting", add(r#"{"unknwon": "warn"}"#).exits(2));
    insta::assert_snapshot!("wrong_setting", add(r#"{"unknown": "perhaps"}"#).exits(2));
    insta::assert_snapshot!("settings_of_no_object", add("{").exits(2));
    add(r#"{"unknown": "warn"}"#).succeeds();
}

#[test]
fn what_is_bound_decides_in_every_command() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    folder.write("shop.yaml", shop("1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin("check ./shop.yaml").succeeds();
    plugin(r#"policy add ./ours.wasm --name ours --settings {"do":"say-all"}"#).succeeds();
    insta::assert_snapshot!("check_denied", plugin("check ./shop.yaml").exits(3));
    plugin("apply ./shop.yaml --yes").exits(3);
    qa.kubectl(["get", "deployment", "tax"]).exits(1);
    plugin(r#"policy add ./ours.wasm --name ours --mode warn --settings {"do":"say-all"}"#)
        .succeeds();
    insta::assert_snapshot!("check_warned", plugin("check ./shop.yaml").succeeds());
    // Asked at one stage only, it is not asked where no stage is meant.
    plugin(
        r#"policy add ./ours.wasm --name ours --stage prod --force --settings {"do":"say-all"}"#,
    )
    .succeeds();
    plugin("check ./shop.yaml").succeeds();
}

#[test]
fn the_default_gives_way_to_what_is_bound_under_its_name() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("shop.yaml", shop("1.3.9"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin("check ./shop.yaml").exits(3);
    plugin("policy add flag-compatibility --mode warn").succeeds();
    insta::assert_snapshot!("only_warns", plugin("check ./shop.yaml").succeeds());
    plugin("policy remove flag-compatibility").succeeds();
    plugin("check ./shop.yaml").exits(3);
}

#[test]
fn a_binding_that_cannot_be_read_or_loaded_is_never_passed_over() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("ours.wasm", &*HOSTILE_POLICY);
    folder.write("shop.yaml", shop("1.4.1"));
    let plugin = |line: &str| qa.plugin(line.split_whitespace()).current_dir(folder.path());
    plugin(r#"policy add ./ours.wasm --name ours --settings {"do":"say-all"}"#).succeeds();
    let chunks = ["delete", "configmap", "-n", qa.store(), "-l", "kubectl-snapshot.dev/part=chunk"];
    qa.kubectl(chunks).succeeds();
    insta::assert_snapshot!("chunk_gone", plugin("check ./shop.yaml").exits(4));
    let patch = r#"{"data": {"mode": "off"}}"#;
    let edit =
        ["patch", "configmap", "policies.ours", "-n", qa.store(), "--type=merge", "-p", patch];
    qa.kubectl(edit).succeeds();
    insta::assert_snapshot!("edited", plugin("check ./shop.yaml").exits(4));
    insta::assert_snapshot!("edited_list", plugin("policy list").succeeds());
    // The way back is open to who may override.
    qa.kubectl(["create", "configmap", "prices", "--from-literal=vat=19"]).succeeds();
    plugin("capture rel-1").succeeds();
    let stage = format!("stage set qa --at {}", qa.name());
    plugin(&stage).succeeds();
    plugin("promote rel-1 --to qa --yes").exits(4);
    plugin("promote rel-1 --to qa --yes --override --reason shop-is-down").succeeds();
}

#[test]
fn who_may_not_read_what_is_bound_cannot_decide() {
    let qa = Namespace::new(Cluster::shared(), "qa");
    let folder = Folder::new(qa.cluster());
    folder.write("shop.yaml", shop("1.4.1"));
    let check = qa.plugin(["check", "./shop.yaml"]).as_user("nobody");
    insta::assert_snapshot!("forbidden", check.current_dir(folder.path()).exits(4));
}
