//! Settings of the policy.

use crate::{bound::Bound, time};
use serde::Deserialize;
use snapshot_policy::Weight;
use std::collections::BTreeMap;

/// The settings as JSON Schema, for the plugin to check before it asks.
pub(crate) const SCHEMA: &str = include_str!("../settings.schema.json");

/// The settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct Settings {
    pub(crate) require: Require,
    soak: BTreeMap<String, String>,
    pub(crate) evidence: Vec<Fact>,
    /// Number of approvals, by the stage to be promoted to.
    pub(crate) approvals: BTreeMap<String, u32>,
    pub(crate) four_eyes: bool,
    pub(crate) downgrade: Downgrade,
    pub(crate) diverged: Weight,
    pub(crate) unknown: Weight,
    pub(crate) pinned: Pinned,
    pub(crate) moving_tags: Vec<String>,
    pub(crate) freeze: Vec<Window>,
}

/// Stages before the target that a snapshot must have been at: all or any.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Require {
    #[default]
    All,
    Any,
}

/// Treatment of an image that is older than what runs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Downgrade {
    /// Denied, unless a reason is given.
    #[default]
    Reason,
    Deny,
    Warn,
}

/// Part of an image reference that counts as pinned.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Pinned {
    Digest,
    /// A digest, or a tag that does not move.
    #[default]
    Tag,
    No,
}

/// A fact that has to be recorded, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Fact {
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) stage: Option<String>,
    #[serde(default, rename = "for")]
    pub(crate) targets: Vec<String>,
    pub(crate) min: Option<Bound>,
    pub(crate) max: Option<Bound>,
    pub(crate) max_age: Option<String>,
}

/// A freeze, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    pub(crate) from: String,
    pub(crate) until: String,
    #[serde(default, rename = "for")]
    pub(crate) targets: Vec<String>,
    #[serde(default)]
    pub(crate) except: Vec<String>,
    pub(crate) because: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            require: Require::default(),
            soak: BTreeMap::new(),
            evidence: Vec::new(),
            approvals: BTreeMap::new(),
            four_eyes: true,
            downgrade: Downgrade::default(),
            diverged: Weight::Undecided,
            // Commits without their repository, and rebuilds under one tag, are common.
            unknown: Weight::Warn,
            // Few manifests name digests; most name a tag that was meant to stay.
            pinned: Pinned::default(),
            moving_tags: vec!["latest".to_owned()],
            freeze: Vec::new(),
        }
    }
}

impl Settings {
    /// Soak time by stage, in seconds.
    pub(crate) fn soak(&self) -> Result<BTreeMap<&str, u64>, String> {
        let period =
            |(stage, text): (&'_ String, &'_ String)| time::period(&format!("soak.{stage}"), text);
        let periods: Vec<u64> = self.soak.iter().map(period).collect::<Result<_, _>>()?;
        Ok(self.soak.keys().map(String::as_str).zip(periods).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::parse_settings;

    #[test]
    fn nothing_has_to_be_set() {
        let settings = parse_settings::<Settings>("{}").unwrap();
        assert_eq!((settings.require, settings.four_eyes), (Require::All, true));
        assert_eq!((settings.diverged, settings.unknown), (Weight::Undecided, Weight::Warn));
        assert_eq!((settings.downgrade, settings.pinned), (Downgrade::Reason, Pinned::Tag));
        assert!(settings.soak().unwrap().is_empty() && settings.evidence.is_empty());
    }

    #[test]
    fn what_is_mistyped_is_an_error_that_names_it() {
        let error = parse_settings::<Settings>(r#"{"soaks": {}}"#).unwrap_err();
        assert!(error.contains("unknown field `soaks`"), "{error}");
        let error = parse_settings::<Settings>(r#"{"evidence": [{"name": "e2e"}]}"#).unwrap_err();
        assert!(error.contains("missing field `kind`"), "{error}");
        let error = parse_settings::<Settings>(r#"{"evidence": [{"kind": "test", "from": "qa"}]}"#)
            .unwrap_err();
        assert!(error.contains("unknown field `from`"), "{error}");
        let error = parse_settings::<Settings>(r#"{"approvals": {"prod": -1}}"#).unwrap_err();
        assert!(error.contains("expected u32"), "{error}");
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_names_the_setting() {
        let soak = parse_settings::<Settings>(r#"{"soak": {"qa": "a day"}}"#).unwrap();
        assert_eq!(
            soak.soak().unwrap_err(),
            "the setting `soak.qa` has \"a day\"; write a time such as 90m, 24h or 7d"
        );
    }

    #[test]
    fn the_schema_names_each_setting() {
        let first = ["require", "soak", "evidence", "approvals", "fourEyes", "downgrade"];
        let rest = ["diverged", "unknown", "pinned", "movingTags", "freeze", "maxAge", "except"];
        for key in first.iter().chain(&rest) {
            assert!(SCHEMA.contains(&format!(r#""{key}": {{"#)), "{key}");
        }
    }
}
