//! Random sets through kubectl, the API server and the plugin, and back.
//!
//! What kubectl makes of the same manifests in a namespace of its own is the reference. A failure
//! names the number of its pair; `KUBECTL_SNAPSHOT_TEST_PAIRS=100-199` tries others.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ops::RangeInclusive,
};

use end_to_end::{Cluster, Folder, Namespace, Pair, random_pair, test};
use serde_json::{Value, json};

/// Marks that tools leave on objects, as `kubectl annotate` and `kubectl label` write them.
const MARKS: &[(&str, &str)] = &[
    ("annotate", "meta.helm.sh/release-name=shop"),
    ("label", "app.kubernetes.io/managed-by=Helm"),
    ("label", "helm.sh/chart=shop-1.4.0"),
    ("annotate", "argocd.argoproj.io/tracking-id=shop:apps/Deployment:shop/cart"),
    ("label", "kustomize.toolkit.fluxcd.io/name=shop"),
    ("annotate", "kapp.k14s.io/identity=v1;shop/apps/Deployment/cart"),
    ("label", "velero.io/restore-name=monday"),
    ("annotate", "kubernetes.io/change-cause=kubectl apply"),
    ("annotate", "objectset.rio.cattle.io/id=shop"),
    ("label", "skaffold.dev/run-id=1f3a"),
    ("annotate", "autopilot.gke.io/resource-adjustment={}"),
    ("annotate", "metallb.io/ip-allocated-from-pool=office"),
];

#[test]
fn a_set_survives_kubectl_and_the_api_server() {
    each_pair(|number, pair| {
        let folder = Folder::new(Cluster::shared());
        folder.write("shop.json", list(&pair.first));
        let shop = namespace_with(&folder, "shop.json");
        assert_same(&shop, &folder, "./shop.json", number);

        let capture = shop.plugin(["capture", "rel-1", "-o", "json"]).succeeds();
        let digest = capture.json()["digest"].clone();
        let document = shop.plugin(["get", "rel-1", "-o", "json"]).succeeds().json();
        let objects = manifests_of(&document);
        let read_whole = |objects: &mut dyn Iterator<Item = &Value>| {
            // Services that select nothing and accounts that nobody uses are left out.
            objects
                .filter(|object| !["Service", "ServiceAccount"].contains(&text(object, "kind")))
                .count()
        };
        let (kept, written) = (read_whole(&mut objects.iter()), read_whole(&mut pair.first.iter()));
        assert_eq!(kept, written, "pair {number}: {document:#}");
        folder.write("written.json", list(&objects));
        let again = namespace_with(&folder, "written.json");
        let captured = again.plugin(["capture", "rel-2", "-o", "json"]).succeeds();
        assert_eq!(captured.json()["digest"], digest, "pair {number}, written as manifests");

        let empty = shop.beside("prod");
        empty.plugin(["apply", "rel-1", "--yes", "--wait=false"]).succeeds();
        let captured = empty.plugin(["capture", "rel-3", "-o", "json"]).succeeds();
        assert_eq!(captured.json()["digest"], digest, "pair {number}, applied");

        for (number, object) in pair.first.iter().enumerate() {
            let (verb, mark) = MARKS[number % MARKS.len()];
            let name = format!("{}/{}", text(object, "kind"), text(&object["metadata"], "name"));
            shop.kubectl([verb, &name, mark, "--overwrite"]).succeeds();
        }
        let captured = shop.plugin(["capture", "rel-4", "-o", "json"]).succeeds();
        assert_eq!(captured.json()["digest"], digest, "pair {number}, with marks");
    });
}

#[test]
fn an_apply_leaves_what_kubectl_would_have_created() {
    each_pair(|number, pair| {
        let folder = Folder::new(Cluster::shared());
        folder.write("old.json", list(&pair.first));
        folder.write("new.json", list(&pair.second));
        let (shop, reference) =
            (namespace_with(&folder, "old.json"), namespace_with(&folder, "new.json"));
        let apply = ["apply", "./new.json", "--yes", "--wait=false"];
        shop.plugin(apply).current_dir(folder.path()).succeeds();
        let get = shop.plugin(["get", "./new.json", "-o", "json"]).current_dir(folder.path());
        let document = get.succeeds().json();
        for object in objects_of(&document) {
            let (kind, name) = (text(object, "kind"), text(&object["metadata"], "name"));
            let [ours, kubectl] = [&shop, &reference].map(|namespace| {
                let object = namespace.kubectl(["get", kind, name, "-o", "json"]).succeeds().json();
                without_the_place(object)
            });
            let differences = differences(&ours, &kubectl);
            assert!(differences.is_empty(), "pair {number}: {kind} {name}: {differences:#?}");
        }
    });
}

#[track_caller]
fn each_pair(check: impl Fn(u64, &Pair)) {
    for number in numbers() {
        check(number, &random_pair(number));
    }
}

fn numbers() -> RangeInclusive<u64> {
    let Ok(range) = env::var("KUBECTL_SNAPSHOT_TEST_PAIRS") else { return 1..=3 };
    let ends =
        range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = ends.expect("a range of numbers, as in 100-199");
    from..=to
}

fn namespace_with(folder: &Folder, file: &str) -> Namespace {
    let namespace = Namespace::new(Cluster::shared(), "shop");
    let file = format!("./{file}");
    namespace.kubectl(["apply", "-f", &file]).current_dir(folder.path()).succeeds();
    namespace
}

