//! Invariants of every document.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{arbitrary, from_value, read, summarise, test_support::shop, to_value, write};
use crate::{canonical, digest::Digest, document::DocumentError, snapshot::Snapshot};

fn written(snapshot: &Snapshot) -> String {
    let mut text = Vec::new();
    write(snapshot, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn tree(snapshot: &Snapshot) -> Value {
    serde_json::from_str(&written(snapshot)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(snapshot in arbitrary::snapshot()) {
        let back = read(written(&snapshot)).unwrap();
        prop_assert_eq!(back.spec.digest(), snapshot.spec.digest());
        prop_assert_eq!(back, snapshot);
    }

    #[test]
    fn the_text_is_canonical(snapshot in arbitrary::snapshot()) {
        prop_assert_eq!(canonical::text(&tree(&snapshot)), written(&snapshot));
    }

    #[test]
    fn layout_does_not_matter(snapshot in arbitrary::snapshot()) {
        let pretty = serde_json::to_string_pretty(&tree(&snapshot)).unwrap();
        prop_assert_eq!(read(pretty).unwrap(), snapshot);
    }

    #[test]
    fn a_tree_is_a_document(snapshot in arbitrary::snapshot()) {
        prop_assert_eq!(to_value(&snapshot), tree(&snapshot));
        prop_assert_eq!(from_value(&to_value(&snapshot)).unwrap(), snapshot);
    }

    #[test]
    fn a_summary_counts_what_is_there(snapshot in arbitrary::snapshot()) {
        let summary = summarise(written(&snapshot)).unwrap();
        prop_assert_eq!(summary.digest, Some(snapshot.spec.digest()));
        prop_assert_eq!(summary.services, snapshot.spec.services.len());
        prop_assert_eq!(summary.instances, snapshot.spec.instance_count());
        prop_assert_eq!(summary.flags, snapshot.spec.flags.len());
        prop_assert_eq!(summary.metadata, snapshot.metadata);
    }

    #[test]
    fn no_document_survives_being_cut(snapshot in arbitrary::snapshot(), at in any::<prop::sample::Index>()) {
        let text = written(&snapshot);
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(read(cut).is_err());
    }
}

#[test]
fn members_of_a_newer_minor_version_are_kept_and_counted_into_the_digest() {
    let mut document = tree(&shop(1));
    document["spec"]["policies"] = json!({"pinned": true});
    document["spec"]["services"]["service-00000"]["service-00000"]["mesh"] = json!("istio");
    document["metadata"].as_object_mut().unwrap().remove("digest");
    document["metadata"]["ticket"] = json!("SHOP-17");
    let snapshot = from_value(&document).unwrap();
    assert_eq!(snapshot.spec.extra["policies"], json!({"pinned": true}));
    let spec: Value = tree(&snapshot)["spec"].clone();
    assert_eq!(spec, document["spec"]);
    assert_eq!(tree(&snapshot)["metadata"]["ticket"], "SHOP-17");
    assert_eq!(snapshot.spec.digest(), Digest::of(canonical::text(&spec).as_bytes()));
}

#[test]
fn a_changed_set_is_noticed() {
    let text = written(&shop(2))
        .replace("\"kind\":\"Deployment\",\"manifest\"", "\"kind\":\"DaemonSet\",\"manifest\"");
    let error = read(text).unwrap_err();
    assert!(matches!(error, DocumentError::Changed { .. }), "{error}");
    assert!(error.to_string().contains("metadata.digest is sha256:"), "{error}");
}

#[test]
fn a_changed_object_is_named() {
    let snapshot = shop(1);
    let text = written(&snapshot).replace("retries: 3", "retries: 9");
    let Err(DocumentError::ObjectChanged { key, .. }) = read(text) else {
        panic!("the change was not noticed")
    };
    assert!(snapshot.spec.objects[&key].text().contains("retries"));
}

#[test]
fn an_object_that_is_not_there_is_named_with_its_user() {
    let mut snapshot = shop(1);
    let manifest = snapshot.spec.services["service-00000"]["service-00000"].manifest;
    snapshot.spec.objects.remove(&manifest);
    let error = read(written(&snapshot)).unwrap_err().to_string();
    assert!(
        error.contains(&format!("lacks {manifest}, the manifest of service-00000/service-00000")),
        "{error}"
    );

    let mut snapshot = shop(1);
    let instance =
        snapshot.spec.services.get_mut("service-00000").unwrap().get_mut("service-00000").unwrap();
    instance.configs.insert("shop-config".to_owned(), arbitrary::no_digest());
    let error = read(written(&snapshot)).unwrap_err().to_string();
    assert!(error.contains("the ConfigMap shop-config of service-00000/service-00000"), "{error}");
}

#[test]
fn an_object_is_an_object() {
    let mut document = tree(&shop(0));
    document["metadata"] = json!({});
    document["spec"]["objects"] = json!({Digest::of(b"3").to_string(): 3});
    assert_eq!(from_value(&document), Err(DocumentError::NotAnObject(Digest::of(b"3"))));
}

#[test]
fn a_cut_says_where() {
    let pretty = serde_json::to_string_pretty(&tree(&shop(1))).unwrap();
    let lines: Vec<&str> = pretty.lines().take(7).collect();
    let error = read(lines.join("\n")).unwrap_err();
    assert!(matches!(error, DocumentError::CutShort { line: 7, .. }), "{error:?}");
    assert!(error.to_string().contains("cut short: it ends at line 7"), "{error}");
    assert_eq!(read(""), Err(DocumentError::Empty));
    assert_eq!(read(" \n"), Err(DocumentError::Empty));
}

#[test]
fn a_wrong_shape_says_what_and_where() {
    let shape = |text: &str| read(text).unwrap_err().to_string();
    let head = r#""apiVersion":"kubectl-snapshot.dev/v1alpha1","kind":"Snapshot""#;
    assert!(shape(&format!("{{{head}}}")).contains("missing field `spec`"));
    let error = shape(&format!("{{{head},\n\"spec\":{{\"objects\":{{\"sha256:1\":{{}}}}}}}}"));
    assert!(error.contains("\"sha256:1\" is not a digest") && error.contains("line 2"), "{error}");
    assert!(matches!(read("apiVersion: v1"), Err(DocumentError::NotJson(_))));
    assert!(matches!(read([0xff, 0xfe]), Err(DocumentError::NotJson(_))));
    let error = from_value(&serde_json::from_str(&format!("{{{head},\"spec\":[]}}")).unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("expected an object with services") && !error.contains("line"),
        "{error}"
    );
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let snapshot = shop(1);
    assert_eq!(read(format!("\u{feff}{}", written(&snapshot))).unwrap(), snapshot);
}

#[test]
fn ten_thousand_services_come_back() {
    let snapshot = shop(10_000);
    let text = written(&snapshot);
    assert!(text.len() > 25_000_000, "{} bytes", text.len());
    assert_eq!(read(text).unwrap(), snapshot);
}
