//! Pod templates of random workloads.

use proptest::{option, prelude::*};
use serde_json::{Value, json};

use super::{NODE, container::container, members, one_of};

/// A pod template of the workload of this name.
pub(super) fn template(
    name: &'static str,
    restart: &'static [&'static str],
) -> impl Strategy<Value = Value> {
    (annotations(), containers(), volumes(), spec(restart)).prop_map(
        move |(annotations, containers, volumes, mut spec)| {
            spec["containers"] = containers.0.into();
            if let Some(init) = containers.1 {
                spec["initContainers"] = init;
            }
            spec["volumes"] = volumes;
            spec["nodeSelector"][NODE.0] = NODE.1.into();
            let mut template = json!({"metadata": {"labels": {"instance": name}}, "spec": spec});
            if let Some(annotations) = annotations {
                template["metadata"]["annotations"] = annotations;
            }
            template
        },
    )
}

fn annotations() -> impl Strategy<Value = Option<Value>> {
    option::of(one_of(json!([
        {},
        {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"},
        {"checksum/config": "1f3a"},
        {"kubectl-snapshot.dev/flags": "TAX_URL=tax-call"},
    ])))
}

/// One or two containers in either order, and what starts before them.
fn containers() -> impl Strategy<Value = (Vec<Value>, Option<Value>)> {
    let containers = (container("main"), option::of(container("proxy")), any::<bool>());
    let containers = containers.prop_map(|(main, proxy, first)| {
        let mut containers: Vec<Value> = std::iter::once(main).chain(proxy).collect();
        if first {
            containers.reverse();
        }
        containers
    });
    let init = one_of(json!([
        [],
        [{"name": "migrate", "image": "shop/migrate:3", "command": ["migrate", "up"]}],
        [{"name": "mesh", "image": "shop/mesh", "restartPolicy": "Always", "startupProbe": {"tcpSocket": {"port": 15001}}}, {"name": "migrate", "image": "shop/migrate:3"}],
        [{"name": "migrate", "image": "shop/migrate:4", "resources": {"limits": {"cpu": 2}}}, {"name": "mesh", "image": "shop/mesh:1", "restartPolicy": "Always"}],
    ]));
    (containers, option::of(init))
}

/// The two volumes that containers mount, with a source each.
fn volumes() -> impl Strategy<Value = Value> {
    let config = one_of(json!([
        {"configMap": {"name": "texts"}},
        {"configMap": {"name": "texts", "optional": true, "defaultMode": 256, "items": [{"key": "log", "path": "a/log", "mode": 0o644}]}},
        {"secret": {"secretName": "keys"}},
        {"secret": {"secretName": "keys", "defaultMode": 0o644, "items": []}},
        {"projected": {"sources": [{"configMap": {"name": "texts"}}, {"serviceAccountToken": {"path": "token"}}]}},
        {"projected": {"defaultMode": 0o440, "sources": [{"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}, {"serviceAccountToken": {"path": "token", "audience": "vault", "expirationSeconds": 7200}}, {"secret": {"name": "keys"}}]}},
        {"downwardAPI": {"items": [{"path": "limit", "resourceFieldRef": {"containerName": "main", "resource": "limits.memory"}}]}},
    ]));
    let data = one_of(json!([
        {},
        {"emptyDir": {}},
        {"emptyDir": {"medium": "Memory", "sizeLimit": "0.5Gi"}},
        {"hostPath": {"path": "/var/lib/shop"}},
        {"hostPath": {"path": "/var/lib/shop", "type": "DirectoryOrCreate"}},
        {"nfs": {"server": "files.example", "path": "/"}},
        {"persistentVolumeClaim": {"claimName": "carts"}},
        {"ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": {"kind": "scratch"}}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}}},
        {"csi": {"driver": "secrets.example"}},
        {"image": {"reference": "shop/texts:3"}},
    ]));
    (config, data).prop_map(|(mut config, mut data)| {
        config["name"] = "config".into();
        data["name"] = "data".into();
        json!([config, data])
    })
}

fn spec(restart: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let wanted = json!({"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]});
    let scheduling = members(json!({
        "affinity": [
            {},
            {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "cart"}}}}]}},
            {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [wanted]}}},
        ],
        "tolerations": [
            [],
            [{"operator": "Exists"}],
            [{"key": "shop", "value": "only", "effect": "NoSchedule"}, {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}],
        ],
        "topologySpreadConstraints": [
            [{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}],
            [{"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "cart"}}, "nodeTaintsPolicy": "Honor"}],
        ],
        "schedulerName": ["default-scheduler", "shop-scheduler"],
        "preemptionPolicy": ["PreemptLowerPriority"],
        "readinessGates": [[], [{"conditionType": "shop.example/ready"}]],
    }));
    let rest = members(json!({
        "dnsPolicy": ["ClusterFirst", "Default", "ClusterFirstWithHostNet"],
        "dnsConfig": [{}, {"options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}]}],
        "hostAliases": [[{"ip": "127.0.0.1", "hostnames": ["cart.local"]}]],
        "enableServiceLinks": [true, false],
        "automountServiceAccountToken": [true, false],
        "serviceAccountName": ["cart", "default"],
        "imagePullSecrets": [[], [{"name": "registry"}]],
        "securityContext": [
            {},
            {"fsGroup": 2000, "supplementalGroups": [4000]},
            {"runAsUser": 0, "fsGroupChangePolicy": "Always", "sysctls": [{"name": "kernel.shm_rmid_forced", "value": "0"}]},
        ],
        "shareProcessNamespace": [true, false],
        "terminationGracePeriodSeconds": [10, 30, 60],
        "hostname": ["cart"],
        "subdomain": ["shop"],
        "setHostnameAsFQDN": [false],
        "os": [{"name": "linux"}],
    }));
    let restart = one_of(restart.iter().copied().map(Value::from).collect());
    (scheduling, rest, restart, any::<bool>()).prop_map(|(scheduling, rest, restart, told)| {
        let mut spec: serde_json::Map<_, _> = scheduling.into_iter().chain(rest).collect();
        if told || restart != "Always" {
            spec.insert("restartPolicy".to_owned(), restart);
        }
        spec.into()
    })
}
