//! Rights to write what is to run.

use end_to_end::{Cluster, Namespace, Rule, test};

use super::{READ, READ_STORE, tax};

const LEASE: Rule<'static> = Rule {
    group: "coordination.k8s.io",
    resources: &["leases"],
    verbs: &["get", "create", "update", "patch", "delete"],
};
const CONFIG: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rates}\ndata: {vat: '19'}\n";

/// A namespace where the developer may do this, beside reading.
fn dev(rules: &[Rule<'static>]) -> Namespace {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.apply(&format!("{}---\n{CONFIG}", tax("1.3.9")));
    dev.wait_rollouts();
    dev.allow("developer", &[&READ[..], rules].concat());
    dev.allow_in_store("developer", &READ_STORE);
    dev
}

fn image(dev: &Namespace) -> String {
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    dev.kubectl(["get", "deployment", "tax", "-o", image]).succeeds().stdout
}

#[test]
fn a_deployment_that_may_not_be_written_stops_it() {
    let dev = dev(&[LEASE]);
    let apply = dev.plugin(["apply", "-", "--yes"]).as_user("developer");
    let next = format!("{}---\n{CONFIG}", tax("1.4.0"));
    insta::assert_snapshot!(apply.stdin(next).run(), @r#"
    $ kubectl snapshot --context developer apply - --yes
    exit: 1
    -- stdout --
    - (sha256:[1]) → developer/[dev]
    1 object to change

    WRITES
    ~ change Deployment tax
        image  1.3.9 → 1.4.0

    OWNERS
    kubectl apply: Deployment tax
        the next one of the old manifests takes back what is changed and removed, and leaves what is added
        to keep the set, bring this into the manifests:
          Deployment/tax containers[tax].image: registry.example/shop/tax:1.4.0

    ALLOWED  - (sha256:[1]) may run together, while it replaces live:[dev] (sha256:[2])

    flag-compatibility  allow
    -- stderr --
    error: the right to patch deployments.apps in developer/[dev] is missing; nothing was written
    hint: kubectl snapshot doctor -n [dev] shows what each command takes there
    "#);
    assert_eq!(image(&dev), "registry.example/shop/tax:1.3.9");
}

#[test]
fn half_of_a_set_is_not_written_where_the_right_to_the_rest_is_missing() {
    let config = Rule { group: "", resources: &["configmaps"], verbs: &["patch"] };
    let dev = dev(&[LEASE, config]);
    let next = format!("{}---\n{}", tax("1.4.0"), CONFIG.replace("19", "21"));
    for wait in ["--wait", "--wait=false"] {
        let apply = dev.plugin(["apply", "-", "--yes", wait]).as_user("developer");
        let output = apply.stdin(next.clone()).exits(1);
        let told = "the right to patch deployments.apps in ";
        assert!(output.stderr.contains(told), "{}", output.transcript());
        assert_eq!(image(&dev), "registry.example/shop/tax:1.3.9");
        let vat = ["get", "configmap", "rates", "-o", "jsonpath={.data.vat}"];
        assert_eq!(dev.kubectl(vat).succeeds().stdout, "19");
    }
}

#[test]
fn without_a_lease_there_is_a_warning() {
    let deployments = Rule { group: "apps", resources: &["deployments"], verbs: &["patch"] };
    let dev = dev(&[deployments]);
    let apply = dev.plugin(["apply", "-", "--yes"]).as_user("developer");
    let next = format!("{}---\n{CONFIG}", tax("1.4.0"));
    let output = apply.stdin(next).succeeds();
    insta::assert_snapshot!(cluster_words(&output.stderr, &dev), @r#"
    Warning: nothing keeps others from applying at the same time: Error from server (Forbidden): leases.coordination.k8s.io "kubectl-snapshot" is forbidden: User "developer" cannot get resource "leases" in API group "coordination.k8s.io" in the namespace "[dev]"; ask for a role with the verb get on leases.coordination.k8s.io in namespace [dev]
    Warning: what is in [dev] now is not kept, and if this run is killed nothing takes it back: Error from server (Forbidden): configmaps is forbidden: User "developer" cannot create resource "configmaps" in API group "" in the namespace "[dev]"; ask for a role with the verb create on configmaps in namespace [dev]
    waiting for 1 rollout
    "#);
    assert_eq!(image(&dev), "registry.example/shop/tax:1.4.0");
}

fn cluster_words(text: &str, dev: &Namespace) -> String {
    dev.cluster().redaction().apply(text)
}
