//! Replicas and restarts: they belong to the place, and are no conflict.

use end_to_end::{Cluster, Namespace, test};

use crate::scaler::while_scaled;

fn shop(version: &str) -> String {
    let service = |name: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers: [{{name: {name}, image: 'registry.example/shop/{name}:{version}'}}]\n"
        )
    };
    service("cart") + &service("tax")
}

fn images(place: &Namespace) -> String {
    let images = "jsonpath={.items[*].spec.template.spec.containers[0].image}";
    place.kubectl(["get", "deployments", "-o", images]).succeeds().stdout
}

#[test]
fn a_scaler_splits_no_set() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&shop("1.0.0"));
    let scaled = while_scaled(&prod, &["deployment/tax", "deployment/cart"], || {
        for version in ["1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0"] {
            let apply = ["apply", "-", "--yes", "--wait=false"];
            prod.plugin(apply).stdin(shop(version)).exits(0);
            let both =
                format!("registry.example/shop/cart:{version} registry.example/shop/tax:{version}");
            assert_eq!(images(&prod), both);
        }
    });
    assert!(scaled > 5, "{scaled}");
}

#[test]
fn a_restart_after_the_plan_was_made_is_no_conflict() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&shop("1.0.0"));
    prod.wait_rollouts();
    let name = prod.name().to_owned();
    let mut has_restarted = false;
    let server = end_to_end::FaultyApiServer::new(Cluster::shared(), move |request| {
        if request.writes_by("PATCH") && !has_restarted {
            has_restarted = true;
            let restart = ["rollout", "restart", "deployment/tax", "--namespace", &name];
            Cluster::shared().kubectl(restart).succeeds();
        }
        None
    });
    let apply = ["apply", "-", "--yes"];
    let output = prod.plugin(apply).stdin(shop("2.0.0")).through(&server).succeeds();
    assert!(output.stdout.contains("2 rollouts done, verified"), "{}", output.transcript());
}
