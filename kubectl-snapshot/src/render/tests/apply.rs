//! Reports of an apply.

use snapshot_core::{
    diff,
    manifest::Kind,
    outcome::{ApplyOutcome, Interruption, Rollout, RolloutState, Verification, WriteFailure},
};

use super::{
    assert_text, at, machine,
    plan::{between, settled},
    story,
};
use crate::render::ApplyReport;

/// All that was planned is written.
fn written() -> ApplyOutcome {
    let mut outcome = begun();
    outcome.written(Kind::Deployment, "tax");
    outcome.written(Kind::Deployment, "search");
    outcome
}

/// Some of what was planned is written, and nothing else begun.
fn begun() -> ApplyOutcome {
    let mut outcome = ApplyOutcome::new(&between(&story::rel_42(), &story::rel_43()), false);
    outcome.written(Kind::Deployment, "cart");
    outcome.written(Kind::ConfigMap, "app-config");
    outcome.written(Kind::ConfigMap, "tax-config");
    outcome
}

fn rollout(outcome: &mut ApplyOutcome, name: &str, state: RolloutState) {
    outcome.rollouts.push(Rollout { kind: Kind::Deployment, name: name.to_owned(), state });
}

fn applied() -> ApplyReport {
    let mut outcome = written();
    rollout(&mut outcome, "cart", RolloutState::Done { note: None });
    let note = Some("it is scaled to zero".to_owned());
    rollout(&mut outcome, "tax", RolloutState::Done { note });
    let remaining = diff::compare(["rel-43", "live:qa"], &story::rel_43(), &story::rel_43());
    outcome.verification = Verification::of(remaining);
    outcome.into()
}

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &applied()),
        "
APPLIED  rel-43 (sha256:7ea633f61439) → kind-dev/qa
3 objects changed, 2 objects created, 2 rollouts done, verified, 1 object left
alone

ROLLOUTS
deployment.apps/tax  done  it is scaled to zero
",
    );
}

#[test]
fn nothing_written_is_said() {
    assert_text(
        &at(80, &ApplyReport::from(ApplyOutcome::new(&settled(), false))),
        "
UNCHANGED  rel-42 (sha256:d54a02ae3da2) runs already in kind-dev/qa
nothing written
",
    );
}

#[test]
fn a_failed_write_is_told_first() {
    let mut outcome = begun();
    let reason = "Deployment search was changed by someone else since the plan was made; run the command again".to_owned();
    outcome.failed(Kind::Deployment, "search", WriteFailure { reason, moved: true });
    assert_text(
        &at(80, &ApplyReport::from(outcome)),
        "
FAILED  rel-43 (sha256:7ea633f61439) does not run in kind-dev/qa
2 objects changed, 1 object created, 1 write failed, 1 write not begun

FAILED
Deployment search was changed by someone else since the plan was made; run the
command again

NOT BEGUN
deployment.apps/tax

WRITES
configmap/app-config  changed
configmap/tax-config  created
deployment.apps/cart  changed
",
    );
}

#[test]
fn a_failed_rollout_is_told_first() {
    let reason = "container cart crashes: exit code 1, 4 restarts; see kubectl logs cart-7d4b9c6f8-x2x9q --previous".to_owned();
    let mut outcome = written();
    rollout(&mut outcome, "tax", RolloutState::Done { note: None });
    rollout(&mut outcome, "cart", RolloutState::Failed { reason });
    rollout(&mut outcome, "search", RolloutState::Stopped);
    assert_text(
        &at(80, &ApplyReport::from(outcome)),
        "
FAILED  rel-43 (sha256:7ea633f61439) does not run in kind-dev/qa
3 objects changed, 2 objects created, 1 rollout done, 1 rollout failed, 1
rollout not waited for

ROLLOUTS
deployment.apps/cart    failed  container cart crashes: exit code 1, 4 restarts;
                                see kubectl logs cart-7d4b9c6f8-x2x9q --previous
deployment.apps/search  not waited for
",
    );
}

