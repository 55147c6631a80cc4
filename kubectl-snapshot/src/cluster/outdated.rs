//! Count of a workload's pods that run an earlier template, by its status.

use serde::Deserialize;
use snapshot_core::manifest::{Kind, RolloutRule};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    replicas: u64,
    updated_replicas: u64,
    current_revision: String,
    update_revision: String,
    current_number_scheduled: u64,
    updated_number_scheduled: u64,
}

/// The number of pods that run an earlier template; none where the status tells of none.
///
/// Each controller counts the pods of the current template for itself. A `StatefulSet` that is
/// done has one revision, and does not always count its pods again.
pub(super) fn outdated(kind: Kind, status: &str) -> Option<u64> {
    let rule = kind.workload()?.rollout;
    let status: Status = serde_json::from_str(status).ok()?;
    let (all, updated) = match rule {
        RolloutRule::Ordered if status.update_revision == status.current_revision => return None,
        RolloutRule::Replicas | RolloutRule::Ordered => (status.replicas, status.updated_replicas),
        RolloutRule::PerNode => (status.current_number_scheduled, status.updated_number_scheduled),
        RolloutRule::NextRun => return None,
    };
    all.checked_sub(updated).filter(|pods| *pods > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_controller_counts_in_its_own_words() {
        let of = |kind: Kind, status: &str| outdated(kind, status);
        assert_eq!(of(Kind::Deployment, r#"{"replicas": 3, "updatedReplicas": 1}"#), Some(2));
        assert_eq!(of(Kind::Deployment, r#"{"replicas": 1}"#), Some(1), "paused");
        assert_eq!(of(Kind::Deployment, r#"{"replicas": 2, "updatedReplicas": 2}"#), None);
        assert_eq!(of(Kind::Deployment, "{}"), None);
        let daemon = r#"{"currentNumberScheduled": 4, "updatedNumberScheduled": 0}"#;
        assert_eq!(of(Kind::DaemonSet, daemon), Some(4), "OnDelete");
        let rolling = r#"{"replicas": 3, "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"}"#;
        assert_eq!(of(Kind::StatefulSet, rolling), Some(2));
        assert_eq!(of(Kind::StatefulSet, &rolling.replace("\"b\"", "\"a\"")), None);
        assert_eq!(of(Kind::ConfigMap, "{}"), None);
    }
}
