//! Helm 4, which applies on the server, and the way of Helm 3.

use end_to_end::{Cluster, Helm, Namespace, test};

use super::{environment, image, managers, next, owners};
use crate::scaler::while_scaled;

const OLD: &str = "registry.example/shop/tax:1.3.9";
const NEW: &str = "registry.example/shop/tax:1.4.1";

/// Two places with a release of the same chart; what `dev` has newer is captured as `rel-1`.
fn places(more: &str) -> [Namespace; 2] {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    Helm::at(&dev).run(&format!("install shop CHART --wait {more}")).succeeds();
    Helm::at(&prod).run("install shop CHART --wait").succeeds();
    dev.plugin(["capture", "rel-1"]).succeeds();
    [dev, prod]
}

#[test]
fn helm_upgrades_and_rolls_back_after_an_apply() {
    let [_dev, prod] = places("--set tax.tag=1.4.1 --set currency=USD");
    let helm = Helm::at(&prod);
    let notes = owners(&prod, "rel-1");
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!(note["owner"], "Helm release shop");
    assert_eq!(note["objects"].as_array().map(Vec::len), Some(2));
    assert!(next(note).contains("meets no conflict"), "{note}");

    let apply = || {
        prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
        assert_eq!(image(&prod, "tax"), NEW);
        assert!(!managers(&prod, "deployment/tax").contains(&"kubectl-snapshot".to_owned()));
        prod.plugin(["diff", "rel-1"]).exits(0);
    };
    for (upgrade, runs) in [
        ("upgrade shop CHART", OLD),
        ("upgrade shop CHART --set cart.tag=2.2.0", OLD),
        ("upgrade shop CHART --set tax.tag=1.4.1 --set currency=USD", NEW),
        ("upgrade shop CHART --set tax.tag=1.5.0", "registry.example/shop/tax:1.5.0"),
        ("rollback shop 1", OLD),
    ] {
        apply();
        helm.run(upgrade).succeeds();
        assert_eq!(image(&prod, "tax"), runs, "{upgrade}");
    }
}

/// The way back is in the name of whoever applies the object.
#[test]
fn helm_goes_on_after_an_apply_that_went_back() {
    let [dev, prod] = places("--set tax.tag=1.4.1 --set currency=USD");
    dev.kubectl(["set", "image", "deployment/tax", "*=registry.example/shop/broken:1.5.0"])
        .succeeds();
    dev.plugin(["capture", "rel-2"]).succeeds();
    let helm = Helm::at(&prod);
    for back in ["upgrade shop CHART --set tax.tag=1.4.0", "rollback shop 1"] {
        let before = image(&prod, "tax");
        prod.plugin(["apply", "rel-2", "--yes", "--timeout", "20s"]).exits(6);
        assert_eq!(image(&prod, "tax"), before);
        assert!(!managers(&prod, "deployment/tax").contains(&"kubectl-snapshot".to_owned()));
        assert!(!managers(&prod, "configmap/shop").contains(&"kubectl-snapshot".to_owned()));
        helm.run(back).succeeds();
    }
}

#[test]
fn a_variable_that_becomes_a_reference_does_not_lock_helm_out() {
    let [dev, prod] = places("--set tax.tag=1.4.1");
    let reference = r#"[{"op":"replace","path":"/spec/template/spec/containers/0/env/1","value":{"name":"LOG_LEVEL","valueFrom":{"configMapKeyRef":{"name":"shop","key":"currency"}}}}]"#;
    dev.kubectl(["patch", "deployment/tax", "--type=json", "-p", reference]).succeeds();
    dev.kubectl(["set", "env", "deployment/tax", "NEW=1"]).succeeds();
    dev.wait_rollouts();
    dev.plugin(["capture", "rel-2"]).succeeds();
    let helm = Helm::at(&prod);
    let literal = environment(&prod, "tax");
    for back in ["upgrade shop CHART", "rollback shop 1"] {
        prod.plugin(["apply", "rel-2", "--yes"]).exits(0);
        assert_eq!(environment(&prod, "tax")[1]["valueFrom"]["configMapKeyRef"]["key"], "currency");
        helm.run(back).succeeds();
        assert_eq!(environment(&prod, "tax"), literal, "{back}");
    }
}

#[test]
fn what_is_created_belongs_to_no_release_and_the_plan_says_so() {
    let [_dev, prod] = places("--set search.enabled=true");
    let plan = ["apply", "rel-1", "--dry-run=client", "-o", "json"];
    let plan = prod.plugin(plan).exits(0).json();
    let note = "no Helm release here has Deployment search: the helm upgrade of release shop that brings it needs --take-ownership, and --force-conflicts where its values differ";
    assert!(plan["notes"].as_array().unwrap().iter().any(|one| one == note), "{plan}");
    prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
    let labels = ["get", "deployment", "search", "-o", "jsonpath={.metadata.labels}"];
    let labels = prod.kubectl(labels).succeeds().stdout;
    assert!(!labels.contains("managed-by") && !labels.contains("helm.sh"), "{labels}");
    let upgrade = "upgrade shop CHART --set search.enabled=true";
    let helm = Helm::at(&prod);
    helm.run(upgrade).exits(1);
    helm.run(&format!("{upgrade} --take-ownership --force-conflicts")).succeeds();
}

#[test]
fn who_applies_on_his_own_side_takes_back_what_changed() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    Helm::at(&dev).run("install shop CHART --wait --set tax.tag=1.4.1").succeeds();
    let helm = Helm::at(&prod);
    helm.run("install shop CHART --wait --server-side=false").succeeds();
    dev.plugin(["capture", "rel-1"]).succeeds();
    let notes = owners(&prod, "rel-1");
    assert!(next(&notes[0]).contains("takes back in silence"), "{notes:?}");
    prod.plugin(["apply", "rel-1", "--yes"]).exits(0);
    assert_eq!(image(&prod, "tax"), NEW);
    helm.run("upgrade shop CHART").succeeds();
    assert_eq!(image(&prod, "tax"), OLD);
}

/// An autoscaler writes all the time; nothing of the plan's is touched by that.
#[test]
fn a_scaler_is_no_conflict() {
    let [_dev, prod] = places("--set tax.tag=1.4.1 --set currency=USD");
    let scaled = while_scaled(&prod, &["deployment/tax", "deployment/cart"], || {
        for _ in 0..5 {
            prod.plugin(["apply", "rel-1", "--yes", "--wait=false"]).exits(0);
            assert_eq!(image(&prod, "tax"), NEW);
            Helm::at(&prod).run("upgrade shop CHART --force-conflicts").succeeds();
            assert_eq!(image(&prod, "tax"), OLD);
        }
    });
    assert!(scaled > 5, "{scaled}");
}
