//! Outcomes of every kind: what follows from them, and what is recorded.

use serde_json::{Value, json};

use super::*;
use crate::{
    assembly::test_support,
    diff::{self, Diff},
    digest::Digest,
    plan::{Plans, Step, Trace, gate},
    record::Completion,
};

/// Two changes and a removal.
fn plan() -> Plan {
    let step = |kind, name: &str, action| Step { kind, name: name.into(), fields: vec![], action };
    Plan {
        snapshot: "rel-43".into(),
        digest: Digest::of(b"rel-43"),
        target: ClusterNamespace::new("kind", "prod"),
        steps: vec![
            step(
                Kind::ConfigMap,
                "app",
                Action::Patch { operations: vec![], change: Box::default(), in_owners_name: None },
            ),
            step(Kind::Deployment, "cart", Action::Create { manifest: Value::Null }),
            step(
                Kind::Deployment,
                "old",
                Action::Remove { uid: "7".into(), manifest: Value::Null },
            ),
        ],
        leftovers: vec![],
        blocked: vec![],
        switches: vec![],
        unswitchable: vec![],
        notes: vec![],
        owners: vec![],
        waves: crate::plan::Waves::default(),
        images: std::collections::BTreeMap::new(),
    }
}

fn nothing() -> ApplyOutcome {
    ApplyOutcome::new(&Plan { steps: vec![], ..plan() }, false)
}

/// The changes are written, the removal is not begun.
fn changed() -> ApplyOutcome {
    let mut outcome = ApplyOutcome::new(&plan(), false);
    // The server's answers come in any order.
    outcome.written(Kind::Deployment, "cart");
    outcome.written(Kind::ConfigMap, "app");
    outcome
}

fn complete() -> ApplyOutcome {
    let mut outcome = changed();
    outcome.written(Kind::Deployment, "old");
    outcome
}

fn rolled(state: RolloutState) -> ApplyOutcome {
    let mut outcome = changed();
    outcome.rollouts.push(Rollout { kind: Kind::Deployment, name: "cart".into(), state });
    outcome
}

fn failing(moved: bool) -> ApplyOutcome {
    let mut outcome = ApplyOutcome::new(&plan(), false);
    outcome.written(Kind::ConfigMap, "app");
    let reason = "Deployment cart was not written: no quota".to_owned();
    outcome.failed(Kind::Deployment, "cart", WriteFailure { reason, moved });
    outcome
}

fn verified(mut outcome: ApplyOutcome, verification: Verification) -> ApplyOutcome {
    outcome.verification = verification;
    outcome
}

fn interrupted(mut outcome: ApplyOutcome, interruption: Interruption) -> ApplyOutcome {
    outcome.interruption = Some(interruption);
    outcome
}

fn lease_lost() -> Interruption {
    Interruption::LeaseLost { reason: "someone else has taken the lock".into() }
}

fn between(change: impl FnOnce(&mut Value)) -> Diff {
    let (asked, mut runs) = (test_support::shop(), test_support::shop());
    change(&mut runs[0]);
    diff::compare(
        ["rel-43", "live:prod"],
        &test_support::snapshot(&asked),
        &test_support::snapshot(&runs),
    )
}

fn same() -> Verification {
    Verification::of(between(|_| ()))
}

