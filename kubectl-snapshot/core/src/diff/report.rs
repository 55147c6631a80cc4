//! Report of a comparison, for people and machines.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::presence::Presence;
use crate::{
    ancestry::{Gap, Notes},
    digest::Digest,
    evidence::EvidenceDiff,
    flag::Flag,
    instance_name::InstanceName,
    manifest::Kind,
    routes::Rule,
    snapshot::{Container, EnvValue},
    tree::FieldChange,
    version::Order,
};

/// Differences between two sets, from the first to the second.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// The first side.
    pub from: Side,
    /// The second side.
    pub to: Side,
    /// The services that were compared; all, where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Number of differences of each type.
    pub summary: Summary,
    /// Workloads that differ, by service and instance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<InstanceDiff>,
    /// ConfigMaps that differ, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config_maps: Vec<ConfigMapDiff>,
    /// Flags that differ, by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<FlagDiff>,
    /// Requirements that only one side has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<RequirementDiff>,
    /// Routes that differ, or that share requests in another way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteDiff>,
    /// Services, ServiceAccounts and other objects that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectDiff>,
    /// Variables that differ: shown, and no difference of the set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<VariableDiff>,
    /// Commits between the two, by service, where asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Notes>,
    /// Comparison of the evidence about the two, where asked for; no difference of the set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceDiff>,
}

/// One side of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// Name as the user gave it.
    pub name: String,
    /// The digest of its set.
    pub digest: Digest,
}

/// Number of differences of each type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Containers on both sides whose image differs.
    pub images: usize,
    /// Environment entries added, removed or changed in containers on both sides.
    pub environment: usize,
    /// Containers that only the second side has, those of added workloads included.
    pub containers_added: usize,
    /// Containers that only the first side has.
    pub containers_removed: usize,
    /// Workloads that only the second side has.
    pub workloads_added: usize,
    /// Workloads that only the first side has.
    pub workloads_removed: usize,
    /// ConfigMaps that only the second side has.
    pub config_maps_added: usize,
    /// ConfigMaps that only the first side has.
    pub config_maps_removed: usize,
    /// ConfigMaps on both sides whose contents differ.
    pub config_maps_changed: usize,
    /// Flags added, removed or changed.
    pub flags: usize,
    /// Requirements added or removed.
    pub requirements: usize,
    /// Routes added, removed or changed; absent where none are, as in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "is_none")]
    pub routes: usize,
    /// Every other field that differs, of workloads and other objects.
    pub fields: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Summary {
    /// Adds the differences of another comparison.
    pub fn add(&mut self, other: &Self) {
        // Taken apart, so that no member is forgotten.
        let Self {
            images,
            environment,
            containers_added,
            containers_removed,
            workloads_added,
            workloads_removed,
            config_maps_added,
            config_maps_removed,
            config_maps_changed,
            flags,
            requirements,
            routes,
            fields,
        } = other;
        self.images += images;
        self.environment += environment;
        self.containers_added += containers_added;
        self.containers_removed += containers_removed;
        self.workloads_added += workloads_added;
        self.workloads_removed += workloads_removed;
        self.config_maps_added += config_maps_added;
        self.config_maps_removed += config_maps_removed;
        self.config_maps_changed += config_maps_changed;
        self.flags += flags;
        self.requirements += requirements;
        self.routes += routes;
        self.fields += fields;
    }

    /// True if nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        *self == Self::default()
    }
}

/// Difference of one workload.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceDiff {
    /// The service's name.
    pub service: String,
    /// The instance's name.
    pub instance: InstanceName,
    /// The workload's kind.
    pub kind: Kind,
    /// Type of change: added, removed or changed.
    pub change: Presence,
    /// Containers whose image differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageDiff>,
    /// Environment entries that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<EnvDiff>,
    /// Containers that only the second side has, with what they run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers_added: Vec<NamedContainer>,
    /// Containers that only the first side has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers_removed: Vec<NamedContainer>,
    /// Every other field that differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// A container and what it runs.
#[derive(Clone, Debug, Serialize)]
pub struct NamedContainer {
    /// The container's name.
    pub name: String,
    /// Image as written.
    pub image: String,
}

/// A container whose image differs.
#[derive(Clone, Debug, Serialize)]
pub struct ImageDiff {
    /// The container's name.
    pub container: String,
    /// Container on the first side.
    pub before: Container,
    /// Container on the second side.
    pub after: Container,
    /// Order of the second side relative to the first.
    pub order: Order,
    /// Number of commits that the second side has and the first lacks, where git was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<usize>,
    /// Number of commits that the first side has and the second lacks, where git was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<usize>,
    /// Reason why git does not tell the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

/// An environment entry that differs.
#[derive(Clone, Debug, Serialize)]
pub struct EnvDiff {
    /// The container's name.
    pub container: String,
    /// The variable's name.
    pub name: String,
    /// Value on the first side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<EnvValue>,
    /// Value on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<EnvValue>,
}

/// A ConfigMap that differs.
#[derive(Clone, Debug, Serialize)]
pub struct ConfigMapDiff {
    /// Name, without the hash that kustomize appends.
    pub name: String,
    /// Type of change: added, removed or changed.
    pub change: Presence,
    /// The keys whose values differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyDiff>,
}

/// A key of a ConfigMap whose value differs.
#[derive(Clone, Debug, Serialize)]
pub struct KeyDiff {
    /// The key.
    pub key: String,
    /// Value on the first side; base64 where it is binary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Value on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// A flag that differs.
#[derive(Clone, Debug, Serialize)]
pub struct FlagDiff {
    /// Key of the flag.
    pub key: String,
    /// Type of change: added, removed or changed.
    pub change: Presence,
    /// The flag on the first side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Flag>,
    /// The flag on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Flag>,
}

/// A requirement that only one side has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RequirementDiff {
    /// Owner of the requirement: `cart/cart`, or `flag tax-call`.
    pub dependent: String,
    /// Text of the requirement, as written.
    pub requirement: String,
    /// True if the second side has it, false if the first has.
    pub added: bool,
}

/// A route that differs, or the subsets among which one shares requests.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteDiff {
    /// Kind of the object.
    pub kind: Kind,
    /// Name of the object.
    pub name: String,
    /// Type of change; changed where its shares go to others, though the object is the same.
    pub change: Presence,
    /// Rules whose requests are shared in another way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<SharesDiff>,
    /// The fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// A rule whose requests are shared in another way.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SharesDiff {
    /// The requests that it is about, in words.
    pub requests: String,
    /// The rule on the first side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Rule>,
    /// The rule on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Rule>,
}

/// An object that is no workload, no ConfigMap and no route, and differs.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectDiff {
    /// Kind of the object.
    pub kind: Kind,
    /// Name of the object.
    pub name: String,
    /// Type of change: added, removed or changed.
    pub change: Presence,
    /// The fields that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// A variable whose value differs between two places.
#[derive(Clone, Debug, Serialize)]
pub struct VariableDiff {
    /// Name of the variable.
    pub name: String,
    /// The values it has on the first side.
    pub before: Vec<String>,
    /// The values it has on the second side.
    pub after: Vec<String>,
}
