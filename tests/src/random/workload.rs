//! Random workloads, a kind each. What their kind cannot change is the same in all of them.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{members, object, pod::template, with_spec};

const ALWAYS: &[&str] = &["Always"];

/// A spec with a selector, a pod template and some of these members.
fn selecting(
    name: &'static str,
    choices: Value,
    fixed: Value,
) -> impl Strategy<Value = Map<String, Value>> {
    (members(choices), template(name, ALWAYS)).prop_map(move |(mut spec, template)| {
        spec.insert("selector".to_owned(), json!({"matchLabels": {"instance": name}}));
        spec.insert("template".to_owned(), template);
        spec.extend(fixed.as_object().expect("members").clone());
        with_spec(spec.into())
    })
}

pub(super) fn deployment(name: &'static str) -> impl Strategy<Value = Value> {
    let choices = json!({
        "replicas": [0, 1, 3],
        "strategy": [
            {},
            {"type": "Recreate"},
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
            {"rollingUpdate": {"maxSurge": 1}},
        ],
        "minReadySeconds": [0, 5],
        "revisionHistoryLimit": [0, 3, 10],
        "progressDeadlineSeconds": [30, 600],
    });
    object("apps/v1", "Deployment", name, selecting(name, choices, json!({})))
}

pub(super) fn stateful_set(name: &'static str) -> impl Strategy<Value = Value> {
    let choices = json!({
        "replicas": [1, 2],
        "updateStrategy": [
            {},
            {"type": "OnDelete"},
            {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
            {"rollingUpdate": {"partition": 0}},
        ],
        "minReadySeconds": [0, 5],
        "revisionHistoryLimit": [10, 3],
        "persistentVolumeClaimRetentionPolicy": [{"whenDeleted": "Delete"}, {"whenScaled": "Retain", "whenDeleted": "Retain"}],
        "ordinals": [{"start": 1}, {}],
    });
    let claim = json!({"metadata": {"name": "ledger"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1024Mi"}}}});
    let fixed = json!({"serviceName": name, "podManagementPolicy": "Parallel", "volumeClaimTemplates": [claim]});
    object("apps/v1", "StatefulSet", name, selecting(name, choices, fixed))
}

pub(super) fn daemon_set(name: &'static str) -> impl Strategy<Value = Value> {
    let choices = json!({
        "updateStrategy": [
            {"type": "OnDelete"},
            {"type": "RollingUpdate"},
            {"rollingUpdate": {"maxUnavailable": "10%"}},
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        ],
        "minReadySeconds": [5],
        "revisionHistoryLimit": [10, 2],
    });
    object("apps/v1", "DaemonSet", name, selecting(name, choices, json!({})))
}

pub(super) fn cron_job(name: &'static str) -> impl Strategy<Value = Value> {
    let job = members(json!({
        "backoffLimit": [0, 6],
        "completions": [1, 3],
        "parallelism": [1, 2],
        "completionMode": ["NonIndexed"],
        "ttlSecondsAfterFinished": [0, 60],
        "activeDeadlineSeconds": [600],
        "podReplacementPolicy": ["TerminatingOrFailed", "Failed"],
    }));
    let spec = members(json!({
        "timeZone": ["Etc/UTC"],
        "concurrencyPolicy": ["Allow", "Forbid", "Replace"],
        "startingDeadlineSeconds": [30],
        "successfulJobsHistoryLimit": [0, 3],
        "failedJobsHistoryLimit": [1, 2],
        "schedule": ["@daily", "*/5 * * * *"],
    }));
    let parts = (spec, job, template(name, &["OnFailure", "Never"]), any::<bool>());
    let rest = parts.prop_map(|(mut spec, mut job, template, labelled)| {
        job.insert("template".to_owned(), template);
        let mut job = json!({"spec": job});
        if labelled {
            job["metadata"]["labels"] = json!({"kind": "report"});
        }
        spec.entry("schedule").or_insert_with(|| "0 3 * * 1".into());
        spec.insert("suspend".to_owned(), true.into());
        spec.insert("jobTemplate".to_owned(), job);
        with_spec(spec.into())
    });
    object("batch/v1", "CronJob", name, rest)
}
