//! Evidence about a snapshot: recorded once, trusted only where it fits.

use end_to_end::{Cluster, Folder, Namespace, Rule, fixture, test};
use serde_json::{Value, json};

use crate::shop::{DEV, PROD};

/// Two tests, of which one fails.
const JUNIT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop">
  <testsuite name="cart" tests="2" failures="1" errors="0" timestamp="2024-01-15T10:30:00">
    <testcase classname="cart" name="adds" time="1,204.5"/>
    <testcase classname="cart" name="totals"><failure>tax is missing</failure></testcase>
  </testsuite>
</testsuites>
"#;

/// Entities that would fill the memory, if anybody followed them.
const LAUGHS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE testsuites [
  <!ENTITY a "ha ha ha ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">
]>
<testsuites name="&d;"><testsuite name="a"><testcase name="a"/></testsuite></testsuites>
"#;

/// A namespace with two snapshots, a folder for files, and the stages qa and prod.
fn shop() -> (Namespace, Folder) {
    let qa = Namespace::new(Cluster::shared(), "qa");
    for (name, manifests) in [("rel-41", PROD), ("rel-42", DEV)] {
        qa.plugin(["capture", name, "--from", "-"]).stdin(fixture(manifests)).succeeds();
    }
    qa.plugin(["stage", "set", "qa", "--at", "qa"]).succeeds();
    qa.plugin(["stage", "set", "prod", "--at", "shop", "--after", "qa"]).succeeds();
    let folder = Folder::new(qa.cluster());
    (qa, folder)
}

fn list(qa: &Namespace, reference: &str) -> Value {
    qa.plugin(["evidence", "list", reference, "-o", "json"]).succeeds().json()
}

/// The evidence in the store, as ConfigMaps.
fn config_maps(qa: &Namespace) -> Vec<Value> {
    let selector = "kubectl-snapshot.dev/part=evidence";
    let list = ["get", "configmaps", "-n", qa.store(), "-l", selector, "-o", "json"];
    let list = qa.cluster().kubectl(list).succeeds().json();
    list["items"].as_array().unwrap().clone()
}

#[test]
fn facts_are_recorded_and_listed() {
    let (qa, folder) = shop();
    folder.write("report.xml", JUNIT);
    folder.write("rel-42.yaml", fixture(DEV));
    let plugin = |line: &str| qa.plugin(line.split(' ')).current_dir(folder.path());
    insta::assert_snapshot!("list_of_none", plugin("evidence list rel-42").succeeds());
    insta::assert_snapshot!(
        "add_test",
        plugin("evidence add rel-42 --name e2e --passed --at qa --link https://ci.example/7")
            .succeeds()
    );
    insta::assert_snapshot!(
        "add_metrics",
        plugin("evidence add rel-42 --metric p95=120ms --metric errors=0.20% --at qa").succeeds()
    );
    insta::assert_snapshot!(
        "add_junit",
        plugin("evidence add rel-42 --from-junit ./report.xml --at qa --detail nightly").succeeds()
    );
    insta::assert_snapshot!("approve", plugin("approve rel-42 --to prod --reason fine").succeeds());
    // Whatever names the same digest has the same evidence.
    plugin("evidence add ./rel-42.yaml --kind scan --name cve --failed").succeeds();

    let listed = list(&qa, "rel-42");
    let facts = listed["items"].as_array().unwrap();
    let find = |name: &str| facts.iter().find(|fact| fact["name"] == name).unwrap();
    assert_eq!(facts.len(), 6, "{listed}");
    assert_eq!(find("shop")["detail"], "nightly: 2 tests, 1 failed: cart.totals");
    assert_eq!(find("shop")["outcome"], "failed");
    assert_eq!(find("p95")["value"], "120ms");
    assert_eq!((&find("errors")["number"], &find("errors")["unit"]), (&json!(0.2), &json!("%")));
    assert_eq!(find("e2e")["link"], "https://ci.example/7");
    assert_eq!(find("cve")["kind"], "scan");
    assert_eq!(list(&qa, "rel-41")["items"], json!([]));
    let table = plugin("evidence list rel-42").succeeds();
    for cell in ["approval", "approved", "measured", "0.20%", "prod", "fine"] {
        assert!(table.stdout.contains(cell), "{cell}: {}", table.stdout);
    }

    // What the guard of the API server looks at.
    for object in config_maps(&qa) {
        assert_eq!(object["immutable"], true);
        let document: Value =
            serde_json::from_str(object["data"]["evidence"].as_str().unwrap()).unwrap();
        assert_eq!(document["kind"], "Evidence");
        assert_eq!(document["snapshot"], object["data"]["snapshot"]);
        for member in ["actor", "kind", "name", "outcome"] {
            assert_eq!(document["fact"][member], object["data"][member], "{object}");
        }
    }
}

