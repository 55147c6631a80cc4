//! The row of a kind, with everything that the rest of the program needs to know of it.

use serde_json::{Map, Value};

/// A row of the table of kinds.
#[derive(Debug)]
pub struct KindSpec {
    /// The name, as manifests write it.
    pub name: &'static str,
    /// The API group, empty for the core group.
    pub group: &'static str,
    /// API groups of earlier versions, under which manifests may still name it.
    pub former_groups: &'static [&'static str],
    /// The API version that this tool reads and writes.
    pub version: &'static str,
    /// Versions with the same members, for a server that has that one not: the newest first.
    pub other_versions: &'static [&'static str],
    /// The plural name in URLs and RBAC rules.
    pub plural: &'static str,
    /// The servers and users that can do without it.
    pub serving: Serving,
    /// The group of writes that it belongs to.
    pub wave: Wave,
    /// The part that it plays in a set.
    pub role: Role,
    /// The fields that an existing object keeps.
    pub fixed: FixedFields,
    /// The form in which a manifest and the server's answer to it are equal.
    pub(in crate::manifest) form: Form,
}

/// The servers that have a kind, and the users that may list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// Every server has it; a user who may not list it cannot read a namespace.
    Always,
    /// Every server has it; for a user who may not list it, it is left out with a warning.
    IfAllowed,
    /// A custom resource: a server that lacks it has no objects of it. A server that does not
    /// know a resource may refuse it before it says so, so a refusal means the same.
    IfInstalled,
    /// A custom resource that is asked for only where the server says that it has it; for a user
    /// who may not list it, it is left out with a warning.
    IfServed,
}

/// A group of writes that are made together; what comes later may need what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// Configuration: what pods read and run as.
    Configuration,
    /// Services: what pods are reached by.
    Services,
    /// Workloads: what makes pods.
    Workloads,
    /// Subsets: the pods that routes tell apart.
    Subsets,
    /// Routes: how requests are shared among all that.
    Routes,
}

/// The part that objects of a kind play in a set.
#[derive(Debug)]
pub enum Role {
    /// Configuration, of which a workload may name some.
    ConfigMap,
    /// Definitions of feature flags.
    FeatureFlags,
    /// A name for pods that a selector finds.
    Service,
    /// An identity, of the set where a workload runs as it.
    Account,
    /// Shares of requests among Services or their subsets.
    Route,
    /// Subsets of a Service's pods, among which a route shares requests.
    Subsets,
    /// An instance of a service.
    Workload(WorkloadSpec),
}

/// The part of a row that only workloads have.
#[derive(Debug)]
pub struct WorkloadSpec {
    /// JSON pointer of the pod template.
    pub template: &'static str,
    /// True if it finds its pods by a selector, which early API versions took from the
    /// template's labels where none was given.
    pub selects: bool,
    /// The owner that its pods name.
    pub pods: PodOwner,
    /// The rule by which its rollout is judged.
    pub rollout: RolloutRule,
    /// The members that its spec needs besides the pod template and the selector, for a service's name.
    pub skeleton: fn(&str) -> Map<String, Value>,
}

/// The owner that a workload's pods name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodOwner {
    /// The workload.
    Workload,
    /// A ReplicaSet with the workload's name and the hash of the template.
    ReplicaSet {
        /// The pods' label with that hash.
        hash: &'static str,
    },
    /// A Job with the workload's name and the minute of its run.
    Job,
}

/// The rule by which a rollout is judged. How each is applied belongs to those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutRule {
    /// Updated and available replicas are counted, and the condition `Progressing` heeded: as
    /// the Deployment controller reports.
    Replicas,
    /// Ready pods and revisions are counted, down to a partition: as the StatefulSet controller
    /// reports.
    Ordered,
    /// Pods that are updated and available on scheduled nodes are counted: as the DaemonSet
    /// controller reports.
    PerNode,
    /// There is nothing to wait for: its pods come with the next run.
    NextRun,
}

/// The fields that an existing object keeps, because the API refuses to change them.
#[derive(Clone, Copy, Debug)]
pub enum FixedFields {
    /// None.
    None,
    /// Those below these paths.
    Below(&'static [&'static str]),
    /// All of `spec`, save those below these paths.
    SpecExcept(&'static [&'static str]),
    /// All but the metadata, in an object that says that it is immutable.
    IfImmutable,
    /// Those for which the function says so, given the object before and after.
    Judged(fn(&str, [&Value; 2]) -> bool),
}

/// The form in which a manifest and the server's answer to it are equal.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) enum Form {
    /// None: the server keeps a custom resource as it was written.
    AsWritten,
    /// Without what the server adds.
    Reduced(Defaults),
}

/// Defaults that the server adds to an object, the pod template apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) struct Defaults {
    /// Takes out what the cluster assigns or rewrites in each object.
    pub(in crate::manifest) assigned: fn(&mut Map<String, Value>),
    /// The table of values that stand for nothing, as [`Rules`](crate::manifest::defaults) read it.
    pub(in crate::manifest) table: &'static str,
    /// Takes out the defaults that depend on other fields, after those of the table.
    pub(in crate::manifest) dependent: fn(&mut Map<String, Value>),
}

impl Defaults {
    /// Those of a table alone.
    pub(in crate::manifest) const fn of(table: &'static str) -> Self {
        Self { assigned: |_| {}, table, dependent: |_| {} }
    }
}

impl PodOwner {
    /// The name of the workload behind a pod's owner, unless it is of another kind. `label` finds
    /// the pod's labels, and `kind` is the workload's.
    pub fn workload<'a, 'l>(
        self,
        kind: &str,
        (owner_kind, owner): (&str, &'a str),
        label: impl FnOnce(&str) -> Option<&'l str>,
    ) -> Option<&'a str> {
        match self {
            Self::Workload => (owner_kind == kind).then_some(owner),
            Self::ReplicaSet { hash } => {
                let hash = (owner_kind == "ReplicaSet").then(|| label(hash))??;
                owner.strip_suffix(hash)?.strip_suffix('-')
            }
            Self::Job => {
                let (name, minute) = owner.rsplit_once('-').filter(|_| owner_kind == "Job")?;
                minute.chars().all(|c| c.is_ascii_digit()).then_some(name)
            }
        }
    }

    /// True if the pods end in good order, and speak for the workload all the same.
    #[must_use]
    pub fn may_end(self) -> bool {
        match self {
            Self::Job => true,
            Self::Workload | Self::ReplicaSet { .. } => false,
        }
    }

    /// The label by which [`PodOwner::workload`] tells pods apart, where it needs one.
    #[must_use]
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::ReplicaSet { hash } => Some(hash),
            Self::Workload | Self::Job => None,
        }
    }
}

impl FixedFields {
    /// True if the API refuses to change the field at `path`, given the object before and after.
    #[must_use]
    pub fn contain(self, path: &str, sides: [&Value; 2]) -> bool {
        let below = |paths: &[&str]| paths.iter().any(|one| path.starts_with(one));
        match self {
            Self::None => false,
            Self::Below(fixed) => below(fixed),
            Self::SpecExcept(open) => path.starts_with("spec.") && !below(open),
            Self::IfImmutable => {
                !path.starts_with("metadata")
                    && sides[0].get("immutable") == Some(&Value::Bool(true))
            }
            Self::Judged(is_fixed) => is_fixed(path, sides),
        }
    }
}
