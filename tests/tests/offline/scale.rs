//! Ten thousand services in a directory.

use std::fs;

use end_to_end::{NEWER, TestEnvironment, large_shop, test};

#[test]
fn ten_thousand_services_in_a_directory() {
    let environment = TestEnvironment::new();
    write_both(&environment);
    let run = |words: &str| {
        let words = words.split(' ').chain(["--store", "snapshots"]);
        environment.plugin(words).run()
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

#[track_caller]
fn assert_three_images(summary: &str) {
    let summary: serde_json::Value = serde_json::from_str(summary).expect("a summary is JSON");
    for (name, count) in summary.as_object().expect("a summary has members") {
        let expected = if name == "images" { NEWER.len() } else { 0 };
        assert_eq!(count, expected, "{name} of {summary}");
    }
}

fn write_both(environment: &TestEnvironment) {
    environment.write("rel-41.yaml", large_shop(&[]));
    environment.write("rel-42.yaml", large_shop(&NEWER));
    assert!(fs::metadata(environment.path().join("rel-41.yaml")).unwrap().len() > 5_000_000);
}
