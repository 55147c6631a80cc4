//! Managers of an object's fields, as its `managedFields` have them.

use serde_json::Value;

use super::fields::Fields;

/// A manager, and the fields that it owns.
#[derive(Clone, Debug)]
pub(super) struct Manager {
    /// The name that it writes under.
    pub(super) name: String,
    /// True if it applies on the server, and owns what it has applied: others' changes of that
    /// are conflicts for it.
    pub(super) applies: bool,
    /// The API version that its fields are of.
    pub(super) api_version: String,
    /// The fields.
    pub(super) fields: Fields,
}

/// The managers of an object, those of its status and of its scale apart; none where an entry
/// has a form that is not known here.
pub(super) fn managers(object: &Value) -> Option<Vec<Manager>> {
    let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    let of_object = |entry: &&Value| text(entry, "subresource").is_none_or(str::is_empty);
    entries.into_iter().flatten().filter(of_object).map(manager).collect()
}

/// The names of those who apply on the server.
pub(super) fn appliers(object: &Value) -> Vec<&str> {
    let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    let applies = |entry: &&Value| {
        text(entry, "operation") == Some("Apply")
            && text(entry, "subresource").is_none_or(str::is_empty)
    };
    entries
        .into_iter()
        .flatten()
        .filter(applies)
        .filter_map(|entry| text(entry, "manager"))
        .collect()
}

/// True if a manager has written to an object, in whatever way.
pub(super) fn wrote(object: &Value, manager: &str) -> bool {
    let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
    entries.into_iter().flatten().any(|entry| text(entry, "manager") == Some(manager))
}

fn manager(entry: &Value) -> Option<Manager> {
    Some(Manager {
        name: text(entry, "manager")?.to_owned(),
        applies: text(entry, "operation") == Some("Apply"),
        api_version: text(entry, "apiVersion")?.to_owned(),
        fields: Fields::of(entry.get("fieldsV1")?)?,
    })
}

fn text<'a>(entry: &'a Value, member: &str) -> Option<&'a str> {
    entry.get(member).and_then(Value::as_str)
}
