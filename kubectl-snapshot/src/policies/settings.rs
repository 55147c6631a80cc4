//! Validation of settings against a policy's schema.

use jsonschema::{PatternOptions, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;
use snapshot_core::policy::Settings;

/// The most bytes of a schema that are read: it is the policy's, and may be anything.
const LARGEST_SCHEMA: usize = 256 * 1024;
/// Number of mistakes that are told at once.
const MOST_TOLD: usize = 5;

/// Error: settings are not what a policy takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The policy has no settings.
    #[error("the policy takes no settings, but there are some")]
    NoneTaken,
    /// Settings that do not follow the policy's schema.
    #[error("the settings are not what the policy takes: {}", .0.join("; "))]
    Invalid(Vec<String>),
    /// The policy's schema is none.
    #[error("the policy's settings schema cannot be used: {0}")]
    Schema(String),
}

/// Checks settings against the JSON Schema that a policy describes them by.
pub(super) fn check(schema: Option<&str>, settings: &Settings) -> Result<(), SettingsError> {
    let Some(schema) = schema else {
        return if settings.is_empty() { Ok(()) } else { Err(SettingsError::NoneTaken) };
    };
    let validator = compile(schema).map_err(SettingsError::Schema)?;
    let value = settings.to_value();
    let mistakes: Vec<String> =
        validator.iter_errors(&value).take(MOST_TOLD).map(|error| in_words(&error)).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(SettingsError::Invalid(mistakes)) }
}

/// A mistake, with its place where it is not at the top.
fn in_words(error: &ValidationError<'_>) -> String {
    let path = error.instance_path().as_str().trim_start_matches('/').replace('/', ".");
    let says = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!("there is no setting {}", unexpected.join(", "))
        }
        _ => error.to_string(),
    };
    if path.is_empty() { says } else { format!("{path}: {says}") }
}

fn compile(schema: &str) -> Result<Validator, String> {
    if schema.len() > LARGEST_SCHEMA {
        return Err(format!("it has {} bytes; at most {LARGEST_SCHEMA} are read", schema.len()));
    }
    let schema: Value =
        serde_json::from_str(schema).map_err(|error| format!("it is not JSON: {error}"))?;
    jsonschema::options()
        // An engine without backtracking: a pattern of somebody else's cannot hang it.
        .with_pattern_options(PatternOptions::regex())
        // What an author writes down as a format is meant to hold.
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = r#"{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "unknown": {"enum": ["undecided", "warn", "deny"]},
            "soak": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9]+h$"}}
        },
        "additionalProperties": false
    }"#;

    fn checked(settings: Value) -> Result<(), SettingsError> {
        check(Some(SCHEMA), &settings.try_into().unwrap())
    }

    fn refusal(settings: Value) -> String {
        checked(settings).unwrap_err().to_string()
    }

    #[test]
    fn what_follows_the_schema_passes() {
        assert_eq!(checked(json!({})), Ok(()));
        assert_eq!(checked(json!({"unknown": "warn", "soak": {"qa": "24h"}})), Ok(()));
    }

    #[test]
    fn what_does_not_is_named_with_its_place() {
        let error = refusal(json!({"unknwon": "warn"}));
        assert_eq!(
            error,
            "the settings are not what the policy takes: there is no setting unknwon"
        );
        let error = refusal(json!({"soak": {"qa": "a day"}}));
        assert!(error.contains("soak.qa: \"a day\" does not match"), "{error}");
    }

    #[test]
    fn a_policy_without_a_schema_takes_none() {
        assert_eq!(check(None, &Settings::default()), Ok(()));
        let some = json!({"a": 1}).try_into().unwrap();
        assert_eq!(check(None, &some), Err(SettingsError::NoneTaken));
    }

    #[test]
    fn a_schema_that_is_none_is_the_policys_fault() {
        let failed = |schema: &str| match check(Some(schema), &Settings::default()) {
            Err(SettingsError::Schema(cause)) => cause,
            other => panic!("{other:?}"),
        };
        assert!(failed("{").starts_with("it is not JSON"));
        assert!(failed(&" ".repeat(LARGEST_SCHEMA + 1)).contains("at most"));
        assert!(!failed(r#"{"type": "no such type"}"#).is_empty());
        // Nothing is fetched, whatever a schema refers to.
        assert!(!failed(r#"{"$ref": "https://example.com/schema.json"}"#).is_empty());
        assert!(!failed(r#"{"$ref": "file:///etc/passwd"}"#).is_empty());
    }

    #[test]
    fn a_format_holds() {
        let schema = r#"{"properties": {"until": {"type": "string", "format": "date-time"}}}"#;
        let until = |text: &str| check(Some(schema), &json!({"until": text}).try_into().unwrap());
        assert_eq!(until("2026-12-24T12:00:00Z"), Ok(()));
        let error = until("Christmas").unwrap_err().to_string();
        assert!(error.contains("until: \"Christmas\" is not a \"date-time\""), "{error}");
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        assert_eq!(check(Some(r##"{"$ref": "#"}"##), &Settings::default()), Ok(()));
        // An even number of denials of what is always true.
        let deep = format!("{}{{}}{}", r#"{"not":"#.repeat(100), "}".repeat(100));
        assert_eq!(check(Some(&deep), &Settings::default()), Ok(()));
    }
}
