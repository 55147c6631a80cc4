//! The parts of a plan.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{FlagSwitch, Restart, RestartMark, Waves};
use crate::{
    cluster_namespace::ClusterNamespace,
    digest::Digest,
    manifest::Kind,
    owner::{Owner, OwnerNote},
    tree::{FieldChange, Operation},
};

/// Cluster facts about an object beside its manifest; no part of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// Tells it from another of its name, before or after it.
    pub uid: String,
    /// Changes with every write, and with every change of status.
    pub resource_version: String,
    /// Changes with every write of the spec, where the kind has one.
    pub generation: Option<i64>,
    /// True if the object has any label.
    pub has_labels: bool,
    /// True if the object has any annotation, the cluster's own included.
    pub has_annotations: bool,
    /// The mark of its last restart, where it is a workload.
    pub restarted: RestartMark,
    /// The deployer that has marked it, and keeps its images as it writes them: `Helm`, `Argo CD`,
    /// `Flux`.
    pub deployer: Option<&'static str>,
    /// Owner of the object, as far as its labels, annotations and controller tell.
    pub owner: Option<Owner>,
    /// True if somebody has applied it on the server: only its managed fields tell what of it.
    pub is_applied: bool,
    /// The object of the controller that steers it: `Rollout cart`. Such a route is never written.
    pub steered_by: Option<String>,
}

/// The exact writes that make a namespace run a set.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The set's name.
    pub snapshot: String,
    /// The set's digest.
    pub digest: Digest,
    /// Namespace to write to.
    pub target: ClusterNamespace,
    /// The writes, in the order of their making; what is removed comes last.
    pub steps: Vec<Step>,
    /// Objects that run there, belong to no set, and stay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<ObjectName>,
    /// Changes that the API would refuse, found before the first write.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<Blocked>,
    /// Flags that the systems which serve them are told to switch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<FlagSwitch>,
    /// Flags that serve something else than in the set and cannot be switched, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unswitchable: Vec<String>,
    /// Notes for the reader, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Owners of what is changed or created: what each does next, and what keeps the set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<OwnerNote>,
    /// The wave that each object is written in, where several follow each other.
    #[serde(skip)]
    pub waves: Waves,
    /// Images of the workloads that were looked into, by container, as they will be written; all
    /// others stay as they are written.
    #[serde(skip)]
    pub images: WrittenImages,
}

/// Images as they will be written, by workload and container.
pub type WrittenImages = BTreeMap<(Kind, String), BTreeMap<String, String>>;

/// An object's kind and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ObjectName {
    /// Kind of the object.
    pub kind: Kind,
    /// Name of the object.
    pub name: String,
}

/// One write.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// Changed fields, for the reader; empty for what is created.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The write itself.
    #[serde(flatten)]
    pub action: Action,
}

/// Type of write of a step.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum Action {
    /// The object is not there: create it.
    Create {
        /// The whole manifest.
        #[serde(skip)]
        manifest: Value,
    },
    /// The object is there: change only the fields that differ.
    Patch {
        /// A JSON Patch that first tests that nobody else changed the object.
        #[serde(skip)]
        operations: Vec<Operation>,
        /// The object on both sides of the patch, for the way back, and why its pods are made anew
        /// where nothing else has that done.
        #[serde(rename = "restartedFor", skip_serializing_if = "Change::restarts_nothing")]
        change: Box<Change>,
        /// The object that the plan was made from, with its managed fields, where it is written in
        /// the name of an owner that applies on the server.
        #[serde(skip)]
        in_owners_name: Option<Box<Value>>,
    },
    /// A set that was here before has deployed the object, and this one lacks it: delete it.
    Remove {
        /// UID of the object to remove.
        #[serde(skip)]
        uid: String,
        /// The object as it was.
        #[serde(skip)]
        manifest: Value,
    },
}

/// An object before and after a write, as the plan knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The object as it was.
    pub before: Value,
    /// The object as it is to be.
    pub after: Value,
    /// The restart of its pods, where nothing else that changes has them made anew.
    pub restart: Option<Restart>,
}

impl Change {
    /// True where it has no pods made anew that would stay otherwise.
    #[must_use]
    pub fn restarts_nothing(&self) -> bool {
        self.restart.is_none()
    }
}

/// The objects for which its pods are made anew.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reads = self.restart.as_ref().map(|restart| restart.reads.as_slice());
        reads.unwrap_or_default().serialize(serializer)
    }
}

/// A step that the API would refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// Reason, and what to do.
    pub reason: String,
}
