//! Ten thousand services.

use std::fs;

use end_to_end::{Cluster, Folder, NEWER, Namespace, large_shop, test};

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
    folder.write("rel-41.yaml", large_shop(&[]));
    folder.write("rel-42.yaml", large_shop(&NEWER));
    assert!(fs::metadata(folder.path().join("rel-41.yaml")).unwrap().len() > 5_000_000);
}
