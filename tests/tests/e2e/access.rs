//! Users without rights: messages, and no traces.

mod apply;
mod capture;
mod store;

use end_to_end::{Namespace, Rule};

const LOOK: &[&str] = &["get", "list", "watch"];

/// Rules to run `capture` and `diff`: first the ones that tests leave out.
const READ: [Rule<'static>; 5] = [
    Rule { group: "apps", resources: &["deployments"], verbs: LOOK },
    Rule { group: "", resources: &["pods"], verbs: LOOK },
    Rule { group: "apps", resources: &["statefulsets", "daemonsets", "replicasets"], verbs: LOOK },
    Rule { group: "batch", resources: &["cronjobs", "jobs"], verbs: LOOK },
    Rule { group: "", resources: &["configmaps", "services", "serviceaccounts"], verbs: LOOK },
];

/// Reads the snapshots of a store.
const READ_STORE: [Rule<'static>; 1] =
    [Rule { group: "", resources: &["configmaps"], verbs: &["get", "list"] }];

/// One service, at a version.
fn tax(version: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: tax}}
spec:
  selector: {{matchLabels: {{app: tax}}}}
  template:
    metadata: {{labels: {{app: tax}}}}
    spec:
      containers:
      - {{name: tax, image: 'registry.example/shop/tax:{version}'}}
"
    )
}

/// The names of what is in the store.
fn configmaps(dev: &Namespace) -> String {
    let list = ["get", "configmaps", "-n", dev.store(), "-o", "name"];
    dev.cluster().kubectl(list).run().stdout
}