#[track_caller]
fn assert_same(namespace: &Namespace, folder: &Folder, file: &str, number: u64) {
    let live = format!("live:{}", namespace.name());
    let diff = namespace.plugin(["diff", &live, file]).current_dir(folder.path()).run();
    assert_eq!(diff.exit, 0, "pair {number}: {}", diff.transcript());
}

/// Objects of a snapshot's document.
fn objects_of(document: &Value) -> impl Iterator<Item = &Value> {
    document["spec"]["objects"].as_object().into_iter().flatten().map(|(_, object)| object)
}

/// Objects of a snapshot's document as manifests: with the digests that stand beside them.
fn manifests_of(document: &Value) -> Vec<Value> {
    let mut objects = document["spec"]["objects"].clone();
    let services = document["spec"]["services"].as_object().into_iter().flatten();
    for instance in services.flat_map(|(_, instances)| instances.as_object().unwrap().values()) {
        let object = &mut objects[instance["manifest"].as_str().unwrap()];
        let templates = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
        let template = templates.into_iter().find(|path| object.pointer(path).is_some()).unwrap();
        for list in ["initContainers", "containers"] {
            let containers = object.pointer_mut(&format!("{template}/{list}"));
            for container in containers.and_then(Value::as_array_mut).into_iter().flatten() {
                let known = &instance["containers"][text(container, "name")];
                if let Some(digest) = known["digest"].as_str() {
                    let image = text(container, "image").to_owned();
                    // Without a tag, the name alone would decide whether it is pulled again.
                    if known.get("tag").is_none() && container.get("imagePullPolicy").is_none() {
                        container["imagePullPolicy"] = "Always".into();
                    }
                    container["image"] = format!("{image}@{digest}").into();
                }
            }
        }
    }
    objects.as_object().into_iter().flatten().map(|(_, object)| object.clone()).collect()
}

fn list(objects: &[Value]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string()
}

fn text<'a>(object: &'a Value, member: &str) -> &'a str {
    object[member].as_str().expect("an object has it")
}

/// An object of the API server without what differs from namespace to namespace, and without what
/// belongs to the place.
fn without_the_place(mut object: Value) -> Value {
    let remove = |object: &mut Value, members: &[&str]| {
        if let Some(object) = object.as_object_mut() {
            object.retain(|name, _| !members.contains(&name.as_str()));
        }
    };
    remove(&mut object, &["status"]);
    let noise = [
        "creationTimestamp",
        "generation",
        "namespace",
        "resourceVersion",
        "uid",
        "managedFields",
        "finalizers",
    ];
    remove(&mut object["metadata"], &noise);
    let annotations = [
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
    ];
    remove(&mut object["metadata"]["annotations"], &annotations);
    let place = ["replicas", "suspend", "clusterIP", "clusterIPs", "healthCheckNodePort"];
    if let Some(spec) = object.get_mut("spec") {
        remove(spec, &place);
        // The first ordinal, where nothing is said.
        if spec["ordinals"] == json!({"start": 0}) {
            remove(spec, &["ordinals"]);
        }
        for port in spec["ports"].as_array_mut().into_iter().flatten() {
            remove(port, &["nodePort"]);
        }
    }
    without_empty(&mut object["metadata"], &["labels", "annotations"]);
    let says_nothing = ["affinity", "capabilities", "dnsConfig", "ordinals", "securityContext"];
    without_empty(&mut object, &says_nothing);
    // Only pods and Jobs get these defaults, so a template may say them or leave them out.
    for template in
        ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec", "/spec/jobTemplate/spec"]
    {
        let Some(Value::Object(spec)) = object.pointer_mut(template) else { continue };
        spec.retain(|name, value| match name.as_str() {
            "enableServiceLinks" => *value != true,
            "serviceAccount" | "serviceAccountName" => *value != "default",
            "preemptionPolicy" => *value != "PreemptLowerPriority",
            "completionMode" => *value != "NonIndexed",
            "podReplacementPolicy" => *value != "TerminatingOrFailed",
            "backoffLimit" => *value != 6,
            "completions" | "parallelism" => *value != 1,
            _ => true,
        });
    }
    object
}

/// Takes out members of these names, however deep, where they are there and empty: as good as
/// absent, whoever reads them.
fn without_empty(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| without_empty(member, names));
            members.retain(|name, member| {
                let empty = member.is_null() || *member == json!({});
                !(empty && names.contains(&name.as_str()))
            });
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_empty(item, names)),
        _ => {}
    }
}

/// Members of two values that differ: the path, ours, and kubectl's.
fn differences(ours: &Value, kubectl: &Value) -> Vec<String> {
    let members = |value: &Value| -> BTreeMap<String, Value> {
        match value {
            Value::Object(members) => members.clone().into_iter().collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(number, item)| (number.to_string(), item.clone()))
                .collect(),
            _ => BTreeMap::new(),
        }
    };
    if ours == kubectl {
        return Vec::new();
    }
    let (left, right) = (members(ours), members(kubectl));
    if left.is_empty() || right.is_empty() {
        return vec![format!(": {ours}, and with kubectl {kubectl}")];
    }
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let mut all = Vec::new();
    for name in names {
        let [ours, kubectl] =
            [&left, &right].map(|members| members.get(name).cloned().unwrap_or_default());
        all.extend(differences(&ours, &kubectl).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    all
}
