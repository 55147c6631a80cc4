//! Artifacts in registries that are no policy, and registries that know no Wasm.

use end_to_end::{Registry, test};
use serde_json::{Value, json};

use super::{Desk, transcript};

const WASM_CONFIG: &str = "application/vnd.wasm.config.v0+json";

/// A registry with a policy, and the manifest of it.
fn pushed() -> (Desk, Value) {
    let desk = Desk::new(Registry::new());
    let pinned = desk.push("here:tax:1.4");
    let manifest = serde_json::from_str(&desk.stored(&pinned)).unwrap();
    (desk, manifest)
}

#[test]
fn an_image_is_not_a_policy() {
    let (desk, policy) = pushed();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut manifest = policy.clone();
        change(&mut manifest);
        manifest
    };
    let layer = &policy["layers"][0];
    for (tag, manifest) in [
        (
            "image",
            with(&|m| {
                m["layers"][0]["mediaType"] = json!("application/vnd.oci.image.layer.v1.tar+gzip");
            }),
        ),
        (
            "chart",
            with(&|m| {
                m["layers"][0]["mediaType"] =
                    json!("application/vnd.cncf.helm.chart.content.v1.png");
            }),
        ),
        ("two", with(&|m| m["layers"] = json!([layer, layer]))),
        // A terminal would obey this.
        ("escape", with(&|m| m["layers"][0]["mediaType"] = json!("text/\u{1b}[2Jplain"))),
        (
            "signature",
            with(&|m| m["annotations"]["dev.kubectl-snapshot.signature"] = json!("YWRh")),
        ),
    ] {
        desk.registry.put_manifest("policies/tax", tag, &manifest.to_string());
        let pull = desk.run(&format!("policy pull here:tax:{tag} -f pulled.wasm"));
        insta::assert_snapshot!(format!("foreign_{tag}"), transcript(&pull.run()));
        assert!(!desk.folder.path().join("pulled.wasm").exists());
    }
}

#[test]
fn a_registry_that_takes_images_only_gets_one() {
    let desk = Desk::new(Registry::refusing_config(WASM_CONFIG));
    let push = desk.run("policy push ./tax.wasm here:tax:1.4");
    insta::assert_snapshot!("as_image", transcript(&push.run()));
    desk.run("policy pull here:tax:1.4 -f pulled.wasm").succeeds();
    assert_eq!(desk.read("pulled.wasm"), desk.read("tax.wasm"));
}

#[test]
fn a_registry_need_not_say_where_a_blob_is() {
    let desk = Desk::new(Registry::without_location());
    desk.run("policy push ./tax.wasm here:tax:1.4").succeeds();
    desk.run("policy pull here:tax:1.4 -f pulled.wasm").succeeds();
    assert_eq!(desk.read("pulled.wasm"), desk.read("tax.wasm"));
}

#[test]
fn a_registry_that_takes_nothing_is_quoted_and_not_obeyed() {
    let desk = Desk::new(Registry::refusing_config("application/"));
    let push = desk.run("policy push ./tax.wasm here:tax:1.4");
    insta::assert_snapshot!("takes_nothing", transcript(&push.run()));
}

#[test]
fn what_is_not_there_is_said() {
    let (desk, _) = pushed();
    for (name, reference) in [("no_tag", "here:tax:1.5"), ("no_repository", "here:cart:1.4")] {
        let pull = desk.run(&format!("policy pull {reference} -f pulled.wasm"));
        insta::assert_snapshot!(name, transcript(&pull.run()));
    }
}
