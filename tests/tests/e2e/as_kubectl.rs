//! Meaning of files and objects: kubectl's own answer on the real API server is the
//! reference.

use end_to_end::{Cluster, Folder, Namespace, test, wait_for};

/// A Deployment of one container, or of as many as there are images.
fn deployment(name: &str, containers: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n{containers}"
    )
}

/// A file that kubectl applies, and another that it compares with what runs then.
struct Case {
    runs: String,
    file: String,
    /// The exit code of `kubectl diff`, and of ours.
    exit: i32,
}

fn cases() -> Vec<Case> {
    let cart = "      - {name: cart, image: shop/cart:2.0.0}\n";
    let proxy = "      - {name: proxy, image: shop/proxy:1.0.0}\n";
    let config =
        |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: texts}}\n{data}");
    let keys = config("data:\n  no: Nein\n  on: An\n  1.10: a\n  010: b\n  de: Deutsch\n");
    let wrapped = "aGVsbG8gd29ybGQs\n    IHRoaXMgaXMgd3Jh\n    cHBlZA==";
    let line = wrapped.replace("\n    ", "");
    let case =
        |runs: &str, file: &str, exit| Case { runs: runs.to_owned(), file: file.to_owned(), exit };
    vec![
        // Plain keys that YAML does not read as text.
        case(&keys, &keys, 0),
        // Base64 with line breaks, and without.
        case(
            &config(&format!("binaryData:\n  key: |\n    {wrapped}\n")),
            &config(&format!("binaryData: {{key: {line}}}\n")),
            0,
        ),
        // Containers start in the order in which they stand.
        case(
            &deployment("cart", &format!("{cart}{proxy}")),
            &deployment("cart", &format!("{proxy}{cart}")),
            1,
        ),
        case(
            &deployment("cart", &format!("{cart}{proxy}")),
            &deployment("cart", &format!("{cart}{proxy}")),
            0,
        ),
    ]
}

#[test]
fn what_is_the_same_to_kubectl_is_the_same() {
    for (number, case) in cases().into_iter().enumerate() {
        let namespace = Namespace::new(Cluster::shared(), "same");
        let folder = Folder::new(Cluster::shared());
        folder.write("runs.yaml", &case.runs);
        folder.write("file.yaml", &case.file);
        namespace.kubectl(["apply", "-f", "./runs.yaml"]).current_dir(folder.path()).succeeds();
        let kubectl =
            namespace.kubectl(["diff", "-f", "./file.yaml"]).current_dir(folder.path()).run();
        assert_eq!(kubectl.exit, case.exit, "kubectl, case {number}: {kubectl}");
        let live = format!("live:{}", namespace.name());
        let ours =
            namespace.plugin(["diff", &live, "./file.yaml"]).current_dir(folder.path()).run();
        assert_eq!(ours.exit, case.exit, "case {number}: {ours}");
    }
}

