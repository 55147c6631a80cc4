//! Variables told from two places that have several namespaces each, of other names.

use end_to_end::{Cluster, Namespace, test};
use serde_json::{Value, json};

use super::{deploying::at, service};

/// A place of which the cart asks the tax of the other namespace, by its whole name.
fn place(places: &[Namespace; 2], host: &str) {
    let with_env = |text: String, env: &Value| {
        let mut object: Value = serde_json::from_str(&text).unwrap();
        object["spec"]["template"]["spec"]["containers"][0]["env"] = env.clone();
        object.to_string()
    };
    let [shop, payments] = places;
    let url = format!("http://tax.{}.svc", payments.name());
    let host = json!({"name": "DB_HOST", "value": host});
    let cart = json!([{"name": "TAX_URL", "value": url}, host]);
    shop.apply(&with_env(service("cart", "1.8.0", ""), &cart));
    payments.apply(&with_env(service("tax", "1.4.1", ""), &json!([host])));
}

#[test]
fn what_names_a_namespace_of_the_place_is_proposed_and_never_rewritten() {
    let shop = Namespace::new(Cluster::shared(), "shop");
    let dev = [shop.beside("shop-dev"), shop.beside("pay-dev")];
    let prod = [shop.beside("shop-prod"), shop.beside("pay-prod")];
    place(&dev, "orders.dev");
    place(&prod, "orders.prod");
    let live = |of: &[Namespace; 2]| format!("live:{},{}", of[0].name(), of[1].name());
    for (stage, of) in [("dev", &dev), ("prod", &prod)] {
        shop.plugin(["stage", "set", stage, "--at", &at(of)]).succeeds();
    }
    let [from, to] = [live(&dev), live(&prod)];
    // The namespaces are called as at their stages.
    let diff = shop.plugin(["diff", &from, &to, "-o", "json"]).exits(1).json();
    assert_eq!(diff["summary"]["environment"], 3, "{diff}");
    assert_eq!(diff["summary"]["partsAdded"], 0);
    let learn = ["variables", "learn", &from, &to, "--names", "dev,prod"];
    insta::assert_snapshot!("proposal", shop.plugin(learn).succeeds());
    let proposal = shop.plugin(learn.into_iter().chain(["--write", "-o", "json"])).succeeds();
    let proposal = proposal.json();
    let found: Vec<_> = proposal["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["namespaceOf"].as_str()))
        .collect();
    assert_eq!(found, [("DB_HOST", None), ("TAX_URL", Some("payments"))]);
    shop.plugin(["diff", &from, &to]).exits(0);
    // What dev runs goes to prod with prod's names.
    shop.plugin(["stage", "set", "prod", "--at", &at(&prod), "--variables", "prod"]).succeeds();
    shop.plugin(["promote", &from, "--to", "prod", "--yes"]).succeeds();
    let url = "jsonpath={.spec.template.spec.containers[0].env[0].value}";
    let url = prod[0].kubectl(["get", "deployment", "cart", "-o", url]).succeeds().stdout;
    assert_eq!(url, format!("http://tax.{}.svc", prod[1].name()));
}
