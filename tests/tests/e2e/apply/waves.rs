//! Waves: what a service requires runs before it is written.

use end_to_end::{Cluster, Namespace, test};

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
