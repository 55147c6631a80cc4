//! Field by field: what one tree has and the other has not.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::keys;

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// Path of the field: `spec.template.spec.containers[tax].args`.
    pub path: String,
    /// Value on the first side; absent where the field is not there.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub before: Option<Value>,
    /// Value on the second side.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub after: Option<Value>,
}

/// A value that is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Comparison of lists whose elements have no key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyless {
    /// One value.
    Whole,
    /// Element by element, where both sides have as many: each with the one in its place.
    ByPlace,
}

/// Every field that differs, in the order of the paths.
#[must_use]
pub fn compare(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk("", "", before, after, (Keyless::Whole, &mut changes));
    changes
}

/// Every field that differs, of objects whose lists are lists of rules: what stands in one place
/// on both sides is the same rule.
#[must_use]
pub fn compare_by_place(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    walk("", "", before, after, (Keyless::ByPlace, &mut changes));
    changes
}

type Found<'a> = (Keyless, &'a mut Vec<FieldChange>);

fn walk(path: &str, name: &str, before: &Value, after: &Value, (keyless, changes): Found<'_>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
            let mut names: Vec<&String> = names.collect();
            names.sort();
            for name in names {
                let path = member(path, name);
                step(&path, name, left.get(name), right.get(name), (keyless, changes));
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            let (Some(left_keys), Some(right_keys)) =
                (keys::keys(name, left), keys::keys(name, right))
            else {
                if keyless == Keyless::ByPlace && left.len() == right.len() {
                    for (place, (one, other)) in left.iter().zip(right).enumerate() {
                        walk(&format!("{path}[{place}]"), "", one, other, (keyless, changes));
                    }
                    return;
                }
                return changes.push(changed(path, Some(before), Some(after)));
            };
            let position =
                |keys: &[String], key: &String| keys.iter().position(|other| other == key);
            for (key, element) in left_keys.iter().zip(left) {
                let other = position(&right_keys, key).and_then(|index| right.get(index));
                step(&format!("{path}[{key}]"), "", Some(element), other, (keyless, changes));
            }
            for (key, element) in
                right_keys.iter().zip(right).filter(|(key, _)| !left_keys.contains(key))
            {
                step(&format!("{path}[{key}]"), "", None, Some(element), (keyless, changes));
            }
            if keys::is_ordered(name) && changes_order(&left_keys, &right_keys) {
                changes.push(FieldChange {
                    path: format!("{path} (order)"),
                    before: Some(left_keys.into()),
                    after: Some(right_keys.into()),
                });
            }
        }
        _ => changes.push(changed(path, Some(before), Some(after))),
    }
}

fn step(
    path: &str,
    name: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    (keyless, changes): Found<'_>,
) {
    match (before, after) {
        (Some(before), Some(after)) => walk(path, name, before, after, (keyless, changes)),
        (before, after) => changes.push(changed(path, before, after)),
    }
}

/// True if the elements that both lists have stand in another order.
pub(super) fn changes_order(left: &[String], right: &[String]) -> bool {
    let common_left = left.iter().filter(|key| right.contains(key));
    let common_right = right.iter().filter(|key| left.contains(key));
    !common_left.eq(common_right)
}

/// Path of a member: `spec.replicas`, `metadata.annotations[a.b/c]`.
pub(crate) fn member(path: &str, name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    match (path.is_empty(), plain) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{path}.{name}"),
        (_, false) => format!("{path}[{name}]"),
    }
}

fn changed(path: &str, before: Option<&Value>, after: Option<&Value>) -> FieldChange {
    FieldChange { path: path.to_owned(), before: before.cloned(), after: after.cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        compare(before, after).into_iter().map(|change| change.path).collect()
    }

    #[test]
    fn lists_are_compared_by_name_and_not_by_place() {
        let before = json!({"containers": [{"name": "a", "args": ["1"]}, {"name": "b"}]});
        let after =
            json!({"containers": [{"name": "a", "args": ["2"]}, {"name": "c"}, {"name": "b"}]});
        assert_eq!(paths(&before, &after), ["containers[a].args", "containers[c]"]);
        let before = json!({"volumes": [{"name": "a"}, {"name": "b"}]});
        let after = json!({"volumes": [{"name": "b"}, {"name": "a"}]});
        assert!(paths(&before, &after).is_empty());
    }

    #[test]
    fn the_order_in_which_things_start_is_a_difference() {
        for list in ["containers", "initContainers", "env", "imagePullSecrets"] {
            let before = json!({list: [{"name": "a"}, {"name": "b"}]});
            let after = json!({list: [{"name": "b"}, {"name": "a"}]});
            assert_eq!(paths(&before, &after), [format!("{list} (order)")]);
        }
    }

    #[test]
    fn a_name_with_dots_is_bracketed() {
        let before = json!({"metadata": {"annotations": {"a.b/c": "1"}}});
        assert_eq!(paths(&before, &json!({"metadata": {}})), ["metadata.annotations"]);
        let after = json!({"metadata": {"annotations": {"a.b/c": "2"}}});
        assert_eq!(paths(&before, &after), ["metadata.annotations[a.b/c]"]);
    }

    #[test]
    fn duplicate_keys_make_the_list_one_value() {
        let before = json!({"ports": [{"port": 1}, {"port": 1}]});
        let after = json!({"ports": [{"port": 1}]});
        assert_eq!(paths(&before, &after), ["ports"]);
    }
}
