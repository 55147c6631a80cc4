//! Waves: what a service requires runs before it is written.

use end_to_end::{Cluster, Namespace, test, wait_for};

fn service(name: &str, version: &str, requires: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  annotations: {{kubectl-snapshot.dev/requires: '{requires}'}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers: [{{name: {name}, image: 'registry.example/shop/{name}:{version}'}}]\n"
    )
}

fn shop(cart: &str, tax: &str) -> String {
    service("cart", cart, "tax >=1") + &service("tax", tax, "")
}

#[test]
fn what_is_required_runs_first() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&shop("1.0.0", "1.0.0"));
    prod.wait_rollouts();
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(shop("2.0.0", "2.0.0")).succeeds();
    let says = "Deployment cart is written once Deployment tax runs";
    assert!(output.stdout.contains(says), "{}", output.transcript());
    assert!(output.stdout.contains("2 rollouts done, verified"), "{}", output.transcript());
    // Where that does not come up, cart is never touched.
    let broken = prod.plugin(["apply", "-", "--yes", "--no-rollback"]);
    let broken = broken.stdin(shop("3.0.0", "3.0.0-broken")).exits(1);
    assert!(broken.stdout.contains("1 write not begun"), "{}", broken.transcript());
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    let cart = prod.kubectl(["get", "deployment", "cart", "-o", image]).succeeds().stdout;
    assert!(cart.contains("cart:2.0.0"), "{cart}");
}

#[test]
fn whoever_needs_what_goes_down_runs_its_old_version_first() {
    let both =
        |cart: [&str; 2], tax: &str| service("cart", cart[0], cart[1]) + &service("tax", tax, "");
    let (old, new) = (both(["1.0.0", "tax >=1"], "1.5.0"), both(["2.0.0", "tax >=2"], "2.1.0"));
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&new);
    prod.wait_rollouts();
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(old).succeeds();
    let says = "Deployment tax is written once Deployment cart runs";
    assert!(output.stdout.contains(says), "{}", output.transcript());
}

#[test]
fn a_part_waits_for_another() {
    let shop = Namespace::new(Cluster::shared(), "shop");
    let bills = shop.beside("bills");
    let (next_shop, next_bills) = (shop.beside("next"), shop.beside("next-bills"));
    for (version, [cart, tax]) in [("1.0.0", [&shop, &bills]), ("2.0.0", [&next_shop, &next_bills])]
    {
        cart.apply(&service("cart", version, "tax >=1"));
        tax.apply(&service("tax", version, ""));
        cart.wait_rollouts();
        tax.wait_rollouts();
    }
    let live = format!("live:{},{}", next_shop.name(), next_bills.name());
    let [cart, tax] = [(&next_shop, &shop), (&next_bills, &bills)]
        .map(|(from, to)| format!("{}={}", from.name(), to.name()));
    let apply = ["apply", &live, "--at", &format!("{cart},{tax}"), "--yes"];
    let store = ["--store-namespace", shop.store()];
    let output = shop.cluster().plugin(apply.into_iter().chain(store)).succeeds();
    let says = format!("is written once Deployment {}/tax runs", next_bills.name());
    assert!(output.stdout.contains(&says), "{}", output.transcript());
}

#[test]
fn a_trial_names_what_is_refused_in_every_wave() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {count/deployments.apps: '0'}}}",
    );
    wait_for("the quota", || {
        let hard = "jsonpath={.status.hard}";
        let hard = prod.kubectl(["get", "resourcequota", "none", "-o", hard]).succeeds().stdout;
        hard.contains("deployments").then_some(())
    });
    let trial = ["apply", "-", "--dry-run=server"];
    let output = prod.plugin(trial).stdin(shop("1.0.0", "1.0.0")).exits(1);
    assert!(output.stdout.contains("2 writes failed"), "{}", output.transcript());
}
