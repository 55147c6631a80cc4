//! Invariants of every document.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{arbitrary, from_value, read, summarise, test_support::shop, to_value, write};
use crate::{
    canonical,
    digest::Digest,
    document::DocumentError,
    parts::{Document, Parts, Several},
    snapshot::{Metadata, Snapshot},
};

fn written(snapshot: &Snapshot) -> String {
    text_of(&snapshot.clone().into())
}

fn text_of(document: &Document) -> String {
    let mut text = Vec::new();
    write(document, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn tree(snapshot: &Snapshot) -> Value {
    tree_of(&snapshot.clone().into())
}

fn tree_of(document: &Document) -> Value {
    serde_json::from_str(&text_of(document)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(document in arbitrary::document()) {
        let back = read(text_of(&document)).unwrap();
        prop_assert_eq!(back.digest(), document.digest());
        prop_assert_eq!(back, document);
    }

    #[test]
    fn the_text_is_canonical(document in arbitrary::document()) {
        prop_assert_eq!(canonical::text(&tree_of(&document)), text_of(&document));
    }

    #[test]
    fn layout_does_not_matter(document in arbitrary::document()) {
        let pretty = serde_json::to_string_pretty(&tree_of(&document)).unwrap();
        prop_assert_eq!(read(pretty).unwrap(), document);
    }

    #[test]
    fn a_tree_is_a_document(document in arbitrary::document()) {
        prop_assert_eq!(to_value(&document), tree_of(&document));
        prop_assert_eq!(from_value(&to_value(&document)).unwrap(), document);
    }

    #[test]
    fn a_summary_counts_what_is_there(document in arbitrary::document()) {
        let summary = summarise(text_of(&document)).unwrap();
        prop_assert_eq!(summary.digest, Some(document.digest()));
        prop_assert_eq!(summary.services, document.service_count());
        prop_assert_eq!(summary.instances, document.instance_count());
        prop_assert_eq!(summary.flags, document.flag_count());
        prop_assert_eq!(&summary.metadata, document.metadata());
        prop_assert_eq!(summary.parts, document.part_names());
    }

    #[test]
    fn no_document_survives_being_cut(document in arbitrary::document(), at in any::<prop::sample::Index>()) {
        let text = text_of(&document);
        let cut = &text.as_bytes()[..at.index(text.len())];
        prop_assert!(read(cut).is_err());
    }

    #[test]
    fn a_part_has_the_digest_of_its_set(document in arbitrary::document()) {
        let Document::Several(several) = &document else { return Ok(()) };
        let tree = tree_of(&document);
        for (name, part) in several.parts.iter() {
            let alone = tree_of(&Document::One(part.clone()));
            prop_assert_eq!(&tree["metadata"]["parts"][name.as_ref()]["digest"], &alone["metadata"]["digest"]);
            prop_assert_eq!(&tree["spec"]["parts"][name.as_ref()], &alone["spec"]);
            prop_assert_eq!(&document.clone().into_part(name).unwrap().spec, &part.spec);
        }
    }
}

/// The shop and its payments.
fn two_parts() -> Document {
    let parts = [("payments", shop(1)), ("shop", shop(2))];
    let parts = parts.map(|(name, part)| (name.parse().unwrap(), part)).into();
    let parts = Parts::new(parts).unwrap();
    Document::Several(Several { metadata: Metadata::default(), parts, extra: BTreeMap::new() })
}

#[test]
fn who_knows_no_parts_refuses_them() {
    let tree = tree_of(&two_parts());
    assert_eq!(tree["apiVersion"], "kubectl-snapshot.dev/v2alpha1");
    assert_eq!(tree_of(&shop(1).into())["apiVersion"], "kubectl-snapshot.dev/v1alpha1");
}

#[test]
fn a_changed_part_is_named() {
    let mut tree = tree_of(&two_parts());
    tree["metadata"].as_object_mut().unwrap().remove("digest");
    let service = &mut tree["spec"]["parts"]["shop"]["services"]["service-00001"]["service-00001"];
    service["kind"] = json!("DaemonSet");
    let error = from_value(&tree).unwrap_err();
    assert!(
        matches!(&error, DocumentError::PartChanged { part, .. } if part.as_ref() == "shop"),
        "{error}"
    );
}

#[test]
fn a_set_in_parts_has_two_at_least_and_metadata_of_no_other() {
    let shape = |change: &dyn Fn(&mut Value)| {
        let mut tree = tree_of(&two_parts());
        tree["metadata"].as_object_mut().unwrap().remove("digest");
        change(&mut tree);
        from_value(&tree).unwrap_err().to_string()
    };
    let one = shape(&|tree| {
        for member in ["metadata", "spec"] {
            tree[member]["parts"].as_object_mut().unwrap().remove("shop");
        }
    });
    assert!(one.contains("has two parts at least"), "{one}");
    let other = shape(&|tree| tree["metadata"]["parts"]["platform"] = json!({}));
    assert!(other.contains("metadata.parts has platform, and spec.parts has not"), "{other}");
    let name = shape(&|tree| tree["spec"]["parts"]["Shop_1"] = json!({}));
    assert!(name.contains("cannot be the name of a namespace"), "{name}");
    let none = shape(&|tree| tree["spec"] = json!({"services": {}}));
    assert!(none.contains("has two parts at least"), "{none}");
}

#[test]
fn who_takes_one_set_says_which_parts_there_are() {
    assert_eq!(
        two_parts().into_one().unwrap_err().to_string(),
        "it is a set of several namespaces, with the parts payments and shop"
    );
    let missing = "platform".parse().unwrap();
    assert_eq!(
        two_parts().into_part(&missing).unwrap_err().to_string(),
        "it has no part platform; its parts are payments and shop"
    );
    assert_eq!(
        Document::One(shop(1)).into_part(&missing).unwrap_err().to_string(),
        "it has no part platform; it is the set of one namespace"
    );
}

#[test]
fn members_of_a_newer_minor_version_are_kept_and_counted_into_the_digest() {
    let mut document = tree(&shop(1));
    document["spec"]["policies"] = json!({"pinned": true});
    document["spec"]["services"]["service-00000"]["service-00000"]["mesh"] = json!("istio");
    document["metadata"].as_object_mut().unwrap().remove("digest");
    document["metadata"]["ticket"] = json!("SHOP-17");
    let snapshot = from_value(&document).unwrap().into_one().unwrap();
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
    assert_eq!(read(format!("\u{feff}{}", written(&snapshot))).unwrap(), snapshot.into());
}

#[test]
fn ten_thousand_services_come_back() {
    let snapshot = shop(10_000);
    let text = written(&snapshot);
    assert!(text.len() > 25_000_000, "{} bytes", text.len());
    assert_eq!(read(text).unwrap(), snapshot.into());
}
