//! Refusals by policies, and overrides.

use end_to_end::{Cluster, Namespace, Rule, fixture, test};

use super::Stages;
use crate::shop::DEV;

#[test]
fn a_flag_without_what_it_needs_is_refused_and_recorded() {
    let stages = Stages::new();
    let old_tax = stages.qa.plugin(["promote", "-", "--to", "qa", "--yes"]).stdin(fixture(DEV));
    insta::assert_snapshot!("flag", old_tax.exits(3));
    let history = stages.succeeds("history qa -o json").json();
    assert_eq!(history["items"][0]["decision"], "refused");
}

#[test]
fn who_may_override_says_why_and_is_recorded() {
    const DEPLOY: [Rule<'static>; 3] = [
        Rule {
            group: "apps",
            resources: &["deployments", "statefulsets", "daemonsets"],
            verbs: &["get", "list", "watch", "create", "patch", "delete"],
        },
        Rule {
            group: "batch",
            resources: &["cronjobs"],
            verbs: &["get", "list", "watch", "patch"],
        },
        Rule {
            group: "",
            resources: &["configmaps", "services", "serviceaccounts", "pods"],
            verbs: &["get", "list", "watch", "create", "patch", "delete"],
        },
    ];
    const STORE: Rule<'static> =
        Rule { group: "", resources: &["configmaps"], verbs: &["get", "list", "create", "update"] };
    const OVERRIDE: Rule<'static> =
        Rule { group: "kubectl-snapshot.dev", resources: &["stages"], verbs: &["override"] };
    let stages = Stages::new();
    for user in ["developer", "promoter"] {
        stages.prod.allow(user, &DEPLOY);
    }
    stages.prod.allow_in_store("developer", &[STORE]);
    stages.prod.allow_in_store("promoter", &[STORE, OVERRIDE]);
    let promote = "promote rel-42 --to prod --yes --override --reason shop-is-down";
    insta::assert_snapshot!("may_not", stages.plugin(promote).as_user("developer").exits(1));
    insta::assert_snapshot!(
        "no_reason",
        stages.plugin("promote rel-42 --to prod --yes --override").as_user("promoter").exits(2)
    );
    stages.plugin(promote).as_user("promoter").succeeds();
    let history = stages.succeeds("history prod -o json").json();
    let decided = &history["items"][1];
    assert_eq!(decided["decision"], "overridden");
    assert_eq!(decided["reason"], "shop-is-down");
    assert_eq!(decided["actor"]["name"], "promoter");
    insta::assert_snapshot!("overridden", stages.succeeds("history prod"));
}

#[test]
fn mistakes_are_named() {
    let stages = Stages::new();
    insta::assert_snapshot!("no_stage", stages.plugin("promote rel-42 --to staging").exits(2));
    insta::assert_snapshot!("no_snapshot", stages.plugin("promote rel-41 --to qa").exits(1));
    insta::assert_snapshot!("nothing_there", stages.plugin("diff stage:prod rel-42").exits(2));
    insta::assert_snapshot!("no_records", stages.plugin("history prod").succeeds());
    insta::assert_snapshot!("no_history", stages.plugin("history staging").exits(2));
    insta::assert_snapshot!("nothing_to_go_back_to", stages.plugin("rollback prod").exits(1));
}

#[test]
fn what_became_a_variable_since_is_the_stages() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    crate::shop::fill(&dev, &fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    let plugin = |line: &str| dev.plugin(line.split_whitespace());
    plugin("capture rel-40").succeeds();
    plugin("variables set dev DB_HOST=orders-db.dev").succeeds();
    plugin(&format!("stage set dev --at {} --variables dev", dev.name())).succeeds();
    let promoted = plugin("promote rel-40 --to dev --yes").succeeds();
    assert!(promoted.stderr.contains("holds a value of DB_HOST"), "{}", promoted.transcript());
    let path = "jsonpath={.spec.template.spec.containers[0].env[?(@.name=='DB_HOST')].value}";
    let host = dev.kubectl(["get", "deployment", "cart", "-o", path]).succeeds().stdout;
    assert_eq!(host, "orders-db.dev");
    plugin("diff rel-40 stage:dev").succeeds();
    insta::assert_snapshot!("variables_in_use", plugin("variables remove dev").exits(1));
}

/// A service that no snapshot has, whose needs count as long as it stays.
const BESIDE: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: beside
  annotations: {kubectl-snapshot.dev/requires: "tax >=1.4.0"}
spec:
  replicas: 0
  selector: {matchLabels: {app: beside}}
  template:
    metadata: {labels: {app: beside}}
    spec: {containers: [{name: beside, image: "shop/beside:1.0.0"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: flags-beside}
data:
  beside.flagd.json: |
    {"flags": {"beside-flag": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on",
      "metadata": {"requires": "tax >=1.4.0"}}}}
"#;

/// The tax alone, of a version.
fn tax(version: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: tax}}\nspec:\n  replicas: 0\n  \
         selector: {{matchLabels: {{app: tax}}}}\n  template:\n    metadata: {{labels: {{app: tax}}}}\n    \
         spec: {{containers: [{{name: tax, image: \"shop/tax:{version}\"}}]}}\n"
    )
}

#[test]
fn what_stays_beside_the_set_has_to_have_what_it_needs() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.kubectl(["apply", "-f", "-"]).stdin(format!("{}---{BESIDE}", tax("1.4.1"))).succeeds();
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    let promote = |version: &str| {
        let line = ["promote", "-", "--to", "prod", "--yes", "-o", "json"];
        prod.plugin(line.into_iter().chain(["--reason", "tax"])).stdin(tax(version))
    };
    let denied = promote("1.3.9").exits(3).json();
    let findings = denied["policies"][0]["findings"].as_array().expect("it decided");
    let refusals = findings.iter().filter(|finding| finding["severity"] == "deny").count();
    assert_eq!(refusals, 2, "the service and the flag: {findings:?}");
    // What stays is not recorded as removed.
    promote("1.4.2").succeeds();
    let history = prod.plugin(["history", "prod", "-o", "json"]).succeeds().stdout;
    assert!(!history.contains("removed"), "{history}");
}
