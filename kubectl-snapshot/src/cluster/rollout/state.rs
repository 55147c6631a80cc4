//! Rollout state of a workload: few fields of many, for thousands at once.

use serde::Deserialize;

/// A Deployment, StatefulSet or DaemonSet, as far as its rollout goes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) metadata: Metadata,
    pub(super) spec: Spec,
    pub(super) status: Status,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) generation: i64,
    pub(super) resource_version: String,
    pub(super) annotations: Annotations,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotations {
    /// Counts a DaemonSet's templates; its pods bear the number as a label.
    #[serde(rename = "deprecated.daemonset.template.generation")]
    pub(super) template_generation: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Spec {
    pub(super) replicas: Option<i64>,
    pub(super) paused: bool,
    pub(super) update_strategy: UpdateStrategy,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UpdateStrategy {
    pub(super) r#type: String,
    pub(super) rolling_update: Option<RollingUpdate>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RollingUpdate {
    pub(super) partition: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Status {
    pub(super) observed_generation: i64,
    pub(super) replicas: i64,
    pub(super) updated_replicas: i64,
    pub(super) ready_replicas: i64,
    pub(super) available_replicas: i64,
    pub(super) current_revision: String,
    pub(super) update_revision: String,
    pub(super) desired_number_scheduled: i64,
    pub(super) updated_number_scheduled: i64,
    pub(super) number_available: i64,
    pub(super) conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Condition {
    pub(super) r#type: String,
    pub(super) status: String,
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) last_update_time: String,
}

impl State {
    /// True if the controller has seen the current spec.
    pub(super) fn is_observed(&self) -> bool {
        self.status.observed_generation >= self.metadata.generation
    }

    /// The condition of that type, whether it holds or not.
    pub(super) fn condition(&self, r#type: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|condition| condition.r#type == r#type)
    }

    /// The ReplicaSet of a Deployment's current template.
    ///
    /// No field names it. The controller does, in the words with which it
    /// reports progress: `ReplicaSet "tax-6d4cf56db6" is progressing.`
    pub(super) fn replica_set(&self) -> Option<&str> {
        let message = &self.condition("Progressing")?.message;
        let name = message.split('"').nth(1)?;
        let hash = name.strip_prefix(&self.metadata.name)?.strip_prefix('-')?;
        (!hash.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_controllers_words_name_the_replica_set() {
        let named = |message: &str| {
            let condition = json!({"type": "Progressing", "message": message});
            let state: State = serde_json::from_value(
                json!({"metadata": {"name": "tax"}, "status": {"conditions": [condition]}}),
            )
            .unwrap();
            state.replica_set().map(str::to_owned)
        };
        for message in [
            "Created new replica set \"tax-6d4cf56db6\"",
            "Found new replica set \"tax-6d4cf56db6\"",
            "ReplicaSet \"tax-6d4cf56db6\" is progressing.",
            "ReplicaSet \"tax-6d4cf56db6\" has timed out progressing.",
        ] {
            assert_eq!(named(message).as_deref(), Some("tax-6d4cf56db6"), "{message}");
        }
        for message in
            ["Deployment is paused", "ReplicaSet \"cart-1\" is progressing.", "\"tax-\"", "\""]
        {
            assert_eq!(named(message), None, "{message}");
        }
    }
}
