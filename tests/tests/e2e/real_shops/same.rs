//! A release does not differ from the namespace where it was created, whatever
//! the API server added to it.

use end_to_end::{Cluster, Namespace, Release, test};

use super::published::{create_without_pods, plugin};

#[test]
fn otel_demo() {
    check(&[
        "otel-demo/1.12.0/opentelemetry-demo.yaml",
        "otel-demo/2.0.0/opentelemetry-demo.yaml",
        "otel-demo/2.1.3/opentelemetry-demo.yaml",
        "otel-demo/2.2.0/opentelemetry-demo.yaml",
    ]);
}

#[test]
fn online_boutique() {
    check(&[
        "online-boutique/v0.8.0",
        "online-boutique/v0.9.0",
        "online-boutique/v0.10.0",
        "online-boutique/v0.10.6",
    ]);
}

#[test]
fn sock_shop() {
    check(&["sock-shop/2018", "sock-shop/head"]);
}

#[test]
fn train_ticket() {
    check(&[
        "train-ticket/fault-inject",
        "train-ticket/head-k8s-with-istio",
        "train-ticket/head-k8s-with-jaeger",
        "train-ticket/head-quickstart",
    ]);
}

#[track_caller]
fn check(releases: &[&str]) {
    for path in releases {
        let release = Release::at(path);
        // Some of them have routes.
        let shop = Namespace::new(Cluster::with_routes(), "shop");
        create_without_pods(&release, &shop);
        let live = format!("live:{}", shop.name());
        let diff = plugin(&shop, ["diff", release.path(), &live, "-o", "json"]).run();
        let json = diff.json();
        let summary = json["summary"].as_object().expect("a diff has a summary");
        let same = summary.values().all(|count| count == 0);
        assert!(same && diff.exit == 0, "{path}:\n{}", diff.transcript());
    }
}
