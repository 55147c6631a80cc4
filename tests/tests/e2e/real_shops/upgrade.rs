//! Upgrade of a release to the next, by this plugin and seen by kubectl.

use end_to_end::{Cluster, Namespace, Release, test};
use serde_json::json;

use super::published::{create, plugin};

/// Members of a report about itself, beside what differs.
const ABOUT: [&str; 5] = ["apiVersion", "kind", "from", "to", "summary"];

/// Marks of whoever deployed: they belong to the place, and an apply writes none of them.
const MARKS: [&str; 3] =
    ["helm.sh/chart:", "app.kubernetes.io/managed-by:", "app.kubernetes.io/instance:"];

#[test]
fn a_release_is_applied_over_the_one_before() {
    let before = Release::at("otel-demo/2.1.3/opentelemetry-demo.yaml");
    let after = Release::at("otel-demo/2.2.0/opentelemetry-demo.yaml");
    let shop = Namespace::new(Cluster::shared(), "shop");
    create(&before, &shop);
    shop.wait_rollouts();
    let apply = shop.plugin(["apply", after.path(), "--yes", "-o", "json"]).succeeds().json();
    let rollouts = apply["rollouts"].as_array().expect("rollouts were waited for");
    assert!(rollouts.len() > 20, "{apply:#}");
    assert!(rollouts.iter().all(|rollout| rollout["state"] == "done"), "{apply:#}");

    // What the next release lacks stays until somebody prunes.
    let live = format!("live:{}", shop.name());
    let diff = plugin(&shop, ["diff", &live, after.path(), "-o", "json"]).exits(1).json();
    let members = diff.as_object().expect("a report is an object");
    let mut differs: Vec<_> =
        members.keys().filter(|name| !ABOUT.contains(&name.as_str())).collect();
    differs.sort();
    assert_eq!(differs, ["configMaps"], "{diff:#}");
    assert_eq!(diff["configMaps"], json!([{"name": "grafana-dashboards", "change": "removed"}]));

    // A snapshot has no Secrets, so the version in a label of one is still the old; and the marks of
    // whoever deployed belong to the place, so an apply writes none of them.
    let kubectl = shop.kubectl(["diff", "-f", "-"]).stdin(after.for_kubectl()).exits(1);
    let mut object = "";
    let mut named: Vec<String> = Vec::new();
    for line in kubectl.stdout.lines() {
        if let Some(file) = line.strip_prefix("+++ ") {
            object = file.split(['/', '\t']).nth(3).unwrap_or_default();
            continue;
        }
        let Some(changed) = line.strip_prefix(['+', '-']).map(str::trim_start) else { continue };
        // An object that had no labels of its own shows the member as well.
        let is_mark = MARKS.iter().any(|mark| changed.starts_with(mark))
            || changed.starts_with("-- ")
            || changed.starts_with("generation:")
            || changed.trim_end() == "labels:";
        if !is_mark {
            named.push(object.replace(shop.name(), "shop"));
        }
    }
    named.dedup();
    assert_eq!(named, ["v1.Secret.shop.grafana"], "{}", kubectl.transcript());
}
