//! A release that renamed its flags, and a team that relies on the old names.

use std::fs;

use end_to_end::{Cluster, Namespace, Release, test};

use super::published::create_without_pods;

/// Requirements that the team has stated since the release before: flags that have to be
/// off where a customer can see them.
const REQUIRES: &str = "metadata:
  annotations:
    kubectl-snapshot.dev/requires: flag adServiceFailure=off; flag paymentServiceFailure=off; flag productCatalogFailure=off
  name: opentelemetry-demo-frontend
";

/// The release with its own flags, and with the team's words on its front end.
fn shop(release: &Release, flags: &Release) -> String {
    let plain = "kind: Deployment\nmetadata:\n  name: opentelemetry-demo-frontend\n";
    let manifests = release.for_kubectl();
    assert_eq!(manifests.matches(plain).count(), 1, "the front end is there once");
    let manifests = manifests.replace(plain, &format!("kind: Deployment\n{REQUIRES}"));
    // The manifests of 2.0.0 still had the flags of the release before.
    let (before, rest) = manifests.split_once("  demo.flagd.json: |").expect("flagd's file");
    let after = rest.split_inclusive('\n').skip(1).skip_while(|line| line.starts_with("    "));
    let flags = fs::read_to_string(flags.path()).unwrap();
    let flags = flags.lines().fold(String::new(), |text, line| text + "    " + line + "\n");
    format!("{before}  demo.flagd.json: |\n{flags}{}", after.collect::<String>())
}

#[test]
fn flags_that_were_renamed_stop_a_promotion_with_reasons() {
    let file = |release: &str, file: &str| Release::at(&format!("otel-demo/{release}/{file}"));
    let before = file("1.12.0", "opentelemetry-demo.yaml");
    let prod = Namespace::new(Cluster::shared(), "prod");
    create_without_pods(&before, &prod);
    for (name, release) in [("otel-1", "1.12.0"), ("otel-2", "2.0.0")] {
        let manifests = file(release, "opentelemetry-demo.yaml");
        let flags = file(release, "demo.flagd.json");
        let capture = prod.plugin(["capture", name, "--from", "-"]);
        capture.stdin(shop(&manifests, &flags)).succeeds();
    }
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    // What it says of flags; of images without a tag that stays, another policy speaks.
    let denials = |name: &str| -> Vec<String> {
        let promote = ["promote", name, "--to", "prod", "--yes", "-o", "json"];
        let denied = prod.plugin(promote).exits(3).json();
        let report = &denied["policies"][0];
        assert_eq!(report["policy"], "flag-compatibility");
        let findings = report["findings"].as_array().expect("it decided").iter();
        let denials = findings.filter(|finding| finding["severity"] == "deny");
        denials.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(denials("otel-1"), Vec::<String>::new());
    insta::assert_snapshot!("renamed_flags", denials("otel-2").join("\n"));
    let history = prod.plugin(["history", "prod"]).succeeds();
    assert!(history.stdout.contains("denied"), "{}", history.stdout);
}
