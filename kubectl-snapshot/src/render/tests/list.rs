//! The list of snapshots.

use snapshot_core::digest::Digest;

use super::{assert_text, at, machine, printed};
use crate::render::{SnapshotList, SnapshotRow, Style};

fn item(name: &str, age: &str, source: Option<&str>, message: Option<&str>) -> SnapshotRow {
    SnapshotRow {
        name: Some(name.into()),
        digest: Digest::of(name.as_bytes()),
        created: Some("2026-11-20T09:30:00Z".into()),
        age: Some(age.into()),
        parts: Vec::new(),
        services: 12,
        instances: 14,
        flags: 3,
        author: Some("dev@shop.example".into()),
        source: source.map(str::to_owned),
        message: message.map(str::to_owned),
    }
}

fn list() -> SnapshotList {
    let items = vec![
        item("rel-43", "3m", Some("live:kind-dev/shop"), Some("the tax call, behind its flag")),
        item("rel-42", "2d4h", Some("live:kind-dev/shop"), None),
        item("nightly-2026-11-19", "3d", None, Some("weekly\nrun")),
    ];
    SnapshotList { items }
}

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &list()),
        "
NAME                DIGEST               AGE   SERVICES  FLAGS  SOURCE
rel-43              sha256:2e8731f97bb2  3m    12        3      live:kin…ev/shop
rel-42              sha256:6810e88ae9cf  2d4h  12        3      live:kin…ev/shop
nightly-2026-11-19  sha256:abc87e3ffa82  3d    12        3      <none>
",
    );
}

#[test]
fn at_200_columns() {
    assert_text(
        &at(200, &list()),
        r"
NAME                DIGEST               AGE   SERVICES  FLAGS  SOURCE              MESSAGE
rel-43              sha256:2e8731f97bb2  3m    12        3      live:kind-dev/shop  the tax call, behind its flag
rel-42              sha256:6810e88ae9cf  2d4h  12        3      live:kind-dev/shop
nightly-2026-11-19  sha256:abc87e3ffa82  3d    12        3      <none>              weekly\nrun
",
    );
}

#[test]
fn wide() {
    assert_text(
        &printed(&list(), "wide", Style { width: Some(200), ..Style::default() }),
        r"
NAME                DIGEST               AGE   SERVICES  INSTANCES  FLAGS  AUTHOR            CREATED               SOURCE              MESSAGE
rel-43              sha256:2e8731f97bb2  3m    12        14         3      dev@shop.example  2026-11-20T09:30:00Z  live:kind-dev/shop  the tax call, behind its flag
rel-42              sha256:6810e88ae9cf  2d4h  12        14         3      dev@shop.example  2026-11-20T09:30:00Z  live:kind-dev/shop
nightly-2026-11-19  sha256:abc87e3ffa82  3d    12        14         3      dev@shop.example  2026-11-20T09:30:00Z  <none>              weekly\nrun
",
    );
}

#[test]
fn long_names_keep_the_columns_straight() {
    let items = vec![
        item(&"n".repeat(63), "3m", Some(&"s".repeat(63)), Some(&"m".repeat(63))),
        item("rel-42", "2d4h", Some("live:kind-dev/shop"), None),
    ];
    assert_text(
        &at(80, &SnapshotList { items }),
        "
NAME                                  DIGEST               AGE   SERVICES  FLAGS
nnnnnnnnnnnnnnnnnn…nnnnnnnnnnnnnnnnn  sha256:73dcf9964172  3m    12        3
rel-42                                sha256:6810e88ae9cf  2d4h  12        3
",
    );
}

#[test]
fn an_empty_list_says_so() {
    assert_text(&at(80, &SnapshotList::default()), "No snapshots found.\n");
    assert_text(&machine("name", &SnapshotList::default()), "");
}

#[test]
fn names_are_refs() {
    assert_text(&machine("name", &list()), "rel-43\nrel-42\nnightly-2026-11-19\n");
}

#[test]
fn json_is_a_list_as_kubectl_has_them() {
    let mut list = list();
    list.items.truncate(1);
    assert_text(
        &machine("json", &list),
        r#"
{
    "apiVersion": "kubectl-snapshot.dev/v1alpha1",
    "kind": "SnapshotList",
    "items": [
        {
            "apiVersion": "kubectl-snapshot.dev/v1alpha1",
            "kind": "SnapshotSummary",
            "metadata": {
                "name": "rel-43",
                "created": "2026-11-20T09:30:00Z",
                "author": "dev@shop.example",
                "source": "live:kind-dev/shop",
                "message": "the tax call, behind its flag"
            },
            "digest": "sha256:2e8731f97bb26466b8b9c6799cedeba9bba35b3d81887306c08570bfc03238b0",
            "services": 12,
            "instances": 14,
            "flags": 3
        }
    ]
}
"#,
    );
    assert_text(
        &machine("yaml", &list),
        r#"
apiVersion: kubectl-snapshot.dev/v1alpha1
kind: SnapshotList
items:
- apiVersion: kubectl-snapshot.dev/v1alpha1
  kind: SnapshotSummary
  metadata:
    name: rel-43
    created: "2026-11-20T09:30:00Z"
    author: dev@shop.example
    source: live:kind-dev/shop
    message: the tax call, behind its flag
  digest: sha256:2e8731f97bb26466b8b9c6799cedeba9bba35b3d81887306c08570bfc03238b0
  services: 12
  instances: 14
  flags: 3
"#,
    );
    assert_text(
        &machine(
            "jsonpath={range .items[*]}{.metadata.name}{\"\\t\"}{.flags}{\"\\n\"}{end}",
            &list,
        ),
        "rel-43\t3\n",
    );
}
