//! Containers of random pods.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{members, one_of};

/// A container of this name, which may mount the volumes that every random pod has.
pub(super) fn container(name: &'static str) -> impl Strategy<Value = Value> {
    (image(), process(), surroundings(), probes()).prop_map(
        move |(image, process, surroundings, probes)| {
            let mut container = json!({"name": name, "image": image});
            let all = container.as_object_mut().expect("it is one");
            all.extend(process.into_iter().chain(surroundings).chain(probes));
            container
        },
    )
}

fn image() -> impl Strategy<Value = Value> {
    let pinned = format!("shop/tax:1.4.0@sha256:{}", "ab".repeat(32));
    one_of(json!([
        "shop/cart",
        "shop/cart:latest",
        "shop/cart:1.8.0",
        "registry.example:5000/shop/cart:3f2a91c",
        pinned,
        pinned.replace(":1.4.0", ""),
    ]))
}

/// Members that say what runs, and as whom.
fn process() -> impl Strategy<Value = Map<String, Value>> {
    members(json!({
        "command": [["/bin/cart"], ["sh", "-c", "exec cart $(LOG_LEVEL)"]],
        "args": [[], ["--verbose"], ["--a=1", "", "--b"]],
        "workingDir": ["/", "/srv"],
        "imagePullPolicy": ["Always", "IfNotPresent", "Never"],
        "stdin": [true, false],
        "tty": [true, false],
        "terminationMessagePath": ["/dev/termination-log", "/tmp/last"],
        "terminationMessagePolicy": ["File", "FallbackToLogsOnError"],
        "securityContext": [
            {},
            {"runAsUser": 0},
            {"runAsNonRoot": true, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}},
            {"seccompProfile": {"type": "RuntimeDefault"}, "readOnlyRootFilesystem": false},
            {"capabilities": {}, "privileged": false},
        ],
        "resources": [
            {},
            {"limits": {"cpu": 0.5, "memory": "1024Mi"}},
            {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "100m"}},
            {"requests": {"cpu": 1, "memory": "1G", "ephemeral-storage": "0.5Gi"}},
            {"limits": {"memory": "128974848"}, "requests": {"memory": "123Mi"}},
        ],
    }))
}

/// Members that say what it sees: environment, files, ports.
fn surroundings() -> impl Strategy<Value = Map<String, Value>> {
    members(json!({
        "env": [
            [],
            [{"name": "LOG_LEVEL", "value": "debug"}],
            [{"name": "LOG_LEVEL", "value": ""}, {"name": "TAX_URL", "value": "http://tax:80/$(LOG_LEVEL)"}],
            [{"name": "TAX_URL"}, {"name": "LOG_LEVEL", "valueFrom": {"configMapKeyRef": {"name": "texts", "key": "log", "optional": true}}}],
            [{"name": "LOG_LEVEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}}, {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "k", "optional": false}}}],
            [{"name": "LIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}}, {"name": "POD", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}}],
        ],
        "envFrom": [
            [],
            [{"configMapRef": {"name": "shop-config"}}],
            [{"prefix": "SHOP_", "configMapRef": {"name": "shop-config", "optional": true}}, {"secretRef": {"name": "keys"}}],
        ],
        "ports": [
            [],
            [{"containerPort": 80}],
            [{"containerPort": 80, "name": "http"}, {"containerPort": 80, "protocol": "UDP"}],
            [{"containerPort": 81, "name": "http", "protocol": "TCP"}, {"containerPort": 9090, "name": "metrics"}],
        ],
        "volumeMounts": [
            [{"name": "config", "mountPath": "/etc/config"}],
            [{"name": "config", "mountPath": "/etc/config", "readOnly": true}, {"name": "data", "mountPath": "/data", "subPath": "a"}],
            [{"name": "data", "mountPath": "/data", "mountPropagation": "HostToContainer"}, {"name": "data", "mountPath": "/more", "subPathExpr": "$(POD)"}],
        ],
    }))
}

fn probes() -> impl Strategy<Value = Map<String, Value>> {
    members(json!({
        "livenessProbe": [
            {"httpGet": {"port": 80}},
            {"httpGet": {"port": 80, "path": "/live", "scheme": "HTTPS", "httpHeaders": [{"name": "Host", "value": "cart"}]}, "periodSeconds": 5, "terminationGracePeriodSeconds": 3},
            {"tcpSocket": {"port": 80}, "initialDelaySeconds": 10},
            {"exec": {"command": ["true"]}, "timeoutSeconds": 1, "failureThreshold": 3, "periodSeconds": 10, "successThreshold": 1},
        ],
        "readinessProbe": [
            {"grpc": {"port": 80}},
            {"grpc": {"port": 80, "service": "ready"}, "successThreshold": 2},
            {"httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}},
        ],
        "startupProbe": [
            {"tcpSocket": {"port": 80, "host": "127.0.0.1"}, "failureThreshold": 30},
            {"exec": {"command": ["cat", "/ready"]}},
        ],
        "lifecycle": [
            {"preStop": {"sleep": {"seconds": 5}}},
            {"preStop": {"exec": {"command": ["sleep", "5"]}}, "postStart": {"httpGet": {"port": 80}}},
        ],
    }))
}
