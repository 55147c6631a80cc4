//! Values in one line.

use serde_json::Value;
use snapshot_core::snapshot::EnvValue;

/// A value of a manifest: a text as it is, anything else as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => shown_text(text),
        other => other.to_string(),
    }
}

/// A text as it is, quoted where its edges could not be seen; of several lines, how many they are.
pub(super) fn shown_text(text: &str) -> String {
    if is_multi_line(text) {
        return format!("{} lines", text.lines().count());
    }
    if text.is_empty() || text.trim() != text {
        return Value::from(text).to_string();
    }
    text.to_owned()
}

/// True if a text is shown by its number of lines.
pub(super) fn is_multi_line(text: &str) -> bool {
    text.lines().nth(1).is_some()
}

/// Two values in one line each; where both have as many lines, how many of them differ is said.
pub(super) fn shown_pair(
    before: Option<&Value>,
    after: Option<&Value>,
) -> (Option<String>, Option<String>) {
    let (left, right) = (before.map(shown), after.map(shown));
    match (before, after) {
        (Some(Value::String(one)), Some(Value::String(other))) if left == right => {
            let differing =
                one.lines().zip(other.lines()).filter(|(one, other)| one != other).count();
            (left, right.map(|right| format!("{right}, {differing} of them changed")))
        }
        _ => (left, right),
    }
}

/// Value of an environment entry, or its source.
pub(super) fn shown_env(value: &EnvValue) -> String {
    match value {
        EnvValue::Literal(text) => shown_text(text),
        EnvValue::Variable { variable } => format!("variable {variable}"),
        EnvValue::Reference(reference) => {
            shown_reference(reference).unwrap_or_else(|| reference.to_string())
        }
    }
}

/// A reference in short: `configMap app-config/DB_HOST`. Of a secret it has the names, never the value.
pub(super) fn shown_reference(reference: &Value) -> Option<String> {
    let (kind, target) = reference.as_object()?.iter().next()?;
    let member = |name: &str| target.get(name).and_then(Value::as_str);
    Some(match kind.as_str() {
        "configMapKeyRef" => format!("configMap {}/{}", member("name")?, member("key")?),
        "secretKeyRef" => format!("secret {}/{}", member("name")?, member("key")?),
        "fieldRef" => format!("field {}", member("fieldPath")?),
        "resourceFieldRef" => match member("containerName") {
            Some(container) => format!("resource {container}/{}", member("resource")?),
            None => format!("resource {}", member("resource")?),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_one_line() {
        assert_eq!(shown(&json!("1.4.0")), "1.4.0");
        assert_eq!(shown(&json!("")), "\"\"");
        assert_eq!(shown(&json!(" x")), "\" x\"");
        assert_eq!(shown(&json!("a\nb\n")), "2 lines");
        assert_eq!(shown(&json!("a\n")), "\"a\\n\"");
        assert_eq!(shown(&json!(["--port", 80])), "[\"--port\",80]");
    }

    #[test]
    fn two_texts_of_as_many_lines_are_told_apart() {
        let (before, after) = shown_pair(Some(&json!("a\nb\nc")), Some(&json!("a\nx\nc")));
        assert_eq!(
            (before.as_deref(), after.as_deref()),
            (Some("3 lines"), Some("3 lines, 1 of them changed"))
        );
    }

    #[test]
    fn references_are_short_and_have_names_only() {
        let reference = |value: Value| shown_env(&EnvValue::Reference(value));
        assert_eq!(
            reference(json!({"configMapKeyRef": {"name": "app-config", "key": "DB_HOST"}})),
            "configMap app-config/DB_HOST"
        );
        assert_eq!(
            reference(json!({"secretKeyRef": {"name": "db", "key": "password"}})),
            "secret db/password"
        );
        assert_eq!(
            reference(json!({"fieldRef": {"fieldPath": "metadata.name"}})),
            "field metadata.name"
        );
        assert_eq!(
            reference(json!({"resourceFieldRef": {"resource": "limits.cpu"}})),
            "resource limits.cpu"
        );
        assert_eq!(reference(json!({"other": {"a": 1}})), "{\"other\":{\"a\":1}}");
    }
}
