//! Manifests of a namespace as people write them, for property tests.

use std::collections::BTreeSet;

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

/// Objects of every kind but flags, each kind and name once, in any order.
pub(crate) fn namespace() -> impl Strategy<Value = Vec<Value>> {
    let object = prop_oneof![5 => workload(), 3 => config_map(), 1 => service(), 1 => account()];
    vec(object, 0..8).prop_map(|objects| {
        let mut seen = BTreeSet::new();
        let identity =
            |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]);
        objects.into_iter().filter(|object| seen.insert(identity(object))).collect()
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["cart", "cart-canary", "tax"])
}

/// kustomize's names beside plain ones.
fn config_name() -> impl Strategy<Value = &'static str> {
    select(vec!["prices", "shop-config", "shop-config-2222222222", "shop-config-fhm9f7tdt5"])
}

fn image() -> impl Strategy<Value = String> {
    let digest = format!("@sha256:{}", "ab".repeat(32));
    let repository = select(vec!["shop/cart", "shop/tax", "redis", "docker.io/library/redis"]);
    let tag = select(vec!["", ":latest", ":1.4.0", ":1.4.1", ":3f2a91c"]);
    (repository, tag, prop::bool::weighted(0.2)).prop_map(move |(repository, tag, pinned)| {
        format!("{repository}{tag}{}", if pinned { &digest } else { "" })
    })
}

