//! Capture of what runs, or of manifests, and looking at it.

use end_to_end::{Cluster, Folder, Namespace, Request, fixture, test};
use serde_json::Value;

use crate::shop::{self, DEV, PROD, SECRET};

#[test]
fn a_captured_shop_is_listed_and_described() {
    let dev = shop::running("dev", &fixture(DEV));
    dev.plugin(["variables", "set", "dev", "DB_HOST=orders-db.dev"]).succeeds();
    insta::assert_snapshot!(
        "capture",
        dev.plugin(["capture", "rel-41", "-m", "cart asks tax"]).run()
    );
    insta::assert_snapshot!("list", dev.plugin(["list"]).run());
    insta::assert_snapshot!("get", dev.plugin(["get", "rel-41"]).run());
    insta::assert_snapshot!("describe", dev.plugin(["describe", "rel-41"]).run());
    assert_eq!(dev.plugin(["get", "rel-41", "-o", "name"]).succeeds().stdout, "rel-41\n");
    assert_eq!(dev.plugin(["list", "-o", "name"]).succeeds().stdout, "rel-41\n");
}

#[test]
fn a_document_is_the_same_in_every_format_and_its_digest_is_of_its_spec() {
    let dev = shop::running("dev", &fixture(DEV));
    dev.plugin(["capture", "rel-41"]).succeeds();
    let document = dev.plugin(["get", "rel-41", "-o", "json"]).succeeds().json();
    assert_eq!(document["apiVersion"], "kubectl-snapshot.dev/v1alpha1");
    assert_eq!(document["kind"], "Snapshot");

    // serde_json sorts keys and writes no blanks: canonical, for ASCII.
    let spec = document["spec"].to_string();
    let sum = Cluster::shared().command("sha256sum", []).stdin(spec).succeeds().stdout;
    let digest = format!("sha256:{}", sum.split_whitespace().next().unwrap());
    assert_eq!(document["metadata"]["digest"], digest);

    let digest_of = |reference: &str| {
        let template = "jsonpath={.metadata.digest}";
        dev.plugin(["get", reference, "-o", template]).succeeds().stdout
    };
    assert_eq!(digest_of("rel-41"), digest);
    assert_eq!(digest_of(&digest), digest);
    assert_eq!(digest_of(&digest[.."sha256:".len() + 8]), digest);
    let tag = "jsonpath={.spec.services.tax.tax.containers.tax.tag}";
    assert_eq!(dev.plugin(["get", "rel-41", "-o", tag]).succeeds().stdout, "1.3.9");

    // What -o yaml prints is the same document: read back, it is the same set.
    let yaml = dev.plugin(["get", "rel-41", "-o", "yaml"]).succeeds().stdout;
    let read_back = dev.plugin(["get", "-", "-o", "json"]).stdin(yaml).succeeds().json();
    assert_eq!(read_back, document);
}

#[test]
fn an_unchanged_namespace_has_one_digest_and_one_set_of_chunks() {
    let dev = shop::running("dev", &fixture(DEV));
    let chunks = || {
        let names = dev.kubectl(["get", "configmaps", "-o", "name", "-n", dev.store()]);
        names.succeeds().stdout.lines().count()
    };
    dev.plugin(["capture", "one"]).succeeds();
    let after_one = chunks();
    dev.plugin(["capture", "two"]).succeeds();
    let get = |name| dev.plugin(["get", name, "-o", "json"]).succeeds().json();
    assert_eq!(digest(&get("one")), digest(&get("two")));
    assert_eq!(chunks(), after_one + 1, "the second needs a head and nothing else");
    dev.plugin(["diff", "one", "two"]).succeeds();
    dev.plugin(["diff", "one"]).succeeds();
}

#[test]
fn manifests_and_the_namespace_they_were_applied_to_are_the_same() {
    for manifests in [DEV, PROD] {
        let place = shop::running("place", &fixture(manifests));
        place.plugin(["capture", "files", "--from", "-"]).stdin(fixture(manifests)).succeeds();
        place.plugin(["capture", "ran"]).succeeds();
        place.plugin(["diff", "files", "ran"]).exits(0);
        place.plugin(["diff", "ran", "files"]).exits(0);
        place.plugin(["diff", "-"]).stdin(fixture(manifests)).exits(0);
    }
}

