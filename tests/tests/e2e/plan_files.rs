//! Plans that are kept in a file: looked at, and carried out exactly, or refused with what moved.

use std::fs::{self, File};

use end_to_end::{
    Cluster, Folder, Invocation, Namespace, Output, fixture, schema_violations, test,
};
use serde_json::Value;

use crate::{
    promote::Stages,
    shop::{self, PROD},
};

/// A place with the shop of production, a newer set in the store, and a folder for plans.
struct Desk {
    prod: Namespace,
    folder: Folder,
}

impl Desk {
    fn new() -> Self {
        let prod = shop::running("prod", &fixture(PROD));
        let newer = fixture(PROD)
            .replace("shop/pricing:2.1.0", "shop/pricing:2.1.1")
            .replace("minutes: 20", "minutes: 25");
        prod.plugin(["capture", "rel-43", "--from", "-"]).stdin(newer).succeeds();
        let folder = Folder::new(prod.cluster());
        Self { prod, folder }
    }

    /// A run of the plugin in the folder.
    fn plugin(&self, line: &str) -> Invocation {
        self.prod.plugin(line.split_whitespace()).current_dir(self.folder.path())
    }

    fn document(&self) -> Value {
        document(&self.folder)
    }

    /// Writes a document with whatever digest it takes to be believed.
    fn forge(&self, document: &Value) {
        self.folder.write("plan.json", document.to_string());
        let refused = self.plugin("apply --plan plan.json --yes").exits(1).stderr;
        let (_, digest) = refused.split_once("that of its content is ").expect(&refused);
        let mut forged = document.clone();
        forged["digest"] = digest.split_whitespace().next().unwrap().into();
        self.folder.write("plan.json", forged.to_string());
    }

    fn pricing(&self) -> String {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        self.prod.kubectl(["get", "deployment", "pricing", "-o", path]).succeeds().stdout
    }
}

fn document(folder: &Folder) -> Value {
    let text = fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema_violations("PlanFile", &document), [""; 0]);
    document
}

/// The sentences of a refusal that name what has moved.
fn moved(refused: &Output) -> Vec<String> {
    let lines = refused.stderr.lines().filter_map(|line| line.strip_prefix("hint: "));
    lines.filter(|line| line.contains(": planned ")).map(str::to_owned).collect()
}

#[test]
fn a_plan_is_kept_and_carried_out_once() {
    let desk = Desk::new();
    insta::assert_snapshot!("kept", desk.plugin("apply rel-43 --plan-out plan.json").exits(0));
    super::apply::assert_untouched(&desk.prod);
    let document = desk.document();
    assert!(!document.to_string().contains("must-never-appear"));
    let writes = &document["spec"]["parts"][0]["writes"];
    let image = &writes[1]["fields"][0];
    assert_eq!(writes[1]["name"], "pricing", "{writes:#}");
    assert_eq!(image["before"], "registry.example/shop/pricing:2.1.0");
    assert_eq!(image["after"], "registry.example/shop/pricing:2.1.1");
    // What is not of the plan may change.
    desk.prod.kubectl(["scale", "deployment/pricing", "--replicas=3"]).succeeds();
    desk.prod.kubectl(["label", "deployment/pricing", "team=money"]).succeeds();
    desk.prod.kubectl(["set", "env", "deployment/tax", "MODE=slow"]).succeeds();
    desk.prod.wait_rollouts();
    desk.prod.kubectl(["set", "env", "deployment/tax", "MODE-"]).succeeds();
    desk.prod.wait_rollouts();
    // The label is left, which makes what runs another set than was asked for.
    let labelled = desk.plugin("apply --plan plan.json --yes").exits(8);
    assert!(labelled.stdout.contains("labels.team"), "{}", labelled.transcript());
    assert_eq!(desk.pricing(), "registry.example/shop/pricing:2.1.1");
    let replicas = ["get", "deployment", "pricing", "-o", "jsonpath={.spec.replicas}"];
    assert_eq!(desk.prod.kubectl(replicas).succeeds().stdout, "3");
    desk.prod.kubectl(["label", "deployment/pricing", "team-"]).succeeds();
    desk.prod.plugin(["diff", "rel-43"]).exits(0);
    insta::assert_snapshot!("again", desk.plugin("apply --plan plan.json --yes").exits(5));
}

