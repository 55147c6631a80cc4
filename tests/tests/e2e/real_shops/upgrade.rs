//! Upgrade of a release to the next, by this plugin and seen by kubectl.

use end_to_end::{Cluster, Namespace, Release, test};
use serde_json::json;

use super::published::{create, plugin};

/// Members of a report about itself, beside what differs.
const ABOUT: [&str; 5] = ["apiVersion", "kind", "from", "to", "summary"];

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

    // A snapshot has no Secrets, so the version in a label of one is still the old.
    let kubectl = shop.kubectl(["diff", "-f", "-"]).stdin(after.for_kubectl()).exits(1);
    let named: Vec<_> = kubectl
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("+++ ")?.split(['/', '\t']).nth(3))
        .map(|object| object.replace(shop.name(), "shop"))
        .collect();
    assert_eq!(named, ["v1.Secret.shop.grafana"], "{}", kubectl.transcript());
}
