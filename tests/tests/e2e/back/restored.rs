//! Whatever goes wrong, everything that was written is as it was.

use end_to_end::{Cluster, Fault, FaultyApiServer, Folder, Namespace, Running, test};
use serde_json::json;

use super::{BROKEN, image, objects, running, service, services, wait_for_tag};

const ALL: [(&str, &str); 3] = [("cart", "1.0.0"), ("tax", "1.0.0"), ("web", "1.0.0")];

#[test]
fn a_rollout_that_fails_takes_everything_back() {
    let prod = running("prod", &services(&ALL));
    let before = objects(&prod);
    let next = services(&[("cart", "2.0.0"), ("tax", BROKEN), ("web", "1.0.0"), ("new", "1.0.0")]);
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(next.clone()).exits(6);
    insta::assert_snapshot!("failed_rollout", output);
    assert_eq!(objects(&prod), before);
    prod.wait_rollouts();
    let json = ["apply", "-", "--yes", "-o", "json"];
    let report = prod.plugin(json).stdin(next).exits(6).json();
    assert_eq!(report["outcome"], "rolledBack");
    assert_eq!(report["wayBack"]["verification"]["state"], "same");
    assert_eq!(report["wayBack"]["restored"].as_array().map(Vec::len), Some(6), "{report}");
    assert_eq!(objects(&prod), before);
}

/// Has a quota of Deployments in a namespace, and waits until it counts the three that are there.
fn limit_deployments(place: &Namespace, most: u8) {
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"},
        "spec": {"hard": {"count/deployments.apps": most.to_string()}},
    });
    place.apply(&quota.to_string());
    end_to_end::wait_for("the quota", || {
        let used = "jsonpath={.status.used}";
        let used = place.kubectl(["get", "resourcequota", "few", "-o", used]).succeeds().stdout;
        used.contains('3').then_some(())
    });
}

#[test]
fn a_write_that_is_refused_half_way_takes_the_others_back() {
    let prod = running("prod", &services(&ALL));
    limit_deployments(&prod, 4);
    let before = objects(&prod);
    // There is room for either of two, and not for both.
    let next = services(&[("cart", "2.0.0"), ("new", "1.0.0"), ("more", "1.0.0")]);
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(next).exits(6);
    assert!(output.stdout.contains("exceeded quota"), "{}", output.transcript());
    assert_eq!(objects(&prod), before);
}

#[test]
fn what_would_be_refused_is_told_before_the_first_write() {
    let prod = running("prod", &services(&ALL));
    limit_deployments(&prod, 3);
    let before = objects(&prod);
    let next = services(&[("cart", "2.0.0"), ("new", "1.0.0")]);
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(next.clone()).exits(1);
    insta::assert_snapshot!("not_taken", output);
    assert_eq!(objects(&prod), before);
    // Whoever does not wait is not asked to wait for an answer either.
    let output = prod.plugin(["apply", "-", "--yes", "--wait=false"]).stdin(next).exits(6);
    assert!(output.stdout.contains("exceeded quota"), "{}", output.transcript());
    assert_eq!(objects(&prod), before);
}

#[test]
fn what_does_not_end_in_time_goes_back() {
    let prod = running("prod", &services(&ALL));
    let before = objects(&prod);
    let slow = service("cart", "2.0.0").replace(
        "spec:\n  replicas",
        "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  replicas",
    );
    let apply = ["apply", "-", "--yes", "--timeout", "3s", "-o", "json"];
    let report = prod.plugin(apply).stdin(slow).exits(6).json();
    assert_eq!(report["rollouts"][0]["state"], "timedOut");
    assert_eq!(objects(&prod), before);
}

#[test]
fn who_is_stopped_goes_back_first() {
    let stopped = |end: fn(&Running)| {
        let prod = running("prod", &services(&ALL));
        let before = objects(&prod);
        let folder = Folder::new(Cluster::shared());
        let slow = services(&[("cart", "2.0.0"), ("tax", BROKEN)]).replace(
            "spec:\n  replicas",
            "spec:\n  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  replicas",
        );
        folder.write("next.yaml", slow.replace(BROKEN, "2.0.0"));
        let apply =
            prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path()).start();
        wait_for_tag(&prod, "tax", "2.0.0");
        end(&apply);
        let output = apply.finish();
        assert_eq!(output.exit, 6, "{}", output.transcript());
        assert_eq!(objects(&prod), before);
        output
    };
    let output = stopped(Running::interrupt);
    assert!(output.stdout.contains("ROLLED BACK"), "{}", output.transcript());
    stopped(Running::terminate);
}

#[test]
fn a_conflict_after_some_writes_takes_those_back() {
    let prod = running("prod", &services(&ALL));
    let name = prod.name().to_owned();
    // Somebody is faster with the Deployment, once the ConfigMap is written.
    let mut has_patched = false;
    let server = FaultyApiServer::new(Cluster::shared(), move |request| {
        if request.writes_by("PATCH") && !has_patched {
            has_patched = true;
        } else if request.writes_by("PATCH") && request.target.contains("/deployments/cart") {
            let theirs = "cart=registry.example/shop/cart:1.9.0";
            let set = ["set", "image", "deployment/cart", theirs, "--namespace", &name];
            Cluster::shared().kubectl(set).succeeds();
        }
        None
    });
    let apply = ["apply", "-", "--yes", "-o", "json"];
    let next = service("cart", "2.0.0");
    let output = prod.plugin(apply).stdin(next).through(&server).exits(5);
    let report = output.json();
    assert_eq!(report["wayBack"]["restored"][0]["name"], "cart-rates");
    let rates = "jsonpath={.data.version}";
    let rates = prod.kubectl(["get", "configmap", "cart-rates", "-o", rates]).succeeds().stdout;
    assert_eq!(rates, "1.0.0");
    assert!(image(&prod, "cart").ends_with("1.9.0"), "{}", output.transcript());
    // All that it had written is back: nothing is left to be undone.
    let names = prod.kubectl(["get", "configmaps", "-o", "name"]).succeeds().stdout;
    assert!(!names.contains("journal"), "{names}");
    prod.plugin(["apply", "--undo", "--yes"]).exits(1);
}

