//! Settings of the policy.

use crate::edge::Edge;
use serde::Deserialize;
use snapshot_policy::Weight;
use std::collections::BTreeMap;

/// The settings as JSON Schema, for the plugin to check before it asks.
pub(crate) const SCHEMA: &str = include_str!("../settings.schema.json");

/// The settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// True if whoever requires a service counts as calling it.
    pub(crate) requirements: bool,
    talks: Vec<String>,
    groups: Vec<Vec<String>>,
    ignore: Vec<String>,
    /// The container that is the service, by service.
    pub(crate) containers: BTreeMap<String, String>,
    pub(crate) zero: Zero,
    /// Weight of a version that cannot be compared.
    pub(crate) unknown: Weight,
    /// Weight of old and new meeting during a rollout.
    pub(crate) rollout: Weight,
}

/// Statements of the operator about calls that the set does not tell.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stated<'a> {
    /// Calls that are made.
    pub(crate) talks: Vec<Edge<'a>>,
    /// Calls to leave aside.
    pub(crate) ignored: Vec<Edge<'a>>,
    /// Services that share one major version, each named once in its group.
    pub(crate) groups: Vec<Vec<&'a str>>,
}

/// Number that has to be equal below 1.0.0.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Zero {
    #[default]
    Minor,
    Major,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requirements: true,
            talks: Vec::new(),
            groups: Vec::new(),
            ignore: Vec::new(),
            containers: BTreeMap::new(),
            zero: Zero::default(),
            unknown: Weight::default(),
            rollout: Weight::Warn,
        }
    }
}

impl Settings {
    /// Parsed statements of the operator about calls.
    pub(crate) fn stated(&self) -> Result<Stated<'_>, String> {
        Ok(Stated {
            talks: edges("talks", &self.talks)?,
            ignored: edges("ignore", &self.ignore)?,
            groups: self.groups.iter().map(|names| group(names)).collect::<Result<_, _>>()?,
        })
    }
}

fn edges<'a>(setting: &str, texts: &'a [String]) -> Result<Vec<Edge<'a>>, String> {
    texts.iter().map(|text| Edge::read(setting, text)).collect()
}

fn group(names: &[String]) -> Result<Vec<&str>, String> {
    let mut services: Vec<&str> = names.iter().map(|name| name.trim()).collect();
    services.sort_unstable();
    services.dedup();
    if services.len() < 2 || services.contains(&"") {
        return Err(format!(
            "the setting `groups` has {names:?}; a group names two services or more, such as \
             [\"cart\", \"tax\"]"
        ));
    }
    Ok(services)
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::parse_settings;

    #[test]
    fn nothing_has_to_be_set() {
        let settings = parse_settings::<Settings>("{}").unwrap();
        assert!(settings.requirements && settings.stated().unwrap().talks.is_empty());
        assert_eq!((settings.unknown, settings.rollout), (Weight::Undecided, Weight::Warn));
        assert_eq!(settings.zero, Zero::Minor);
    }

    #[test]
    fn what_is_mistyped_is_an_error_that_names_it() {
        let error = parse_settings::<Settings>(r#"{"talk": []}"#).unwrap_err();
        assert!(error.contains("unknown field `talk`"), "{error}");
        let error = parse_settings::<Settings>(r#"{"zero": "patch"}"#).unwrap_err();
        assert!(error.contains("unknown variant `patch`"), "{error}");
        let settings =
            parse_settings::<Settings>(r#"{"groups": [["cart", "tax"], ["cart", " cart"]]}"#)
                .unwrap();
        assert_eq!(
            settings.stated().unwrap_err(),
            r#"the setting `groups` has ["cart", " cart"]; a group names two services or more, such as ["cart", "tax"]"#
        );
    }

    #[test]
    fn the_schema_names_each_setting() {
        let all = ["requirements", "talks", "groups", "ignore", "containers", "zero"];
        for key in all.iter().chain(&["unknown", "rollout"]) {
            assert!(SCHEMA.contains(&format!(r#""{key}": {{"#)), "{key}");
        }
    }
}
