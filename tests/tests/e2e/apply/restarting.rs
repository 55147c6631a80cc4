//! Workloads that have read at their start what an apply changes: they get new pods.

use end_to_end::{Cluster, Fault, FaultyApiServer, Folder, Namespace, test};

/// A Deployment that takes a flag from a ConfigMap at its start, and one that mounts it whole.
fn shop(flag: &str) -> String {
    let deployment = |name: &str, container: &str, volumes: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  annotations: {{kubectl-snapshot.dev/flags: 'TAX_CALL_ENABLED=tax-call'}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers: [{{name: {name}, image: 'registry.example/shop/cart:2.0.0', {container}}}]\n{volumes}---\n"
        )
    };
    let env = "env: [{name: TAX_CALL_ENABLED, valueFrom: {configMapKeyRef: {name: cart, key: tax-call}}}]";
    let mount = "volumeMounts: [{name: all, mountPath: /etc/cart}]";
    let volumes = "      volumes: [{name: all, configMap: {name: cart}}]\n";
    let config = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cart}}\ndata: {{tax-call: '{flag}'}}\n"
    );
    deployment("cart", env, "") + &deployment("search", mount, volumes) + &config
}

fn running() -> Namespace {
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&shop("off"));
    prod.wait_rollouts();
    prod
}

/// The pods of a Deployment, in order.
fn pods(place: &Namespace, app: &str) -> Vec<String> {
    let selector = format!("app={app}");
    let path = "jsonpath={.items[*].metadata.uid}";
    let uids = place.kubectl(["get", "pods", "-l", &selector, "-o", path]).succeeds().stdout;
    let mut uids: Vec<String> = uids.split_whitespace().map(str::to_owned).collect();
    uids.sort();
    uids
}

#[test]
fn whoever_has_read_it_at_the_start_gets_new_pods() {
    let prod = running();
    let before = [pods(&prod, "cart"), pods(&prod, "search")];
    let apply = prod.plugin(["apply", "-", "--yes"]).stdin(shop("on"));
    insta::assert_snapshot!("restarts", apply.succeeds());
    assert_ne!(pods(&prod, "cart"), before[0]);
    assert_eq!(pods(&prod, "search"), before[1], "what is mounted whole follows by itself");
    // It is no difference, and there is nothing more to do.
    let again = prod.plugin(["apply", "-", "--yes", "-o", "json"]).stdin(shop("on")).succeeds();
    assert_eq!(again.json()["outcome"], "unchanged");
    let plan = prod.plugin(["apply", "-", "--dry-run=client", "-o", "json"]).stdin(shop("off"));
    let plan = plan.succeeds().json();
    let cart = &plan["steps"][1];
    assert_eq!(cart["restartedFor"], serde_json::json!(["ConfigMap cart"]), "{plan:#}");
}

#[test]
fn whoever_goes_back_restarts_them_again() {
    let prod = running();
    let revision = || {
        let path = "jsonpath={.spec.template.metadata.annotations}";
        prod.kubectl(["get", "deployment", "cart", "-o", path]).succeeds().stdout
    };
    let before = (pods(&prod, "cart"), revision());
    // A new service does not come up: everything goes back.
    let broken =
        shop("on").replace("cart:2.0.0', volumeMounts", "cart:2.0.0-broken', volumeMounts");
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(broken).exits(6);
    assert!(output.stdout.contains("ROLLED BACK"), "{}", output.transcript());
    assert_eq!(revision(), before.1);
    assert_ne!(pods(&prod, "cart"), before.0, "its pods have read what was taken back");
    let flag = prod.kubectl(["get", "configmap", "cart", "-o", "jsonpath={.data.tax-call}"]);
    assert_eq!(flag.succeeds().stdout, "off");
}

#[test]
fn an_undoing_restarts_them_as_well() {
    let prod = running();
    let mut patches = 0;
    let server = FaultyApiServer::new(Cluster::shared(), move |request| {
        patches += usize::from(request.writes_by("PATCH"));
        // The ConfigMap is written, and of the restart no answer comes.
        (request.writes_by("PATCH") && patches > 1).then_some(Fault::Silent)
    });
    let folder = Folder::new(Cluster::shared());
    folder.write("on.yaml", shop("on"));
    let apply = prod.plugin(["apply", "./on.yaml", "--yes"]).current_dir(folder.path());
    let apply = apply.through(&server).start();
    end_to_end::wait_for("the first write", || {
        let flag = ["get", "configmap", "cart", "-o", "jsonpath={.data.tax-call}"];
        (prod.kubectl(flag).succeeds().stdout == "on").then_some(())
    });
    apply.kill();
    let _ = apply.finish_unread();
    let expired = r#"{"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}}"#;
    prod.kubectl(["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", expired]).succeeds();
    prod.plugin(["apply", "--undo", "--yes"]).succeeds();
    prod.plugin(["diff", "-"]).stdin(shop("off")).exits(0);
}
