//! The kinds of objects that a snapshot carries.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of Kubernetes object that belongs to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Configuration that workloads or their sidecars read.
    ConfigMap,
    /// A workload that starts jobs on a schedule.
    CronJob,
    /// A workload with a pod on each node.
    DaemonSet,
    /// A workload of interchangeable pods.
    Deployment,
    /// Flags of the OpenFeature operator.
    FeatureFlag,
    /// The name under which a workload's pods are reached.
    Service,
    /// The identity of a workload's pods.
    ServiceAccount,
    /// A workload of pods with identity and storage.
    StatefulSet,
}

impl Kind {
    /// Every kind, in the order in which a cluster wants them created.
    pub const ALL: [Self; 8] = [
        Self::ServiceAccount,
        Self::ConfigMap,
        Self::FeatureFlag,
        Self::Service,
        Self::StatefulSet,
        Self::DaemonSet,
        Self::Deployment,
        Self::CronJob,
    ];

    /// The kinds that run containers.
    pub const WORKLOADS: [Self; 4] =
        [Self::Deployment, Self::StatefulSet, Self::DaemonSet, Self::CronJob];

    /// The kind's name, as manifests write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::CronJob => "CronJob",
            Self::DaemonSet => "DaemonSet",
            Self::Deployment => "Deployment",
            Self::FeatureFlag => "FeatureFlag",
            Self::Service => "Service",
            Self::ServiceAccount => "ServiceAccount",
            Self::StatefulSet => "StatefulSet",
        }
    }

    /// The kind of that name, unless a set does not carry it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The API group, empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        match self {
            Self::ConfigMap | Self::Service | Self::ServiceAccount => "",
            Self::Deployment | Self::StatefulSet | Self::DaemonSet => "apps",
            Self::CronJob => "batch",
            Self::FeatureFlag => "core.openfeature.dev",
        }
    }

    /// The API version that this tool reads and writes.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Self::FeatureFlag => "v1beta1",
            _ => "v1",
        }
    }

    /// `apiVersion` as manifests write it.
    #[must_use]
    pub fn api_version(self) -> String {
        match self.group() {
            "" => self.version().to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// The plural name in URLs and RBAC rules.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::ConfigMap => "configmaps",
            Self::CronJob => "cronjobs",
            Self::DaemonSet => "daemonsets",
            Self::Deployment => "deployments",
            Self::FeatureFlag => "featureflags",
            Self::Service => "services",
            Self::ServiceAccount => "serviceaccounts",
            Self::StatefulSet => "statefulsets",
        }
    }

    /// True if the kind runs containers.
    #[must_use]
    pub fn is_workload(self) -> bool {
        Self::WORKLOADS.contains(&self)
    }

    /// JSON pointer of the pod template, for workloads.
    #[must_use]
    pub fn template_path(self) -> Option<&'static str> {
        match self {
            Self::CronJob => Some("/spec/jobTemplate/spec/template"),
            kind if kind.is_workload() => Some("/spec/template"),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name of a ConfigMap without the hash that kustomize appends
/// (`shop-config-fhm9f7tdt5` → `shop-config`).
#[must_use]
pub fn without_hash(name: &str) -> &str {
    match name.rsplit_once('-') {
        // kustomize's alphabet leaves out what could spell a word.
        Some((stable, hash))
            if hash.len() == 10 && hash.chars().all(|c| "2456789bcdfghkmt".contains(c)) =>
        {
            stable
        }
        _ => name,
    }
}
