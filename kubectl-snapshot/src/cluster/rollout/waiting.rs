//! A workload that waits, and what its pods mean for it.

use snapshot_core::manifest::Kind;

use super::{
    RolloutTarget,
    failure::{self, Trouble, Weight},
    pod::{Owner, Pod},
    state::State,
};

/// A workload that waits.
#[derive(Clone, Copy)]
pub(super) struct Waiting<'a> {
    /// What it waits for.
    pub(super) target: &'a RolloutTarget,
    /// What it said last.
    pub(super) state: &'a State,
}

impl Waiting<'_> {
    /// The kind and name that the outcome is reported under.
    pub(super) fn key(&self) -> (Kind, String) {
        (self.target.kind, self.target.name.clone())
    }

    /// What owns the pods in question.
    pub(super) fn owner(&self) -> Option<Owner> {
        let (kind, name) = match self.target.kind {
            Kind::Deployment => ("ReplicaSet", self.state.replica_set()?),
            kind => (kind.name(), self.target.name.as_str()),
        };
        Some(Owner { kind: kind.to_owned(), name: name.to_owned() })
    }

    /// What one of those pods says.
    pub(super) fn report(&self, pod: &Pod) -> Option<Trouble> {
        if pod.metadata.deletion_timestamp.is_some() {
            return None;
        }
        let trouble = failure::of_pod(pod)?;
        if self.target.kind == Kind::StatefulSet
            && pod.metadata.labels.revision != self.state.status.update_revision
        {
            return self.has_to_replace_all().then(|| blocking(pod, &trouble));
        }
        // An earlier rollout's ReplicaSet may be the one that is still named.
        let decides =
            self.target.kind != Kind::Deployment || self.target.progress(self.state).is_some();
        let weight = if decides { trouble.weight } else { Weight::Telling };
        Some(Trouble { weight, ..trouble })
    }

    /// Whether no pod of an earlier template is meant to stay.
    fn has_to_replace_all(&self) -> bool {
        let rolling = self.state.spec.update_strategy.rolling_update.as_ref();
        rolling.and_then(|rolling| rolling.partition).unwrap_or_default() == 0
    }
}

/// A StatefulSet waits until each of its pods is ready before it replaces one:
/// also a pod that an earlier template broke, and that nothing will repair
/// (<https://github.com/kubernetes/kubernetes/issues/67250>).
fn blocking(pod: &Pod, trouble: &Trouble) -> Trouble {
    let name = &pod.metadata.name;
    let text = format!(
        "pod {name} of an earlier template keeps it waiting: {}; kubectl delete pod {name} lets it go on",
        trouble.text
    );
    Trouble { text, weight: Weight::Telling }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn broken_pod(labels: &Value, metadata: &Value) -> Pod {
        let waiting = json!({"waiting": {"reason": "InvalidImageName"}});
        let mut pod = json!({
            "metadata": {"name": "db-1", "uid": "u", "labels": labels},
            "status": {"phase": "Pending", "containerStatuses": [{"name": "db", "image": "B", "state": waiting}]},
        });
        pod["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        serde_json::from_value(pod).unwrap()
    }

    fn report(kind: Kind, state: Value, pod: &Pod) -> Option<Trouble> {
        let state: State = serde_json::from_value(state).unwrap();
        Waiting { target: &RolloutTarget::new(kind, "db", 1), state: &state }.report(pod)
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
        assert_eq!(found.weight, Weight::Telling);
        assert!(found.text.ends_with("; kubectl delete pod db-1 lets it go on"), "{}", found.text);
        assert_eq!(report(Kind::StatefulSet, state(1), &pod), None);
    }

    #[test]
    fn a_pod_of_the_current_template_decides() {
        let pod = broken_pod(&json!({"controller-revision-hash": "db-2"}), &json!({}));
        let found =
            report(Kind::StatefulSet, json!({"status": {"updateRevision": "db-2"}}), &pod).unwrap();
        assert_eq!(found.weight, Weight::Final);
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
        let target =
            RolloutTarget::from_answer(Kind::Deployment, "db", &answer.to_string()).unwrap();
        let waiting = Waiting { target: &target, state: &state };
        let found = waiting.report(&broken_pod(&json!({}), &json!({}))).unwrap();
        assert_eq!(found.weight, Weight::Telling);
        assert_eq!(waiting.owner().unwrap().name, "db-6d4");
    }
}