#[test]
fn no_secret_is_read_stored_or_printed() {
    let dev = shop::running("dev", &fixture(DEV));
    let prod = dev.beside("prod");
    prod.apply(&fixture(PROD)); // where there is no such Secret
    dev.plugin(["variables", "set", "dev", "DB_HOST=orders-db"]).succeeds();
    dev.plugin(["capture", "rel-41"]).succeeds();

    // SECRET in base64, as the API and the store would hold it.
    let encoded = "bXVzdC1uZXZlci1hcHBlYXItNDcxMQ";
    let assert_silent = |what: &str, text: &str| {
        assert!(!text.contains(SECRET) && !text.contains(encoded), "{what} tells the Secret");
    };
    let live_prod = format!("live:{}", prod.name());
    let commands: [&[&str]; 10] = [
        &["capture", "rel-42", "-vvv"],
        &["capture", "-o", "yaml"],
        &["get", "rel-41", "-o", "yaml"],
        &["get", "rel-41", "-o", "json"],
        &["describe", "rel-41", "-o", "json"],
        &["describe", "live"],
        &["diff", &live_prod, "rel-41"],
        &["diff", &live_prod, "live", "-o", "json"],
        &["check", "live", "--explain"],
        &["apply", &live_prod, "--dry-run=server", "-o", "wide"],
    ];
    for command in commands {
        let output = dev.plugin(command.iter().copied()).run();
        assert_silent(&command.join(" "), &output.transcript());
    }
    // Nor is what it holds mistaken for something else: the reference is there.
    let document = dev.plugin(["get", "rel-41", "-o", "json"]).succeeds().stdout;
    assert!(document.contains("orders-db-credentials"));

    let stored = ["get", "configmaps", "-n", dev.store(), "-o", "yaml"];
    assert_silent("the store", &dev.kubectl(stored).succeeds().stdout);
    for place in [&dev, &prod] {
        let requests = place.requests();
        let asked: Vec<_> = requests
            .iter()
            .filter(|request| request.user_agent.starts_with("kubectl-snapshot"))
            .filter_map(|request| Some(request.object_ref.as_ref()?.resource.as_str()))
            .collect();
        assert!(asked.contains(&"deployments"), "{asked:?}");
        assert!(!asked.contains(&"secrets"), "{asked:?}");
    }
}

#[test]
fn a_variable_belongs_to_the_place_and_not_to_the_set() {
    let dev = shop::running("dev", &fixture(DEV));
    let qa = dev.beside("qa");
    shop::fill(&qa, &fixture(DEV).replace("DB_HOST, value: orders-db}", "DB_HOST, value: qa-db}"));
    let live_qa = format!("live:{}", qa.name());
    dev.plugin(["diff", "live", &live_qa]).exits(1); // not yet a variable

    dev.plugin(["variables", "set", "any", "DB_HOST=unused", "ELSEWHERE=1"]).succeeds();
    dev.plugin(["capture", "from-dev"]).succeeds();
    qa.plugin(["capture", "from-qa"]).succeeds();
    let get = |name| dev.plugin(["get", name, "-o", "json"]).succeeds().json();
    let (of_dev, of_qa) = (get("from-dev"), get("from-qa"));
    assert_eq!(digest(&of_dev), digest(&of_qa));
    assert_eq!(of_dev["spec"], of_qa["spec"]);
    let cart = "/spec/services/cart/cart/containers/cart/env/DB_HOST";
    assert_eq!(*of_dev.pointer(cart).unwrap(), serde_json::json!({"variable": "DB_HOST"}));
    assert_eq!(of_dev["metadata"]["variables"], serde_json::json!({"DB_HOST": ["orders-db"]}));
    assert_eq!(of_qa["metadata"]["variables"], serde_json::json!({"DB_HOST": ["qa-db"]}));
    assert!(!of_qa["spec"].to_string().contains("qa-db"));
    insta::assert_snapshot!("variables_diff", dev.plugin(["diff", "from-dev", &live_qa]).run());
    insta::assert_snapshot!("variables_list", dev.plugin(["variables", "list"]).run());
}

