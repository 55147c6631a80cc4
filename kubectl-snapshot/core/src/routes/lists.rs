//! Lists in an object, be they absent.

use serde_json::Value;

/// The elements of the list at a pointer.
pub(super) fn elements<'a>(
    owner: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    owner.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// Those of them that are text.
pub(super) fn texts(owner: &Value, pointer: &str) -> Vec<String> {
    elements(owner, pointer).filter_map(Value::as_str).map(str::to_owned).collect()
}
