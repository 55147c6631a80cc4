//! The shop of the story, as the fixtures have it.

use end_to_end::{Cluster, Namespace, fixture};

#[test]
fn the_shop_runs_in_dev_and_in_prod() {
    const COLUMNS: &str = "custom-columns=KIND:.kind,NAME:.metadata.name,\
                           IMAGES:.spec.template.spec.containers[*].image";
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    for (stage, manifests) in [(&dev, "shop/dev.yaml"), (&prod, "shop/prod.yaml")] {
        stage.apply(&fixture("shop/secret.yaml"));
        stage.apply(&fixture(manifests));
        stage.wait_rollouts();
    }
    let workloads = ["get", "deployments,statefulsets,daemonsets", "-o", COLUMNS];
    insta::assert_snapshot!("dev", dev.kubectl(workloads).succeeds());
    insta::assert_snapshot!("prod", prod.kubectl(workloads).succeeds());
}

#[test]
fn the_secret_is_in_a_file_of_its_own() {
    const SECRET: &str = "must-never-appear-4711";
    assert!(fixture("shop/secret.yaml").contains(SECRET));
    for manifests in ["shop/dev.yaml", "shop/prod.yaml"] {
        assert!(!fixture(manifests).contains(SECRET));
    }
}