#[test]
fn something_else_that_runs_is_named() {
    let mut outcome = written();
    outcome.verification = Verification::of(story::from_42_to_43());
    let report = ApplyReport::from(outcome);
    assert_text(
        &at(80, &report),
        "
DIFFERENT  rel-43 (sha256:7ea633f61439) was applied to, and something else runs
in kind-dev/qa
3 objects changed, 2 objects created
What runs is not what was asked for: 2 images (1 newer, 1 of unknown order), 3
environment entries, 1 ConfigMap, 3 flags, 1 requirement, 1 other field; 1
workload added, 1 workload removed, 1 container added, 1 ConfigMap added
Look with: kubectl snapshot diff rel-43 live:kind-dev/qa

DIFFERENCES
Deployment cart: image of cart, env DB_PASSWORD, env TAX_TIMEOUT, env TAX_URL,
container proxy, spec.template.spec.containers[cart].resources
Deployment legacy: only in rel-42
Deployment search: image of search
Deployment tax: only in rel-43
ConfigMap app-config: LOG_LEVEL, nginx.conf
ConfigMap tax-config: only in rel-43
flag layout
flag new-pricing: only in rel-43
flag tax-call
flag tax-call needs tax >=1.4: only in rel-43
",
    );
    assert_text(
        &machine("jsonpath={.outcome} {.verification.state} {.remaining.summary.images}", &report),
        "different different 2",
    );
}

#[test]
fn what_could_not_be_seen_is_told_with_what_was_written() {
    let mut outcome = written();
    rollout(&mut outcome, "cart", RolloutState::Unknown);
    rollout(&mut outcome, "tax", RolloutState::Done { note: None });
    let reason = "Error from server (InternalError): no quorum".to_owned();
    outcome.verification = Verification::Unknown { reason };
    let report = ApplyReport::from(outcome);
    assert_text(
        &at(80, &report),
        "
UNVERIFIED  rel-43 (sha256:7ea633f61439) was not seen to run in kind-dev/qa
3 objects changed, 2 objects created, 1 rollout done, 1 rollout not seen to end
Whether it runs could not be seen: Error from server (InternalError): no quorum
Look with: kubectl snapshot diff rel-43 live:kind-dev/qa

WRITES
configmap/app-config    changed
configmap/tax-config    created
deployment.apps/cart    changed
deployment.apps/search  changed
deployment.apps/tax     created

ROLLOUTS
deployment.apps/cart  not seen to end
",
    );
    assert_text(
        &machine(
            "jsonpath={.outcome} {.verification.state} {.verification.reason} {.rollouts[*].state} {.written[*].name}",
            &report,
        ),
        "unverified unknown Error from server (InternalError): no quorum unknown done app-config tax-config cart search tax",
    );
}

#[test]
fn what_stopped_it_is_told_with_what_is_left() {
    let mut outcome = begun();
    outcome.interruption = Some(Interruption::LeaseLost {
        reason: "someone else has taken the lock of the namespace".to_owned(),
    });
    let report = ApplyReport::from(outcome.clone());
    assert_text(
        &at(80, &report),
        "
STOPPED  rel-43 (sha256:7ea633f61439) was not seen to run in kind-dev/qa
2 objects changed, 1 object created, 2 writes not begun
Stopped: someone else has taken the lock of the namespace

NOT BEGUN
deployment.apps/search
deployment.apps/tax

WRITES
configmap/app-config  changed
configmap/tax-config  created
deployment.apps/cart  changed
",
    );
    outcome.interruption = Some(Interruption::Signal);
    assert_text(
        &machine(
            "jsonpath={.outcome} {.interruption} {.notStarted[*].name}",
            &ApplyReport::from(outcome),
        ),
        "stopped interrupted search tax",
    );
}

#[test]
fn machines_get_each_part() {
    assert_text(
        &machine("name", &applied()),
        "configmap/app-config\nconfigmap/tax-config\ndeployment.apps/cart\ndeployment.apps/search\ndeployment.apps/tax\n",
    );
    assert_text(
        &machine(
            "jsonpath={.outcome} {.verification.state} {.rollouts[*].state} {.written[*].write} {.remaining.summary.images}",
            &applied(),
        ),
        "applied same done done changed created changed changed created 0",
    );
}