fn different() -> Verification {
    Verification::of(between(|object| {
        object["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 7.into();
    }))
}

fn unknown() -> Verification {
    Verification::Unknown { reason: "Error from server (InternalError): chosen".into() }
}

fn views(outcome: &ApplyOutcome) -> (Conclusion, Completion) {
    (outcome.conclusion(), outcome.completion())
}

fn awaited(end: Awaited, verification: Verification) -> ApplyOutcome {
    let mut outcome = verified(nothing(), verification);
    outcome.awaited = Some(end);
    outcome
}

#[test]
fn what_was_waited_for_has_arrived_or_has_not() {
    let arrived = awaited(Awaited::Arrived, same());
    assert_eq!(views(&arrived), (Conclusion::Arrived, Completion::Succeeded));
    for seen in [different(), unknown()] {
        let late = awaited(Awaited::NotInTime, seen);
        assert_eq!(views(&late), (Conclusion::TimedOut, Completion::TimedOut));
        assert_eq!(late.problems().len(), 1, "{:?}", late.problems());
    }
    let stopped = interrupted(awaited(Awaited::Stopped, different()), Interruption::Signal);
    assert_eq!(views(&stopped), (Conclusion::Interrupted, Completion::Interrupted));
    let mut failed = awaited(Awaited::Stopped, different());
    let state = RolloutState::Failed { reason: "no image".into() };
    failed.rollouts.push(Rollout { kind: Kind::Deployment, name: "cart".into(), state });
    assert_eq!(views(&failed), (Conclusion::Failed, Completion::Failed));
}

#[test]
fn only_what_was_seen_to_run_has_succeeded() {
    let seen = verified(complete(), same());
    assert_eq!(views(&seen), (Conclusion::Applied, Completion::Succeeded));
    assert_eq!(seen.problems(), [""; 0]);
    let before = verified(nothing(), same());
    assert_eq!(views(&before), (Conclusion::Unchanged, Completion::Succeeded));
    // Nobody waited, as the user wished.
    assert_eq!(views(&complete()), (Conclusion::Applied, Completion::Unverified));
}

#[test]
fn something_else_that_runs_is_no_success() {
    for outcome in [complete(), nothing()] {
        let outcome = verified(outcome, different());
        assert_eq!(views(&outcome), (Conclusion::Different, Completion::Different));
        let [problem] = &outcome.problems()[..] else { panic!("one problem") };
        assert!(problem.starts_with("what runs is not what was asked for: "), "{problem}");
        assert!(problem.contains("terminationGracePeriodSeconds"), "{problem}");
    }
}

#[test]
fn what_could_not_be_seen_keeps_what_was_written() {
    let outcome = verified(complete(), unknown());
    assert_eq!(views(&outcome), (Conclusion::Unverified, Completion::Unverified));
    assert_eq!(outcome.writes().len(), 3);
    assert_eq!(
        outcome.problems(),
        [
            "whether what was asked for runs could not be seen: Error from server (InternalError): chosen"
        ]
    );
    // The wait broke off: nothing is removed then.
    let outcome = verified(rolled(RolloutState::Unknown), unknown());
    assert_eq!(views(&outcome), (Conclusion::Unverified, Completion::Unverified));
    assert_eq!(outcome.problems()[0], "1 of 3 writes not begun: Deployment old");
    assert_eq!(outcome.writes().len(), 2);
}

#[test]
fn a_failure_is_graver_than_what_could_not_be_seen() {
    let failed = RolloutState::Failed { reason: "no image".into() };
    let outcome = verified(rolled(failed), unknown());
    assert_eq!(views(&outcome), (Conclusion::Failed, Completion::Failed));
    assert_eq!(outcome.problems()[0], "Deployment cart: no image");
    let late = RolloutState::TimedOut { reason: "after 3 s: 0 of 1".into() };
    assert_eq!(views(&rolled(late)), (Conclusion::TimedOut, Completion::TimedOut));
}

#[test]
fn a_write_that_failed_tells_of_what_was_not_begun() {
    let outcome = failing(false);
    assert_eq!(views(&outcome), (Conclusion::Failed, Completion::Failed));
    assert_eq!(
        outcome.problems(),
        ["Deployment cart was not written: no quota", "1 of 3 writes not begun: Deployment old"]
    );
    assert_eq!(views(&failing(true)), (Conclusion::Conflict, Completion::Conflict));
    // Ctrl-C beside a failure does not hide it.
    let outcome = interrupted(failing(false), Interruption::Signal);
    assert_eq!(views(&outcome), (Conclusion::Failed, Completion::Failed));
}

#[test]
fn ctrl_c_and_a_lost_lease_are_told_where_they_left_something_undone() {
    let outcome = interrupted(changed(), Interruption::Signal);
    assert_eq!(views(&outcome), (Conclusion::Interrupted, Completion::Interrupted));
    assert_eq!(outcome.problems(), ["interrupted", "1 of 3 writes not begun: Deployment old"]);
    let outcome = interrupted(rolled(RolloutState::Stopped), lease_lost());
    assert_eq!(views(&outcome), (Conclusion::LeaseLost, Completion::Conflict));
    assert_eq!(outcome.problems()[0], "someone else has taken the lock");
    // It came too late to leave anything undone.
    let outcome = interrupted(verified(complete(), same()), lease_lost());
    assert_eq!(views(&outcome), (Conclusion::Applied, Completion::Succeeded));
    assert_eq!(outcome.problems(), [""; 0]);
}

#[test]
fn every_step_is_written_failed_or_not_begun_in_the_plans_order() {
    let names = |outcome: &ApplyOutcome| -> Vec<String> {
        outcome.writes().into_iter().map(|one| one.name).collect()
    };
    assert_eq!(names(&complete()), ["app", "cart", "old"]);
    let outcome = failing(false);
    assert_eq!(names(&outcome), ["app"]);
    assert_eq!(outcome.failures().count(), 1);
    assert_eq!(outcome.not_started().count(), 1);
    // Nothing that happened is lost, even if nobody planned it.
    let mut outcome = nothing();
    outcome.written(Kind::Deployment, "surprise");
    assert_eq!(names(&outcome), ["surprise"]);
}

#[test]
fn what_was_not_begun_is_named_up_to_a_limit() {
    let mut many = plan();
    let step = many.steps[0].clone();
    many.steps = (0..30).map(|n| Step { name: format!("c{n}"), ..step.clone() }).collect();
    let problems = ApplyOutcome::new(&many, false).problems();
    let line = problems.last().unwrap();
    assert!(line.starts_with("30 of 30 writes not begun: ConfigMap c0, ConfigMap c1"), "{line}");
    assert!(line.ends_with("ConfigMap c19, 10 more"), "{line}");
}

#[test]
fn a_verification_is_a_word_with_its_reason() {
    let words = [same(), different(), Verification::NotAsked, unknown()]
        .map(|one| serde_json::to_value(one).unwrap());
    assert_eq!(
        words,
        [
            json!({"state": "same"}),
            json!({"state": "different"}),
            json!({"state": "notAsked"}),
            json!({"state": "unknown", "reason": "Error from server (InternalError): chosen"}),
        ]
    );
}

/// The rollout has failed, and everything that was written has gone back but for `left`.
fn gone_back(mut outcome: ApplyOutcome, left: &[&str], seen: Verification) -> ApplyOutcome {
    let approved = gate(Plans::from(plan()), Vec::new(), None).unwrap();
    let traces = outcome.writes().into_iter().map(|one| {
        let trace = match one.write {
            Write::Created => Trace::Created { uid: None },
            Write::Changed => Trace::Changed,
            Write::Removed => Trace::Removed { was: json!({}) },
        };
        ((one.kind, one.name), trace)
    });
    let returns = approved.way_back(&[traces.collect()]).parts()[0].clone();
    let mut way_back = WayBackOutcome::new(&returns);
    for one in &returns {
        if left.contains(&one.name.as_str()) {
            let reason = format!("{} was changed", one.name);
            way_back.left(one.kind, &one.name, WriteFailure { reason, moved: true });
        } else {
            way_back.back(one.kind, &one.name);
        }
    }
    way_back.verification = seen;
    outcome.way_back = Some(way_back);
    outcome
}

fn broken() -> ApplyOutcome {
    rolled(RolloutState::Failed { reason: "no image".into() })
}

#[test]
fn what_was_seen_to_run_as_before_is_rolled_back_whatever_went_wrong() {
    let late = rolled(RolloutState::TimedOut { reason: "0 of 1".into() });
    let stopped = interrupted(rolled(RolloutState::Stopped), Interruption::Signal);
    for (outcome, why) in [
        (broken(), "Deployment cart: no image"),
        (late, "Deployment cart: 0 of 1"),
        (failing(false), "Deployment cart was not written: no quota"),
        (failing(true), "Deployment cart was not written: no quota"),
        (stopped, "interrupted"),
    ] {
        let outcome = gone_back(outcome, &[], same());
        assert_eq!(views(&outcome), (Conclusion::RolledBack, Completion::RolledBack));
        assert_eq!(outcome.problems()[0], why);
    }
}

#[test]
fn a_way_back_that_was_not_seen_is_no_rollback() {
    let outcome = gone_back(broken(), &["cart"], Verification::NotAsked);
    assert_eq!(views(&outcome), (Conclusion::Failed, Completion::Failed));
    let told = "Deployment cart is not as it was before: cart was changed";
    assert_eq!(outcome.problems().last().unwrap(), told);
    let moved = gone_back(failing(true), &["app"], Verification::NotAsked);
    assert_eq!(views(&moved), (Conclusion::Conflict, Completion::Conflict));
    // All of it has gone back, and nobody knows what runs.
    for seen in [different(), unknown()] {
        let outcome = gone_back(broken(), &[], seen);
        assert_eq!(views(&outcome), (Conclusion::Unverified, Completion::Unverified));
        assert!(outcome.problems().len() > 1, "{:?}", outcome.problems());
    }
    // What has gone back does not get ready either.
    let mut outcome = gone_back(broken(), &[], Verification::NotAsked);
    let state = RolloutState::TimedOut { reason: "0 of 1".into() };
    let rollout = Rollout { kind: Kind::ConfigMap, name: "app".into(), state };
    outcome.way_back.as_mut().unwrap().rollouts.push(rollout);
    assert_eq!(views(&outcome), (Conclusion::Failed, Completion::Failed));
    let told = "ConfigMap app has gone back, and does not run yet: 0 of 1";
    assert_eq!(outcome.problems().last().unwrap(), told);
}

#[test]
fn who_leaves_on_the_way_back_leaves_what_has_not_gone_back() {
    let whole = |outcome| Outcome::from(outcome).left_now();
    assert_eq!(whole(changed()), ["ConfigMap app", "Deployment cart"]);
    let outcome = gone_back(changed(), &["cart"], Verification::NotAsked);
    assert_eq!(whole(outcome), ["Deployment cart"]);
}
