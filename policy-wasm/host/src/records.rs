//! Records of questions and answers: those of `policy.wit` 0.1.
//!
//! They are written out rather than generated, for two reasons: their JSON has
//! the contract's own names (`feature-flags`, `{"service": "tax"}`), so that a
//! recorded question reads like the contract; and they outlive one version of
//! it, so that a guest of an older 0.x line can be converted to them in one
//! place. That they are the contract's types is checked by wasmtime against
//! every component that is loaded.

mod beside;
mod captures;
mod compatibility;
mod config_maps;
mod details;
mod environment;
mod facts;
mod flag_states;
mod images;
mod instances;
mod promotion;
mod routes;
mod sets;
mod shared;
mod stages;

pub use beside::{Beside, ResidentFlag};
pub use captures::{Capture, Captures};
pub use compatibility::CompatibilityQuestion;
pub use config_maps::{ConfigMap, Contents};
pub(crate) use details::Seen;
pub use details::{Details, LookUps, Topic};
pub use environment::{Hidden, InstanceVariables, ObjectKey, Source, Variable, Variables};
pub use facts::Fact;
pub use flag_states::{FlagState, State};
pub use images::{Image, InstanceImages};
pub use instances::{ContainerDetails, InstanceDetails, Instances};
pub use promotion::{Actor, Deployment, Evidence, Outcome, PromotionQuestion, Stage};
pub use routes::{Route, RouteRule, RouteShare, Routes};
pub(crate) use sets::{CompatibilityByLookUps, PromotionByLookUps, Side, Summary};
pub use stages::{Deployed, StageState};

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// Order of two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Order {
    /// Same version.
    #[component(name = "same")]
    Same,
    /// The second is newer than the first.
    #[component(name = "newer")]
    Newer,
    /// The second is older than the first.
    #[component(name = "older")]
    Older,
    /// Diverged: each has commits that the other lacks.
    #[component(name = "diverged")]
    Diverged,
    /// Neither git nor the version numbers tell.
    #[component(name = "unknown")]
    Unknown,
}

/// A label, an annotation or an environment value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Entry {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

/// Container of an instance, with its image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Container {
    /// The container's name in its pod.
    pub name: String,
    /// Repository, without tag or digest.
    pub image: String,
    /// The image's tag.
    pub tag: Option<String>,
    /// The image's digest, `sha256:…`.
    pub digest: Option<String>,
    /// Full git commit id.
    pub commit: Option<String>,
    /// The semantic version, where one could be recognised.
    pub version: Option<String>,
}

/// One workload of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Instance {
    /// The service that it is one of.
    pub service: String,
    /// The workload's name.
    pub name: String,
    /// `Deployment`, `StatefulSet`, `DaemonSet` or `CronJob`.
    pub kind: String,
    /// Containers, in the pod's order.
    pub containers: Vec<Container>,
    /// Labels of the workload.
    pub labels: Vec<Entry>,
    /// Annotations of the workload.
    pub annotations: Vec<Entry>,
    /// Literal environment values of all containers; never a secret's.
    pub environment: Vec<Entry>,
}

/// A feature flag as the set carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct FeatureFlag {
    /// The flag's name.
    pub key: String,
    /// True if the flag is on.
    pub enabled: bool,
    /// The value it serves by default, as JSON.
    pub value: String,
    /// The service it belongs to, where it belongs to one.
    pub service: Option<String>,
    /// Origin: `flagd:…`, `env:…`, `unleash:…`, `flipt:…`.
    pub source: String,
}

/// A set of versions and flags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Snapshot {
    /// Name of the snapshot.
    pub name: String,
    /// `sha256:…` of its content.
    pub digest: String,
    /// Sorted by service, then name.
    pub instances: Vec<Instance>,
    /// Sorted by key.
    #[component(name = "feature-flags")]
    pub feature_flags: Vec<FeatureFlag>,
}

/// Subject of a requirement, a change or a finding.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ComponentType,
    Lift,
    Lower,
)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Subject {
    /// A service by name.
    #[component(name = "service")]
    Service(String),
    /// `service/instance`
    #[component(name = "instance")]
    Instance(String),
    /// A flag by key.
    #[component(name = "feature-flag")]
    FeatureFlag(String),
}

/// State of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Fulfilment {
    /// Holds.
    #[component(name = "met")]
    Met,
    /// Does not hold.
    #[component(name = "unmet")]
    Unmet,
    /// The facts at hand do not tell.
    #[component(name = "unknown")]
    Unknown,
}

/// "cart's flag tax-call needs tax >=1.4", resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Requirement {
    /// Owner of the requirement.
    pub dependent: Subject,
    /// Service or flag that is needed.
    pub dependency: Subject,
    /// Condition as written: `>=1.4, <2`, `@3f2a91c` (at or after that commit), `=on`.
    pub condition: Option<String>,
    /// False while the dependent is a flag that is off.
    pub active: bool,
    /// State of the requirement.
    pub state: Fulfilment,
    /// Facts found, in words: `tax runs 1.3.9`.
    pub found: String,
}

/// Kind of change of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum ChangeKind {
    /// The instance is new.
    #[component(name = "instance-added")]
    InstanceAdded,
    /// The instance goes away.
    #[component(name = "instance-removed")]
    InstanceRemoved,
    /// A container would run something else.
    #[component(name = "image")]
    Image(Box<ImageChange>),
    /// A literal environment value: the variable's name.
    #[component(name = "environment")]
    Environment(String),
    /// A `ConfigMap` that the instance uses: its name.
    #[component(name = "configuration")]
    Configuration(String),
    /// The flag is new.
    #[component(name = "flag-added")]
    FlagAdded,
    /// The flag goes away.
    #[component(name = "flag-removed")]
    FlagRemoved,
    /// The flag's state or value changes.
    #[component(name = "flag-changed")]
    FlagChanged,
}

/// Change of a container's image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct ImageChange {
    /// The container's name.
    pub container: String,
    /// Container that runs now.
    pub before: Container,
    /// Container of the candidate.
    pub after: Container,
    /// Order of `after` relative to `before`.
    pub order: Order,
}

/// One difference between what runs and the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lower)]
#[component(record)]
pub struct Change {
    /// Subject that changes.
    pub subject: Subject,
    /// Kind of change.
    pub kind: ChangeKind,
}

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Severity {
    /// Worth knowing.
    #[component(name = "info")]
    Info,
    /// Worth a look before going on.
    #[component(name = "warning")]
    Warning,
    /// Must not go on.
    #[component(name = "deny")]
    Deny,
    /// Undecided: this policy cannot tell.
    #[component(name = "undecided")]
    Undecided,
}

/// One thing a policy has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Finding {
    /// Severity.
    pub severity: Severity,
    /// Short and stable, for machines: `flag-requirement-unmet`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// Subjects of the finding.
    pub subjects: Vec<Subject>,
    /// Hint: what the reader can do.
    pub hint: Option<String>,
}

/// Description that a policy gives of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Description {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// JSON Schema of the settings, where it takes any; exactly as the policy
    /// gave it, so parse it before printing.
    #[component(name = "settings-schema")]
    pub settings_schema: Option<String>,
}
