//! How much two releases differ, counted by hand from what was published.

use std::collections::BTreeMap;

use end_to_end::{Cluster, Namespace};
use serde_json::Value;

use super::published::{Release, plugin};

/// Two releases, and every number of the summary that is not 0. `fields` are
/// counted by nobody: what is one field is the plugin's choice.
struct Row {
    from: &'static str,
    to: &'static str,
    counts: &'static [(&'static str, u64)],
}

const ROWS: [Row; 3] = [
    Row {
        from: "otel-demo/1.12.0/opentelemetry-demo.yaml",
        to: "otel-demo/2.0.0/opentelemetry-demo.yaml",
        counts: &[
            ("images", 23),
            ("environment", 25),
            ("containersAdded", 2),
            ("configMapsRemoved", 1),
            ("configMapsChanged", 3),
        ],
    },
    Row {
        from: "otel-demo/2.1.3/opentelemetry-demo.yaml",
        to: "otel-demo/2.2.0/opentelemetry-demo.yaml",
        counts: &[
            ("images", 25),
            ("environment", 50),
            ("containersAdded", 4),
            ("workloadsAdded", 1),
            ("configMapsRemoved", 1),
            ("configMapsAdded", 11),
            ("configMapsChanged", 3),
        ],
    },
    Row {
        from: "online-boutique/v0.8.0",
        to: "online-boutique/v0.10.6",
        counts: &[("images", 12), ("environment", 2)],
    },
];

#[test]
fn two_releases_differ_by_what_was_published() {
    for row in ROWS {
        let (Some(from), Some(to)) = (Release::at(row.from), Release::at(row.to)) else { return };
        let diff = ["diff", from.path(), to.path(), "-o", "json"];
        row.check(&Cluster::shared().plugin(diff).exits(1).json());
    }
}

#[test]
fn what_runs_differs_from_the_next_release_by_the_same() {
    for row in ROWS {
        let (Some(from), Some(to)) = (Release::at(row.from), Release::at(row.to)) else { return };
        let shop = Namespace::new(Cluster::shared(), "shop");
        from.create_without_pods(&shop);
        let live = format!("live:{}", shop.name());
        row.check(&plugin(&shop, ["diff", &live, to.path(), "-o", "json"]).exits(1).json());
    }
}

impl Row {
    #[track_caller]
    fn check(&self, diff: &Value) {
        let summary = diff["summary"].as_object().expect("a diff has a summary");
        let counts: BTreeMap<_, _> = summary
            .iter()
            .map(|(name, count)| (name.as_str(), count.as_u64().unwrap()))
            .filter(|(name, count)| *name != "fields" && *count > 0)
            .collect();
        assert_eq!(counts, self.counts.iter().copied().collect(), "{} → {}", self.from, self.to);
    }
}
