//! Promotions after which something else runs, or nobody could see what runs.

use end_to_end::{Fault, FaultyApiServer, Mutation, Output, test};

use super::Stages;

/// Promotes rel-42 to qa through a server whose answer after the writes is not to be had.
fn unverified(stages: &Stages, output: &str) -> Output {
    let here = stages.qa_name().to_owned();
    let server = FaultyApiServer::after_the_first_patch(
        stages.dev.cluster(),
        Fault::Status(500),
        move |request| request.lists(&here, "services"),
    );
    let promote = stages.plugin(&format!("promote rel-42 --to qa --yes -o {output}"));
    promote.through(&server).exits(8)
}

#[test]
fn what_could_not_be_seen_is_recorded_as_written_and_promoted_once_more() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let report = unverified(&stages, "json").json();
    assert_eq!(report["applied"]["outcome"], "unverified");
    assert!(!report["applied"]["written"].as_array().unwrap().is_empty());
    let history = stages.succeeds("history qa -o json").json();
    let ended = &history["items"][0];
    assert_eq!((&ended["result"], &ended["verification"]), (&"failed".into(), &"unknown".into()));
    insta::assert_snapshot!("unverified_history", stages.succeeds("history qa"));

    // The stage is what was written, and says that nobody has seen it run.
    insta::assert_snapshot!("unverified_stage", stages.succeeds("diff stage:qa rel-42"));
    let doctor = stages.plugin("doctor").run();
    assert!(doctor.stdout.contains("whether it runs could not be seen"), "{}", doctor.transcript());
    // Nothing goes on from there.
    let refused = stages.plugin("promote rel-42 --to prod --yes").exits(3);
    assert!(refused.stdout.contains("promotion-ladder"), "{}", refused.transcript());

    // Once more: nothing is left to write, and every workload is waited for.
    let again = stages.succeeds("promote rel-42 --to qa --yes -o json").json();
    assert_eq!(again["applied"]["outcome"], "unchanged");
    let rollouts = again["applied"]["rollouts"].as_array().unwrap();
    assert!(rollouts.len() > 4, "{rollouts:?}");
    assert!(rollouts.iter().all(|one| one["state"] == "done"), "{rollouts:?}");
    assert!(!stages.succeeds("diff stage:qa rel-42").stderr.contains("may run something else"));
    stages.succeeds("promote rel-42 --to prod --yes");
    stages.succeeds("history --verify");
}

#[test]
fn a_stage_can_go_back_from_what_could_not_be_seen() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    unverified(&stages, "table");
    // What it added goes away, as after a promotion that failed.
    stages.qa.kubectl(["get", "deployment", "cart-canary"]).succeeds();
    stages.succeeds("rollback qa --yes --reason unseen");
    stages.qa.kubectl(["get", "deployment", "cart-canary"]).exits(1);
}

#[test]
fn something_else_that_runs_is_recorded_and_not_trusted() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let _mutation = Mutation::of_grace_period(&stages.qa, "pricing");
    let promote = stages.plugin("promote rel-42 --to qa --yes").exits(8);
    assert!(promote.stdout.contains("DIFFERENT  rel-42"), "{}", promote.transcript());
    let history = stages.succeeds("history qa -o json").json();
    let ended = &history["items"][0];
    assert_eq!((&ended["result"], &ended["verification"]), (&"failed".into(), &"different".into()));
    let details = ended["details"][0].as_str().unwrap();
    assert!(details.contains("terminationGracePeriodSeconds"), "{details}");
    let table = stages.succeeds("history qa").stdout;
    assert!(table.contains("different"), "{table}");
    insta::assert_snapshot!("different_stage", stages.plugin("diff stage:qa rel-42").exits(2));
    stages.plugin("promote rel-42 --to prod --yes").exits(3);
}

#[test]
fn an_end_that_could_not_be_recorded_is_no_success() {
    let stages = Stages::new();
    stages.succeeds("promote rel-42 --to dev --yes");
    let store = stages.dev.store().to_owned();
    // What is kept before the first write is stored, the record of the end is not.
    let server = FaultyApiServer::after_the_first_patch(
        stages.dev.cluster(),
        Fault::Status(500),
        move |request| request.creates(&store, "configmaps"),
    );
    let promote = stages.plugin("promote rel-42 --to qa --yes").through(&server).exits(1);
    assert!(promote.stdout.contains("verified"), "{}", promote.transcript());
    assert!(
        promote.stderr.contains("how it ended (succeeded) is not recorded"),
        "{}",
        promote.transcript()
    );
    let history = stages.succeeds("history qa").stdout;
    assert!(history.contains("not ended"), "{history}");
    stages.succeeds("promote rel-42 --to qa --yes");
}
