//! A workload that waits, and what its pods mean for it.

use snapshot_core::manifest::Kind;

use super::{
    RolloutTarget,
    failure::{self, Problem},
    pod::{Owner, Pod},
    rules,
    state::State,
};

/// A workload that waits.
#[derive(Clone, Copy)]
pub(super) struct Waiting<'a> {
    /// Target of the rollout.
    pub(super) target: &'a RolloutTarget,
    /// Last state of the workload.
    pub(super) state: &'a State,
}

impl Waiting<'_> {
    /// The kind and name that the outcome is reported under.
    pub(super) fn key(&self) -> (Kind, String) {
        (self.target.kind, self.target.name.clone())
    }

    /// Owner of the pods in question.
    pub(super) fn owner(&self) -> Option<Owner> {
        rules::owner(self.target, self.state)
    }

    /// Report on one of those pods.
    pub(super) fn report(&self, pod: &Pod) -> Option<Problem> {
        if pod.metadata.deletion_timestamp.is_some() {
            return None;
        }
        rules::report(self.target, self.state, pod, failure::of_pod(pod)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::failure::Severity, *};

    fn broken_pod(labels: &Value, metadata: &Value) -> Pod {
        let waiting = json!({"waiting": {"reason": "InvalidImageName"}});
        let mut pod = json!({
            "metadata": {"name": "db-1", "uid": "u", "labels": labels},
            "status": {"phase": "Pending", "containerStatuses": [{"name": "db", "image": "B", "state": waiting}]},
        });
        pod["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        serde_json::from_value(pod).unwrap()
    }

    fn report(kind: Kind, state: Value, pod: &Pod) -> Option<Problem> {
        let state: State = serde_json::from_value(state).unwrap();
        Waiting { target: &RolloutTarget::new(kind, "db", 1).unwrap(), state: &state }.report(pod)
    }

    #[test]
    fn a_pod_of_an_earlier_template_is_in_the_way_unless_it_may_stay() {
        let pod = broken_pod(&json!({"controller-revision-hash": "db-1"}), &json!({}));
        let state = |partition: i64| {
            let strategy =
                json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}});
            json!({"spec": {"updateStrategy": strategy}, "status": {"updateRevision": "db-2"}})
        };
        let found = report(Kind::StatefulSet, state(0), &pod).unwrap();
        assert_eq!(found.severity, Severity::Hint);
        assert!(found.text.ends_with("; kubectl delete pod db-1 lets it go on"), "{}", found.text);
        assert_eq!(report(Kind::StatefulSet, state(1), &pod), None);
    }

    #[test]
    fn a_pod_of_the_current_template_decides() {
        let pod = broken_pod(&json!({"controller-revision-hash": "db-2"}), &json!({}));
        let found =
            report(Kind::StatefulSet, json!({"status": {"updateRevision": "db-2"}}), &pod).unwrap();
        assert_eq!(found.severity, Severity::Final);
    }

    #[test]
    fn a_pod_that_ends_says_nothing() {
        let pod = broken_pod(&json!({}), &json!({"deletionTimestamp": "2026-01-01T00:00:00Z"}));
        assert_eq!(report(Kind::DaemonSet, json!({}), &pod), None);
    }

    #[test]
    fn what_an_earlier_rollout_left_behind_does_not_decide() {
        let condition = json!({"type": "Progressing", "message": "ReplicaSet \"db-6d4\" has timed out progressing."});
        let state: State = serde_json::from_value(
            json!({"metadata": {"name": "db"}, "status": {"conditions": [condition]}}),
        )
        .unwrap();
        let answer = json!({"metadata": {"generation": 2}, "status": {"conditions": [condition]}});
        let target = RolloutTarget::from_answer(Kind::Deployment, "db", &answer.to_string())
            .unwrap()
            .unwrap();
        let waiting = Waiting { target: &target, state: &state };
        let found = waiting.report(&broken_pod(&json!({}), &json!({}))).unwrap();
        assert_eq!(found.severity, Severity::Hint);
        assert_eq!(waiting.owner().unwrap().name, "db-6d4");
    }
}
