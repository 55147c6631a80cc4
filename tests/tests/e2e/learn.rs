//! Variable sets, told from two places that run the same.

use end_to_end::{Cluster, Folder, Namespace};
use serde_json::json;

/// cart and tax, with what differs from place to place and what does not.
fn shop(place: &str, tax: &str) -> String {
    let service = |name: &str, annotations: &str, env: &str| {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, annotations: {{{annotations}}}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: {name}
        image: registry.example/shop/{name}:1.4.1
        env:
        - {{name: DB_HOST, value: orders-db.{place}}}
        - {{name: GREETING, value: \"it's {place}\"}}
        - {{name: PORT, value: \"8080\"}}
        - {{name: SELF_URL, value: 'http://{name}.{place}'}}
{env}
"
        )
    };
    let flag = "kubectl-snapshot.dev/flags: TAX_CALL=tax-call";
    let cart = format!(
        "        - {{name: TAX_CALL, value: \"{tax}\"}}
        - {{name: PASSWORD, valueFrom: {{secretKeyRef: {{name: {place}, key: password}}}}}}"
    );
    [service("cart", flag, &cart), service("tax", "", "")].join("---")
}

/// Two namespaces with one store.
fn places() -> (Namespace, Namespace) {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    dev.apply(&shop("dev", "true"));
    prod.apply(&shop("prod", "false"));
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

#[test]
fn the_commands_that_it_proposes_do_what_they_say() {
    let folder = Folder::new(Cluster::shared());
    folder.write("dev.yaml", shop("dev", "true"));
    folder.write("prod.yaml", shop("prod", "true"));
    let run = |command: &str| {
        let shell = Cluster::shared().command("sh", ["-c", command]).current_dir(folder.path());
        shell.env("KUBECONFIG", "/nowhere")
    };
    let learn = "kubectl snapshot variables learn ./dev.yaml ./prod.yaml --store ./store";
    let proposal = run(learn).succeeds();
    insta::assert_snapshot!("files", proposal);
    for line in proposal.stdout.lines().filter(|line| line.starts_with("kubectl ")) {
        run(line).succeeds();
    }
    let list = "kubectl snapshot variables list --store ./store -o json";
    let sets = run(list).succeeds().json();
    assert_eq!(sets["items"][0]["name"], "a");
    assert_eq!(sets["items"][1]["values"]["GREETING"], "it's prod");
}

#[test]
fn what_it_cannot_learn_from_is_said() {
    let folder = Folder::new(Cluster::shared());
    folder.write("dev.yaml", shop("dev", "true"));
    let learn = |line: &str| {
        let words = ["variables", "learn"].into_iter().chain(line.split(' '));
        let plugin = Cluster::shared().plugin(words).current_dir(folder.path());
        plugin.env("KUBECONFIG", "/nowhere")
    };
    insta::assert_snapshot!("same", learn("./dev.yaml ./dev.yaml").succeeds());
    insta::assert_snapshot!("names", learn("./dev.yaml ./dev.yaml --names dev,Prod").exits(2));
    learn("./dev.yaml ./dev.yaml --names dev").exits(2);
    learn("./dev.yaml").exits(2);
    learn("- -").exits(2);
    learn("./dev.yaml ./dev.yaml --force").exits(2);
}
