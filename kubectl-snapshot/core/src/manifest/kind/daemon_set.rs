//! The kind DaemonSet: workloads with a pod on each node.

use serde_json::Map;

use super::{
    Defaults, FixedFields, Form, KindSpec, PodOwner, Role, RolloutRule, Serving, Wave, WorkloadSpec,
};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "DaemonSet",
    group: "apps",
    former_groups: &["extensions"],
    version: "v1",
    other_versions: &[],
    plural: "daemonsets",
    serving: Serving::Always,
    wave: Wave::Workloads,
    role: Role::Workload(WorkloadSpec {
        template: "/spec/template",
        selects: true,
        pods: PodOwner::Workload,
        rollout: RolloutRule::PerNode,
        skeleton: |_| Map::new(),
    }),
    fixed: FixedFields::Below(&["spec.selector"]),
    form: Form::Reduced(Defaults::of(
        r#"
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.updateStrategy.rollingUpdate.maxUnavailable = 1
        spec.updateStrategy.rollingUpdate.maxSurge = 0
        spec.updateStrategy.type = "" "RollingUpdate"
        "#,
    )),
};
