//! The kind Deployment: workloads of interchangeable pods.

use serde_json::Map;

use super::{
    Defaults, FixedFields, Form, KindSpec, PodOwner, Role, RolloutRule, Serving, Wave, WorkloadSpec,
};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "Deployment",
    group: "apps",
    former_groups: &["extensions"],
    version: "v1",
    other_versions: &[],
    plural: "deployments",
    serving: Serving::Always,
    wave: Wave::Workloads,
    role: Role::Workload(WorkloadSpec {
        template: "/spec/template",
        selects: true,
        pods: PodOwner::ReplicaSet { hash: "pod-template-hash" },
        rollout: RolloutRule::Replicas,
        skeleton: |_| Map::new(),
    }),
    fixed: FixedFields::Below(&["spec.selector"]),
    form: Form::Reduced(Defaults::of(
        r#"
        spec.progressDeadlineSeconds = 600
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.paused = false
        spec.strategy.rollingUpdate.maxSurge|maxUnavailable = "25%"
        spec.strategy.type = "" "RollingUpdate"
        "#,
    )),
};
