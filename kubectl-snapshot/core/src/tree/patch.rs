//! The smallest JSON Patch (RFC 6902) that turns one tree into another.

use serde::Serialize;
use serde_json::Value;

use super::{compare::changes_order, keys};

/// One operation of a JSON Patch.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// Refuses the whole patch unless the value is there.
    Test {
        /// JSON pointer.
        path: String,
        /// The value expected.
        value: Value,
    },
    /// Puts a value in, over an existing member or before an existing element.
    Add {
        /// JSON pointer.
        path: String,
        /// The value.
        value: Value,
    },
    /// Changes a value that is there.
    Replace {
        /// JSON pointer.
        path: String,
        /// The value.
        value: Value,
    },
    /// Takes a value out.
    Remove {
        /// JSON pointer.
        path: String,
    },
}

impl Operation {
    /// True if it changes something, and does not test alone.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Test { .. })
    }

    /// The JSON pointer of the place it is about.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Test { path, .. }
            | Self::Add { path, .. }
            | Self::Replace { path, .. }
            | Self::Remove { path } => path,
        }
    }
}

/// The operations that make `live` into `wanted`, in the order to apply them.
///
/// Both are cleaned trees. The server's object has more members than `live`
/// but the same elements in every list, so positions hold there too; a member
/// that only the server has is a default, which `add` may overwrite.
#[must_use]
pub fn operations(live: &Value, wanted: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    walk("", "", live, wanted, &mut operations);
    operations
}

fn walk(path: &str, name: &str, live: &Value, wanted: &Value, out: &mut Vec<Operation>) {
    if live == wanted {
        return;
    }
    match (live, wanted) {
        (Value::Object(have), Value::Object(want)) => {
            for (name, value) in have {
                let path = format!("{path}/{}", escape(name));
                match want.get(name) {
                    Some(wanted) => walk(&path, name, value, wanted, out),
                    None => out.push(Operation::Remove { path }),
                }
            }
            for (name, value) in want.iter().filter(|(name, _)| !have.contains_key(*name)) {
                out.push(Operation::Add {
                    path: format!("{path}/{}", escape(name)),
                    value: value.clone(),
                });
            }
        }
        (Value::Array(have), Value::Array(want)) => walk_list(path, name, have, want, out),
        _ => out.push(replace(path, wanted)),
    }
}

fn walk_list(path: &str, name: &str, have: &[Value], want: &[Value], out: &mut Vec<Operation>) {
    let (Some(have_keys), Some(want_keys)) = (keys::keys(name, have), keys::keys(name, want))
    else {
        return out.push(replace(path, &Value::Array(want.to_vec())));
    };
    let reordered = changes_order(&have_keys, &want_keys);
    if reordered && keys::is_ordered(name) {
        return out.push(replace(path, &Value::Array(want.to_vec())));
    }
    for (index, (key, element)) in have_keys.iter().zip(have).enumerate() {
        if let Some(position) = want_keys.iter().position(|other| other == key) {
            walk(&format!("{path}/{index}"), "", element, &want[position], out);
        }
    }
    // From the end, so that the positions before stay true.
    for (index, _) in have_keys.iter().enumerate().rev().filter(|(_, key)| !want_keys.contains(key))
    {
        out.push(Operation::Remove { path: format!("{path}/{index}") });
    }
    for (index, (key, element)) in want_keys.iter().zip(want).enumerate() {
        if !have_keys.contains(key) {
            // What is left stands in the wanted order, unless the order does not matter.
            let place = if reordered { "-".to_owned() } else { index.to_string() };
            out.push(Operation::Add { path: format!("{path}/{place}"), value: element.clone() });
        }
    }
}

fn replace(path: &str, value: &Value) -> Operation {
    Operation::Replace { path: path.to_owned(), value: value.clone() }
}

fn escape(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// Applies a patch as strictly as a server does, or says why the server would refuse it.
#[cfg(test)]
pub(crate) fn apply(tree: &mut Value, operations: &[Operation]) -> Result<(), String> {
    let patch =
        serde_json::to_value(operations).and_then(serde_json::from_value::<json_patch::Patch>);
    let patch = patch.map_err(|error| format!("{operations:?} is no JSON Patch: {error}"))?;
    json_patch::patch(tree, &patch)
        .map_err(|error| format!("{operations:?} cannot be applied to {tree}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{super::changed, *};
    use proptest::prelude::*;
    use serde_json::json;

    fn container() -> impl Strategy<Value = Value> {
        ("[a-d]", proptest::option::of("[xy]"), proptest::collection::vec("[1-3]", 0..3)).prop_map(|(name, image, args)| {
            json!({"name": name, "image": image, "args": args, "a/b~c": name})
        })
    }

    fn pod() -> impl Strategy<Value = Value> {
        let list = || proptest::collection::vec(container(), 0..4);
        (list(), list(), proptest::collection::btree_map("[a-c]", "[a-c]", 0..3)).prop_map(|(containers, init, labels)| {
            let unique = |list: Vec<Value>| {
                let mut seen = std::collections::BTreeSet::new();
                list.into_iter().filter(|c| seen.insert(c["name"].to_string())).collect::<Vec<_>>()
            };
            json!({"volumes": unique(containers), "initContainers": unique(init), "labels": labels})
        })
    }

    /// Lists whose order does not matter, in one order.
    fn sorted(mut pod: Value) -> Value {
        pod["volumes"].as_array_mut().unwrap().sort_by_key(|c| c["name"].to_string());
        pod
    }

    proptest! {
        /// The library that stands for the server takes and refuses the same.
        #[test]
        fn a_patch_is_made_as_a_server_makes_it(live in pod(), wanted in pod(), other in pod()) {
            let operations = operations(&live, &wanted);
            for tree in [live, other] {
                let mut made = tree.clone();
                let is_made = apply(&mut made, &operations).is_ok();
                prop_assert_eq!(changed(&tree, &operations), is_made.then_some(made));
            }
        }

        #[test]
        fn the_operations_lead_from_one_to_the_other(live in pod(), wanted in pod()) {
            let mut tree = live.clone();
            prop_assert_eq!(apply(&mut tree, &operations(&live, &wanted)), Ok(()));
            prop_assert_eq!(sorted(tree), sorted(wanted));
        }
    }

    #[test]
    fn a_new_image_is_one_operation() {
        let live =
            json!({"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}]});
        let wanted =
            json!({"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:2"}]});
        assert_eq!(operations(&live, &wanted), [replace("/containers/1/image", &json!("y:2"))]);
    }
}
