//! Deployers that write the same objects: they go on after an apply, and the plan says what they
//! do next.

mod helm;
mod kubectl;

use end_to_end::Namespace;
use serde_json::Value;

/// The managers of an object's fields.
fn managers(place: &Namespace, object: &str) -> Vec<String> {
    let fields = "jsonpath={.metadata.managedFields[*].manager}";
    let managers = ["get", object, "--show-managed-fields", "-o", fields];
    let managers = place.kubectl(managers).succeeds().stdout;
    managers.split(' ').map(str::to_owned).collect()
}

/// The image of a Deployment's first container.
fn image(place: &Namespace, deployment: &str) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].image}";
    place.kubectl(["get", "deployment", deployment, "-o", path]).succeeds().stdout
}

/// The variables of a Deployment's first container.
fn environment(place: &Namespace, deployment: &str) -> Value {
    let object = place.kubectl(["get", "deployment", deployment, "-o", "json"]).succeeds().json();
    object["spec"]["template"]["spec"]["containers"][0]["env"].clone()
}

/// The owners of what an apply would change, as the plan has them.
fn owners(place: &Namespace, snapshot: &str) -> Vec<Value> {
    let plan = ["apply", snapshot, "--dry-run=client", "-o", "json"];
    let plan = place.plugin(plan).exits(0).json();
    plan["owners"].as_array().cloned().unwrap_or_default()
}

/// Next acts that a note names, in one text.
fn next(note: &Value) -> String {
    let sentences = note["next"].as_array().expect("a note says something");
    sentences.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
}
