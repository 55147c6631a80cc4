//! Defaults of a pod template, for every kind that has one.

use std::sync::LazyLock;

use super::rules::Rules;

/// Rules of `spec` in a pod template.
pub(super) static POD: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse(SPEC)
        .with("containers|initContainers[*]", CONTAINER)
        .with("containers|initContainers[*].livenessProbe|readinessProbe|startupProbe", PROBE)
        .with("volumes[*]", VOLUME)
        .with("volumes[*]", RETIRED_VOLUME)
});

const SPEC: &str = r#"
    restartPolicy = "" "Always"
    dnsPolicy = "" "ClusterFirst"
    schedulerName = "" "default-scheduler"
    terminationGracePeriodSeconds = 30
    enableServiceLinks = true
    hostNetwork|hostPID|hostIPC = false
    serviceAccountName = "" "default"
    nodeName|hostname|subdomain|priorityClassName = ""
    securityContext.seLinuxOptions.user|role|type|level = ""
    securityContext.sysctls[*].value = ""
    tolerations[*].key|operator|value|effect = ""
    imagePullSecrets[*].name = ""
    dnsConfig.options[*].name = ""
    resources.claims[*].request = ""
"#;

const CONTAINER: &str = r#"
    imagePullPolicy = ""
    terminationMessagePath = "" "/dev/termination-log"
    terminationMessagePolicy = "" "File"
    workingDir = ""
    stdin|stdinOnce|tty = false
    ports[*].protocol = "" "TCP"
    ports[*].hostPort = 0
    ports[*].hostIP|name = ""
    env[*].value = ""
    env[*].valueFrom.fieldRef.apiVersion = "" "v1"
    env[*].valueFrom.resourceFieldRef.containerName = ""
    env[*].valueFrom.resourceFieldRef.divisor = "0"
    env[*].valueFrom.fileKeyRef.optional = false
    envFrom[*].prefix = ""
    volumeMounts[*].readOnly = false
    volumeMounts[*].subPath|subPathExpr = ""
    lifecycle.postStart|preStop.httpGet.path = "" "/"
    lifecycle.postStart|preStop.httpGet.scheme = "" "HTTP"
    lifecycle.postStart|preStop.httpGet.httpHeaders[*].value = ""
    lifecycle.postStart|preStop.httpGet|tcpSocket.host = ""
    lifecycle.postStart|preStop.sleep.seconds = 0
    securityContext.procMount = "Default"
    securityContext.seLinuxOptions.user|role|type|level = ""
    resources.claims[*].request = ""
"#;

const PROBE: &str = r#"
    initialDelaySeconds = 0
    timeoutSeconds|successThreshold = 0 1
    periodSeconds = 0 10
    failureThreshold = 0 3
    httpGet.path = "" "/"
    httpGet.scheme = "" "HTTP"
    httpGet.httpHeaders[*].value = ""
    httpGet|tcpSocket.host = ""
    grpc.service = ""
"#;

const VOLUME: &str = r#"
    configMap|secret|downwardAPI|projected.defaultMode = 420
    downwardAPI.items[*].fieldRef.apiVersion = "" "v1"
    downwardAPI.items[*].resourceFieldRef.containerName = ""
    downwardAPI.items[*].resourceFieldRef.divisor = "0"
    projected.sources[*].downwardAPI.items[*].fieldRef.apiVersion = "" "v1"
    projected.sources[*].downwardAPI.items[*].resourceFieldRef.containerName = ""
    projected.sources[*].downwardAPI.items[*].resourceFieldRef.divisor = "0"
    projected.sources[*].serviceAccountToken.audience = ""
    projected.sources[*].serviceAccountToken.expirationSeconds = 3600
    hostPath.type = ""
    emptyDir.medium = ""
    persistentVolumeClaim|nfs|azureFile|cephfs|fc|flexVolume|iscsi.readOnly = false
    fc|flexVolume|iscsi.fsType = ""
    iscsi.iscsiInterface = "" "default"
    iscsi.chapAuthDiscovery|chapAuthSession = false
    iscsi.lun = 0
    cephfs.path|user|secretFile = ""
    azureDisk.cachingMode = "ReadWrite"
    azureDisk.fsType = "ext4"
    azureDisk.kind = "Shared"
    azureDisk.readOnly = false
    image.reference|pullPolicy = ""
    ephemeral.volumeClaimTemplate.spec.volumeMode = "Filesystem"
    ephemeral.volumeClaimTemplate.spec.volumeName = ""
"#;

/// Sources that no node mounts any more; manifests still name them.
const RETIRED_VOLUME: &str = r#"
    awsElasticBlockStore|cinder|gcePersistentDisk|photonPersistentDisk|portworxVolume.fsType = ""
    rbd|storageos|vsphereVolume.fsType = ""
    awsElasticBlockStore|cinder|gcePersistentDisk|glusterfs|portworxVolume.readOnly = false
    quobyte|rbd|scaleIO|storageos.readOnly = false
    awsElasticBlockStore|gcePersistentDisk.partition = 0
    flocker.datasetName|datasetUUID = ""
    gitRepo.directory|revision = ""
    quobyte.group|tenant|user = ""
    rbd.keyring = "" "/etc/ceph/keyring"
    rbd.pool = "" "rbd"
    rbd.user = "" "admin"
    scaleIO.fsType = "" "xfs"
    scaleIO.protectionDomain|storagePool|volumeName = ""
    scaleIO.sslEnabled = false
    scaleIO.storageMode = "" "ThinProvisioned"
    storageos.volumeName|volumeNamespace = ""
    vsphereVolume.storagePolicyID|storagePolicyName = ""
"#;
