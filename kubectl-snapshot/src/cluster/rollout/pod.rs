//! A pod, as far as it says why it does not come up.

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pod {
    pub(super) metadata: PodMetadata,
    pub(super) status: PodStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodMetadata {
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) deletion_timestamp: Option<String>,
    pub(super) owner_references: Vec<Owner>,
    pub(super) labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Labels {
    /// The template that a StatefulSet made the pod from.
    #[serde(rename = "controller-revision-hash")]
    pub(super) revision: String,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(default)]
pub(super) struct Owner {
    pub(super) kind: String,
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodStatus {
    pub(super) phase: String,
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) conditions: Vec<PodCondition>,
    pub(super) init_container_statuses: Vec<ContainerStatus>,
    pub(super) container_statuses: Vec<ContainerStatus>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PodCondition {
    pub(super) r#type: String,
    pub(super) reason: String,
    pub(super) message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ContainerStatus {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) ready: bool,
    pub(super) started: Option<bool>,
    pub(super) restart_count: u32,
    pub(super) state: ContainerState,
    pub(super) last_state: ContainerState,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContainerState {
    pub(super) waiting: Option<Refused>,
    pub(super) running: Option<serde::de::IgnoredAny>,
    pub(super) terminated: Option<Ended>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refused {
    pub(super) reason: String,
    pub(super) message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Ended {
    pub(super) reason: String,
    pub(super) exit_code: i64,
}
