//! Settings of the policy.

use serde::Deserialize;
use snapshot_policy::{Subject, Weight};
use std::fmt;

/// The settings as JSON Schema, for the plugin to check before it asks.
pub(crate) const SCHEMA: &str = include_str!("../settings.schema.json");

/// The settings.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    ignore: Vec<String>,
    /// Weight of a requirement whose state is unknown.
    pub(crate) unknown: Weight,
}

impl Settings {
    /// The requirements to leave aside.
    pub(crate) fn ignored(&self) -> Result<Vec<Ignored<'_>>, String> {
        self.ignore.iter().map(|text| Ignored::read(text)).collect()
    }
}

/// `tax-call -> tax`: a requirement by the names of its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ignored<'a> {
    dependent: &'a str,
    dependency: &'a str,
}

impl<'a> Ignored<'a> {
    fn read(text: &'a str) -> Result<Self, String> {
        let (dependent, dependency) = text
            .split_once("->")
            .map(|(dependent, dependency)| (dependent.trim(), dependency.trim()))
            .filter(|(dependent, dependency)| !dependent.is_empty() && !dependency.is_empty())
            .ok_or_else(|| {
                format!("the setting `ignore` has {text:?}; write it as \"tax-call -> tax\"")
            })?;
        Ok(Self { dependent, dependency })
    }

    pub(crate) fn is(&self, dependent: &Subject, dependency: &Subject) -> bool {
        is_named(self.dependent, dependent) && is_named(self.dependency, dependency)
    }
}

impl fmt::Display for Ignored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.dependent, self.dependency)
    }
}

/// A service's name stands for all of its instances.
fn is_named(name: &str, subject: &Subject) -> bool {
    subject.name() == name || subject.service() == Some(name) || subject.to_string() == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::parse_settings;

    fn parse(settings: &str) -> Result<Settings, String> {
        parse_settings(settings)
    }

    #[test]
    fn nothing_has_to_be_set() {
        let settings = parse("{}").unwrap();
        assert_eq!(settings.ignored(), Ok(vec![]));
        assert_eq!(settings.unknown, Weight::Undecided);
    }

    #[test]
    fn what_is_mistyped_is_an_error_that_names_it() {
        let error = parse(r#"{"ignored": []}"#).unwrap_err();
        assert!(
            error.contains("unknown field `ignored`, expected `ignore` or `unknown`"),
            "{error}"
        );
        let error = parse(r#"{"unknown": "allow"}"#).unwrap_err();
        assert!(error.contains("expected one of `warn`, `undecided`, `deny`"), "{error}");
        let settings = parse(r#"{"ignore": ["tax-call"]}"#).unwrap();
        assert_eq!(
            settings.ignored().unwrap_err(),
            r#"the setting `ignore` has "tax-call"; write it as "tax-call -> tax""#
        );
    }

    #[test]
    fn a_name_stands_for_what_a_message_calls_by_it() {
        let flag = Subject::FeatureFlag("tax-call".to_owned());
        let instance = Subject::Instance("cart/cart-canary".to_owned());
        for (name, subject) in [
            ("tax-call", &flag),
            ("flag tax-call", &flag),
            ("cart", &instance),
            ("cart/cart-canary", &instance),
        ] {
            assert!(is_named(name, subject), "{name}");
        }
        assert!(!is_named("cart-canary", &instance));
        assert!(!is_named("tax", &flag));
    }

    #[test]
    fn the_schema_names_each_setting() {
        for key in [r#""ignore""#, r#""unknown""#, r#""undecided", "warn", "deny""#] {
            assert!(SCHEMA.contains(key), "{key}");
        }
    }
}
