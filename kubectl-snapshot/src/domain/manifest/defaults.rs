//! The API's well-known defaults, taken out so that manifests and live agree.
//!
//! A manifest says what its author wrote; the API server answers with every
//! default filled in. Neither form can be turned into the other without the
//! server, so both are brought to a third: nothing that the server would add.
//! The tables follow the defaulting functions of Kubernetes' `core/v1`,
//! `apps/v1` and `batch/v1`; zero values that Go's `omitempty` drops stand
//! beside them.

use std::sync::LazyLock;

use serde_json::Value;

use super::Kind;

/// Rules of one part of an object, tab-free lines of `path = JSON`.
///
/// In a path, `[*]` is every element of a list.
struct Rules(LazyLock<Vec<(Vec<Step>, Value)>>);

enum Step {
    Member(&'static str),
    Elements,
}

impl Rules {
    const fn new(parse: fn() -> Vec<(Vec<Step>, Value)>) -> Self {
        Self(LazyLock::new(parse))
    }

    fn strip(&self, part: &mut Value) {
        for (path, default) in self.0.iter() {
            strip_at(part, path, default);
        }
    }
}

fn parse(table: &'static str) -> Vec<(Vec<Step>, Value)> {
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (path, default) = line.split_once(" = ").expect("a rule is `path = JSON`");
            let steps = path.split('.').flat_map(|member| match member.strip_suffix("[*]") {
                Some(list) => vec![Step::Member(list), Step::Elements],
                None => vec![Step::Member(member)],
            });
            (steps.collect(), serde_json::from_str(default).expect("a default is JSON"))
        })
        .collect()
}

fn strip_at(value: &mut Value, path: &[Step], default: &Value) {
    match path {
        [Step::Member(name)] => {
            if let Value::Object(members) = value
                && members.get(*name) == Some(default)
            {
                members.remove(*name);
            }
        }
        [Step::Member(name), rest @ ..] => {
            if let Some(next) = value.get_mut(*name) {
                strip_at(next, rest, default);
            }
        }
        [Step::Elements, rest @ ..] => {
            for element in value.as_array_mut().into_iter().flatten() {
                strip_at(element, rest, default);
            }
        }
        [] => {}
    }
}

static POD: Rules = Rules::new(|| {
    parse(
        r#"
        restartPolicy = "Always"
        dnsPolicy = "ClusterFirst"
        schedulerName = "default-scheduler"
        terminationGracePeriodSeconds = 30
        enableServiceLinks = true
        hostNetwork = false
        hostPID = false
        hostIPC = false
        serviceAccountName = ""
        serviceAccountName = "default"
        nodeName = ""
        hostname = ""
        subdomain = ""
        priorityClassName = ""
        volumes[*].configMap.defaultMode = 420
        volumes[*].secret.defaultMode = 420
        volumes[*].downwardAPI.defaultMode = 420
        volumes[*].downwardAPI.items[*].fieldRef.apiVersion = "v1"
        volumes[*].downwardAPI.items[*].resourceFieldRef.divisor = "0"
        volumes[*].projected.defaultMode = 420
        volumes[*].projected.sources[*].downwardAPI.items[*].fieldRef.apiVersion = "v1"
        volumes[*].projected.sources[*].serviceAccountToken.expirationSeconds = 3600
        volumes[*].hostPath.type = ""
        volumes[*].emptyDir.medium = ""
        volumes[*].persistentVolumeClaim.readOnly = false
        volumes[*].nfs.readOnly = false
        volumes[*].ephemeral.volumeClaimTemplate.spec.volumeMode = "Filesystem"
        "#,
    )
});

static CONTAINER: Rules = Rules::new(|| {
    parse(
        r#"
        terminationMessagePath = "/dev/termination-log"
        terminationMessagePolicy = "File"
        workingDir = ""
        stdin = false
        stdinOnce = false
        tty = false
        ports[*].protocol = "TCP"
        ports[*].hostPort = 0
        ports[*].hostIP = ""
        ports[*].name = ""
        env[*].value = ""
        env[*].valueFrom.fieldRef.apiVersion = "v1"
        env[*].valueFrom.resourceFieldRef.divisor = "0"
        envFrom[*].prefix = ""
        volumeMounts[*].readOnly = false
        volumeMounts[*].subPath = ""
        volumeMounts[*].subPathExpr = ""
        lifecycle.postStart.httpGet.path = "/"
        lifecycle.postStart.httpGet.scheme = "HTTP"
        lifecycle.preStop.httpGet.path = "/"
        lifecycle.preStop.httpGet.scheme = "HTTP"
        securityContext.procMount = "Default"
        "#,
    )
});

static PROBE: Rules = Rules::new(|| {
    parse(
        r#"
        initialDelaySeconds = 0
        timeoutSeconds = 0
        timeoutSeconds = 1
        periodSeconds = 0
        periodSeconds = 10
        successThreshold = 0
        successThreshold = 1
        failureThreshold = 0
        failureThreshold = 3
        httpGet.host = ""
        httpGet.path = ""
        httpGet.path = "/"
        httpGet.scheme = ""
        httpGet.scheme = "HTTP"
        tcpSocket.host = ""
        grpc.service = ""
        "#,
    )
});