#[test]
fn a_host_port_goes_with_the_hosts_network() {
    let (from, to) =
        (Namespace::new(Cluster::shared(), "dev"), Namespace::new(Cluster::shared(), "prod"));
    let on_host = "      - {name: cart, image: shop/cart:2.0.0, ports: [{containerPort: 80, hostPort: 80}]}\n      hostNetwork: true\n";
    let off_host = "      - {name: cart, image: shop/cart:2.0.0, ports: [{containerPort: 80}]}\n";
    to.apply(&deployment("cart", on_host));
    from.apply(&deployment("cart", off_host));
    let live = format!("live:{}", from.name());
    to.plugin(["apply", &live, "--yes", "--wait=false"]).succeeds();
    let path =
        "jsonpath={.spec.template.spec.hostNetwork}|{.spec.template.spec.containers[0].ports}";
    let ports = to.kubectl(["get", "deployment", "cart", "-o", path]).succeeds().stdout;
    assert_eq!(ports, r#"|[{"containerPort":80,"protocol":"TCP"}]"#);
}

#[test]
fn pods_say_what_runs_and_those_that_have_ended_do_not() {
    let namespace = Namespace::new(Cluster::shared(), "shop");
    namespace.apply(&deployment("cart", "      - {name: cart, image: shop/cart:latest}\n"));
    namespace.kubectl(["rollout", "status", "deployment/cart", "--timeout=60s"]).succeeds();
    let pods = ["get", "pods", "-l", "app=cart", "-o", "jsonpath={.items[*].metadata.name}"];
    let pod = namespace.kubectl(pods).succeeds().stdout;
    let digest = "1".repeat(64);
    let evicted = format!(
        r#"{{"status":{{"phase":"Failed","reason":"Evicted","containerStatuses":[{{"name":"cart","image":"shop/cart:latest","imageID":"shop/cart@sha256:{digest}","ready":false,"restartCount":0,"state":{{"terminated":{{"exitCode":137}}}}}}]}}}}"#
    );
    let patch = ["patch", "pod", &pod, "--subresource=status", "--type=merge", "-p", &evicted];
    namespace.kubectl(patch).succeeds();
    let running = |seen: &str| {
        let running = "--field-selector=status.phase=Running";
        namespace.kubectl(["get", "pods", "-l", "app=cart", running, "-o", seen]).succeeds().stdout
    };
    wait_for("another pod", || (!running("name").trim().is_empty()).then_some(()));
    wait_for("its digest", || {
        running("jsonpath={.items[*].status.containerStatuses[*].imageID}")
            .contains("sha256:")
            .then_some(())
    });
    let output = namespace.plugin(["describe", "live", "-o", "json"]).succeeds();
    assert!(!output.stderr.contains("different digests"), "{output}");
    assert!(output.stdout.contains("sha256:") && !output.stdout.contains(&digest), "{output}");
}

#[test]
fn a_rollout_that_never_comes_up_is_said() {
    let namespace = Namespace::new(Cluster::shared(), "shop");
    namespace.apply(&deployment("cart", "      - {name: cart, image: shop/cart:1.0.0}\n"));
    namespace.kubectl(["rollout", "status", "deployment/cart", "--timeout=60s"]).succeeds();
    namespace.apply(&deployment("cart", "      - {name: cart, image: shop/cart:2.0.0-broken}\n"));
    let output = namespace.plugin(["capture", "rel-1"]).succeeds();
    let says = "Deployment cart, container cart: its template asks for shop/cart:2.0.0-broken, and pods run shop/cart:1.0.0; what was captured is not what runs, or not all of it";
    assert!(output.stderr.contains(says), "{output}");
}

#[test]
fn an_image_that_never_came_up_is_said() {
    let namespace = Namespace::new(Cluster::shared(), "shop");
    namespace.apply(&deployment("cart", "      - {name: cart, image: shop/cart:2.0.0-broken}\n"));
    let waiting = "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}";
    wait_for("the pod's refusal", || {
        let reasons = namespace.kubectl(["get", "pods", "-o", waiting]).succeeds().stdout;
        (!reasons.is_empty()).then_some(())
    });
    let output = namespace.plugin(["capture", "rel-1"]).succeeds();
    let says = "Deployment cart, container cart: no pod has started shop/cart:2.0.0-broken (ImagePullBackOff); what was captured does not run";
    assert!(output.stderr.contains(says), "{output}");
}

#[test]
fn folders_are_read_as_teams_keep_them() {
    let folder = Folder::new(Cluster::shared());
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: shop}\n---\n";
    let service = |name: &str, image: &str| {
        let container =
            format!("      - {{name: {name}, image: {image}}}\n      serviceAccountName: shop\n");
        format!("{account}{}", deployment(name, &container))
    };
    folder.write("nested/cart/cart.yaml", service("cart", "shop/cart:2.0.0"));
    folder.write("nested/tax/tax.yaml", service("tax", "shop/tax:1.4.0"));
    folder.write("kustomized/base/kustomization.yaml", "resources: [cart.yaml]\n");
    folder.write("kustomized/base/cart.yaml", service("cart", "shop/cart:1.8.0"));
    folder.write(
        "kustomized/prod/kustomization.yaml",
        "resources: [../base]\nimages:\n- {name: shop/cart, newTag: 1.9.0}\n",
    );
    folder.write("chart/Chart.yaml", "name: shop\n");
    let run = |arguments: &[&str]| {
        Cluster::shared()
            .plugin(arguments.iter().copied())
            .env("KUBECONFIG", "/nowhere")
            .current_dir(folder.path())
            .run()
    };
    let nested = run(&["describe", "./nested"]);
    assert!(
        nested.exit == 0 && nested.stdout.contains("cart") && nested.stdout.contains("tax"),
        "{nested}"
    );
    let rendered = run(&["diff", "./kustomized/base", "./kustomized/prod"]);
    assert!(rendered.exit == 1 && rendered.stdout.contains("1.9.0"), "{rendered}");
    let chart = run(&["describe", "./chart"]);
    assert!(chart.exit == 1 && chart.stderr.contains("helm template"), "{chart}");
    folder.write("nested/tax/other.yaml", service("cart", "shop/cart:2.1.0"));
    let contradiction = run(&["describe", "./nested"]);
    let says = "Deployment cart is in ./nested/cart/cart.yaml and in ./nested/tax/other.yaml, and they differ";
    assert!(contradiction.exit == 1 && contradiction.stderr.contains(says), "{contradiction}");
}
