//! What an operator may set.

use crate::{approvals::APPROVAL, evidence::Rule, freeze::Freeze, time};
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
    evidence: Vec<Fact>,
    /// How many, by the stage to be promoted to.
    pub(crate) approvals: BTreeMap<String, u32>,
    pub(crate) four_eyes: bool,
    pub(crate) downgrade: Downgrade,
    pub(crate) diverged: Weight,
    pub(crate) unknown: Weight,
    pub(crate) pinned: Pinned,
    pub(crate) moving_tags: Vec<String>,
    freeze: Vec<Window>,
}

/// How many of the stages before the target a snapshot has to have been at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Require {
    #[default]
    All,
    Any,
}

/// What becomes of an image that is older than what runs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Downgrade {
    /// Denied, unless a reason is given.
    #[default]
    Reason,
    Deny,
    Warn,
}

/// What names an image for good.
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
struct Fact {
    kind: String,
    name: Option<String>,
    stage: Option<String>,
    #[serde(default, rename = "for")]
    targets: Vec<String>,
    min: Option<f64>,
    max: Option<f64>,
    max_age: Option<String>,
}

/// A freeze, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Window {
    from: String,
    until: String,
    #[serde(default, rename = "for")]
    targets: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    because: Option<String>,
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
    /// How long a snapshot stays at each stage, in seconds.
    pub(crate) fn soak(&self) -> Result<BTreeMap<&str, u64>, String> {
        let period =
            |(stage, text): (&'_ String, &'_ String)| time::period(&format!("soak.{stage}"), text);
        let periods: Vec<u64> = self.soak.iter().map(period).collect::<Result<_, _>>()?;
        Ok(self.soak.keys().map(String::as_str).zip(periods).collect())
    }

    /// The facts that have to be recorded.
    pub(crate) fn rules(&self) -> Result<Vec<Rule<'_>>, String> {
        self.evidence.iter().map(Fact::rule).collect()
    }

    /// When nothing is promoted.
    pub(crate) fn freezes(&self) -> Result<Vec<Freeze<'_>>, String> {
        self.freeze.iter().map(Window::freeze).collect()
    }
}

impl Fact {
    fn rule(&self) -> Result<Rule<'_>, String> {
        if self.kind == APPROVAL {
            return Err(
                "the setting `evidence` asks for an approval; the setting `approvals` does that: \
                 {\"prod\": 1}"
                    .to_owned(),
            );
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            let kind = &self.kind;
            return Err(format!(
                "the setting `evidence` has a {kind} of at least {min} and at most {max}"
            ));
        }
        Ok(Rule {
            kind: &self.kind,
            name: self.name.as_deref(),
            stage: self.stage.as_deref(),
            targets: &self.targets,
            min: self.min,
            max: self.max,
            max_age: match &self.max_age {
                Some(text) => Some(time::period("evidence.maxAge", text)?),
                None => None,
            },
        })
    }
}

impl Window {
    fn freeze(&self) -> Result<Freeze<'_>, String> {
        let from = time::instant("freeze.from", &self.from)?;
        let until = time::instant("freeze.until", &self.until)?;
        if until <= from {
            return Err(format!(
                "the setting `freeze` has one that is over before it begins: {} to {}",
                self.from, self.until
            ));
        }
        let (targets, except) = (&self.targets, &self.except);
        Ok(Freeze { from, until, targets, except, because: self.because.as_deref() })
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
        assert!(settings.soak().unwrap().is_empty() && settings.rules().unwrap().is_empty());
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
        for (evidence, error) in [
            (
                r#"{"kind": "approval"}"#,
                r#"the setting `evidence` asks for an approval; the setting `approvals` does that: {"prod": 1}"#,
            ),
            (
                r#"{"kind": "metric", "min": 2, "max": 1}"#,
                "the setting `evidence` has a metric of at least 2 and at most 1",
            ),
            (
                r#"{"kind": "test", "maxAge": "old"}"#,
                "the setting `evidence.maxAge` has \"old\"; write a time such as 90m, 24h or 7d",
            ),
        ] {
            let settings =
                parse_settings::<Settings>(&format!(r#"{{"evidence": [{evidence}]}}"#)).unwrap();
            assert_eq!(settings.rules().unwrap_err(), error);
        }
        let freeze = r#"{"from": "2026-12-24T00:00:00Z", "until": "2026-12-20T00:00:00Z"}"#;
        let settings = parse_settings::<Settings>(&format!(r#"{{"freeze": [{freeze}]}}"#)).unwrap();
        assert_eq!(
            settings.freezes().unwrap_err(),
            "the setting `freeze` has one that is over before it begins: 2026-12-24T00:00:00Z to \
             2026-12-20T00:00:00Z"
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