#[test]
fn what_fails_in_one_namespace_goes_back_in_all() {
    let shop = running("shop", &service("cart", "1.0.0"));
    let payments = shop.beside("payments");
    payments.apply(&service("tax", "1.0.0"));
    payments.wait_rollouts();
    let before = [objects(&shop), objects(&payments)];
    let (next, broken) = (shop.beside("next"), shop.beside("broken"));
    next.apply(&service("cart", "2.0.0"));
    broken.apply(&service("tax", BROKEN));
    let live = format!("live:{},{}", next.name(), broken.name());
    let at = format!("{}={},{}={}", next.name(), shop.name(), broken.name(), payments.name());
    let apply = ["apply", &live, "--at", &at, "--yes", "-o", "json"];
    let places = ["--store-namespace", shop.store()];
    let report = shop.cluster().plugin(apply.into_iter().chain(places)).exits(6).json();
    assert_eq!(report["outcome"], "rolledBack");
    assert_eq!([objects(&shop), objects(&payments)], before);
}

#[test]
fn whoever_says_so_leaves_what_was_written() {
    let prod = running("prod", &services(&ALL));
    let next = services(&[("cart", "2.0.0"), ("tax", BROKEN)]);
    let leave = ["apply", "-", "--yes", "--no-rollback"];
    prod.plugin(leave).stdin(next.clone()).exits(1);
    assert!(image(&prod, "cart").ends_with("2.0.0") && image(&prod, "tax").ends_with(BROKEN));
    // The others are gone on with where one is refused, and there is no room for a journal.
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"},
        "spec": {"hard": {"count/configmaps": "5"}},
    });
    prod.apply(&quota.to_string());
    end_to_end::wait_for("the quota", || {
        let used = "jsonpath={.status.used}";
        let used = prod.kubectl(["get", "resourcequota", "few", "-o", used]).succeeds().stdout;
        used.contains('5').then_some(())
    });
    let keep = ["apply", "-", "--yes", "--keep-going", "-o", "json"];
    let next = services(&[("cart", "3.0.0"), ("new", "1.0.0")]);
    let output = prod.plugin(keep).stdin(next).exits(1);
    assert!(output.stderr.contains("is not kept, and if this run is killed"), "{}", output.stderr);
    let report = output.json();
    assert!(image(&prod, "cart").ends_with("3.0.0"), "{report}");
    assert!(image(&prod, "new").ends_with("1.0.0"), "{report}");
    assert_eq!(report["failed"].as_array().map(Vec::len), Some(1), "{report}");
    assert!(report.get("wayBack").is_none(), "{report}");
    prod.plugin(["apply", "-", "--yes", "--keep-going", "--no-rollback"]).exits(2);
}

#[test]
fn an_answer_that_was_lost_is_looked_for_on_the_way_back() {
    let prod = running("prod", &services(&ALL));
    let before = objects(&prod);
    // The write is made, and nobody hears of it; then the rollout fails.
    let server = FaultyApiServer::once_each(Cluster::shared(), Fault::Lost, |request| {
        request.writes_by("PATCH") || request.writes_by("DELETE")
    });
    let next = services(&[("cart", "2.0.0"), ("tax", BROKEN), ("new", "1.0.0")]);
    let apply = ["apply", "-", "--yes", "-o", "json"];
    let output = prod.plugin(apply).stdin(next).through(&server).exits(6);
    assert_eq!(objects(&prod), before, "{}", output.transcript());
}

#[test]
fn a_pod_that_keeps_a_stateful_set_from_going_back_is_deleted() {
    let set = |version: &str| {
        json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"},
            "spec": {
                "serviceName": "db", "replicas": 2,
                "selector": {"matchLabels": {"app": "db"}},
                "template": {
                    "metadata": {"labels": {"app": "db"}},
                    "spec": {"containers": [{
                        "name": "db", "image": format!("registry.example/shop/db:{version}"),
                    }]},
                },
            },
        })
        .to_string()
    };
    let prod = running("prod", &set("1.0.0"));
    let before = objects(&prod);
    let output = prod.plugin(["apply", "-", "--yes"]).stdin(set(BROKEN)).exits(6);
    let told = "pod db-1 is deleted: it would never have been ready";
    assert!(output.stderr.contains(told), "{}", output.transcript());
    assert_eq!(objects(&prod), before);
    let images = "jsonpath={.items[*].spec.containers[0].image}";
    let images = prod.kubectl(["get", "pods", "-l", "app=db", "-o", images]).succeeds().stdout;
    assert!(images.split(' ').all(|image| image.ends_with(":1.0.0")), "{images}");
}
