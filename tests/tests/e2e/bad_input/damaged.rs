//! Stores with something missing or changed.

use end_to_end::{Cluster, Namespace, Output, TAX, test};
use serde_json::json;

/// The name of the only chunk in the store.
fn chunk(dev: &Namespace) -> String {
    let query = ["get", "configmaps", "-n", dev.store(), "-o", "name"];
    let names = dev.cluster().kubectl(query).succeeds().stdout;
    let chunk =
        names.lines().find(|name| name.contains("/chunk")).unwrap_or_else(|| panic!("{names}"));
    chunk.to_owned()
}

fn in_store(dev: &Namespace, words: &str) -> Output {
    dev.cluster().kubectl(words.split(' ').chain(["-n", dev.store()])).succeeds()
}

#[test]
fn a_chunk_that_is_missing_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.plugin(["capture", "rel-41", "--from", "-"]).stdin(TAX).succeeds();
    in_store(&dev, &format!("delete {}", chunk(&dev)));
    insta::assert_snapshot!(dev.plugin(["get", "rel-41", "-o", "json"]).run(), @r"
    $ kubectl snapshot get rel-41 -o json
    exit: 1
    -- stderr --
    error: snapshot rel-41 cannot be loaded: ConfigMap chunk.sha256:[1] in namespace [store] is missing
    hint: capture the snapshot again, or restore ConfigMap chunk.sha256:[1] in namespace [store] from a backup
    ");
    // The list needs no chunks, and capturing again mends it.
    dev.plugin(["list"]).succeeds();
    dev.plugin(["capture", "rel-41", "--from", "-", "--force"]).stdin(TAX).succeeds();
    dev.plugin(["get", "rel-41", "-o", "json"]).succeeds();
}

#[test]
fn a_chunk_with_other_bytes_is_named() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    dev.plugin(["capture", "rel-41", "--from", "-"]).stdin(TAX).succeeds();
    let chunk = chunk(&dev);
    let mut object = in_store(&dev, &format!("get {chunk} -o json")).json();
    // It is immutable, so only somebody who deletes it can change it.
    in_store(&dev, &format!("delete {chunk}"));
    for bytes in object["binaryData"].as_object_mut().unwrap().values_mut() {
        *bytes = json!("KLUv/QQAWQAAdGhpcyBpcyBub3QgaXQ=");
    }
    let create = ["create", "-n", dev.store(), "-f", "-"];
    dev.cluster().kubectl(create).stdin(object.to_string()).succeeds();
    insta::assert_snapshot!(dev.plugin(["get", "rel-41", "-o", "json"]).run(), @r"
    $ kubectl snapshot get rel-41 -o json
    exit: 1
    -- stderr --
    error: snapshot rel-41 cannot be loaded: ConfigMap chunk.sha256:[1] in namespace [store] cannot be decompressed to 488 bytes: Restored data doesn't match checksum
    hint: capture the snapshot again, or restore ConfigMap chunk.sha256:[1] in namespace [store] from a backup
    ");
    insta::assert_snapshot!(dev.plugin(["diff", "rel-41", "live"]).run(), @r"
    $ kubectl snapshot diff rel-41 live
    exit: 2
    -- stderr --
    error: snapshot rel-41 cannot be loaded: ConfigMap chunk.sha256:[1] in namespace [store] cannot be decompressed to 488 bytes: Restored data doesn't match checksum
    hint: capture the snapshot again, or restore ConfigMap chunk.sha256:[1] in namespace [store] from a backup
    ");
}
