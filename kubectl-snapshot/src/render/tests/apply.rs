//! Reports of an apply.

use snapshot_core::{diff, manifest::Kind, plan::ObjectName};

use super::{
    assert_text, at, machine,
    plan::{between, settled},
    story,
};
use crate::render::{ApplyReport, RolloutState};

fn report() -> ApplyReport {
    let mut report = ApplyReport::new(&between(&story::rel_42(), &story::rel_43()));
    report.written([
        (Kind::ConfigMap, "app-config".to_owned()),
        (Kind::Deployment, "tax".to_owned()),
        (Kind::Deployment, "cart".to_owned()),
    ]);
    report
}

fn applied() -> ApplyReport {
    let mut report = report();
    report.rollout(Kind::Deployment, "cart", RolloutState::Done { note: None });
    report.rollout(
        Kind::Deployment,
        "tax",
        RolloutState::Done { note: Some("it is scaled to zero".into()) },
    );
    report.remaining =
        Some(diff::compare(["rel-43", "live:qa"], &story::rel_43(), &story::rel_43()));
    report
}

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &applied()),
        "
APPLIED  rel-43 (sha256:7ea633f61439) → kind-dev/qa
2 objects changed, 1 object created, 2 rollouts done, verified, 1 object left
alone

ROLLOUTS
deployment.apps/tax  done  it is scaled to zero
",
    );
}

#[test]
fn nothing_written_is_said() {
    assert_text(
        &at(80, &ApplyReport::new(&settled())),
        "
UNCHANGED  rel-42 (sha256:d54a02ae3da2) runs already in kind-dev/qa
nothing written
",
    );
}

#[test]
fn a_failed_write_is_told_first() {
    let mut report = report();
    report.fail("Deployment search was changed by someone else since the plan was made; run the command again");
    report.not_started = vec![ObjectName { kind: Kind::CronJob, name: "report".into() }];
    assert_text(
        &at(80, &report),
        "
FAILED  rel-43 (sha256:7ea633f61439) does not run in kind-dev/qa
2 objects changed, 1 object created, 1 write failed, 1 write not begun

FAILED
Deployment search was changed by someone else since the plan was made; run the
command again

NOT BEGUN
cronjob.batch/report

WRITES
configmap/app-config  changed
deployment.apps/tax   created
deployment.apps/cart  changed
",
    );
}

#[test]
fn a_failed_rollout_is_told_first() {
    let reason = "container cart crashes: exit code 1, 4 restarts; see kubectl logs cart-7d4b9c6f8-x2x9q --previous";
    let mut report = report();
    report.rollout(Kind::Deployment, "tax", RolloutState::Done { note: None });
    report.rollout(Kind::Deployment, "cart", RolloutState::Failed { reason: reason.into() });
    report.rollout(Kind::Deployment, "search", RolloutState::Stopped);
    report.remaining = Some(story::from_42_to_43());
    assert_text(
        &at(80, &report),
        "
FAILED  rel-43 (sha256:7ea633f61439) does not run in kind-dev/qa
2 objects changed, 1 object created, 1 rollout done, 1 rollout failed, 1 rollout
not waited for
What runs is not what was asked for: 2 images (1 newer, 1 of unknown order), 3
environment entries, 1 ConfigMap, 3 flags, 1 requirement, 1 other field; 1
workload added, 1 workload removed, 1 container added, 1 ConfigMap added

ROLLOUTS
deployment.apps/cart    failed  container cart crashes: exit code 1, 4 restarts;
                                see kubectl logs cart-7d4b9c6f8-x2x9q --previous
deployment.apps/search  not waited for
",
    );
}

#[test]
fn machines_get_each_part() {
    assert_text(
        &machine("name", &applied()),
        "configmap/app-config\ndeployment.apps/tax\ndeployment.apps/cart\n",
    );
    assert_text(
        &machine(
            "jsonpath={.outcome} {.rollouts[*].state} {.written[*].write} {.remaining.summary.images}",
            &applied(),
        ),
        "applied done done changed created changed 0",
    );
}
