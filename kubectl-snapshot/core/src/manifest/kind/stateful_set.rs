//! The kind StatefulSet: workloads of pods with identity and storage.

use serde_json::Map;

use super::{
    Defaults, FixedFields, Form, KindSpec, PodOwner, Role, RolloutRule, Serving, Wave, WorkloadSpec,
};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "StatefulSet",
    group: "apps",
    former_groups: &[],
    version: "v1",
    other_versions: &[],
    plural: "statefulsets",
    serving: Serving::Always,
    wave: Wave::Workloads,
    role: Role::Workload(WorkloadSpec {
        template: "/spec/template",
        selects: true,
        pods: PodOwner::Workload,
        rollout: RolloutRule::Ordered,
        skeleton: |service| Map::from_iter([("serviceName".to_owned(), service.into())]),
    }),
    fixed: FixedFields::SpecExcept(&[
        "spec.template",
        "spec.updateStrategy",
        "spec.minReadySeconds",
        "spec.ordinals",
        "spec.persistentVolumeClaimRetentionPolicy",
        "spec.revisionHistoryLimit",
        "spec.replicas",
    ]),
    form: Form::Reduced(Defaults::of(
        r#"
        spec.podManagementPolicy = "" "OrderedReady"
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.serviceName = ""
        spec.ordinals.start = 0
        spec.updateStrategy.rollingUpdate.partition = 0
        spec.updateStrategy.rollingUpdate.maxUnavailable = 1
        spec.updateStrategy.type = "" "RollingUpdate"
        spec.persistentVolumeClaimRetentionPolicy.whenDeleted|whenScaled = "" "Retain"
        spec.volumeClaimTemplates[*].apiVersion = "v1"
        spec.volumeClaimTemplates[*].kind = "PersistentVolumeClaim"
        spec.volumeClaimTemplates[*].spec.volumeMode = "Filesystem"
        spec.volumeClaimTemplates[*].spec.volumeName = ""
        "#,
    )),
};