#[test]
fn the_actor_is_who_the_api_server_says() {
    let (qa, _folder) = shop();
    let verbs: &[&str] = &["get", "list", "create"];
    qa.allow_in_store("developer", &[Rule { group: "", resources: &["configmaps"], verbs }]);
    let approve = ["approve", "rel-42", "--to", "prod", "--refuse"];
    insta::assert_snapshot!("refuse", qa.plugin(approve).as_user("developer").run());
    assert_eq!(list(&qa, "rel-42")["items"][0]["actor"], "developer");
    assert_eq!(list(&qa, "rel-42")["items"][0]["outcome"], "failed");
    let add = ["evidence", "add", "rel-42", "--name", "e2e", "--passed"];
    insta::assert_snapshot!("not_allowed", qa.plugin(add).as_user("nobody").run());
}

#[test]
fn what_no_snapshot_has_is_recorded_with_a_word() {
    let (qa, folder) = shop();
    folder.write("new.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let add = ["evidence", "add", "./new.yaml", "--name", "e2e", "--passed"];
    insta::assert_snapshot!("not_stored", qa.plugin(add).current_dir(folder.path()).succeeds());
}

#[test]
fn reports_that_cannot_be_believed_are_refused() {
    let (qa, folder) = shop();
    folder.write("truncated.xml", &JUNIT[..JUNIT.len() / 2]);
    folder.write("laughs.xml", LAUGHS);
    folder.write("page.html", "<!DOCTYPE html>\n<html><body>404</body></html>");
    folder.write("page.xml", "<html><body>404</body></html>");
    folder.write("report.json", r#"{"tests": 12}"#);
    folder.write("image.xml", [0x89, b'P', b'N', b'G', 0xff]);
    folder.write("empty.xml", r#"<testsuites name="shop"/>"#);
    let skipped = r#"<testsuite name="s"><testcase name="a"><skipped/></testcase></testsuite>"#;
    folder.write("skipped.xml", skipped);
    folder.write("hidden.xml", r#"<testsuite name="&#x202e;e2e"><testcase name="a"/></testsuite>"#);
    let add = |file: &str| {
        let arguments = ["evidence", "add", "rel-42", "--from-junit", file];
        qa.plugin(arguments).current_dir(folder.path()).run()
    };
    let files = [
        "./truncated.xml",
        "./laughs.xml",
        "./page.html",
        "./page.xml",
        "./report.json",
        "./image.xml",
        "./empty.xml",
        "./skipped.xml",
        "./hidden.xml",
        "./missing.xml",
    ];
    let transcripts: Vec<String> = files
        .iter()
        .map(|file| {
            let output = add(file);
            assert!((1..=2).contains(&output.exit) && output.stdout.is_empty(), "{output}");
            output.to_string()
        })
        .collect();
    insta::assert_snapshot!("refused_reports", transcripts.join("\n"));
    assert!(config_maps(&qa).is_empty());
}

#[test]
fn what_is_no_evidence_is_refused() {
    let (qa, _folder) = shop();
    let refused = |line: &str| qa.plugin(line.split(' ')).exits(2).to_string();
    let transcripts = [
        "evidence add rel-42",
        "evidence add rel-42 --name e2e",
        "evidence add rel-42 --passed",
        "evidence add rel-42 --name e2e --passed --failed",
        "evidence add rel-42 --metric p95",
        "evidence add rel-42 --metric p95=fast",
        "evidence add rel-42 --metric p95=NaN",
        "evidence add rel-42 --metric p95=inf",
        "evidence add rel-42 --metric p95=1e999s",
        "evidence add rel-42 --metric p95=1s --metric p95=2s",
        "evidence add rel-42 --kind metric --name p95 --passed",
        "evidence add rel-42 --kind approval --name p95 --passed",
        "evidence add rel-42 --kind Load_Test --name p95 --passed",
        "evidence add rel-42 --name e2e --passed --link javascript:x",
        "evidence add rel-42 --name e2e --passed --at nowhere",
        "approve rel-42 --to nowhere",
        "approve rel-42",
    ]
    .map(refused);
    insta::assert_snapshot!("refused_facts", transcripts.join("\n"));
    let long = "x".repeat(2001);
    qa.plugin(["approve", "rel-42", "--to", "qa", "--reason", &long]).exits(2);
    qa.plugin(["evidence", "add", "rel-43", "--name", "e2e", "--passed"]).exits(1);
    assert!(config_maps(&qa).is_empty());
}

#[test]
fn control_characters_are_shown_and_not_obeyed() {
    let (qa, _folder) = shop();
    let reason = "fine\u{1b}[2J";
    qa.plugin(["approve", "rel-42", "--to", "qa", "--reason", reason]).succeeds();
    let table = qa.plugin(["evidence", "list", "rel-42"]).succeeds().stdout;
    assert!(table.contains(r"fine\u{1b}[2J") && !table.contains('\u{1b}'), "{table}");
}

/// Whoever may write the store's ConfigMaps could put words into another's mouth.
#[test]
fn evidence_that_was_edited_is_named() {
    let (qa, _folder) = shop();
    qa.plugin(["approve", "rel-42", "--to", "prod"]).succeeds();
    let object = config_maps(&qa).remove(0);
    let name = object["metadata"]["name"].as_str().unwrap().to_owned();
    let forge = |change: &dyn Fn(&mut Value)| {
        let mut forged = object.clone();
        forged["metadata"] = json!({
            "name": name, "namespace": qa.store(), "labels": object["metadata"]["labels"],
        });
        change(&mut forged);
        let replace = ["replace", "--force", "-f", "-"];
        qa.cluster().kubectl(replace).stdin(forged.to_string()).succeeds();
        let list = qa.plugin(["evidence", "list", "rel-42"]).succeeds();
        assert!(list.stdout.is_empty() && list.stderr.contains(&name), "{list}");
        let diff = qa.plugin(["diff", "rel-41", "rel-42", "--evidence"]).exits(1);
        assert!(diff.stderr.contains(&name), "{diff}");
        list.stderr.replace(&name, "evidence.[name]").replace(qa.store(), "[store]")
    };
    let actor = forge(&|forged| forged["data"]["actor"] = json!("grace"));
    let document = forge(&|forged| {
        let text = forged["data"]["evidence"].as_str().unwrap();
        forged["data"]["evidence"] = json!(text.replace("passed", "failed"));
    });
    let none = forge(&|forged| forged["data"] = json!({"actor": "grace"}));
    insta::assert_snapshot!("forged", [actor, document, none].concat());
}

#[test]
fn diff_compares_what_is_known_about_both() {
    let (qa, _folder) = shop();
    let plugin = |line: &str| qa.plugin(line.split(' '));
    let without = plugin("diff rel-41 rel-42").exits(1).stdout;
    let nothing = plugin("diff rel-41 rel-42 --evidence").exits(1).stdout;
    let line = "no evidence that differs: neither metrics, nor tests, nor approvals";
    assert!(nothing.starts_with(without.trim_end()) && nothing.contains(line), "{nothing}");
    let before = "--metric p95=0.12s --metric errors=0.2% --metric size=1KiB --metric old=3";
    plugin(&format!("evidence add rel-41 {before} --at qa")).succeeds();
    let after = "--metric p95=180ms --metric errors=0.1% --metric size=1024B --metric new=1";
    plugin(&format!("evidence add rel-42 {after} --at qa")).succeeds();
    plugin("evidence add rel-41 --name e2e --passed --at qa").succeeds();
    plugin("evidence add rel-42 --name e2e --failed --at qa").succeeds();
    plugin("evidence add rel-41 --name load --passed").succeeds();
    plugin("approve rel-42 --to prod").succeeds();
    let diff = plugin("diff rel-41 rel-42 --evidence").exits(1);
    let (_, evidence) = diff.stdout.split_once("METRICS").expect("there are metrics");
    insta::assert_snapshot!("diff", format!("METRICS{evidence}"));
    let diff = plugin("diff rel-41 rel-42 --evidence -o json").exits(1).json();
    let metrics = diff["evidence"]["metrics"].as_array().unwrap();
    let p95 = metrics.iter().find(|metric| metric["name"] == "p95").unwrap();
    let change = json!({"direction": "higher", "percent": 50.0});
    assert_eq!((&p95["before"], &p95["change"]), (&json!("0.12s"), &change));
    assert!(plugin("diff rel-41 rel-42 -o json").exits(1).json()["evidence"].is_null());
    // It is no difference of the set.
    plugin("diff rel-42 rel-42 --evidence").exits(0);
}