/// Entries by name, each once, in any order. `DB_HOST` is the variable of these tests.
fn env() -> impl Strategy<Value = Vec<Value>> {
    let value = prop_oneof![
        3 => select(vec!["", "a", "b"]).prop_map(|value| json!({"value": value})),
        1 => config_name().prop_map(|name| json!({"valueFrom": {"configMapKeyRef": {"name": name, "key": "log"}}})),
        1 => select(vec!["db", "tax"]).prop_map(|name| json!({"valueFrom": {"secretKeyRef": {"name": name, "key": "k"}}})),
        1 => Just(json!({"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}})),
    ];
    let entry = (select(vec!["DB_HOST", "LOG_LEVEL", "TAX_CALL_ENABLED", "TAX_URL"]), value);
    vec(entry, 0..4).prop_map(|entries| {
        let mut seen = BTreeSet::new();
        let entries = entries.into_iter().filter(|(name, _)| seen.insert(*name));
        entries
            .map(|(name, mut entry)| {
                entry["name"] = name.into();
                entry
            })
            .collect()
    })
}

/// Members of a container beside those that every one has.
fn extras() -> impl Strategy<Value = Value> {
    select(vec![
        json!({}),
        json!({"args": ["--verbose"], "imagePullPolicy": "Always"}),
        json!({"args": [], "imagePullPolicy": "IfNotPresent", "securityContext": {}}),
        json!({"ports": [{"containerPort": 80}, {"containerPort": 80, "protocol": "UDP"}, {"containerPort": 81}]}),
        json!({"ports": [{"containerPort": 81, "name": "http"}], "livenessProbe": {"httpGet": {"port": "http"}}}),
        json!({"livenessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 5}}),
        json!({"resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}}}),
        json!({"volumeMounts": [{"name": "config", "mountPath": "/etc/config"}], "tty": false}),
    ])
}

fn container(name: &'static str) -> impl Strategy<Value = Value> {
    (image(), env(), extras()).prop_map(move |(image, env, extras)| {
        let mut container = json!({"name": name, "image": image, "env": env});
        merge(&mut container, &extras);
        container
    })
}

fn pod() -> impl Strategy<Value = Value> {
    let containers = (container("main"), option::of(container("proxy")), any::<bool>());
    let containers = containers.prop_map(|(main, proxy, first)| {
        let mut containers: Vec<Value> = std::iter::once(main).chain(proxy).collect();
        if first {
            containers.reverse();
        }
        containers
    });
    let init = (option::of(container("migrate")), option::of(container("warm")), any::<bool>());
    let init = init.prop_map(|(migrate, warm, swapped)| {
        let mut init: Vec<Value> = migrate.into_iter().chain(warm).collect();
        if swapped {
            init.reverse();
        }
        init
    });
    let volumes = select(vec![
        json!([]),
        json!([{"name": "tmp"}]),
        json!([{"name": "tmp", "emptyDir": {"medium": "Memory"}}]),
    ]);
    let account = select(vec![
        json!({}),
        json!({"serviceAccountName": "cart"}),
        json!({"serviceAccount": "tax"}),
        json!({"serviceAccountName": "default", "hostNetwork": true, "dnsPolicy": "ClusterFirst"}),
    ]);
    (containers, init, volumes, option::of(config_name()), account).prop_map(
        |(containers, init, volumes, config, account)| {
            let mut pod =
                json!({"containers": containers, "initContainers": init, "volumes": volumes});
            if let (Some(config), Some(volumes)) = (config, pod["volumes"].as_array_mut()) {
                volumes.push(json!({"name": "config", "configMap": {"name": config}}));
            }
            merge(&mut pod, &account);
            pod
        },
    )
}

fn metadata() -> impl Strategy<Value = Value> {
    select(vec![
        json!({}),
        json!({"labels": {}, "annotations": {"note": ""}}),
        json!({"labels": {"app": "cart", "team": "a/b~c"}, "annotations": {"kubectl-snapshot.dev/requires": "tax >=1.4"}}),
        json!({"labels": {"app.kubernetes.io/name": "tax", "app.kubernetes.io/version": "1.4.0"}}),
        json!({"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "a/b": "1"}}),
        json!({"labels": {"argocd.argoproj.io/instance": "shop"}}),
    ])
}

fn workload() -> impl Strategy<Value = Value> {
    let kind = select(vec!["CronJob", "DaemonSet", "Deployment", "Deployment", "StatefulSet"]);
    let strategy = select(vec![
        json!({}),
        json!({"type": "RollingUpdate"}),
        json!({"type": "Recreate"}),
        json!({"rollingUpdate": {"maxSurge": 1}}),
    ]);
    (kind, name(), metadata(), metadata(), pod(), strategy, 1..4_u32).prop_map(
        |(kind, name, metadata, mut template, mut pod, strategy, replicas)| {
            template["labels"]["instance"] = name.into();
            let template = json!({"metadata": template, "spec": pod.take()});
            let (api_version, mut spec) = match kind {
                "CronJob" => (
                    "batch/v1",
                    json!({"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}),
                ),
                _ => (
                    "apps/v1",
                    json!({"selector": {"matchLabels": {"instance": name}}, "template": template}),
                ),
            };
            if kind == "Deployment" {
                spec["strategy"] = strategy;
                spec["replicas"] = replicas.into();
            }
            object(api_version, kind, name, &metadata, &json!({"spec": spec}))
        },
    )
}

fn config_map() -> impl Strategy<Value = Value> {
    let data = select(vec![
        json!({}),
        json!({"log": "info"}),
        json!({"log": "debug", "empty": ""}),
        json!({"b": null}),
    ]);
    (config_name(), metadata(), data).prop_map(|(name, metadata, data)| {
        object("v1", "ConfigMap", name, &metadata, &json!({"data": data}))
    })
}

fn service() -> impl Strategy<Value = Value> {
    let spec = select(vec![
        json!({"ports": [{"port": 80}]}),
        json!({"ports": [{"port": 80, "targetPort": 80, "protocol": "TCP"}, {"port": 81, "name": "b"}], "type": "NodePort"}),
        json!({"ports": [{"port": 81, "targetPort": "http"}], "sessionAffinity": "ClientIP", "clusterIP": "10.0.0.1"}),
    ]);
    (name(), metadata(), spec).prop_map(|(name, metadata, mut spec)| {
        spec["selector"] = json!({"instance": name});
        object("v1", "Service", name, &metadata, &json!({"spec": spec}))
    })
}

fn account() -> impl Strategy<Value = Value> {
    let rest = select(vec![json!({}), json!({"automountServiceAccountToken": false})]);
    (select(vec!["cart", "tax"]), metadata(), rest)
        .prop_map(|(name, metadata, rest)| object("v1", "ServiceAccount", name, &metadata, &rest))
}

fn object(api_version: &str, kind: &str, name: &str, metadata: &Value, rest: &Value) -> Value {
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
    object["metadata"]["name"] = name.into();
    merge(&mut object, rest);
    object
}

fn merge(into: &mut Value, members: &Value) {
    if let (Value::Object(into), Value::Object(members)) = (into, members) {
        into.extend(members.clone());
    }
}
