//! The kind CronJob: workloads that start jobs on a schedule.

use serde_json::Map;

use super::{
    Defaults, FixedFields, Form, KindSpec, PodOwner, Role, RolloutRule, Serving, Wave, WorkloadSpec,
};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "CronJob",
    group: "batch",
    former_groups: &[],
    version: "v1",
    other_versions: &[],
    plural: "cronjobs",
    serving: Serving::Always,
    wave: Wave::Workloads,
    role: Role::Workload(WorkloadSpec {
        template: "/spec/jobTemplate/spec/template",
        selects: false,
        pods: PodOwner::Job,
        rollout: RolloutRule::NextRun,
        skeleton: |_| Map::from_iter([("schedule".to_owned(), "0 0 * * *".into())]),
    }),
    fixed: FixedFields::None,
    // What a Job defaults to whatever else it says is left out of its template, too, although
    // the server adds it to the Jobs only.
    form: Form::Reduced(Defaults::of(
        r#"
        spec.concurrencyPolicy = "" "Allow"
        spec.suspend = false
        spec.successfulJobsHistoryLimit = 3
        spec.failedJobsHistoryLimit = 1
        spec.jobTemplate.spec.completionMode = "NonIndexed"
        spec.jobTemplate.spec.suspend|manualSelector = false
        spec.jobTemplate.spec.podFailurePolicy.rules[*].onPodConditions[*].status = "" "True"
        "#,
    )),
};