static DEPLOYMENT: Rules = Rules::new(|| {
    parse(
        r#"
        spec.progressDeadlineSeconds = 600
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.paused = false
        spec.strategy.rollingUpdate.maxSurge = "25%"
        spec.strategy.rollingUpdate.maxUnavailable = "25%"
        spec.strategy.type = "RollingUpdate"
        "#,
    )
});

static STATEFUL_SET: Rules = Rules::new(|| {
    parse(
        r#"
        spec.podManagementPolicy = "OrderedReady"
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.serviceName = ""
        spec.updateStrategy.rollingUpdate.partition = 0
        spec.updateStrategy.type = "RollingUpdate"
        spec.persistentVolumeClaimRetentionPolicy.whenDeleted = "Retain"
        spec.persistentVolumeClaimRetentionPolicy.whenScaled = "Retain"
        spec.volumeClaimTemplates[*].apiVersion = "v1"
        spec.volumeClaimTemplates[*].kind = "PersistentVolumeClaim"
        spec.volumeClaimTemplates[*].status.phase = "Pending"
        spec.volumeClaimTemplates[*].spec.volumeMode = "Filesystem"
        spec.volumeClaimTemplates[*].spec.volumeName = ""
        "#,
    )
});

static DAEMON_SET: Rules = Rules::new(|| {
    parse(
        r#"
        spec.revisionHistoryLimit = 10
        spec.minReadySeconds = 0
        spec.updateStrategy.rollingUpdate.maxUnavailable = 1
        spec.updateStrategy.rollingUpdate.maxSurge = 0
        spec.updateStrategy.type = "RollingUpdate"
        "#,
    )
});

static CRON_JOB: Rules = Rules::new(|| {
    parse(
        r#"
        spec.concurrencyPolicy = "Allow"
        spec.suspend = false
        spec.successfulJobsHistoryLimit = 3
        spec.failedJobsHistoryLimit = 1
        "#,
    )
});

static SERVICE: Rules = Rules::new(|| {
    parse(
        r#"
        spec.type = "ClusterIP"
        spec.sessionAffinity = "None"
        spec.sessionAffinityConfig.clientIP.timeoutSeconds = 10800
        spec.internalTrafficPolicy = "Cluster"
        spec.externalTrafficPolicy = "Cluster"
        spec.allocateLoadBalancerNodePorts = true
        spec.ipFamilyPolicy = "SingleStack"
        spec.publishNotReadyAddresses = false
        spec.ports[*].protocol = "TCP"
        spec.ports[*].name = ""
        spec.ports[*].targetPort = 0
        spec.ports[*].targetPort = ""
        "#,
    )
});

static CONFIG_MAP: Rules = Rules::new(|| parse("immutable = false"));

/// Takes the defaults out of an object of `kind`, the pod template included.
pub(super) fn strip(kind: Kind, object: &mut Value) {
    match kind {
        Kind::Deployment => DEPLOYMENT.strip(object),
        Kind::StatefulSet => STATEFUL_SET.strip(object),
        Kind::DaemonSet => DAEMON_SET.strip(object),
        Kind::CronJob => CRON_JOB.strip(object),
        Kind::ConfigMap => CONFIG_MAP.strip(object),
        Kind::Service => {
            SERVICE.strip(object);
            strip_target_ports(object);
        }
        Kind::FeatureFlag | Kind::ServiceAccount => {}
    }
    if let Some(pod) =
        kind.template_path().and_then(|path| object.pointer_mut(path)?.get_mut("spec"))
    {
        strip_pod(pod);
    }
}

fn strip_pod(pod: &mut Value) {
    let host_network = pod.get("hostNetwork") == Some(&Value::Bool(true));
    if let Some(members) = pod.as_object_mut()
        && let Some(alias) = members.remove("serviceAccount")
    {
        // The deprecated alias: the server always sets both.
        members.entry("serviceAccountName").or_insert(alias);
    }
    POD.strip(pod);
    for list in ["containers", "initContainers"] {
        for container in pod.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            CONTAINER.strip(container);
            strip_pull_policy(container);
            if host_network {
                strip_host_ports(container);
            }
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                if let Some(probe) = container.get_mut(probe) {
                    PROBE.strip(probe);
                }
            }
        }
    }
}

/// `Always` is the default where the image has no tag or `latest`, else `IfNotPresent`.
fn strip_pull_policy(container: &mut Value) {
    let Some(image) = container.get("image").and_then(Value::as_str) else { return };
    let last = image.rsplit('/').next().unwrap_or(image);
    let floating =
        !last.contains('@') && last.split_once(':').is_none_or(|(_, tag)| tag == "latest");
    let default = if floating { "Always" } else { "IfNotPresent" };
    strip_at(container, &[Step::Member("imagePullPolicy")], &default.into());
}

/// On the host's network a container port is the host's port.
fn strip_host_ports(container: &mut Value) {
    for port in container.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(same) = port.get("containerPort").cloned() {
            strip_at(port, &[Step::Member("hostPort")], &same);
        }
    }
}

/// A service's target port is its port where nothing else is said.
fn strip_target_ports(service: &mut Value) {
    for port in
        service.pointer_mut("/spec/ports").and_then(Value::as_array_mut).into_iter().flatten()
    {
        if let Some(same) = port.get("port").cloned() {
            strip_at(port, &[Step::Member("targetPort")], &same);
        }
    }
}
