//! Promotions that write nothing: the stage's own deployer brings the set, and it is waited for.

use end_to_end::{Running, fixture, test, wait_for};
use serde_json::Value;

use super::Stages;
use crate::shop::DEV;

const AWAIT: &str = "promote rel-42 --to prod --await --timeout";

impl Stages {
    /// Stages of which prod is brought everything by its own deployer.
    fn with_a_deployer() -> Self {
        let stages = Self::new();
        let at = stages.prod.name();
        stages.succeeds(&format!(
            "stage set prod --at {at} --after qa --variables prod --via export"
        ));
        stages.up_to_qa();
        stages
    }

    /// Brings what was exported, as whoever deploys by a commit.
    fn deploy(&self, set: &str, replace: [&str; 2]) {
        let export = format!("export {set} -o manifests --variables prod");
        let manifests = self.succeeds(&export).stdout;
        self.prod.apply(&manifests.replace(replace[0], replace[1]));
    }

    /// The records of prod, the latest first.
    fn records(&self) -> Vec<Value> {
        let history = self.succeeds("history prod -o json").json();
        history["items"].as_array().unwrap().clone()
    }

    /// Starts to wait, and goes on once that is recorded.
    fn start(&self, line: &str) -> Running {
        let before = self.records().len();
        let waiting = self.plugin(line).start();
        wait_for("the record", || (self.records().len() > before).then_some(()));
        waiting
    }

    fn state(&self) -> String {
        let report = self.plugin("status prod -o json").run().json();
        report["items"][0]["state"].as_str().unwrap().to_owned()
    }
}

#[test]
fn its_own_deployer_brings_the_set() {
    let stages = Stages::with_a_deployer();
    let waiting = stages.start("promote rel-42 --to prod --yes --timeout 5m");
    let records = stages.records();
    assert_eq!((&records[0]["event"], &records[0]["awaited"]), (&"decided".into(), &true.into()));
    assert_eq!(stages.in_prod("tax"), "registry.example/shop/tax:1.3.9");
    // First all but one, and then that.
    stages.deploy("rel-42", ["shop/tax:1.4.1", "shop/tax:1.3.9"]);
    stages.prod.wait_rollouts();
    assert_eq!(stages.records().len(), 1, "it waits for the last of them");
    stages.deploy("rel-42", ["", ""]);
    let output = waiting.finish();
    assert_eq!(output.exit, 0, "{}", output.transcript());
    for said in [
        "nothing is written to stage prod: its own deployer brings what differs",
        "the commit is made with: kubectl snapshot export rel-42 -o kustomize --variables prod",
    ] {
        assert!(output.stderr.contains(said), "{}", output.transcript());
    }
    assert!(output.stdout.contains("ARRIVED  rel-42"), "{}", output.transcript());
    let managers = "jsonpath={.items[*].metadata.managedFields[*].manager}";
    let managers =
        stages.prod.kubectl(["get", "deployments,configmaps", "-o", managers]).succeeds();
    assert!(!managers.stdout.contains("kubectl-snapshot"), "{}", managers.stdout);
    assert_eq!(stages.state(), "inStep");
    // What is there already arrives at once.
    insta::assert_snapshot!("arrived", stages.plugin("promote rel-42 --to prod").succeeds());
    insta::assert_snapshot!("awaited_history", stages.succeeds("history prod"));
    stages.succeeds("history prod --verify");
    let report = stages.succeeds("promote rel-42 --to prod -o json").json();
    assert_eq!(report["awaited"], true, "{report:#}");
    assert_eq!(report["applied"]["outcome"], "arrived", "{report:#}");
    insta::assert_snapshot!("via", stages.succeeds("stage list"));
}

#[test]
fn what_does_not_come_is_told_and_recorded() {
    let stages = Stages::with_a_deployer();
    insta::assert_snapshot!("not_in_time", stages.plugin(&format!("{AWAIT} 2s")).exits(7));
    let result = |records: Vec<Value>| records[0]["result"].clone();
    assert_eq!(result(stages.records()), "timed-out");
    assert_eq!(stages.state(), "unpromoted");
    let status = stages.plugin("status prod").run();
    assert!(
        status.stdout.contains("prod/1 let rel-42 through, and that ended: "),
        "{}",
        status.transcript()
    );

    let interrupted = stages.start(&format!("{AWAIT} 5m"));
    interrupted.interrupt();
    let output = interrupted.finish();
    assert_eq!(output.exit, 130, "{}", output.transcript());
    assert!(output.stderr.contains("it may still come"), "{}", output.transcript());
    assert_eq!(result(stages.records()), "interrupted");

    // Whoever is killed says nothing more; whoever waits once more ends it.
    let killed = stages.start(&format!("{AWAIT} 5m"));
    killed.kill();
    let _ = killed.finish_unread();
    assert_eq!(stages.records()[0]["event"], "decided");
    insta::assert_snapshot!("killed_wait", stages.succeeds("history prod"));
    stages.deploy("rel-42", ["", ""]);
    stages.succeeds(&format!("{AWAIT} 5m"));
    assert_eq!(stages.state(), "inStep");
    assert_eq!(result(stages.records()), "succeeded");
}

#[test]
fn pods_that_do_not_come_end_the_wait() {
    let stages = Stages::with_a_deployer();
    let broken = fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.2-broken");
    stages.plugin("capture rel-43 --from -").stdin(broken).succeeds();
    // It was at no stage before.
    stages.succeeds("policy add promotion-ladder --mode warn");
    let waiting = stages.start("promote rel-43 --to prod --timeout 5m");
    stages.deploy("rel-43", ["", ""]);
    let output = waiting.finish();
    assert_eq!(output.exit, 1, "{}", output.transcript());
    assert!(output.stdout.contains("FAILED  rel-43"), "{}", output.transcript());
    assert!(output.stdout.contains("1 rollout failed"), "{}", output.transcript());
    assert_eq!(stages.records()[0]["result"], "failed");
}

#[test]
fn nobody_waits_for_what_is_refused_and_nothing_is_there_to_plan() {
    let stages = Stages::with_a_deployer();
    for line in ["--dry-run=server", "--plan-out plan.json"] {
        let output = stages.plugin(&format!("promote rel-42 --to prod {line}")).exits(2);
        let says = "nothing is written to stage prod";
        assert!(output.stderr.contains(says), "{}", output.transcript());
    }
    let looked = stages.succeeds("promote rel-42 --to prod --dry-run=client");
    assert!(looked.stdout.contains("APPROVED"), "{}", looked.transcript());
    assert_eq!(stages.records().len(), 0);
    // Whoever writes there all the same is told who puts it back.
    let output = stages.prod.plugin(["apply", "rel-42", "--dry-run=client"]).succeeds();
    let says = "stage prod takes snapshots by a commit alone";
    assert!(output.stderr.contains(says), "{}", output.transcript());

    stages.succeeds(r#"policy add promotion-ladder --settings {"approvals":{"prod":1}}"#);
    stages.plugin("promote rel-42 --to prod --await --timeout 5m").exits(4);
    let records = stages.records();
    assert_eq!((records.len(), &records[0]["decision"]), (1, &"refused".into()));
}
