//! Defaults of each kind, the pod template apart.

use std::sync::LazyLock;

use super::rules::Rules;
use crate::manifest::Kind;

/// The rules of a kind, where it has defaults.
pub(super) fn of(kind: Kind) -> Option<&'static Rules> {
    match kind {
        Kind::ConfigMap => Some(&CONFIG_MAP),
        Kind::CronJob => Some(&CRON_JOB),
        Kind::DaemonSet => Some(&DAEMON_SET),
        Kind::Deployment => Some(&DEPLOYMENT),
        Kind::Service => Some(&SERVICE),
        Kind::StatefulSet => Some(&STATEFUL_SET),
        Kind::FeatureFlag | Kind::ServiceAccount => None,
    }
}

static CONFIG_MAP: LazyLock<Rules> = LazyLock::new(|| Rules::parse("immutable = false"));

static DEPLOYMENT: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(
        r#"
        spec.progressDeadlineSeconds = 600
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.paused = false
        spec.strategy.rollingUpdate.maxSurge|maxUnavailable = "25%"
        spec.strategy.type = "" "RollingUpdate"
        "#,
    )
});

static STATEFUL_SET: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(
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
    )
});

static DAEMON_SET: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(
        r#"
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.updateStrategy.rollingUpdate.maxUnavailable = 1
        spec.updateStrategy.rollingUpdate.maxSurge = 0
        spec.updateStrategy.type = "" "RollingUpdate"
        "#,
    )
});

/// Defaults of a CronJob and of its Job template. The defaults of a Job are left out of the
/// template, too, although the server adds them only to Jobs.
static CRON_JOB: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(
        r#"
        spec.concurrencyPolicy = "" "Allow"
        spec.suspend = false
        spec.successfulJobsHistoryLimit = 3
        spec.failedJobsHistoryLimit = 1
        spec.jobTemplate.spec.completionMode = "NonIndexed"
        spec.jobTemplate.spec.suspend|manualSelector = false
        spec.jobTemplate.spec.podFailurePolicy.rules[*].onPodConditions[*].status = "" "True"
        "#,
    )
});

static SERVICE: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(
        r#"
        spec.type = "" "ClusterIP"
        spec.sessionAffinity = "" "None"
        spec.sessionAffinityConfig.clientIP.timeoutSeconds = 10800
        spec.internalTrafficPolicy = "Cluster"
        spec.externalTrafficPolicy = "" "Cluster"
        spec.allocateLoadBalancerNodePorts = true
        spec.ipFamilyPolicy = "SingleStack"
        spec.publishNotReadyAddresses = false
        spec.externalName|loadBalancerIP = ""
        spec.ports[*].protocol = "" "TCP"
        spec.ports[*].name = ""
        spec.ports[*].targetPort = 0 ""
        "#,
    )
});
