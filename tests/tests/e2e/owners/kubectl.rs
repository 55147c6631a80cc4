//! kubectl as a deployer, both ways.

use end_to_end::{Cluster, Namespace, test};
use serde_json::json;

use super::{environment, image, managers, next, owners};

const SHOP: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {currency: EUR}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tax, labels: {app.kubernetes.io/name: tax}}
spec:
  replicas: 1
  selector: {matchLabels: {app.kubernetes.io/name: tax}}
  template:
    metadata: {labels: {app.kubernetes.io/name: tax}}
    spec:
      containers:
      - name: tax
        image: registry.example/shop/tax:1.3.9
        env:
        - {name: LOG_LEVEL, value: info}
";

/// Two places: `dev`, where `rel-1` has a newer tax with another environment, and `prod`, where
/// the manifests are applied so.
fn places(how: &[&str]) -> [Namespace; 2] {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    dev.apply(SHOP);
    dev.kubectl(["set", "image", "deployment/tax", "tax=registry.example/shop/tax:1.4.1"])
        .succeeds();
    dev.kubectl(["set", "env", "deployment/tax", "NEW=1", "LOG_LEVEL-"]).succeeds();
    dev.wait_rollouts();
    dev.plugin(["capture", "rel-1"]).succeeds();
    apply(&prod, how).succeeds();
    prod.wait_rollouts();
    [dev, prod]
}

fn apply(place: &Namespace, how: &[&str]) -> end_to_end::Invocation {
    let command = ["apply", "-f", "-"].into_iter().chain(how.iter().copied());
    place.kubectl(command).stdin(SHOP)
}

#[test]
fn what_kubectl_applies_on_the_server_it_takes_back_as_a_whole() {
    let how = ["--server-side"];
    let [_dev, prod] = places(&how);
    let notes = owners(&prod, "rel-1");
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!(note["owner"], "kubectl apply --server-side");
    assert!(next(note).contains("meets no conflict"), "{note}");
    prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
    assert_eq!(environment(&prod, "tax"), json!([{"name": "NEW", "value": "1"}]));
    assert!(!managers(&prod, "deployment/tax").contains(&"kubectl-snapshot".to_owned()));
    apply(&prod, &how).succeeds();
    assert_eq!(image(&prod, "tax"), "registry.example/shop/tax:1.3.9");
    assert_eq!(environment(&prod, "tax"), json!([{"name": "LOG_LEVEL", "value": "info"}]));
}

#[test]
fn what_kubectl_merges_it_takes_back_in_part_and_the_plan_says_which() {
    let [_dev, prod] = places(&[]);
    let notes = owners(&prod, "rel-1");
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!(note["owner"], "kubectl apply");
    let said = next(note);
    assert!(
        said.contains("takes back env[LOG_LEVEL] of Deployment tax, image of Deployment tax"),
        "{said}"
    );
    assert!(said.contains("leaves env[NEW] of Deployment tax"), "{said}");
    prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
    apply(&prod, &[]).succeeds();
    assert_eq!(image(&prod, "tax"), "registry.example/shop/tax:1.3.9");
    let mut names: Vec<String> = environment(&prod, "tax")
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["LOG_LEVEL", "NEW"]);
}

/// A field that two apply is nobody's alone: it is written as before, and that is said.
#[test]
fn what_another_applies_too_is_patched_and_the_plan_says_why() {
    let how = ["--server-side"];
    let [_dev, prod] = places(&how);
    let image_alone = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: tax}
spec: {template: {spec: {containers: [{name: tax, image: 'registry.example/shop/tax:1.3.9'}]}}}
";
    let robot = ["apply", "--server-side", "--field-manager=robot", "-f", "-"];
    prod.kubectl(robot).stdin(image_alone).succeeds();
    let notes = owners(&prod, "rel-1");
    let [note] = &notes[..] else { panic!("{notes:?}") };
    let said = next(note);
    let why = "Deployment tax: robot owns spec.template.spec.containers.0.image too";
    assert!(said.contains("fails with a conflict") && said.contains(why), "{said}");
    prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
    assert!(managers(&prod, "deployment/tax").contains(&"kubectl-snapshot".to_owned()));
    apply(&prod, &how).exits(1);
    apply(&prod, &["--server-side", "--force-conflicts"]).succeeds();
}