#[test]
fn without_a_name_or_in_a_dry_run_nothing_is_stored() {
    let dev = shop::running("dev", &fixture(DEV));
    let printed = dev.plugin(["capture"]).succeeds();
    assert_eq!(printed.stderr, "");
    assert_eq!(printed.json()["metadata"].get("name"), None);
    let yaml = dev.plugin(["capture", "-o", "yaml"]).succeeds().stdout;
    dev.plugin(["diff", "-", "live"]).stdin(yaml).exits(0);
    insta::assert_snapshot!("dry_run", dev.plugin(["capture", "rel-41", "--dry-run=client"]).run());
    insta::assert_snapshot!("list_of_nothing", dev.plugin(["list"]).run());
    let requests = dev.requests();
    let writes =
        |request: &&Request| request.user_agent.starts_with("kubectl-snapshot") && request.writes();
    assert_eq!(requests.iter().find(writes), None);
}

#[test]
fn config_maps_can_be_narrowed_to_those_that_workloads_name() {
    let dev = shop::running("dev", &fixture(DEV));
    dev.kubectl(["create", "configmap", "unnamed", "--from-literal=a=b"]).succeeds();
    let names = |configs: &str| -> Vec<String> {
        let document = dev.plugin(["capture", configs]).succeeds().json();
        let objects = document["spec"]["objects"].as_object().unwrap().values();
        let config_maps = objects.filter(|object| object["kind"] == "ConfigMap");
        let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
        let mut names: Vec<_> = config_maps.map(name).collect();
        names.sort();
        names
    };
    assert_eq!(names("--configs=used"), ["cart-config", "flags", "web-settings"]);
    assert_eq!(names("--configs=all"), ["cart-config", "flags", "unnamed", "web-settings"]);
}

#[test]
fn both_stores_hold_the_same_document() {
    let dev = shop::running("dev", &fixture(DEV));
    let folder = Folder::new(Cluster::shared());
    let folder = folder.path().to_str().unwrap();
    dev.plugin(["capture", "rel-41", "-m", "why"]).succeeds();
    dev.plugin(["capture", "rel-41", "-m", "why", "--store", folder]).succeeds();

    let without_time = |mut document: Value| {
        let metadata = document["metadata"].as_object_mut().unwrap();
        metadata.remove("created").unwrap();
        // The API server knows who the user is; a directory knows of nobody.
        metadata.remove("author");
        document.to_string()
    };
    let get = ["get", "rel-41", "-o", "json"];
    let in_cluster = without_time(dev.plugin(get).succeeds().json());
    let nowhere = |arguments: [&str; 4]| {
        let plugin = Cluster::shared().plugin(arguments.into_iter().chain(["--store", folder]));
        plugin.env("KUBECONFIG", "/nowhere")
    };
    let in_folder = without_time(nowhere(get).succeeds().json());
    assert_eq!(in_cluster, in_folder);
    assert_eq!(nowhere(["list", "-o", "name", "-v"]).succeeds().stdout, "rel-41\n");
    let file = format!("{folder}/snapshots/rel-41.json");
    dev.plugin(["diff", &file, "rel-41"]).exits(0);
}

#[test]
fn a_name_is_taken_until_it_is_deleted() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let capture = ["capture", "rel-41", "--from", "-"];
    let from = |manifests| dev.plugin(capture).stdin(fixture(manifests));
    from(DEV).succeeds();
    insta::assert_snapshot!("taken", from(PROD).exits(5));
    let forced = dev.plugin(capture.into_iter().chain(["--force"]));
    forced.stdin(fixture(PROD)).succeeds();
    dev.plugin(["diff", "rel-41", "-"]).stdin(fixture(PROD)).exits(0);

    insta::assert_snapshot!("tag", dev.plugin(["tag", "rel-41", "released"]).run());
    dev.plugin(["tag", "rel-41", "released"]).exits(0); // says nothing new
    let other = dev.plugin(["tag", "-", "released"]).stdin(fixture(DEV));
    other.exits(5);
    insta::assert_snapshot!("delete", dev.plugin(["delete", "rel-41"]).run());
    dev.plugin(["diff", "released", "-"]).stdin(fixture(PROD)).exits(0);
    insta::assert_snapshot!("delete_again", dev.plugin(["delete", "rel-41", "released"]).exits(1));
    assert_eq!(dev.plugin(["list", "-o", "name"]).succeeds().stdout, "released\n");
}

fn digest(document: &Value) -> &str {
    document["metadata"]["digest"].as_str().unwrap()
}
