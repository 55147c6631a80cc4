//! The operator's settings, as a type of the policy's own.

use serde::de::DeserializeOwned;

/// Reads `question.settings` into `T`.
///
/// With `#[serde(deny_unknown_fields)]` on `T`, a key that is mistyped is an
/// error that names it, rather than a setting that silently has no effect.
///
/// # Errors
///
/// What is wrong with them, ready to be returned from
/// [`check`](crate::CompatibilityPolicy::check) with `?`.
pub fn parse_settings<T: DeserializeOwned>(settings: &str) -> Result<T, String> {
    serde_json::from_str(settings)
        .map_err(|error| format!("the settings are not what this policy takes: {error}"))
}

#[cfg(test)]
mod tests {
    use super::parse_settings;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        #[serde(default)]
        ignore: Vec<String>,
    }

    #[test]
    fn a_mistyped_key_is_named() {
        assert_eq!(parse_settings("{}"), Ok(Settings { ignore: vec![] }));
        assert_eq!(
            parse_settings::<Settings>(r#"{"ignroe": []}"#).unwrap_err(),
            "the settings are not what this policy takes: unknown field `ignroe`, expected \
             `ignore` at line 1 column 9"
        );
    }
}