#[test]
fn a_plan_is_the_same_file_as_long_as_nothing_has_moved() {
    let desk = Desk::new();
    let read = || fs::read(desk.folder.path().join("plan.json")).unwrap();
    desk.plugin("apply rel-43 --plan-out plan.json --dry-run=server").exits(0);
    let first = read();
    desk.plugin("apply rel-43 --plan-out plan.json -o json").exits(0);
    assert!(read() == first);
    desk.plugin("apply rel-43 --plan-out no/such/../plan.json").run();
    desk.plugin("apply rel-43 --plan-out /dev/full").exits(1);
    desk.plugin("apply rel-43 --plan-out a.json --plan plan.json").exits(2);
}

#[test]
fn what_has_moved_is_named_and_nothing_is_written() {
    let desk = Desk::new();
    desk.plugin("apply rel-43 --plan-out plan.json").exits(0);
    let refused = |line: &str| desk.plugin(&format!("{line} --yes")).exits(5);
    let image = "pricing=registry.example/shop/pricing:2.1.0-hotfix";
    desk.prod.kubectl(["set", "image", "deployment/pricing", image]).succeeds();
    insta::assert_snapshot!("moved", refused("apply --plan plan.json"));
    desk.prod.kubectl(["rollout", "undo", "deployment/pricing"]).succeeds();
    let said = |line: &str| moved(&refused(line)).join("\n");
    let said_of_set = {
        let older = fixture(PROD).replace("shop/pricing:2.1.0", "shop/pricing:2.0.9");
        let apply = ["apply", "-", "--plan", "plan.json", "--yes"];
        let apply = desk.prod.plugin(apply).current_dir(desk.folder.path());
        moved(&apply.stdin(older).exits(5)).join("\n")
    };
    assert!(said_of_set.starts_with("the set: planned sha256:"), "{said_of_set}");
    desk.plugin("variables set prod MAIL_HOST=mail").succeeds();
    for (flags, what) in [
        ("--variables prod", "the variable set: planned none, now prod"),
        ("--pin always", "the images that are pinned: planned auto, now always"),
        ("--field-manager anna", "the field manager: planned kubectl-snapshot, now anna"),
    ] {
        assert_eq!(said(&format!("apply --plan plan.json {flags}")), what);
    }
    super::apply::assert_untouched(&desk.prod);
    // What cannot be removed or created any more as planned.
    desk.prod.kubectl(["delete", "deployment", "pricing"]).succeeds();
    assert_eq!(
        said("apply --plan plan.json"),
        "Deployment pricing: planned there, to be changed, now not there"
    );
}

#[test]
fn a_file_decides_on_no_write() {
    let desk = Desk::new();
    desk.plugin("apply rel-43 --plan-out plan.json").exits(0);
    let document = desk.document();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = document.clone();
        change(&mut changed);
        desk.forge(&changed);
        moved(&desk.plugin("apply --plan plan.json --yes").exits(5)).join("\n")
    };
    let write = |document: &mut Value, write: Value| {
        document["spec"]["parts"][0]["writes"].as_array_mut().unwrap().push(write);
    };
    let evil = refused(&|document| {
        let field = &mut document["spec"]["parts"][0]["writes"][1]["fields"][0];
        field["after"] = "registry.example/shop/evil:1".into();
    });
    assert!(evil.contains("to become registry.example/shop/evil:1, now to become"), "{evil}");
    let removed = refused(&|document| {
        write(
            document,
            serde_json::json!({"kind": "Deployment", "name": "tax", "action": "remove", "uid": "7"}),
        );
    });
    assert_eq!(removed, "Deployment tax: planned to be removed, now not to be removed");
    let elsewhere = refused(&|document| {
        document["spec"]["parts"][0]["server"] = "https://shop.example:6443".into();
    });
    assert!(elsewhere.starts_with("the server: planned https://shop.example:6443"), "{elsewhere}");
    let namespace = refused(&|document| {
        document["spec"]["parts"][0]["target"] = "kind/elsewhere".into();
    });
    assert!(namespace.starts_with("the namespace: planned elsewhere, now "), "{namespace}");
    super::apply::assert_untouched(&desk.prod);
    desk.folder.write("plan.json", document.to_string());
    desk.plugin("apply --plan plan.json --yes").exits(0);
}

