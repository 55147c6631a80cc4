//! Rollouts that fail, or that take too long.

use end_to_end::{Cluster, Namespace, fixture, test};

use crate::shop::{self, PROD};

/// A workload that no machine will ever take: its pod waits for one.
pub(super) const HOMELESS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: homeless}
spec:
  selector: {matchLabels: {app: homeless}}
  template:
    metadata: {labels: {app: homeless}}
    spec:
      nodeSelector: {no.such/machine: 'true'}
      containers: [{name: homeless, image: 'registry.example/shop/homeless:1.0.0'}]
";

#[test]
fn an_image_that_cannot_be_pulled_is_named_with_the_reason() {
    let prod = shop::running("prod", &fixture(PROD));
    let broken = fixture(PROD)
        .replace("shop/pricing:2.1.0", "shop/pricing:2.2.0-broken")
        .replace("platform/log-agent:3.0.4", "platform/log-agent:3.0.5");
    let apply = ["apply", "-", "--yes", "--no-rollback"];
    let output = prod.plugin(apply).stdin(broken).exits(1);
    let failed: Vec<_> =
        output.stdout.lines().filter(|line| line.contains("ImagePullBackOff")).collect();
    let names = ["pricing", "registry.example/shop/pricing:2.2.0-broken"];
    let [line] = failed[..] else { panic!("one rollout failed:\n{}", output.transcript()) };
    assert!(names.iter().all(|name| line.contains(name)), "{line}");
    insta::assert_snapshot!("broken", output);
}

#[test]
fn a_rollout_that_does_not_end_in_time_has_an_exit_code_of_its_own() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let apply = ["apply", "-", "--yes", "--timeout", "3s", "--no-rollback"];
    let output = dev.plugin(apply).stdin(HOMELESS).exits(7);
    // The scheduler's own words come after these, once it has said something.
    let says = "deployment.apps/homeless  timed out  after 3 s: 0 of 1 new replicas are available";
    assert!(
        output.stdout.contains("TIMED OUT") && output.stdout.contains(says),
        "{}",
        output.transcript()
    );
    let json = ["apply", "-", "--yes", "--timeout", "1s", "--no-rollback", "-o", "json"];
    let changed = HOMELESS.replace("homeless:1.0.0", "homeless:1.0.1");
    let report = dev.plugin(json).stdin(changed).exits(7).json();
    assert_eq!(report["rollouts"][0]["state"], "timedOut");
}
