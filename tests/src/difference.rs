//! Differences between published releases.

use std::collections::BTreeMap;

use serde_json::Value;

/// Two releases, and every number of the summary that is not 0. `fields` are
/// counted by nobody: what is one field is the plugin's choice.
#[derive(Debug)]
pub struct Difference {
    /// The older release, below the shared data.
    pub from: &'static str,
    /// The newer one.
    pub to: &'static str,
    /// Counts of the summary, by name.
    pub counts: &'static [(&'static str, u64)],
}

/// Pairs of releases, counted by hand from what was published.
pub const DIFFERENCES: [Difference; 3] = [
    Difference {
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
    Difference {
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
    Difference {
        from: "online-boutique/v0.8.0",
        to: "online-boutique/v0.10.6",
        counts: &[("images", 12), ("environment", 2)],
    },
];

impl Difference {
    /// Fails where a report of the plugin's counts otherwise.
    ///
    /// # Panics
    /// There.
    #[track_caller]
    pub fn check(&self, diff: &Value) {
        let summary = diff["summary"].as_object().expect("a diff has a summary");
        let counts: BTreeMap<_, _> = summary
            .iter()
            .map(|(name, count)| (name.as_str(), count.as_u64().unwrap()))
            .filter(|(name, count)| *name != "fields" && *count > 0)
            .collect();
        assert_eq!(counts, self.counts.iter().copied().collect(), "{} → {}", self.from, self.to);
    }
}