#[test]
fn what_is_no_plan_is_refused() {
    let desk = Desk::new();
    desk.plugin("apply rel-43 --plan-out plan.json").exits(0);
    let text = fs::read_to_string(desk.folder.path().join("plan.json")).unwrap();
    desk.folder.write("short.json", &text[..text.len() / 2]);
    desk.folder.write("changed.json", text.replace("pricing:2.1.1", "pricing:2.1.2"));
    desk.folder.write("newer.json", text.replace("/v1alpha1", "/v7"));
    desk.folder.write("bytes.json", b"\xff\xfe");
    let set = desk.plugin("get rel-43 -o json").succeeds().stdout;
    desk.folder.write("set.json", set);
    let large = File::create(desk.folder.path().join("large.json")).unwrap();
    large.set_len(200 << 20).unwrap();
    for (file, said) in [
        ("short.json", "is not JSON"),
        ("changed.json", "it has been changed: its digest is"),
        ("newer.json", "version \"kubectl-snapshot.dev/v7\""),
        ("bytes.json", "is not UTF-8 text"),
        ("set.json", "it is no plan: expected kind PlanFile, found Snapshot"),
        ("large.json", "has more than 128 MiB"),
        ("missing.json", "cannot be read: No such file"),
        ("/dev/zero", "is no ordinary file"),
        (".", "is no ordinary file"),
    ] {
        for command in ["apply", "promote", "rollback prod"] {
            let refused = desk.plugin(&format!("{command} --plan {file} --yes")).exits(1);
            assert!(refused.stderr.contains(said), "{}", refused.transcript());
        }
    }
    desk.plugin("promote --plan plan.json --yes").exits(2);
    super::apply::assert_untouched(&desk.prod);
}

#[test]
fn the_policies_are_asked_when_the_plan_is_carried_out() {
    let stages = Stages::new();
    let folder = Folder::new(Cluster::shared());
    let run = |line: &str| stages.plugin(line).current_dir(folder.path());
    run("promote rel-42 --to dev --yes").exits(0);
    run("promote rel-42 --to qa --plan-out plan.json").exits(0);
    let document = document(&folder);
    assert_eq!(document["spec"]["stage"], "qa");
    assert_eq!(document["spec"]["variables"], "qa");
    let settings = r#"{"evidence":[{"kind":"test","name":"e2e","stage":"dev","for":["qa"]}]}"#;
    run(&format!("policy add promotion-ladder --settings {settings}")).succeeds();
    run("promote --plan plan.json --yes").exits(4);
    // What policies do not let through yet can be planned all the same.
    run("promote rel-42 --to qa --plan-out later.json").exits(4);
    run("evidence add rel-42 --passed --name e2e --at dev").succeeds();

    let said = |line: &str| moved(&run(line).exits(5)).join("\n");
    let applied = said("apply --plan plan.json --yes");
    assert!(applied.starts_with("the operation: planned promotion, now apply"), "{applied}");
    run("variables set qa DB_HOST=orders-db.elsewhere").succeeds();
    let variable = said("promote --plan plan.json --yes");
    assert!(variable.contains("DB_HOST"), "{variable}");
    run("variables set qa DB_HOST=orders-db.qa").succeeds();
    run("promote --plan later.json --yes").exits(0);
    let history = run("history qa -o json").succeeds().json();
    assert_eq!(history["items"][1]["decision"], "approved", "{history}");

    run("rollback qa --plan-out back.json --reason test").exits(0);
    run("promote --plan back.json --to qa --yes").exits(5);
    run("rollback qa --plan back.json --yes --reason test").exits(0);
    run("rollback qa --plan back.json --yes --reason test").exits(5);
}

#[test]
fn a_plan_of_several_namespaces_is_one_file() {
    let stages = crate::parts::deploying::Stages::new();
    let folder = Folder::new(Cluster::shared());
    let run = |line: &str| stages.plugin(line).current_dir(folder.path());
    let at = crate::parts::deploying::at(&stages.prod);
    run(&format!("apply rel-42 --at {at} --plan-out plan.json")).exits(3);
    run("stage remove prod").succeeds();
    run(&format!("apply rel-42 --at {at} --variables prod --plan-out plan.json")).exits(0);
    assert_eq!(document(&folder)["spec"]["parts"].as_array().unwrap().len(), 2);
    let refused =
        run(&format!("apply --plan plan.json --yes --at {}", at.replace("shop=", "web=")));
    refused.exits(2);
    // The plan says where, and with which variables.
    run("apply --plan plan.json --yes").exits(0);
    assert_eq!(stages.in_prod(), ["1.8.0", "1.4.1"]);
}
