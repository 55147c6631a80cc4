//! Ten thousand services.

use std::fmt::Write;
use std::fs;

use end_to_end::{Cluster, Folder, Namespace};

const SERVICES: usize = 10_000;
/// The services that the second snapshot has newer.
const NEWER: [usize; 3] = [17, 4_711, 9_998];

#[test]
fn ten_thousand_services_in_a_directory() {
    let folder = Folder::new(Cluster::shared());
    write_both(&folder);
    let run = |words: &str| {
        let words = words.split(' ').chain(["--store", "snapshots"]);
        Cluster::shared().plugin(words).current_dir(folder.path()).run()
    };
    for name in ["rel-41", "rel-42"] {
        let captured = run(&format!("capture {name} --from {name}.yaml"));
        let says = "captured: 10000 services, 0 flags";
        assert!(captured.stdout.contains(says), "{}", captured.transcript());
    }
    let one = run(
        "get rel-42 -o jsonpath={.spec.services.service-9998.service-9998.containers.main.tag}",
    );
    assert_eq!(one.stdout, "1.1.0", "{}", one.transcript());
    let diff = run("diff rel-41 rel-42 -o jsonpath={.summary}");
    assert_three_images(&diff.stdout);
    assert_eq!(diff.exit, 1);
}

#[test]
fn ten_thousand_services_in_config_maps_share_what_is_the_same() {
    let folder = Folder::new(Cluster::shared());
    write_both(&folder);
    let dev = Namespace::new(Cluster::shared(), "dev");
    let run = |words: &str| dev.plugin(words.split(' ')).current_dir(folder.path());
    let chunks = || {
        let list = ["get", "configmaps", "-n", dev.store(), "-o", "name"];
        let names = dev.cluster().kubectl(list).succeeds().stdout;
        names.lines().filter(|name| name.contains("/chunk.")).count()
    };
    run("capture rel-41 --from rel-41.yaml").succeeds();
    let first = chunks();
    run("capture rel-42 --from rel-42.yaml").succeeds();
    let both = chunks();
    assert!(first > 10, "{first} chunks");
    // A change is in the list of services and in its workload's manifest.
    assert!(both - first <= 2 * NEWER.len(), "{first} chunks, then {both}");
    let diff = run("diff rel-41 rel-42 -o jsonpath={.summary}").exits(1);
    assert_three_images(&diff.stdout);
}

#[track_caller]
fn assert_three_images(summary: &str) {
    let summary: serde_json::Value = serde_json::from_str(summary).expect("a summary is JSON");
    for (name, count) in summary.as_object().expect("a summary has members") {
        let expected = if name == "images" { NEWER.len() } else { 0 };
        assert_eq!(count, expected, "{name} of {summary}");
    }
}

fn write_both(folder: &Folder) {
    folder.write("rel-41.yaml", manifests(&[]));
    folder.write("rel-42.yaml", manifests(&NEWER));
    assert!(fs::metadata(folder.path().join("rel-41.yaml")).unwrap().len() > 5_000_000);
}

/// A Deployment and a Service for each, in the words of an ordinary chart.
fn manifests(newer: &[usize]) -> String {
    let mut text = String::new();
    for number in 0..SERVICES {
        let version = if newer.contains(&number) { "1.1.0" } else { "1.0.0" };
        write!(
            text,
            "\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number}
  labels: {{app.kubernetes.io/name: service-{number}, app.kubernetes.io/part-of: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: service-{number}}}}}
  template:
    metadata: {{labels: {{app.kubernetes.io/name: service-{number}}}}}
    spec:
      containers:
      - name: main
        image: registry.example/shop/service-{number}:{version}
        ports: [{{containerPort: 8080}}]
        env: [{{name: PEER, value: 'http://service-{peer}'}}]
        resources: {{requests: {{cpu: 100m, memory: 64Mi}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: service-{number}}}
spec:
  selector: {{app.kubernetes.io/name: service-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
",
            peer = (number * 7 + 1) % SERVICES,
        )
        .expect("memory takes any text");
    }
    text
}
