//! Plans that are kept in a file: looked at by people, and carried out later exactly as they are.
//!
//! Nobody trusts such a file. What it says is compared with a plan that is made anew; no write is
//! ever taken from it.

mod document;
mod held;
mod moved;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use document::PlanFileError;
pub use moved::Moved;

use super::{Action, FlagSwitch, Plans, Step};
use crate::{
    cluster_namespace::ClusterNamespace, manifest::Kind, name::StageName, parts::PartName,
    pin::Pin, record::SnapshotRef, tree::FieldChange,
};

/// A plan to keep: each write with the values before and after it, and all that decides on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptPlan {
    /// Operation that it is the plan of.
    pub operation: PlannedOperation,
    /// The set that is to run.
    pub snapshot: SnapshotRef,
    /// The stage that it is to come to, where it is a promotion or a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// The variable set, where one is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<String>,
    /// The images that are written with their digests.
    pub pin: Pin,
    /// True where what this tool has created there, and the set lacks, is removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prune: bool,
    /// Name that the API server records as the fields' owner.
    pub field_manager: String,
    /// The writes to each namespace, by alias.
    pub parts: Vec<KeptPart>,
}

/// Operation that a kept plan is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlannedOperation {
    /// Apply, without a record.
    Apply,
    /// Promotion to a stage.
    Promotion,
    /// Back to what a stage ran before.
    Rollback,
}

/// The writes of a kept plan to one namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptPart {
    /// The part's alias; none where the set is of one namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartName>,
    /// The API server's address.
    pub server: String,
    /// Namespace to write to. Its context is what whoever has planned it calls the cluster.
    pub target: ClusterNamespace,
    /// The writes.
    pub writes: Vec<KeptWrite>,
    /// The flags that the systems which serve them are told to switch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<KeptSwitch>,
}

/// A flag that is switched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSwitch {
    /// The flag.
    pub flag: String,
    /// State that it had.
    pub from: String,
    /// State that it is to have.
    pub to: String,
}

/// One write of a kept plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptWrite {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// Type of the write.
    pub action: KeptAction,
    /// Fields of an object that is changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The whole manifest of what is created, or removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Value>,
    /// UID of what is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

/// Type of a kept write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptAction {
    /// The object is not there: it is created.
    Create,
    /// The object is there: the fields that differ are changed.
    Patch,
    /// The object is removed.
    Remove,
}

impl KeptPart {
    /// The writes of plans, with the API server of each namespace, in the order of the plans.
    pub fn all<'a>(plans: &Plans, servers: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let parts = plans.parts().iter().zip(servers);
        let part = parts.map(|(one, server)| Self {
            part: one.part.clone(),
            server: server.to_owned(),
            target: one.plan.target.clone(),
            writes: one.plan.steps.iter().map(KeptWrite::from).collect(),
            switches: one.plan.switches.iter().map(KeptSwitch::from).collect(),
        });
        part.collect()
    }
}

impl From<&FlagSwitch> for KeptSwitch {
    fn from(switch: &FlagSwitch) -> Self {
        let FlagSwitch { flag, from, to, .. } = switch.clone();
        Self { flag, from, to }
    }
}

impl From<&Step> for KeptWrite {
    fn from(step: &Step) -> Self {
        let (action, manifest, uid) = match &step.action {
            Action::Create { manifest } => (KeptAction::Create, Some(manifest), None),
            Action::Patch { .. } => (KeptAction::Patch, None, None),
            Action::Remove { uid, manifest } => (KeptAction::Remove, Some(manifest), Some(uid)),
        };
        Self {
            kind: step.kind,
            name: step.name.clone(),
            action,
            fields: step.fields.clone(),
            manifest: manifest.cloned(),
            uid: uid.cloned(),
        }
    }
}
