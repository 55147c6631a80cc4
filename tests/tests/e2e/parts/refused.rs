//! Sets in parts that cannot go where they are to go: said before any write, in whatever part.

use end_to_end::{Cluster, Namespace, Rule, fixture, test};
use serde_json::json;

use super::{
    READ,
    deploying::{Stages, at},
};
use crate::shop::DEV;

const OLD: [&str; 2] = ["1.7.2", "1.3.9"];

const STORE: Rule<'_> = Rule { group: "", resources: &["configmaps"], verbs: &["get", "list"] };

const WRITE: [Rule<'_>; 3] = [
    Rule {
        group: "apps",
        resources: &["deployments", "statefulsets", "daemonsets"],
        verbs: &["create", "patch", "list", "watch", "get"],
    },
    Rule {
        group: "",
        resources: &["configmaps", "services", "serviceaccounts", "pods"],
        verbs: &["create", "patch", "list", "watch", "get"],
    },
    Rule {
        group: "coordination.k8s.io",
        resources: &["leases"],
        verbs: &["get", "create", "update", "patch"],
    },
];

/// Holds a namespace's lock in somebody else's name.
fn hold(place: &Namespace) {
    let now = ["-u", "+%Y-%m-%dT%H:%M:%S.000000Z"];
    let now = place.cluster().command("date", now).succeeds().stdout;
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "kubectl-snapshot"},
        "spec": {
            "holderIdentity": "anna@build-7/4711", "leaseDurationSeconds": 600,
            "renewTime": now.trim(), "acquireTime": now.trim(),
        },
    });
    place.apply(&lease.to_string());
}

#[test]
fn a_lock_that_somebody_holds_in_one_part_stops_all_and_lets_the_others_go() {
    let stages = Stages::new();
    stages.succeeds("policy add promotion-ladder --mode warn");
    for held in &stages.prod {
        hold(held);
        let promote = stages.plugin("promote rel-42 --to prod --yes").exits(5);
        let says = format!("namespace {} is being changed by anna@build-7/4711", held.name());
        assert!(promote.stderr.contains(&says), "{}", promote.transcript());
        assert_eq!(stages.in_prod(), OLD);
        held.kubectl(["delete", "lease", "kubectl-snapshot"]).succeeds();
        let holder = "jsonpath={.items[*].spec.holderIdentity}";
        for place in &stages.prod {
            let holder = place.kubectl(["get", "leases", "-o", holder]).succeeds().stdout;
            assert_eq!(holder, "", "{}", place.name());
        }
    }
    let history = stages.succeeds("history prod -o json").json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(0), "nothing was decided");
    stages.succeeds("promote rel-42 --to prod --yes");
}

#[test]
fn a_right_that_is_missing_in_one_part_is_found_before_the_first_write() {
    let stages = Stages::new();
    stages.succeeds("policy add promotion-ladder --mode warn");
    let [shop, payments] = &stages.prod;
    shop.allow("developer", &[&READ[..], &WRITE[..]].concat());
    payments.allow("developer", &[&READ[..], &WRITE[1..]].concat());
    shop.allow_in_store("developer", &[STORE]);
    let apply = format!("apply rel-42 --at {}", at(&stages.prod));
    // To look at the plan takes no right to write.
    stages.plugin(&format!("{apply} --dry-run=client")).as_user("developer").exits(0);
    for how in ["--yes", "--dry-run=server"] {
        let refused = stages.plugin(&format!("{apply} {how}")).as_user("developer").exits(1);
        let says = format!("the right to patch deployments.apps in developer/{}", payments.name());
        assert!(refused.stderr.contains(&says), "{}", refused.transcript());
    }
    assert_eq!(stages.in_prod(), OLD);
    payments.allow("developer", &[&READ[..], &WRITE[..]].concat());
    stages.plugin(&format!("{apply} --yes")).as_user("developer").exits(0);
    assert_eq!(stages.in_prod(), ["1.8.0", "1.4.1"]);
}

