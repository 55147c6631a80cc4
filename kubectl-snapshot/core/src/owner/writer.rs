//! Writer of a field: who is noted for it in the managed fields of its object, and since when.

use serde::Serialize;
use serde_json::Value;

use super::fields::Fields;
use crate::tree;

/// Writer of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Writer {
    /// The field manager.
    pub manager: String,
    /// Time of its last change of the fields that it is noted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A step of a path such as `spec.template.spec.containers[tax].image`.
enum Step<'a> {
    Member(&'a str),
    /// A member whose name is no word, or an element of a list by its key.
    Key(&'a str),
}

/// The writer of a field of an object: of several, the last. None of a field that is not there, or
/// that nobody is noted for.
#[must_use]
pub fn writer(object: &Value, path: &str) -> Option<Writer> {
    let entries = object.pointer("/metadata/managedFields")?.as_array()?;
    let steps = steps(path);
    let of = |entry: &Value| {
        let text = |member: &str| entry.get(member).and_then(Value::as_str);
        if text("subresource") == Some("status") {
            return None;
        }
        let fields = Fields::of(entry.get("fieldsV1")?)?;
        if !owns(&fields, object, &steps) {
            return None;
        }
        Some(Writer { manager: text("manager")?.to_owned(), at: text("time").map(str::to_owned) })
    };
    // Times in RFC 3339 and UTC are ordered as texts.
    entries.iter().filter_map(of).max_by(|one, other| one.at.cmp(&other.at))
}

/// True if a place in an object is among the fields, or inside one that is owned as a whole.
fn owns(fields: &Fields, value: &Value, steps: &[Step<'_>]) -> bool {
    let [first, rest @ ..] = steps else { return true };
    let (below, value) = match (value, first) {
        (Value::Object(members), Step::Member(name) | Step::Key(name)) => {
            (fields.field(name), members.get(*name))
        }
        (Value::Array(elements), Step::Key(key)) => {
            let list = LISTS.iter().find_map(|list| {
                let keys = tree::keys(list, elements)?;
                elements.get(keys.iter().position(|one| one == key)?)
            });
            (list.and_then(|element| fields.element(element)), list)
        }
        _ => return false,
    };
    let (Some(below), Some(value)) = (below, value) else { return false };
    below.is_whole() || owns(below, value, rest)
}

/// A list for each way in which elements are told apart.
const LISTS: [&str; 6] =
    ["containers", "ports", "volumeMounts", "volumeDevices", "hostAliases", "items"];

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = path.strip_suffix(" (order)").unwrap_or(path);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (key, after) = inside.split_once(']').unwrap_or((inside, ""));
            steps.push(Step::Key(key));
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(Step::Member(&rest[..end]));
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> Value {
        let container = r#"k:{"name":"tax"}"#;
        let entry = |manager: &str, time: &str, fields: Value| {
            json!({"manager": manager, "time": time, "operation": "Update", "apiVersion": "apps/v1",
                "fieldsType": "FieldsV1", "fieldsV1": fields})
        };
        let of_container = |fields: Value| json!({"f:spec": {"f:template": {"f:spec": {"f:containers": {container: fields}}}}});
        json!({
            "metadata": {
                "annotations": {"a.b/c": "1"},
                "managedFields": [
                    entry("helm", "2026-11-30T05:00:00Z", of_container(json!({
                        ".": {}, "f:name": {}, "f:image": {}, "f:args": {},
                        "f:env": {".": {}, r#"k:{"name":"MODE"}"#: {".": {}, "f:name": {}, "f:value": {}}},
                    }))),
                    entry("kubectl-edit", "2026-11-30T06:00:00Z", of_container(json!({"f:image": {}}))),
                    entry("anna", "2026-11-30T06:00:00Z", json!({"f:metadata": {"f:annotations": {"f:a.b/c": {}}}})),
                    {"manager": "odd", "fieldsV1": {"x": 1}},
                ],
            },
            "spec": {"template": {"spec": {"containers": [
                {"name": "tax", "image": "tax:1", "args": ["-v"], "env": [{"name": "MODE", "value": "slow"}]},
            ]}}},
        })
    }

    #[test]
    fn the_last_of_those_who_own_a_field_has_written_it() {
        let object = object();
        let by = |path: &str| writer(&object, path).map(|writer| writer.manager);
        let container = "spec.template.spec.containers[tax]";
        assert_eq!(by(&format!("{container}.image")).as_deref(), Some("kubectl-edit"));
        assert_eq!(by(&format!("{container}.args[0]")).as_deref(), Some("helm"));
        assert_eq!(by(&format!("{container}.env[MODE]")).as_deref(), Some("helm"));
        assert_eq!(by("metadata.annotations[a.b/c]").as_deref(), Some("anna"));
        for path in [
            "spec.replicas",
            "spec.template.spec.containers[cart].image",
            "spec.template.spec.containers[tax].env[GONE]",
            "spec.template.spec.containers.tax",
        ] {
            assert_eq!(by(path), None, "{path}");
        }
        let since = writer(&object, &format!("{container}.image")).unwrap().at;
        assert_eq!(since.as_deref(), Some("2026-11-30T06:00:00Z"));
        assert_eq!(writer(&json!({}), "spec"), None);
    }
}
