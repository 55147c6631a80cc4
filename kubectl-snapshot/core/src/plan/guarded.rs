//! Patches that change nothing but the object that a plan was made from.

use serde_json::{Map, Value};

use super::Existing;
use crate::{manifest::Kind, tree::Operation};

/// The patch, headed by a test that nobody else changed the object meanwhile.
///
/// `generation` counts changes of the spec alone; an object without one is
/// guarded by its `resourceVersion`, which no status moves there.
pub(super) fn guarded(kind: Kind, changes: Vec<Operation>, facts: &Existing) -> Vec<Operation> {
    let (path, value) = match facts.generation {
        Some(generation) => ("/metadata/generation", generation.into()),
        None => ("/metadata/resourceVersion", facts.resource_version.clone().into()),
    };
    let test = Operation::Test { path: path.to_owned(), value };
    headed(kind, test, changes, [facts.has_labels, facts.has_annotations])
}

/// The patch, headed by a test; an object that has no labels or annotations gets room for them.
pub(super) fn headed(
    kind: Kind,
    test: Operation,
    changes: Vec<Operation>,
    [has_labels, has_annotations]: [bool; 2],
) -> Vec<Operation> {
    let account = kind.template_path().map(|path| format!("{path}/spec/serviceAccountName"));
    let mut operations = vec![test];
    for (has, marks) in [(has_labels, "labels"), (has_annotations, "annotations")] {
        let path = format!("/metadata/{marks}");
        if !has && changes.iter().any(|change| change.path().starts_with(&path)) {
            operations.push(Operation::Add { path, value: Value::Object(Map::new()) });
        }
    }
    for operation in changes {
        // The server keeps a deprecated twin of this field, which would bring the value back.
        if let Operation::Remove { path } = &operation
            && account.as_deref() == Some(path)
        {
            operations.push(Operation::Remove {
                path: path.replace("serviceAccountName", "serviceAccount"),
            });
        }
        operations.push(operation);
    }
    operations
}
