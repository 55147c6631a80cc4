//! Fields of objects that differ, as few and short as the reader needs.

mod path;

use serde_json::Value;
use snapshot_core::{manifest::Kind, tree::FieldChange};

use super::{
    images,
    value::{shown, shown_pair, shown_reference},
};
use crate::render::Cell;

/// A field that differs: where it is, and its value on either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    path: String,
    before: Option<String>,
    after: Option<String>,
}

impl Field {
    /// The cells for its place and its change.
    pub(super) fn into_cells(self) -> [Cell; 2] {
        [self.path.into(), Cell::change(self.before, self.after)]
    }
}

/// The fields of an object of that kind, in which a container of a `known` name needs no name.
///
/// An environment entry whose source is of another kind changes in two fields;
/// the reader gets one.
pub(super) fn fields(kind: Kind, known: &[&str], changes: &[FieldChange]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for field in changes.iter().map(|change| field(path::short(kind, known, &change.path), change))
    {
        match fields.last_mut() {
            Some(last) if last.path == field.path => {
                last.before = last.before.take().or(field.before);
                last.after = last.after.take().or(field.after);
            }
            _ => fields.push(field),
        }
    }
    fields
}

fn field(path: String, change: &FieldChange) -> Field {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    if let Some(entry) = path::entry(&path) {
        let shown = |value: Option<&Value>| value.map(|value| shown_source(&path, value));
        return Field { path: entry.to_owned(), before: shown(before), after: shown(after) };
    }
    let images =
        is_image(&path).then(|| images::of_texts(before?.as_str()?, after?.as_str()?)).flatten();
    let (before, after) = match images {
        Some(images) => (Some(images.before), Some(images.after)),
        None => shown_pair(before, after),
    };
    Field { path, before, after }
}

fn is_image(path: &str) -> bool {
    path == "image" || path.ends_with(": image")
}

/// Source of an environment entry, or of the part of it that `path` names.
fn shown_source(path: &str, value: &Value) -> String {
    let from = |source: &Value| shown_reference(source).unwrap_or_else(|| source.to_string());
    if let (Some(source), _) | (None, Some(source)) = (value.get("valueFrom"), value.get("value")) {
        return if source.is_string() { shown(source) } else { from(source) };
    }
    match path.rsplit_once(".valueFrom.") {
        Some((_, kind)) => shown_reference_member(kind, value),
        None if path.ends_with(".valueFrom") => from(value),
        None => shown(value),
    }
}

fn shown_reference_member(kind: &str, target: &Value) -> String {
    let reference = Value::from_iter([(kind.to_owned(), target.clone())]);
    shown_reference(&reference).unwrap_or_else(|| target.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use snapshot_core::tree;

    fn between(before: &Value, after: &Value) -> Vec<String> {
        let pod = |container: &Value| json!({"spec": {"template": {"spec": {"containers": [container]}}}});
        let changes = tree::compare(&pod(before), &pod(after));
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        let text = |field: Field| {
            format!("{}: {} → {}", field.path, shown(field.before), shown(field.after))
        };
        fields(Kind::Deployment, &["c"], &changes).into_iter().map(text).collect()
    }

    #[test]
    fn an_entry_with_another_source_is_one_change() {
        let reference = |kind: &str| json!({"name": "P", "valueFrom": {kind: {"name": "db", "key": "password"}}});
        for (before, after, expected) in [
            (
                reference("configMapKeyRef"),
                reference("secretKeyRef"),
                "configMap db/password → secret db/password",
            ),
            (
                json!({"name": "P", "value": "plain"}),
                reference("secretKeyRef"),
                "plain → secret db/password",
            ),
        ] {
            let (before, after) =
                (json!({"name": "c", "env": [before]}), json!({"name": "c", "env": [after]}));
            assert_eq!(between(&before, &after), [format!("env[P]: {expected}")]);
        }
    }

    #[test]
    fn an_entry_on_one_side_is_its_value() {
        let entries = |env: Value| json!({"name": "c", "env": env});
        let one = entries(json!([{"name": "A", "value": "1"}]));
        for none in [entries(json!([])), entries(json!([{"name": "A"}]))] {
            assert_eq!(between(&none, &one), ["env[A]: nothing → 1"]);
        }
    }

    #[test]
    fn an_image_is_told_by_what_changed_of_it() {
        let image = |image: &str| json!({"name": "c", "image": image});
        assert_eq!(between(&image("shop/c:1"), &image("shop/c:2")), ["image: 1 → 2"]);
        assert_eq!(between(&image("shop/c:1"), &image("$IMAGE")), ["image: shop/c:1 → $IMAGE"]);
    }
}
