//! The shop of the story, as the fixtures have it.

use end_to_end::{Cluster, Namespace, fixture, test};
pub(crate) use end_to_end::{DEV, PROD, SECRET};

/// Runs manifests and the shop's Secret in a new namespace.
pub(crate) fn running(hint: &str, manifests: &str) -> Namespace {
    let place = Namespace::new(Cluster::shared(), hint);
    fill(&place, manifests);
    place
}

/// Runs manifests and the shop's Secret in a namespace.
pub(crate) fn fill(place: &Namespace, manifests: &str) {
    place.apply(&fixture("shop/secret.yaml"));
    place.apply(manifests);
    place.wait_rollouts();
}

#[test]
fn the_shop_runs_in_dev_and_in_prod() {
    const COLUMNS: &str = "custom-columns=KIND:.kind,NAME:.metadata.name,\
                           IMAGES:.spec.template.spec.containers[*].image";
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    fill(&dev, &fixture(DEV));
    fill(&prod, &fixture(PROD));
    let workloads = ["get", "deployments,statefulsets,daemonsets", "-o", COLUMNS];
    insta::assert_snapshot!("dev", dev.kubectl(workloads).succeeds());
    insta::assert_snapshot!("prod", prod.kubectl(workloads).succeeds());
}
