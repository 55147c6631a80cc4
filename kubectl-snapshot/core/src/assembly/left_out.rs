//! Objects that run containers and are of a kind that no set has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::manifest::Kind;

/// Number of names that the sentence has at most.
const NAMED: usize = 8;

/// The objects that are left out, by kind and name.
#[derive(Debug, Default)]
pub(super) struct LeftOut(BTreeSet<(String, String)>);

impl LeftOut {
    pub(super) fn add(&mut self, kind: &str, name: &str) {
        self.0.insert((kind.to_owned(), name.to_owned()));
    }

    /// The objects in a sentence; none where there are none.
    pub(super) fn sentence(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let named = self.0.iter().take(NAMED).map(|(kind, name)| format!("{kind} {name}"));
        let mut named: Vec<String> = named.collect();
        if self.0.len() > NAMED {
            named.push(format!("{} more", self.0.len() - NAMED));
        }
        let mut kinds: Vec<String> = Kind::workloads().map(|kind| format!("{kind}s")).collect();
        let last = kinds.pop().unwrap_or_default();
        Some(format!(
            "not in the set: {} (a snapshot holds {} and {last})",
            named.join(", "),
            kinds.join(", ")
        ))
    }
}

/// True if an object of a kind that no set has runs containers: it has a pod template, is a pod,
/// or refers to a workload as an Argo Rollout does.
#[must_use]
pub fn runs_containers(object: &Value) -> bool {
    ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec", "/spec"]
        .into_iter()
        .filter_map(|pod| object.pointer(pod)?.get("containers"))
        .any(Value::is_array)
        || object.pointer("/spec/workloadRef").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_runs_containers_is_told_by_its_shape() {
        let pod = json!({"containers": [{"name": "pay", "image": "shop/pay:1"}]});
        for object in [
            json!({"kind": "Pod", "spec": pod}),
            json!({"kind": "Job", "spec": {"template": {"spec": pod}}}),
            json!({"kind": "Rollout", "spec": {"workloadRef": {"kind": "Deployment", "name": "pay"}}}),
        ] {
            assert!(runs_containers(&object), "{object}");
        }
        for object in [
            json!({"kind": "Ingress", "spec": {"rules": []}}),
            json!({"kind": "HorizontalPodAutoscaler", "spec": {"scaleTargetRef": {"name": "pay"}}}),
        ] {
            assert!(!runs_containers(&object), "{object}");
        }
    }

    #[test]
    fn many_are_counted() {
        let mut left_out = LeftOut::default();
        assert_eq!(left_out.sentence(), None);
        left_out.add("Rollout", "pay");
        left_out.add("Job", "migrate");
        left_out.add("Job", "migrate");
        assert_eq!(
            left_out.sentence().unwrap(),
            "not in the set: Job migrate, Rollout pay (a snapshot holds StatefulSets, DaemonSets, Deployments and CronJobs)"
        );
        for n in 0..8 {
            left_out.add("Pod", &format!("p-{n}"));
        }
        assert!(left_out.sentence().unwrap().contains("Pod p-6, 2 more ("));
    }
}