#[test]
fn a_namespace_that_is_ending_missing_or_hidden_is_named() {
    let stages = Stages::new();
    stages.succeeds("policy add promotion-ladder --mode warn");
    let [shop, payments] = &stages.prod;
    let held = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "held", "finalizers": ["example.com/held"]},
    });
    payments.apply(&held.to_string());
    let missing = format!("shop={},payments=e2e-nobody-00000000", shop.name());
    let missing = stages.plugin(&format!("apply rel-42 --at {missing} --yes")).exits(1);
    let says = "e2e-nobody-00000000 cannot be read, though e2e-shop-prod";
    assert!(missing.stderr.contains(says), "{}", missing.transcript());
    // Who may not read one of them may do nothing with the whole.
    shop.allow("reader", &READ);
    shop.allow_in_store("reader", &[STORE]);
    let apply = format!("apply rel-42 --at {} --dry-run=client", at(&stages.prod));
    let hidden = stages.plugin(&apply).as_user("reader").exits(1);
    let says = format!("{} cannot be read, though {} can", payments.name(), shop.name());
    assert!(hidden.stderr.contains(&says), "{}", hidden.transcript());

    let delete = ["delete", "namespace", payments.name(), "--wait=false"];
    Cluster::shared().kubectl(delete).succeeds();
    let ending = stages.plugin("promote rel-42 --to prod --yes").exits(1);
    let says = format!("{} is being deleted; nothing was written", payments.name());
    assert!(ending.stderr.contains(&says), "{}", ending.transcript());
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    let image = shop.kubectl(["get", "deployment", "cart", "-o", image]).succeeds().stdout;
    assert!(image.ends_with(":1.7.2"), "{image}");
    let release = r#"{"metadata":{"finalizers":null}}"#;
    payments.kubectl(["patch", "configmap", "held", "--type=merge", "-p", release]).succeeds();
}

#[test]
fn parts_and_namespaces_that_do_not_belong_together_are_named() {
    let stages = Stages::new();
    let [shop, payments] = &stages.prod;
    stages.plugin("capture one --from -").stdin(fixture(DEV)).succeeds();
    insta::assert_snapshot!("one_for_parts", stages.plugin("promote one --to prod --yes").exits(2));
    let part = "promote rel-42 --part shop --to prod --yes";
    insta::assert_snapshot!("part_for_parts", stages.plugin(part).exits(2));
    stages.succeeds("stage remove prod");
    stages.succeeds(&format!("stage set canary --at {}", stages.prod[0].name()));
    let one = stages.plugin("promote rel-42 --to canary --yes").exits(2);
    insta::assert_snapshot!("parts_for_one", one);
    stages.succeeds("stage remove canary");
    let other = format!("stage set prod --at shop={},paying={}", shop.name(), payments.name());
    stages.succeeds(&other);
    let missing = stages.plugin("promote rel-42 --to prod --yes").exits(2);
    insta::assert_snapshot!("no_namespace", missing);
    let missing = format!("apply rel-42 --at shop={},paying={}", shop.name(), payments.name());
    insta::assert_snapshot!("no_namespace_at", stages.plugin(&missing).exits(2));
    // Two stages have rules of their own.
    stages.succeeds(&format!("stage set prod --at {}", shop.name()));
    stages.succeeds(&format!("stage set pay --at {}", payments.name()));
    let both = format!("apply rel-42 --at {} --yes", at(&stages.prod));
    insta::assert_snapshot!("two_stages", stages.plugin(&both).exits(2));
    for (wrong, says) in [
        ("stage set x --at shop=a,payments=a", "the namespace a would be two parts"),
        ("stage set x --at shop=a,shop=b", "the part shop is there twice"),
        ("stage set x --at shop=a", "shop would be the only part"),
        ("stage set x --at a,b", "does not say which part"),
        ("stage set x --at x/", "is neither NAMESPACE nor CONTEXT/NAMESPACE"),
        ("apply rel-42 --at shop=a,payments=b -n a", "--at names the namespace of each part"),
        ("apply rel-42 -n a,a", "the namespace a is named twice"),
    ] {
        let refused = stages.plugin(wrong).exits(2);
        assert!(refused.stderr.contains(says), "{wrong}: {}", refused.stderr);
    }
    assert_eq!(stages.in_prod(), OLD);
}
