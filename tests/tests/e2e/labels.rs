//! Labels and annotations that belong to the place.

use end_to_end::{Cluster, Namespace, fixture, test};
use serde_json::json;

/// The shop as it is labelled at a place.
fn shop(place: &str) -> String {
    fixture("labelled.yaml").replace("PLACE", place)
}

/// Another service, which is there in one place only.
fn tax(place: &str) -> String {
    let cart = shop(place);
    let deployment = cart.rsplit("---\n").next().expect("the Deployment comes last");
    format!("---\n{}", deployment.replace("cart", "tax"))
}

#[test]
fn labels_of_the_place_are_learnt_and_stay() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    dev.apply(&(shop("dev") + &tax("dev")));
    prod.apply(&shop("prod"));
    let live = [dev.name(), prod.name()].map(|name| format!("live:{name}"));

    // Before anybody says so they are the set's, and a plan tells what that means.
    dev.plugin(["capture", "before"]).succeeds();
    let plan = prod.plugin(["apply", "before", "--dry-run=client"]).run();
    let says = "label env changes from prod to dev on 3 objects: where it belongs to the place, name it in a variable set as label:env, and it stays";
    assert!(plan.stderr.contains(says) || plan.stdout.contains(says), "{plan}");

    // Learnt, they are no difference any more.
    let learn = ["variables", "learn", &live[0], &live[1], "--names", "dev,prod"];
    insta::assert_snapshot!("proposal", dev.plugin(learn).succeeds());
    dev.plugin(learn.into_iter().chain(["--write"])).succeeds();
    let get = ["-n", dev.store(), "get", "configmap", "variables.prod", "-o", "jsonpath={.data}"];
    let keys = dev.cluster().kubectl(get);
    let keys: serde_json::Value = serde_json::from_str(&keys.succeeds().stdout).unwrap();
    assert_eq!(keys, json!({"annotation..owner": "team-prod", "label..env": "prod"}));
    let diff = dev.plugin(["diff", &live[1], &live[0], "-o", "json"]).exits(1).json();
    let changed: Vec<_> =
        diff["instances"].as_array().unwrap().iter().map(|one| &one["service"]).collect();
    assert_eq!(json!(changed), json!(["tax"]), "{diff}");
    let variables: Vec<_> =
        diff["variables"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(json!(variables), json!(["annotation:owner", "label:env"]));

    // What is there keeps its own, and what is created gets the place's.
    dev.plugin(["capture", "rel-1"]).succeeds();
    let apply = ["apply", "rel-1", "--variables", "prod", "--yes"];
    insta::assert_snapshot!("applied", prod.plugin(apply).succeeds());
    dev.plugin(["diff", "rel-1", &live[1]]).exits(0);
    for name in ["cart", "tax"] {
        let deployment = prod.kubectl(["get", "deployment", name, "-o", "json"]).succeeds().json();
        let template = &deployment["spec"]["template"]["metadata"];
        for metadata in [&deployment["metadata"], template] {
            assert_eq!(metadata["labels"]["env"], "prod", "{name}: {metadata}");
            assert_eq!(metadata["annotations"]["owner"], "team-prod", "{name}: {metadata}");
        }
    }
    // A set of before is the same set by now.
    dev.plugin(["diff", "before", "rel-1"]).exits(0);
    prod.plugin(apply).succeeds();

    // Where nobody chose a value, nothing is made up.
    let qa = dev.beside("qa");
    let blocked = qa.plugin(["apply", "rel-1", "--yes"]).exits(1);
    let says = "it selects pods by the label env, which belongs to the place, and no value of label:env is chosen";
    assert!(blocked.stderr.contains(says), "{blocked}");
    qa.plugin(["apply", "rel-1", "--variables", "prod", "--yes"]).succeeds();
    let service = qa.kubectl(["get", "service", "cart", "-o", "json"]).succeeds().json();
    assert_eq!(service["spec"]["selector"], json!({"app": "cart", "env": "prod"}));
}

#[test]
fn what_says_which_service_it_is_belongs_to_the_set() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let set = |value: &str| dev.plugin(["variables", "set", "prod", value]);
    insta::assert_snapshot!("identity", set("label:app=cart").exits(1));
    insta::assert_snapshot!("no_label", set("label:-env=prod").exits(1));
    insta::assert_snapshot!("no_value", set("label:env=a b").exits(1));
    set("annotation:owner=Team A, on call").succeeds();
}
