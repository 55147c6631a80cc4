//! An API server that is killed and started again in the middle of an apply.

use end_to_end::{Cluster, Namespace, test, wait_for};

fn shop(version: &str) -> String {
    let service = |name: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  minReadySeconds: 8\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers: [{{name: {name}, image: 'registry.example/shop/{name}:{version}'}}]\n"
        )
    };
    service("cart") + &service("tax")
}

#[test]
fn an_apply_outlives_the_api_server() {
    let cluster = Cluster::restartable();
    let prod = Namespace::new(cluster, "prod");
    prod.apply(&shop("1.0.0"));
    prod.wait_rollouts();
    let folder = end_to_end::Folder::new(cluster);
    folder.write("next.yaml", shop("2.0.0"));
    let apply = ["apply", "./next.yaml", "--yes", "--timeout", "3m"];
    let running = prod.plugin(apply).current_dir(folder.path()).start();
    wait_for("both images", || {
        let images = "jsonpath={.items[*].spec.template.spec.containers[0].image}";
        let images = prod.kubectl(["get", "deployments", "-o", images]).succeeds().stdout;
        (images.matches(":2.0.0").count() == 2).then_some(())
    });
    cluster.restart_api_server();
    let output = running.finish();
    assert_eq!(output.exit, 0, "{}", output.transcript());
    assert!(output.stdout.contains("2 rollouts done, verified"), "{}", output.transcript());
    prod.plugin(["diff", "./next.yaml", "live"]).current_dir(folder.path()).exits(0);
}
