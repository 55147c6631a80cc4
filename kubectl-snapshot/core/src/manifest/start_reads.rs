//! ConfigMaps that containers read at their start, and not again.
//!
//! An environment variable from a ConfigMap, and a key that is mounted by `subPath`, stay as they
//! were when the container started (<https://github.com/kubernetes/kubernetes/issues/22368>).
//! What is mounted as a whole volume follows by itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Kind;

/// A ConfigMap that a container reads at its start.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StartRead {
    /// The ConfigMap's name.
    pub config_map: String,
    /// The key that it reads; all of them where it is none.
    pub key: Option<String>,
    /// True if the container starts without it as well.
    pub is_optional: bool,
}

/// All that the containers of a workload's manifest read of ConfigMaps at their start.
#[must_use]
pub fn start_reads(kind: Kind, object: &Value) -> BTreeSet<StartRead> {
    let mut reads = BTreeSet::new();
    let Some(pod) = kind.template_path().and_then(|path| object.pointer(path)?.get("spec")) else {
        return reads;
    };
    let lists = ["/containers", "/initContainers"];
    for container in lists.into_iter().flat_map(|list| elements(pod, list)) {
        reads.extend(elements(container, "/env").filter_map(|entry| {
            let reference = entry.pointer("/valueFrom/configMapKeyRef")?;
            read(reference, reference.get("key").and_then(Value::as_str))
        }));
        reads.extend(
            elements(container, "/envFrom")
                .filter_map(|from| read(from.get("configMapRef")?, None)),
        );
        for mount in elements(container, "/volumeMounts") {
            // A path with variables in it may mean any key.
            let is_any = mount.get("subPathExpr").is_some();
            let path = mount.get("subPath").and_then(Value::as_str).filter(|path| !path.is_empty());
            let name = mount.get("name").filter(|_| is_any || path.is_some());
            let volume = name
                .and_then(|name| elements(pod, "/volumes").find(|it| it.get("name") == Some(name)));
            let Some(volume) = volume else { continue };
            let projected = elements(volume, "/projected/sources");
            let sources = projected.filter_map(|source| source.get("configMap"));
            for source in volume.get("configMap").into_iter().chain(sources) {
                let path = path.filter(|_| !is_any);
                reads.extend(mounted(source, path));
            }
        }
    }
    reads
}

fn read(reference: &Value, key: Option<&str>) -> Option<StartRead> {
    Some(StartRead {
        config_map: reference.get("name")?.as_str()?.to_owned(),
        key: key.map(str::to_owned),
        is_optional: reference.get("optional") == Some(&Value::Bool(true)),
    })
}

/// The keys of a volume's source that lie at a path of it, or all.
fn mounted(source: &Value, path: Option<&str>) -> Vec<StartRead> {
    let Some(path) = path else { return read(source, None).into_iter().collect() };
    let is_at = |file: &str| file == path || file.starts_with(&format!("{path}/"));
    let keys: Vec<&str> = if source.get("items").is_some() {
        let at = elements(source, "/items")
            .filter(|item| item.get("path").and_then(Value::as_str).is_some_and(is_at));
        at.filter_map(|item| item.get("key")?.as_str()).collect()
    } else {
        vec![path]
    };
    keys.into_iter().filter_map(|key| read(source, Some(key))).collect()
}

fn elements<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(pod: &Value) -> Vec<String> {
        let object = json!({"spec": {"template": {"spec": pod}}});
        let told = |read: StartRead| {
            let key = read.key.map(|key| format!(".{key}")).unwrap_or_default();
            format!("{}{key}{}", read.config_map, if read.is_optional { "?" } else { "" })
        };
        start_reads(Kind::Deployment, &object).into_iter().map(told).collect()
    }

    #[test]
    fn environment_is_read_at_the_start() {
        let pod = json!({"containers": [{
            "env": [
                {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "one", "key": "a"}}},
                {"name": "B", "value": "b"},
                {"name": "C", "valueFrom": {"secretKeyRef": {"name": "one", "key": "c"}}},
            ],
            "envFrom": [{"configMapRef": {"name": "all", "optional": true}}],
        }], "initContainers": [{
            "env": [{"name": "D", "valueFrom": {"configMapKeyRef": {"name": "two", "key": "d"}}}],
        }]});
        assert_eq!(of(&pod), ["all?", "one.a", "two.d"]);
    }

    #[test]
    fn what_is_mounted_follows_but_for_a_path_of_it() {
        let pod = |mount: Value| {
            json!({
                "containers": [{"volumeMounts": [mount]}],
                "volumes": [
                    {"name": "whole", "configMap": {"name": "one"}},
                    {"name": "some", "configMap": {"name": "two", "items": [
                        {"key": "a", "path": "etc/a.yaml"}, {"key": "b", "path": "b.yaml"},
                    ]}},
                    {"name": "both", "projected": {"sources": [
                        {"configMap": {"name": "three"}}, {"secret": {"name": "four"}},
                    ]}},
                    {"name": "empty", "emptyDir": {}},
                ],
            })
        };
        for (mount, reads) in [
            (json!({"name": "whole"}), vec![]),
            (json!({"name": "whole", "subPath": ""}), vec![]),
            (json!({"name": "whole", "subPath": "app.yaml"}), vec!["one.app.yaml"]),
            (json!({"name": "whole", "subPathExpr": "$(POD).yaml"}), vec!["one"]),
            (json!({"name": "some", "subPath": "b.yaml"}), vec!["two.b"]),
            (json!({"name": "some", "subPath": "etc"}), vec!["two.a"]),
            (json!({"name": "both", "subPath": "x"}), vec!["three.x"]),
            (json!({"name": "empty", "subPath": "x"}), vec![]),
        ] {
            assert_eq!(of(&pod(mount.clone())), reads, "{mount}");
        }
    }
}
