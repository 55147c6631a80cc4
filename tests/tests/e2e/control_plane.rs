//! Behaviour of the simulated cluster, for everything else here relies on it.

use std::fmt::Write;

use end_to_end::{Cluster, Namespace, Rule, test, wait_for};
use serde_json::Value;

const WITH_INIT_CONTAINERS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      initContainers:
      - {name: migrate, image: 'registry.example/shop/cart-migrate:1.8.0'}
      - {name: proxy, image: 'localhost:5000/proxy:2', restartPolicy: Always}
      containers:
      - {name: cart, image: 'registry.example/shop/cart:1.8.0'}
      - name: pinned
        image: registry.example/shop/pinned:3@sha256:7777777777777777777777777777777777777777777777777777777777777777
";

#[test]
fn a_deployment_becomes_ready_and_every_image_has_a_digest() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(WITH_INIT_CONTAINERS);
    dev.wait_rollouts();
    let pods = dev.kubectl(["get", "pods", "-o", "json"]).succeeds().json();
    insta::assert_snapshot!(images(&pods), @r"
    migrate: registry.example/shop/cart-migrate:1.8.0 -> registry.example/shop/cart-migrate@sha256:427845f11c625f979146c3241c5c8ca27c40439fbc294f935ae99d0e1fc0a265
    proxy: localhost:5000/proxy:2 -> localhost:5000/proxy@sha256:94b60e68421f6fb009dea68b042bc109ba15284d95e717af353f112a588a61c7
    cart: registry.example/shop/cart:1.8.0 -> registry.example/shop/cart@sha256:88484026899410fe9da332d44167a9424e53b618128e6f3e8893cf599ee4ded2
    pinned: registry.example/shop/pinned:3@sha256:7777777777777777777777777777777777777777777777777777777777777777 -> registry.example/shop/pinned@sha256:7777777777777777777777777777777777777777777777777777777777777777
    ");
}

/// Each container's image and what it was pulled as.
fn images(pods: &Value) -> String {
    let mut lines = String::new();
    for pod in pods["items"].as_array().unwrap() {
        for list in ["initContainerStatuses", "containerStatuses"] {
            for status in pod["status"][list].as_array().into_iter().flatten() {
                let [name, image, id] =
                    ["name", "image", "imageID"].map(|key| status[key].as_str().unwrap());
                writeln!(lines, "{name}: {image} -> {id}").unwrap();
            }
        }
    }
    lines
}

#[test]
fn a_broken_image_is_never_pulled_and_its_rollout_never_ends() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(WITH_INIT_CONTAINERS);
    dev.wait_rollouts();
    dev.kubectl(["set", "image", "deployment/cart", "cart=registry.example/shop/cart:broken"])
        .succeeds();
    dev.kubectl(["rollout", "status", "deployment/cart", "--timeout=1s"]).exits(1);
    let reasons = "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}";
    wait_for("the pod to be stuck", || {
        let waiting = dev.kubectl(["get", "pods", "-o", reasons]).succeeds().stdout;
        waiting.contains("ImagePullBackOff").then_some(())
    });

    // The old pod still serves, and undoing ends well.
    dev.kubectl(["rollout", "undo", "deployment/cart"]).succeeds();
    dev.wait_rollouts();
}

#[test]
fn a_job_finishes() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.kubectl(["create", "job", "report", "--image=registry.example/shop/report:1.2.0"])
        .succeeds();
    dev.kubectl(["wait", "--for=condition=complete", "job/report", "--timeout=30s"]).succeeds();
}

#[test]
fn a_user_may_do_what_the_test_allows_and_nothing_else() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let list = || dev.kubectl(["get", "configmaps", "-o", "name"]).as_user("reader");
    insta::assert_snapshot!(list().run(), @r#"
    $ kubectl --context reader get configmaps -o name
    exit: 1
    -- stderr --
    Error from server (Forbidden): configmaps is forbidden: User "reader" cannot list resource "configmaps" in API group "" in the namespace "[dev]"
    "#);
    dev.allow("reader", &[Rule { group: "", resources: &["configmaps"], verbs: &["get", "list"] }]);
    list().succeeds();
    dev.kubectl(["get", "secrets"]).as_user("reader").exits(1);
    dev.kubectl(["get", "configmaps"]).as_user("nobody").exits(1);
    let store = Rule { group: "", resources: &["configmaps"], verbs: &["create"] };
    dev.allow_in_store("reader", &[store]);
    dev.kubectl(["create", "configmap", "made", "-n", dev.store()]).as_user("reader").succeeds();
}

#[test]
fn the_cluster_knows_what_it_was_asked() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.kubectl(["create", "configmap", "written"]).succeeds();
    dev.kubectl(["create", "configmap", "tried", "--dry-run=server"]).succeeds();
    dev.kubectl(["get", "secrets"]).as_user("nobody").exits(1);
    let requests = dev.requests();
    let lines: Vec<_> = requests
        .iter()
        .filter_map(|request| {
            let object = request.object_ref.as_ref()?;
            let dry = if request.is_dry_run() { " (dry run)" } else { "" };
            Some(format!("{} {} {}{dry}", request.user.username, request.verb, object.resource))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    admin create configmaps
    admin create configmaps (dry run)
    nobody list secrets
    ");
    assert_eq!(requests.iter().filter(|request| request.writes()).count(), 2);
}
