//! Routes: how requests are shared among instances, as a part of the set.

use end_to_end::{Cluster, Folder, Namespace, Rule, fixture, test};

const SHOP: &str = "routes/shop.yaml";
const STEERED: &str = "routes/steered.yaml";
const LOOK: &[&str] = &["get", "list", "watch"];

/// The shop with other shares.
fn shares(stable: u64, canary: u64) -> String {
    let stable = format!("weight: {stable}}}");
    let canary = format!("weight: {canary}}}");
    fixture(SHOP).replace("weight: 90}", &stable).replace("weight: 10}", &canary)
}

fn weights(place: &Namespace) -> String {
    let path = "jsonpath={.spec.rules[1].backendRefs[*].weight}";
    place.kubectl(["get", "httproute/cart", "-o", path]).succeeds().stdout
}

#[test]
fn a_split_is_described_and_compared_in_shares() {
    let dev = Namespace::new(Cluster::with_routes(), "dev");
    dev.apply(&fixture(SHOP));
    dev.plugin(["diff", "-"]).stdin(fixture(SHOP)).exits(0);
    dev.plugin(["capture", "rel-1"]).succeeds();
    insta::assert_snapshot!("describe", dev.plugin(["describe", "rel-1"]).succeeds());
    insta::assert_snapshot!(
        "diff",
        dev.plugin(["diff", "rel-1", "-"]).stdin(shares(1, 1)).exits(1)
    );
    let diff = dev.plugin(["diff", "rel-1", "-", "-o", "json"]).stdin(shares(0, 1)).exits(1).json();
    assert_eq!(diff["summary"]["routes"], 1);
    assert_eq!(diff["summary"]["fields"], 0);
    let shares = &diff["routes"][0]["shares"][0];
    assert_eq!(shares["before"]["shares"][1]["weight"], 10);
    assert_eq!(shares["after"]["shares"][1]["instances"][0]["version"], "2.4.0");
    let of_service = ["diff", "rel-1", "-", "--service", "cart", "-o", "name"];
    let named = dev.plugin(of_service).stdin(self::shares(0, 1)).exits(1).stdout;
    assert_eq!(named, "httproute.gateway.networking.k8s.io/cart\n");
}

#[test]
fn a_split_is_written_with_its_old_value_as_a_condition() {
    let qa = Namespace::new(Cluster::with_routes(), "qa");
    // What is not there is created.
    qa.plugin(["apply", "-", "--yes"]).stdin(fixture(SHOP)).succeeds();
    assert_eq!(weights(&qa), "90 10");
    let dry_run = ["apply", "-", "--dry-run=client"];
    insta::assert_snapshot!("plan", qa.plugin(dry_run).stdin(shares(50, 50)).succeeds());
    qa.plugin(["apply", "-", "--yes"]).stdin(shares(50, 50)).succeeds();
    assert_eq!(weights(&qa), "50 50");
    let folder = Folder::new(Cluster::with_routes());
    qa.plugin(["capture", "rel-2", "--from", "-"]).stdin(shares(0, 1)).succeeds();
    let plan = qa.plugin(["apply", "rel-2", "--dry-run=client", "--plan-out", "plan.json"]);
    plan.current_dir(folder.path()).succeeds();
    let moved = r#"[{"op": "replace", "path": "/spec/rules/1/backendRefs/0/weight", "value": 40}]"#;
    qa.kubectl(["patch", "httproute/cart", "--type=json", "-p", moved]).succeeds();
    let kept = qa.plugin(["apply", "--plan", "plan.json", "--yes"]);
    kept.current_dir(folder.path()).exits(5);
    assert_eq!(weights(&qa), "40 50");
    // An older served version is written as well.
    let older = shares(7, 3)
        .replace("gateway.networking.k8s.io/v1\n", "gateway.networking.k8s.io/v1beta1\n");
    qa.plugin(["apply", "-", "--yes"]).stdin(older).succeeds();
    assert_eq!(weights(&qa), "7 3");
}

#[test]
fn what_a_controller_steers_is_never_written() {
    let prod = Namespace::new(Cluster::with_routes(), "prod");
    prod.apply(&fixture(STEERED));
    prod.wait_rollouts();
    // The shares that it shifts are no difference.
    let rest =
        fixture(STEERED).replace("weight: 80", "weight: 100").replace("weight: 20", "weight: 0");
    prod.plugin(["diff", "-"]).stdin(rest.clone()).exits(0);
    let next = rest.replace("tax:1.4.0", "tax:1.5.0");
    prod.plugin(["apply", "-", "--yes"]).stdin(next.clone()).succeeds();
    let path = "jsonpath={.spec.http[0].route[*].weight}";
    let weights = || prod.kubectl(["get", "virtualservice/pay", "-o", path]).succeeds().stdout;
    assert_eq!(weights(), "80 20");
    // Neither where all else of it differs.
    let other = next.replace("hosts: [pay]", "hosts: [pay, pay.example]");
    insta::assert_snapshot!("steered", prod.plugin(["apply", "-", "--yes"]).stdin(other).exits(8));
    assert_eq!(weights(), "80 20");
}

#[test]
fn a_cluster_that_serves_no_routes_says_so_and_is_asked_once() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let without: String = fixture(SHOP).split_once("---\n").unwrap().1.to_owned();
    dev.apply(&without);
    dev.wait_rollouts();
    insta::assert_snapshot!(
        "unserved",
        dev.plugin(["diff", "live", "-"]).stdin(fixture(SHOP)).exits(1)
    );
    dev.plugin(["diff", "live", "-"]).stdin(without.clone()).exits(0);
    let trace = dev.plugin(["diff", "live", "-", "-v"]).stdin(without).exits(0).stderr;
    assert_eq!(trace.matches("GET /apis ").count(), 1, "{trace}");
    let asked = |word: &str| trace.contains(&format!("/{word}?"));
    assert!(!asked("httproutes") && !asked("virtualservices") && !asked("rollouts"), "{trace}");
    insta::assert_snapshot!(
        "unserved_apply",
        dev.plugin(["apply", "-", "--yes"]).stdin(fixture(SHOP)).exits(8)
    );
}

#[test]
fn without_a_right_to_one_kind_it_is_left_out_with_a_warning() {
    let dev = Namespace::new(Cluster::with_routes(), "dev");
    dev.apply(&fixture(SHOP));
    dev.wait_rollouts();
    let rules = [
        Rule {
            group: "apps",
            resources: &["deployments", "statefulsets", "daemonsets"],
            verbs: LOOK,
        },
        Rule { group: "batch", resources: &["cronjobs"], verbs: LOOK },
        Rule {
            group: "",
            resources: &["configmaps", "services", "serviceaccounts", "pods"],
            verbs: LOOK,
        },
        Rule { group: "networking.istio.io", resources: &["*"], verbs: LOOK },
        Rule { group: "gateway.networking.k8s.io", resources: &["grpcroutes"], verbs: LOOK },
    ];
    dev.allow("reader", &rules);
    let store = [Rule { group: "", resources: &["configmaps"], verbs: LOOK }];
    dev.allow_in_store("reader", &store);
    insta::assert_snapshot!(
        "forbidden",
        dev.plugin(["diff", "-", "live"]).as_user("reader").stdin(fixture(SHOP)).exits(1)
    );
}
