//! `init` itself: what it makes, says and leaves alone.

use end_to_end::{Cluster, Namespace, test};

use super::{Shop, passes, record, refusal};

#[test]
fn it_makes_what_is_missing_and_leaves_alone_what_is_right() {
    let shop = Shop { place: Namespace::new(Cluster::shared(), "qa") };
    let versions = || {
        let list = "get roles -o jsonpath={.items[*].metadata.resourceVersion}";
        shop.kubectl("admin", list).stdout
    };
    insta::assert_snapshot!("init", shop.place.plugin(["init"]).succeeds());
    let before = versions();
    insta::assert_snapshot!("init_again", shop.place.plugin(["init"]).succeeds());
    assert_eq!(versions(), before);
    passes(&shop.kubectl("admin", r#"patch role snapshot-reader --type=merge -p {"rules":[]}"#));
    passes(&shop.kubectl("admin", "annotate role snapshot-promoter team=a"));
    passes(&shop.kubectl("admin", &format!("label namespace {} team=a", shop.store())));
    let mended = shop.place.plugin(["init"]).succeeds().stdout;
    let configured: Vec<_> = mended.lines().filter(|line| !line.ends_with(" unchanged")).collect();
    assert_eq!(configured, ["role.rbac.authorization.k8s.io/snapshot-reader configured"]);
    let namespace = shop.kubectl("admin", &format!("get namespace {} -o json", shop.store()));
    assert_eq!(namespace.json()["metadata"]["labels"]["team"], "a");
}

#[test]
fn the_guard_is_in_force_when_it_ends() {
    let shop = Shop { place: Namespace::new(Cluster::shared(), "qa") };
    insta::assert_snapshot!("init_guard", shop.place.plugin(["init", "--guard"]).succeeds());
    refusal(&shop.create("admin", &record("prod", "000001", "somebody")));
    insta::assert_snapshot!("init_guard_again", shop.place.plugin(["init", "--guard"]).succeeds());
    // The API server has nothing against its expressions.
    let name = format!("kubectl-snapshot-guard.{}", shop.store());
    let checked = end_to_end::wait_for("the check of types", || {
        let get = format!("get validatingadmissionpolicy {name} -o json");
        let status = shop.kubectl("admin", &get).json()["status"]["typeChecking"].clone();
        (!status.is_null()).then_some(status)
    });
    assert_eq!(checked, serde_json::json!({}));
    // Without the flag, an installed guard stays.
    shop.place.plugin(["init"]).succeeds();
    refusal(&shop.create("admin", &record("prod", "000001", "somebody")));
}

#[test]
fn what_it_prints_is_what_it_makes() {
    let shop = Shop { place: Namespace::new(Cluster::shared(), "qa") };
    let print = |format: &str| {
        let line = ["init", "--guard", "--dry-run=client", "-o", format];
        shop.place.plugin(line).env("KUBECONFIG", "/nowhere").succeeds().stdout
    };
    let default = ["init", "--guard", "--dry-run=client"];
    assert_eq!(shop.place.plugin(default).succeeds().stdout, print("yaml"));
    insta::assert_snapshot!("manifests", shop.place.cluster().redaction().apply(&print("yaml")));
    let apply = |text: String| {
        shop.place.cluster().kubectl(["apply", "-f", "-"]).stdin(text).succeeds().stdout
    };
    assert!(apply(print("yaml")).lines().all(|line| line.ends_with(" created")));
    assert!(apply(print("json")).lines().all(|line| line.ends_with(" unchanged")));
    let made = shop.place.plugin(["init", "--guard"]).succeeds().stdout;
    assert!(made.lines().all(|line| line.ends_with(" unchanged")), "{made}");
    assert!(apply(print("yaml")).lines().all(|line| line.ends_with(" unchanged")));
    // In the namespace that the environment names.
    let named = Cluster::shared().plugin(["init", "--dry-run=client", "-o", "json"]);
    let named = named.env("KUBECTL_SNAPSHOT_STORE", "vault").succeeds().json();
    assert_eq!(named["items"][0]["metadata"]["name"], "vault");
    assert_eq!(named["items"][1]["metadata"]["namespace"], "vault");
}

#[test]
fn who_may_not_make_it_can_hand_it_on() {
    let shop = Shop { place: Namespace::new(Cluster::shared(), "qa") };
    insta::assert_snapshot!("init_refused", shop.place.plugin(["init"]).as_user("developer").run());
    shop.place.kubectl(["get", "namespace", shop.store()]).exits(1);
}
