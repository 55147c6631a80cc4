//! The kinds of objects that a snapshot carries: a table with one row, and one file, a kind.
//!
//! Everything else asks the row. A kind that is added here is read, compared, planned, written,
//! watched and granted in the suggested roles.

#![warn(clippy::wildcard_enum_match_arm)]

mod config_map;
mod cron_job;
mod daemon_set;
mod deployment;
mod destination_rule;
mod feature_flag;
mod grpc_route;
mod http_route;
mod service;
mod service_account;
mod spec;
mod stateful_set;
mod virtual_service;

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

pub use config_map::without_hash;
pub use service::{ROLLOUT_HASH, takes_any_family};
pub(super) use spec::{Defaults, Form};
pub use spec::{FixedFields, KindSpec, PodOwner, Role, RolloutRule, Serving, Wave, WorkloadSpec};

/// The enum and its table, made of one list.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $spec:path,)*) => {
        /// A kind of Kubernetes object that belongs to a set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order in which a cluster wants them created.
            pub const ALL: [Self; [$(Self::$kind),*].len()] = [$(Self::$kind),*];

            /// The kind's row in the table.
            #[must_use]
            pub const fn spec(self) -> &'static KindSpec {
                match self {
                    $(Self::$kind => &$spec,)*
                }
            }
        }
    };
}

kinds! {
    /// The identity of a workload's pods.
    ServiceAccount => service_account::SPEC,
    /// Configuration that workloads or their sidecars read.
    ConfigMap => config_map::SPEC,
    /// Flags of the OpenFeature operator.
    FeatureFlag => feature_flag::SPEC,
    /// The name under which a workload's pods are reached.
    Service => service::SPEC,
    /// A workload of pods with identity and storage.
    StatefulSet => stateful_set::SPEC,
    /// A workload with a pod on each node.
    DaemonSet => daemon_set::SPEC,
    /// A workload of interchangeable pods.
    Deployment => deployment::SPEC,
    /// A workload that starts jobs on a schedule.
    CronJob => cron_job::SPEC,
    /// Subsets of a Service's pods.
    DestinationRule => destination_rule::SPEC,
    /// Shares of HTTP requests among Services.
    HTTPRoute => http_route::SPEC,
    /// Shares of gRPC calls among Services.
    GRPCRoute => grpc_route::SPEC,
    /// Shares of requests among subsets of Services.
    VirtualService => virtual_service::SPEC,
}

impl Kind {
    /// The kinds that run containers, in the order in which a cluster wants them created.
    pub fn workloads() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| kind.is_workload())
    }

    /// The kind's name, as manifests write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The kind of that name, unless a set does not carry it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The API group, empty for the core group.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.spec().group
    }

    /// True if manifests of that API group are of this kind: its own group, or an earlier one.
    #[must_use]
    pub fn is_of_group(self, group: &str) -> bool {
        self.group() == group || self.spec().former_groups.contains(&group)
    }

    /// `apiVersion` as manifests write it.
    #[must_use]
    pub fn api_version(self) -> String {
        match self.group() {
            "" => self.spec().version.to_owned(),
            group => format!("{group}/{}", self.spec().version),
        }
    }

    /// The plural name in URLs and RBAC rules.
    #[must_use]
    pub fn plural(self) -> &'static str {
        self.spec().plural
    }

    /// The part of the row that only workloads have.
    #[must_use]
    pub fn workload(self) -> Option<&'static WorkloadSpec> {
        match &self.spec().role {
            Role::Workload(workload) => Some(workload),
            Role::ConfigMap
            | Role::FeatureFlags
            | Role::Service
            | Role::Account
            | Role::Route
            | Role::Subsets => None,
        }
    }

    /// True if the kind runs containers.
    #[must_use]
    pub fn is_workload(self) -> bool {
        self.workload().is_some()
    }

    /// True if the kind says how requests are shared, or among which pods.
    #[must_use]
    pub fn is_of_routes(self) -> bool {
        matches!(self.spec().role, Role::Route | Role::Subsets)
    }

    /// JSON pointer of the pod template, for workloads.
    #[must_use]
    pub fn template_path(self) -> Option<&'static str> {
        self.workload().map(|workload| workload.template)
    }
}

impl Ord for Kind {
    /// The order of names, in which people look for them.
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_named_like_their_kinds_and_no_two_share_a_name_or_a_resource() {
        for (position, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(format!("{kind:?}"), kind.name());
            assert_eq!(json!(kind), json!(kind.name()));
            assert_eq!(Kind::named(kind.name()), Some(kind));
            for other in Kind::ALL.into_iter().skip(position + 1) {
                let resource = |kind: Kind| (kind.group(), kind.plural());
                assert_ne!(resource(kind), resource(other));
            }
        }
    }

    #[test]
    fn rows_stand_in_the_order_of_waves() {
        let waves: Vec<Wave> = Kind::ALL.into_iter().map(|kind| kind.spec().wave).collect();
        assert!(waves.is_sorted(), "{waves:?}");
        for kind in Kind::ALL {
            assert_eq!(kind.is_workload(), kind.spec().wave == Wave::Workloads, "{kind}");
        }
    }

    #[test]
    fn kinds_are_sorted_by_name() {
        let mut sorted = Kind::ALL;
        sorted.sort();
        assert!(sorted.is_sorted_by_key(|kind| kind.name()));
        let names = sorted.map(Kind::name);
        assert_eq!((names[0], names[11]), ("ConfigMap", "VirtualService"));
    }

    #[test]
    fn a_group_of_the_past_is_one_of_the_kind() {
        assert!(Kind::Deployment.is_of_group("apps") && Kind::Deployment.is_of_group("extensions"));
        assert!(!Kind::StatefulSet.is_of_group("extensions"));
        assert_eq!(Kind::FeatureFlag.api_version(), "core.openfeature.dev/v1beta1");
        assert_eq!(Kind::Service.api_version(), "v1");
    }
}
