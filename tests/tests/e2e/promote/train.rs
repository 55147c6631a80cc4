//! The way of a snapshot through the stages, and back.

use end_to_end::test;

use super::Stages;

#[test]
fn a_snapshot_climbs_the_ladder_and_comes_back() {
    let stages = Stages::new();
    insta::assert_snapshot!("skips_qa", stages.plugin("promote rel-42 --to prod --yes").exits(3));
    stages.prod.kubectl(["get", "deployment", "cart-canary"]).exits(1);
    stages.succeeds("promote rel-42 --to dev --yes");
    insta::assert_snapshot!(
        "to_qa",
        stages.plugin("promote rel-42 --to qa --yes --reason sprint-12").succeeds()
    );
    insta::assert_snapshot!(
        "could_go",
        stages.plugin("promote stage:qa --to prod --dry-run=client").succeeds()
    );
    stages.succeeds("promote rel-42 --to prod --dry-run=server");
    stages.succeeds("promote rel-42 --to prod --yes");
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.4.1");
    insta::assert_snapshot!("history", stages.succeeds("history prod"));
    insta::assert_snapshot!("record", stages.succeeds("history prod/2"));
    let live = format!("live:{}", stages.prod.name());
    stages.succeeds(&format!("diff stage:prod {live}"));

    // Back to what ran before the first record, with what was added removed.
    insta::assert_snapshot!(
        "rollback",
        stages.plugin("rollback prod --yes --reason carts-are-lost").succeeds()
    );
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.3.9");
    stages.prod.kubectl(["get", "deployment", "cart-canary"]).exits(1);
    insta::assert_snapshot!("nothing_before", stages.plugin("rollback prod --yes").exits(1));
    stages.succeeds("rollback prod --to rel-42 --yes");
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.4.1");
    stages.prod.kubectl(["get", "deployment", "cart-canary"]).succeeds();
    insta::assert_snapshot!("verified", stages.succeeds("history --verify"));
}

#[test]
fn machines_get_one_document_and_the_records_whole() {
    let stages = Stages::new();
    let denied = stages.plugin("promote rel-42 --to prod --yes -o json").exits(3).json();
    assert_eq!((&denied["decision"], &denied["verdict"]), (&"refused".into(), &"deny".into()));
    assert_eq!(denied["records"], serde_json::json!([1]));
    let report = stages.succeeds("promote rel-42 --to dev --yes -o json").json();
    assert_eq!(report["applied"]["outcome"], "applied");
    assert_eq!(report["records"], serde_json::json!([1, 2]));
    let history = stages.succeeds("history prod -o json").json();
    let record = &history["items"][0];
    assert_eq!((&record["stage"], &record["number"]), (&"prod".into(), &1.into()));
    assert_eq!(record["actor"]["name"], "admin");
    assert_eq!(record["policies"][0]["policy"], "flag-compatibility");
    assert_eq!(stages.succeeds("promote rel-42 --to dev --yes -o name").stdout, "dev/3\ndev/4\n");
}

#[test]
fn what_was_decided_is_decided_again_to_the_byte() {
    let stages = Stages::new();
    let folder = end_to_end::Folder::new(stages.dev.cluster());
    stages.plugin("promote rel-42 --to prod --yes").exits(3);
    insta::assert_snapshot!("replay", stages.succeeds("policy run --replay prod/1"));
    insta::assert_snapshot!("replay_of_none", stages.plugin("policy run --replay prod/9").exits(1));
    let plugin = |line: &str| stages.plugin(line).current_dir(folder.path());
    plugin("policy run promotion-ladder --replay prod/1 --record skipped.json").succeeds();
    plugin("policy run promotion-ladder --replay skipped.json").succeeds();
    insta::assert_snapshot!(
        "replay_of_another",
        plugin("policy run semver-major --replay prod/1").exits(2)
    );
}

#[test]
fn a_store_of_files_keeps_records_too() {
    let stages = Stages::new();
    let folder = end_to_end::Folder::new(stages.dev.cluster());
    let plugin = |line: &str| {
        let line = format!("{line} --store ./store");
        stages.dev.plugin(line.split_whitespace()).current_dir(folder.path())
    };
    let at = stages.qa.name();
    plugin("variables set qa DB_HOST=orders-db.qa").succeeds();
    plugin("capture rel-42").succeeds();
    plugin(&format!("stage set qa --at {at} --variables qa")).succeeds();
    plugin("promote rel-42 --to qa --yes").succeeds();
    plugin("history --verify").succeeds();
    plugin("policy run --replay qa/1").succeeds();
    assert!(folder.path().join("store/records/qa.000002.json").is_file());
    plugin("rollback qa --yes --reason back").succeeds();
    insta::assert_snapshot!(
        "no_roles_in_files",
        plugin("promote rel-42 --to qa --yes --override --reason x --policy semver-major").exits(2)
    );
}
