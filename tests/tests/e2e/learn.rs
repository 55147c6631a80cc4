//! Variable sets, told from two places that run the same.

use end_to_end::{Cluster, Namespace, fixture, test};
use serde_json::json;

/// cart and tax as they run at a place, with its flag on or off.
fn shop(place: &str, is_on: bool) -> String {
    fixture("places.yaml").replace("PLACE", place).replace("IS_ON", &is_on.to_string())
}

/// Two namespaces with one store.
fn places() -> (Namespace, Namespace) {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    dev.apply(&shop("dev", true));
    prod.apply(&shop("prod", false));
    (dev, prod)
}

#[test]
fn what_differs_between_two_namespaces_is_proposed_and_stored() {
    let (dev, prod) = places();
    let live = [dev.name(), prod.name()].map(|name| format!("live:{name}"));
    let learn = |flags: &[&'static str]| {
        let words = ["variables", "learn", live[0].as_str(), live[1].as_str()];
        dev.plugin(words.into_iter().chain(flags.iter().copied()))
    };
    insta::assert_snapshot!("proposal", learn(&[]).succeeds());
    let proposal = learn(&["--names", "dev,prod", "-o", "json"]).succeeds().json();
    assert_eq!(proposal["kind"], "VariableProposal");
    let values = json!({"DB_HOST": "orders-db.prod", "GREETING": "it's prod"});
    assert_eq!(proposal["sets"][1], json!({"name": "prod", "values": values}));
    assert_eq!(proposal["written"], false);
    let apart: Vec<_> =
        proposal["apart"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(json!(apart), json!(["SELF_URL", "TAX_CALL"]));
    dev.plugin(["variables", "list", "-o", "name"]).succeeds();

    // What is there is not replaced unless that is meant, and then neither set is.
    dev.plugin(["variables", "set", "prod", "DB_HOST=elsewhere", "MINE=1"]).succeeds();
    let write = ["--names", "dev,prod", "--write"];
    insta::assert_snapshot!("taken", learn(&write).exits(5));
    assert_eq!(dev.plugin(["variables", "list", "-o", "name"]).succeeds().stdout, "prod\n");
    let force: Vec<&'static str> = write.into_iter().chain(["--force"]).collect();
    insta::assert_snapshot!("written", learn(&force).succeeds());
    let sets = dev.plugin(["variables", "list", "-o", "json"]).succeeds().json();
    assert_eq!(sets["items"][1]["values"]["DB_HOST"], "orders-db.prod");
    assert_eq!(sets["items"][1]["values"]["MINE"], "1");

    // From now on they are variables, and no difference of the set.
    let diff = dev.plugin(["diff", &live[0], &live[1], "-o", "json"]).exits(1).json();
    let variables: Vec<_> =
        diff["variables"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(json!(variables), json!(["DB_HOST", "GREETING"]));
    let environment: Vec<_> = diff["instances"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["environment"].as_array().unwrap())
        .map(|one| &one["name"])
        .collect();
    assert!(!environment.contains(&&json!("DB_HOST")), "{environment:?}");
    insta::assert_snapshot!("nothing_left", learn(&write[..2]).succeeds());
}
