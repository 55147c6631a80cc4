//! Progress by each rule, as `kubectl rollout status` judges it.

use serde_json::{Value, json};

use snapshot_core::manifest::Kind;

use super::{
    super::{RolloutTarget, state::State},
    Progress, progress,
};

fn state(value: Value) -> State {
    serde_json::from_value(value).unwrap()
}

fn waiting(text: &str) -> Progress {
    Progress::Waiting(text.to_owned())
}

/// A Deployment of three in its fourth generation, with the counts of its status.
fn deployment(replicas: i64, updated: i64, available: i64) -> Value {
    json!({
        "metadata": {"name": "tax", "generation": 4},
        "spec": {"replicas": 3},
        "status": {
            "observedGeneration": 4,
            "replicas": replicas,
            "updatedReplicas": updated,
            "readyReplicas": available,
            "availableReplicas": available,
        },
    })
}

fn of(kind: Kind, value: Value) -> Progress {
    progress(&RolloutTarget::new(kind, "tax", 4).unwrap(), &state(value))
}

#[test]
fn a_deployment_is_done_when_only_new_replicas_are_available() {
    assert_eq!(of(Kind::Deployment, deployment(4, 1, 3)), waiting("1 of 3 new replicas are there"));
    assert_eq!(of(Kind::Deployment, deployment(4, 3, 3)), waiting("old replicas left: 1"));
    assert_eq!(
        of(Kind::Deployment, deployment(3, 3, 2)),
        waiting("2 of 3 new replicas are available")
    );
    assert_eq!(of(Kind::Deployment, deployment(3, 3, 3)), Progress::Done(None));
}

#[test]
fn what_the_controller_has_not_seen_says_nothing() {
    let mut before = deployment(3, 3, 3);
    before["status"]["observedGeneration"] = 3.into();
    assert_eq!(of(Kind::Deployment, before), waiting("its controller has not seen the change yet"));
}

#[test]
fn a_generation_before_the_write_is_another_object() {
    let mut again = deployment(3, 3, 3);
    again["metadata"]["generation"] = 1.into();
    assert!(matches!(of(Kind::Deployment, again), Progress::Failed(_)));
}

#[test]
fn only_this_rollouts_deadline_counts() {
    let condition = |time: &str| {
        json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
               "message": "ReplicaSet \"tax-1\" has timed out progressing.", "lastUpdateTime": time})
    };
    let mut exceeded = deployment(4, 1, 3);
    exceeded["status"]["conditions"] = json!([condition("2026-01-01T00:00:00Z")]);
    let target = RolloutTarget::from_answer(Kind::Deployment, "tax", &exceeded.to_string())
        .unwrap()
        .unwrap();
    assert_eq!(
        progress(&target, &state(exceeded.clone())),
        waiting("1 of 3 new replicas are there")
    );
    exceeded["status"]["conditions"] = json!([condition("2026-01-01T00:10:00Z")]);
    assert_eq!(
        progress(&target, &state(exceeded)),
        Progress::Failed("it exceeded its progress deadline".to_owned())
    );
}

#[test]
fn a_paused_deployment_says_how_to_go_on() {
    let mut paused = deployment(3, 0, 3);
    paused["spec"]["paused"] = true.into();
    assert_eq!(
        of(Kind::Deployment, paused),
        waiting("it is paused; kubectl rollout resume lets it go on")
    );
}

fn daemon_set(updated: i64, available: i64) -> Value {
    json!({
        "metadata": {"name": "tax", "generation": 4},
        "spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}},
        "status": {
            "observedGeneration": 4,
            "desiredNumberScheduled": 3,
            "updatedNumberScheduled": updated,
            "numberAvailable": available,
        },
    })
}

#[test]
fn a_daemon_set_is_done_on_every_node() {
    assert_eq!(of(Kind::DaemonSet, daemon_set(1, 3)), waiting("1 of 3 new pods are there"));
    assert_eq!(of(Kind::DaemonSet, daemon_set(3, 2)), waiting("2 of 3 new pods are available"));
    assert_eq!(of(Kind::DaemonSet, daemon_set(3, 3)), Progress::Done(None));
}

#[test]
fn on_delete_is_done_with_a_note() {
    let mut manual = daemon_set(0, 3);
    manual["spec"]["updateStrategy"] = json!({"type": "OnDelete"});
    assert!(matches!(of(Kind::DaemonSet, manual), Progress::Done(Some(_))));
}

fn stateful_set(strategy: &Value, ready: i64, updated: i64) -> Value {
    json!({
        "metadata": {"name": "tax", "generation": 4},
        "spec": {"replicas": 3, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": strategy}},
        "status": {
            "observedGeneration": 4,
            "replicas": 3,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "updatedReplicas": updated,
            "currentRevision": "tax-1",
            "updateRevision": "tax-2",
        },
    })
}

#[test]
fn a_stateful_set_is_done_beyond_its_partition() {
    let of = |partition: i64, ready, updated| {
        of(Kind::StatefulSet, stateful_set(&json!({"partition": partition}), ready, updated))
    };
    assert_eq!(of(0, 2, 1), waiting("2 of 3 pods are ready"));
    assert_eq!(of(0, 3, 1), waiting("1 of 3 new pods are there"));
    assert_eq!(of(0, 3, 3), Progress::Done(None));
    assert_eq!(of(2, 3, 0), waiting("0 of 1 new pods are there"));
    assert_eq!(of(2, 3, 1), Progress::Done(None));
    assert_eq!(of(5, 3, 0), Progress::Done(None));
}

#[test]
fn a_stateful_set_without_a_partition_is_done_at_one_revision() {
    let mut one = stateful_set(&Value::Null, 3, 3);
    assert_eq!(of(Kind::StatefulSet, one.clone()), waiting("3 of 3 new pods are there"));
    one["status"]["currentRevision"] = "tax-2".into();
    assert_eq!(of(Kind::StatefulSet, one), Progress::Done(None));
}

#[test]
fn ready_pods_have_to_become_available_too() {
    let mut young = stateful_set(&json!({"partition": 0}), 3, 3);
    young["status"]["availableReplicas"] = 1.into();
    assert_eq!(of(Kind::StatefulSet, young), waiting("1 of 3 pods are available"));
}
