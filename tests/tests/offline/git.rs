//! Order of versions by git, as `diff` and its siblings tell it.

mod describe;
mod gaps;
mod histories;
mod mirrors;
mod notes;
mod parts;
mod repositories;
mod requirements;

use end_to_end::{GitRepository, Output, TestEnvironment};
use serde_json::Value;

/// A set of services at tags, in a file, and what it is called on the command line.
pub(super) fn set(environment: &TestEnvironment, file: &str, services: &[(&str, &str)]) {
    let manifests: Vec<String> = services.iter().map(|one| deployment(one.0, one.1, "")).collect();
    environment.write(file, manifests.join("---\n"));
}

/// A Deployment of a service at a tag, with annotations in YAML's short form.
pub(super) fn deployment(service: &str, tag: &str, annotations: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {service}, annotations: {{{annotations}}}}}\n\
         spec:\n  selector: {{matchLabels: {{app: {service}}}}}\n  template:\n    metadata: {{labels: {{app: {service}}}}}\n    \
         spec:\n      containers:\n      - {{name: {service}, image: 'registry.example/shop/{service}:{tag}'}}\n"
    )
}

/// An environment with a store that knows a clone, for the images of `shop/`.
pub(super) fn with_clone(repository: &GitRepository, flags: &[&str]) -> TestEnvironment {
    let environment = TestEnvironment::new();
    let clone = repository.path().to_str().expect("a test's folder has a name in UTF-8");
    let add = ["repositories", "add", "shop/*", "--clone", clone, "--name", "shop"];
    let store = ["--store", "store"];
    environment.plugin(add.iter().chain(flags).chain(&store).copied()).succeeds();
    environment
}

/// The comparison of a service at two commits, as JSON.
pub(super) fn compare(environment: &TestEnvironment, before: &str, after: &str) -> Value {
    let diff = compare_as(environment, before, after, &["-o", "json"]).json();
    diff["instances"][0]["images"][0].clone()
}

/// The comparison of a service at two commits.
pub(super) fn compare_as(
    environment: &TestEnvironment,
    before: &str,
    after: &str,
    flags: &[&str],
) -> Output {
    set(environment, "before.yaml", &[("web", before)]);
    set(environment, "after.yaml", &[("web", after)]);
    let diff = ["diff", "./before.yaml", "./after.yaml", "--store", "store"];
    environment.plugin(diff.iter().chain(flags).copied()).exits(1)
}

/// Order, ahead and behind of a service at two commits: `newer 2 0`.
pub(super) fn relation(environment: &TestEnvironment, before: &str, after: &str) -> String {
    let image = compare(environment, before, after);
    let word = image["order"].as_str().expect("each image has an order");
    match (image["ahead"].as_u64(), image["behind"].as_u64()) {
        (Some(ahead), Some(behind)) => format!("{word} {ahead} {behind}"),
        _ => word.to_owned(),
    }
}
