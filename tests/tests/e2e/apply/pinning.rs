//! Digests: what is written with them, and that it is the same set.

use end_to_end::{Namespace, fixture, test};
use serde_json::Value;

use crate::{
    promote::Stages,
    shop::{self, PROD},
};

/// The image of a Deployment's first container.
fn image(place: &Namespace, deployment: &str) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].image}";
    place.kubectl(["get", "deployment", deployment, "-o", path]).succeeds().stdout
}

/// The digests of a stored set and of what runs in a namespace.
fn digests(place: &Namespace, name: &str) -> [Value; 2] {
    let live = format!("live:{}", place.name());
    let diff = place.plugin(["diff", name, &live, "-o", "json"]).exits(0).json();
    ["from", "to"].map(|side| diff[side]["digest"].clone())
}

#[test]
fn what_was_written_with_digests_is_captured_as_the_same_set() {
    let dev = shop::running("dev", &fixture(PROD));
    dev.plugin(["capture", "rel-1"]).succeeds();
    let fresh = dev.beside("fresh");
    fresh.apply(&fixture("shop/secret.yaml"));
    fresh.plugin(["apply", "rel-1", "--yes"]).exits(0);
    let tax = image(&fresh, "tax");
    assert!(tax.starts_with("registry.example/shop/tax:1.3.9@sha256:"), "{tax}");
    let [set, runs] = digests(&fresh, "rel-1");
    assert_eq!(set, runs);
    fresh.plugin(["apply", "rel-1", "--yes", "--pin=always"]).exits(0);
    assert_eq!(digests(&fresh, "rel-1"), [set.clone(), set.clone()]);

    // What runs there by its tag is not restarted, unless somebody wants that.
    dev.plugin(["apply", "rel-1", "--yes"]).exits(0);
    assert_eq!(image(&dev, "tax"), "registry.example/shop/tax:1.3.9");
    dev.plugin(["apply", "rel-1", "--yes", "--pin=always"]).exits(0);
    assert_eq!(image(&dev, "tax"), tax);
    assert_eq!(digests(&dev, "rel-1"), [set.clone(), set]);
}

#[test]
fn what_the_owner_writes_again_stays_by_tag_and_the_plan_says_so() {
    let dev = shop::running("dev", &fixture(PROD));
    dev.kubectl(["set", "image", "deployment/tax", "tax=registry.example/shop/tax:1.4.1"])
        .succeeds();
    dev.wait_rollouts();
    dev.plugin(["capture", "rel-2"]).succeeds();
    let prod = dev.beside("prod");
    shop::fill(&prod, &fixture(PROD));
    prod.kubectl(["annotate", "deployment/tax", "meta.helm.sh/release-name=shop"]).succeeds();
    let plan = ["apply", "rel-2", "--dry-run=client", "-o", "json"];
    let plan = prod.plugin(plan).exits(0).json();
    let note = "Helm writes Deployment tax again: its images stay by tag, without the digest that the set knows";
    let notes = plan["notes"].as_array().unwrap();
    assert!(notes.iter().any(|one| one == note), "{notes:?}");
    prod.plugin(["apply", "rel-2", "--yes"]).exits(0);
    assert_eq!(image(&prod, "tax"), "registry.example/shop/tax:1.4.1");
    prod.plugin(["apply", "rel-2", "--yes", "--pin=always"]).exits(0);
    assert!(image(&prod, "tax").contains("tax:1.4.1@sha256:"));
}

#[test]
fn a_tag_does_not_pass_for_a_digest_that_ran_elsewhere() {
    let stages = Stages::new();
    stages.succeeds(r#"policy add promotion-ladder --settings {"pinned":"digest"}"#);
    let said = |pin: &str| {
        let promote = format!("promote rel-42 --to dev --yes --pin={pin} -o json");
        let refused = stages.plugin(&promote).exits(3).json();
        let policies = refused["policies"].as_array().unwrap();
        let ladder = policies.iter().find(|one| one["policy"] == "promotion-ladder").unwrap();
        let finding = &ladder["findings"][0];
        assert_eq!(finding["code"], "image-not-pinned");
        finding["message"].as_str().unwrap().to_owned()
    };
    // Each of them has the digest that ran in dev.
    let by_tag = said("never");
    assert!(by_tag.contains("cart/cart will run registry.example/shop/cart:1.8.0"), "{by_tag}");
    assert!(by_tag.ends_with("whose tag can come to mean another image"), "{by_tag}");
    let by_digest = said("always");
    let never_ran = "report/report runs registry.example/shop/report:1.2.0, without a digest";
    assert_eq!(by_digest, never_ran);
    // What was looked up is recorded, and the decision is the same when it is asked again.
    for record in ["dev/1", "dev/2"] {
        stages.succeeds(&format!("policy run --replay {record}"));
    }
}

#[test]
fn a_stage_has_its_own_way() {
    let stages = Stages::new();
    let at = stages.qa_name();
    let set = format!("stage set qa --at {at} --after dev --variables qa --pin never");
    stages.succeeds(&set);
    let listed = stages.succeeds("stage list -o json").json();
    assert_eq!(listed["items"][1]["pin"], "never");
    stages.up_to_qa();
    let path = "jsonpath={.spec.template.spec.containers[0].image}";
    let tax = stages.dev.kubectl(["get", "deployment", "tax", "-n", at, "-o", path]).succeeds();
    assert_eq!(tax.stdout, "registry.example/shop/tax:1.4.1");
}
