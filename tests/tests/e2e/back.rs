//! Going back: an apply that does not come to its end leaves what ran before.

mod killed;
mod left;
mod promoted;
mod restored;
mod undone;

use std::fmt::Write as _;

use end_to_end::Namespace;
use serde_json::Value;

/// An image that no node can pull.
const BROKEN: &str = "2.0.0-broken";

/// A Deployment and the ConfigMap that it reads, of one version.
fn service(name: &str, version: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}-rates}}\ndata: {{version: '{version}'}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: 2\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      - name: {name}\n        image: registry.example/shop/{name}:{version}\n        env: [{{name: VERSION, value: '{version}'}}]\n"
    )
}

/// Services of one version each.
fn services(versions: &[(&str, &str)]) -> String {
    versions.iter().fold(String::new(), |mut all, (name, version)| {
        let _ = write!(all, "{}", service(name, version));
        all
    })
}

/// Everything that a plan may touch, without what the server gives to each write anew.
fn objects(place: &Namespace) -> Vec<Value> {
    let kinds = "deployments,statefulsets,daemonsets,cronjobs,configmaps,services,serviceaccounts";
    let mut list = place.kubectl(["get", kinds, "-o", "json"]).succeeds().json();
    let Value::Array(mut objects) = list["items"].take() else { panic!("a list has items") };
    for object in &mut objects {
        object.as_object_mut().expect("it is an object").remove("status");
        let metadata = object["metadata"].as_object_mut().expect("it has metadata");
        let given = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"];
        metadata.retain(|name, _| !given.contains(&name.as_str()));
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("deployment.kubernetes.io/revision");
        }
        // What the last annotation leaves behind is its room.
        metadata.retain(|_, marks| marks.as_object().is_none_or(|marks| !marks.is_empty()));
    }
    objects
}

/// A namespace in which services run.
fn running(hint: &str, manifests: &str) -> Namespace {
    let place = Namespace::new(end_to_end::Cluster::shared(), hint);
    place.apply(manifests);
    place.wait_rollouts();
    place
}

fn image(place: &Namespace, name: &str) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].image}";
    place.kubectl(["get", "deployment", name, "-o", path]).succeeds().stdout
}

/// Waits until the Deployment has the tag.
fn wait_for_tag(place: &Namespace, name: &str, tag: &str) {
    end_to_end::wait_for("the write", || image(place, name).ends_with(tag).then_some(()));
}
