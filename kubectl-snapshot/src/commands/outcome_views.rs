//! The three views of an outcome side by side: what the shell, the reader and the records are
//! told of one apply.

use std::collections::BTreeMap;

use snapshot_core::{
    assembly::{Assembly, CaptureOptions},
    cluster_namespace::ClusterNamespace,
    diff::{self, Diff},
    digest::Digest,
    manifest::Kind,
    outcome::{
        ApplyOutcome, Interruption, Rollout, RolloutState, Verification, WayBackOutcome,
        WriteFailure,
    },
    plan::{Action, Plan, Step},
    record::Completion,
    snapshot::Snapshot,
};

use crate::{commands::Exit, render::ApplyReport};

/// A change, and a removal that comes after it.
fn plan() -> Plan {
    let step = |name: &str, action| Step {
        kind: Kind::ConfigMap,
        name: name.to_owned(),
        fields: Vec::new(),
        action,
    };
    Plan {
        snapshot: "rel-43".to_owned(),
        digest: Digest::of(b"rel-43"),
        target: ClusterNamespace::new("kind", "prod"),
        steps: vec![
            step(
                "shop",
                Action::Patch {
                    operations: Vec::new(),
                    change: Box::default(),
                    in_owners_name: None,
                },
            ),
            step("old", Action::Remove { uid: "7".to_owned(), manifest: serde_json::Value::Null }),
        ],
        leftovers: Vec::new(),
        blocked: Vec::new(),
        switches: Vec::new(),
        unswitchable: Vec::new(),
        notes: Vec::new(),
        owners: Vec::new(),
        waves: snapshot_core::plan::Waves::default(),
        images: BTreeMap::new(),
    }
}

fn running(log: &str) -> Snapshot {
    let mut assembly = Assembly::new(CaptureOptions::default());
    let object = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"log": log},
    });
    assembly.add(Kind::ConfigMap, object).unwrap();
    Snapshot { spec: assembly.finish().unwrap().spec, ..Snapshot::default() }
}

fn look(log: &str) -> Diff {
    diff::compare(["rel-43", "live:prod"], &running("info"), &running(log))
}

fn same() -> Verification {
    Verification::of(look("info"))
}

/// The plan, of which so much was written.
fn written(names: &[&str], verification: Verification) -> ApplyOutcome {
    let mut outcome = ApplyOutcome::new(&plan(), false);
    for name in names {
        outcome.written(Kind::ConfigMap, name);
    }
    outcome.verification = verification;
    outcome
}

fn failed(moved: bool) -> ApplyOutcome {
    let mut outcome = written(&[], Verification::NotAsked);
    let reason = "ConfigMap shop was not written".to_owned();
    outcome.failed(Kind::ConfigMap, "shop", WriteFailure { reason, moved });
    outcome
}

fn rolled(state: RolloutState, verification: Verification) -> ApplyOutcome {
    let mut outcome = written(&["shop"], verification);
    outcome.rollouts.push(Rollout { kind: Kind::Deployment, name: "cart".into(), state });
    outcome
}

fn interrupted(interruption: Interruption) -> ApplyOutcome {
    let mut outcome = written(&["shop"], Verification::NotAsked);
    outcome.interruption = Some(interruption);
    outcome
}

/// The outcome, of which everything that was written has gone back.
fn gone_back(mut outcome: ApplyOutcome, verification: Verification) -> ApplyOutcome {
    let mut way_back = WayBackOutcome::new(&[]);
    way_back.verification = verification;
    outcome.way_back = Some(way_back);
    outcome
}

/// Views of an outcome: those of the shell, of a machine that reads the report, and of the record.
fn views(outcome: ApplyOutcome) -> (u8, String, Completion) {
    let (exit, completion) = (Exit::from(outcome.conclusion()).code(), outcome.completion());
    let report = serde_json::to_value(ApplyReport::from(outcome)).unwrap();
    (exit, report["outcome"].as_str().unwrap().to_owned(), completion)
}

#[test]
fn the_views_of_every_outcome_agree() {
    let all = ["shop", "old"];
    let unknown = || Verification::Unknown { reason: "500".to_owned() };
    let reason = || "why".to_owned();
    let nothing = Plan { steps: Vec::new(), ..plan() };
    let mut unchanged = ApplyOutcome::new(&nothing, false);
    unchanged.verification = same();
    let told = [
        (unchanged, 0, "unchanged", Completion::Succeeded),
        (written(&all, same()), 0, "applied", Completion::Succeeded),
        // Nobody waited, as the user wished: promote always does.
        (written(&all, Verification::NotAsked), 0, "applied", Completion::Unverified),
        (written(&all, Verification::of(look("debug"))), 8, "different", Completion::Different),
        (written(&all, unknown()), 8, "unverified", Completion::Unverified),
        (rolled(RolloutState::Unknown, unknown()), 8, "unverified", Completion::Unverified),
        (failed(false), 1, "failed", Completion::Failed),
        (failed(true), 5, "failed", Completion::Conflict),
        (
            rolled(RolloutState::Failed { reason: reason() }, Verification::NotAsked),
            1,
            "failed",
            Completion::Failed,
        ),
        (
            rolled(RolloutState::TimedOut { reason: reason() }, Verification::NotAsked),
            7,
            "timedOut",
            Completion::TimedOut,
        ),
        (interrupted(Interruption::Signal), 130, "stopped", Completion::Interrupted),
        (
            interrupted(Interruption::LeaseLost { reason: reason() }),
            5,
            "stopped",
            Completion::Conflict,
        ),
        (gone_back(failed(false), same()), 6, "rolledBack", Completion::RolledBack),
        (gone_back(failed(true), same()), 6, "rolledBack", Completion::RolledBack),
        (
            gone_back(interrupted(Interruption::Signal), same()),
            6,
            "rolledBack",
            Completion::RolledBack,
        ),
        (gone_back(failed(false), unknown()), 8, "unverified", Completion::Unverified),
    ];
    for (outcome, exit, word, completion) in told {
        let shown = format!("{outcome:?}");
        let problems = outcome.problems();
        assert_eq!(views(outcome), (exit, word.to_owned(), completion), "{shown}");
        // Whatever did not succeed says why, where there is anything to say.
        let is_silent = exit == 0;
        assert_eq!(problems.is_empty(), is_silent, "{shown}");
    }
}
