//! Promotion of a published shop, refused by an example's policy on the real control plane.

use std::time::{SystemTime, UNIX_EPOCH};

use end_to_end::{Cluster, Namespace, Release, test};
use serde_json::{Value, json};

use crate::workplace::Workplace;
use crate::{javascript, python, rust};

/// Time enough for a machine that does many other things.
const PATIENCE: [&str; 2] = ["--policy-timeout", "60s"];

/// Image of one of its services, behind which the environment of its Deployment begins.
const CURRENCY: &str = "'ghcr.io/open-telemetry/demo:2.1.3-currency'";

/// A published shop that is about to go to production.
struct Shop {
    prod: Namespace,
}

impl Shop {
    /// The shop with a change, captured, and a stage to promote it to. Without the shared data
    /// the test is ignored.
    fn with(change: impl Fn(String) -> String) -> Self {
        let release = Release::at("otel-demo/2.2.0/opentelemetry-demo.yaml");
        let published = release.for_kubectl();
        let changed = change(published.clone());
        let prod = Namespace::new(Cluster::shared(), "prod");
        prod.plugin(["capture", "otel", "--from", "-"]).stdin(changed).succeeds();
        prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
        // The shop has images without a tag; that is not what is asked here.
        let ladder = ["policy", "add", "promotion-ladder", "--settings", r#"{"pinned": "no"}"#];
        prod.plugin(ladder).succeeds();
        Self { prod }
    }

    /// Binds the policy that was built, and promotes.
    #[track_caller]
    fn promote(&self, place: &Workplace, binding: &[&str], code: i32) -> Vec<Value> {
        let component = place.path().join("build/policy.wasm");
        let component = component.to_str().expect("the folders of tests are text");
        let add = ["policy", "add", component].into_iter().chain(PATIENCE);
        self.prod.plugin(add.chain(binding.iter().copied())).succeeds();
        let promote = ["promote", "otel", "--to", "prod", "--yes", "-o", "json"];
        let refused = self.prod.plugin(promote.into_iter().chain(PATIENCE)).exits(code).json();
        let reports = refused["policies"].as_array().expect("it was asked").iter();
        let findings = reports.filter_map(|report| report["findings"].as_array());
        findings.flatten().filter(|one| one["severity"] != "info").cloned().collect()
    }

    /// Asserts that nothing was written, as kubectl sees it.
    #[track_caller]
    fn assert_untouched(&self) {
        let there = self.prod.kubectl(["get", "deployments", "-o", "name"]).succeeds();
        assert_eq!(there.stdout, "");
    }
}

/// Codes that findings have, each once.
fn codes(findings: &[Value]) -> Vec<&str> {
    let mut codes: Vec<&str> = findings.iter().filter_map(|one| one["code"].as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The text with one place changed.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} is there once");
    text.replace(from, to)
}

#[test]
fn images_that_go_by_their_tag() {
    let shop = Shop::with(|published| published);
    let place = rust::example("pinned-or-listed");
    let settings = json!({ "listed": ["ghcr.io/open-telemetry/demo"] }).to_string();
    let findings = shop.promote(&place, &["--settings", &settings], 3);
    assert_eq!(codes(&findings), ["image-by-tag"]);
    let told = Value::from(findings).to_string();
    assert!(told.contains("grafana") && !told.contains("demo:2.1.3-currency"), "{told}");
    shop.assert_untouched();
}

#[test]
fn a_window_in_which_nothing_goes_out() {
    let shop = Shop::with(|published| published);
    let place = rust::example("freeze-window");
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    // The first day of 1970 was a Thursday: 72 hours into its week.
    let hour = (seconds / 3600 + 72) % 168;
    let settings = json!({ "from": hour, "until": (hour + 3) % 168 }).to_string();
    let findings = shop.promote(&place, &["--settings", &settings], 4);
    assert_eq!(codes(&findings), ["frozen"]);
    shop.assert_untouched();
    // Somebody else's word opens it.
    let approve = ["approve", "otel", "--to", "prod", "--reason", "fixes what is on fire"];
    let grace = ["--as", "grace", "--as-group", "system:masters"];
    shop.prod.plugin(approve.into_iter().chain(grace)).succeeds();
    let promote = ["promote", "otel", "--to", "prod", "--dry-run=client", "-o", "json"];
    let allowed = shop.prod.plugin(promote.into_iter().chain(PATIENCE)).succeeds().json();
    assert!(allowed.to_string().contains("approved-in-freeze"), "{allowed}");
}

#[test]
fn a_schema_that_the_place_does_not_have() {
    let shop = Shop::with(|published| {
        let plain = "kind: Deployment\nmetadata:\n  name: currency\n";
        let annotated = format!("{plain}  annotations:\n    shop.example/schema: \"7\"\n");
        let schema = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: schema\ndata:\n  version: \"6\"\n";
        replaced(&published, plain, &annotated) + schema
    });
    let place = rust::example("schema-version");
    let settings = json!({
        "service": "currency", "annotation": "shop.example/schema", "configMap": "schema",
    });
    let binding = ["--config-map", "schema", "--settings", &settings.to_string()];
    let findings = shop.promote(&place, &binding, 3);
    assert_eq!(codes(&findings), ["schema-differs"]);
    let message = "currency/currency was built for schema 7, and ConfigMap schema says 6";
    assert_eq!(findings[0]["message"], message);
    shop.assert_untouched();
}

#[test]
fn debugging_by_a_whole_config_map() {
    let shop = Shop::with(|published| {
        let (before, after) = published.split_once(CURRENCY).expect("the service is there");
        let hidden = "          envFrom:\n            - configMapRef: {name: currency-tuning}\n";
        let environment = format!("{hidden}          env:\n");
        let after = after.replacen("          env:\n", &environment, 1);
        let tuning = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: currency-tuning\ndata:\n  LOG_LEVEL: debug\n";
        format!("{before}{CURRENCY}{after}{tuning}")
    });
    let findings = shop.promote(&python::example("no-debug"), &[], 3);
    assert!(codes(&findings).contains(&"debug-in-production"), "{findings:?}");
    let told = Value::from(findings).to_string();
    assert!(told.contains("LOG_LEVEL=debug, from ConfigMap currency-tuning"), "{told}");
    shop.assert_untouched();
}

#[test]
fn more_experiments_than_production_takes() {
    let shop = Shop::with(|published| {
        ["adManualGc", "adHighCpu", "adFailure"].iter().fold(published, |text, flag| {
            let (before, after) = text.split_once(&format!("\"{flag}\"")).expect("it has the flag");
            let on = after.replacen("\"defaultVariant\": \"off\"", "\"defaultVariant\": \"on\"", 1);
            format!("{before}\"{flag}\"{on}")
        })
    });
    let settings = json!({ "prefix": "ad", "most": 2 }).to_string();
    let place = javascript::example("few-experiments");
    let findings = shop.promote(&place, &["--settings", &settings], 3);
    assert_eq!(codes(&findings), ["too-many-experiments"]);
    shop.assert_untouched();
}
