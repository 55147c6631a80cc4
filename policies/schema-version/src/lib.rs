//! A service finds the schema that it was built for: a ConfigMap names the version there is, an
//! annotation of the service's workloads the one they expect.
//!
//! It reads one service, and so looks the sets up instead of having them handed over: ten thousand
//! others cost it nothing.

use serde::Deserialize;
use snapshot_policy::{
    Description, Finding, Instance, Policy, PromotionPolicyByLookUps, PromotionQuestionByLookUps,
    lookup, parse_settings, register,
    sets::{self, Side},
};

/// A schema's version, and the one that is expected.
pub struct SchemaVersion;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Settings {
    #[serde(default = "prod")]
    stages: Vec<String>,
    service: String,
    annotation: String,
    config_map: String,
    #[serde(default = "version")]
    key: String,
}

fn prod() -> Vec<String> {
    vec!["prod".to_owned()]
}

fn version() -> String {
    "version".to_owned()
}

impl Policy for SchemaVersion {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "A service finds the schema that it was built for.".to_owned(),
            settings_schema: Some(include_str!("../settings.schema.json").to_owned()),
        }
    }
}

impl PromotionPolicyByLookUps for SchemaVersion {
    fn review(question: &PromotionQuestionByLookUps) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        if !question.ladder.iter().any(|one| settings.stages.contains(&one.name)) {
            let message = format!("no stage of the ladder is {}", settings.stages.join(" or "));
            let hint = "name the stages that are production in the setting stages";
            return Ok(vec![Finding::undecided("stage-unknown", message).hint(hint)]);
        }
        if !settings.stages.contains(&question.target.name) {
            return Ok(Vec::new());
        }
        let instances = sets::instances_of(Side::Candidate, &settings.service);
        if instances.is_empty() {
            return Ok(Vec::new());
        }
        let there = match schema(&settings) {
            Ok(there) => there,
            Err(finding) => return Ok(vec![finding]),
        };
        Ok(instances.iter().filter_map(|one| judge(one, &there, &settings)).collect())
    }
}

/// The version that the ConfigMap names.
fn schema(settings: &Settings) -> Result<String, Finding> {
    let Settings { config_map: name, key, .. } = settings;
    let Some(told) = lookup::config_map(name) else {
        let message = format!("nobody told what ConfigMap {name} holds");
        let hint = format!("bind this policy with --config-map {name}");
        return Err(Finding::undecided("schema-untold", message).hint(hint));
    };
    let missing = if told.contents.is_some() {
        format!("ConfigMap {name} has no key {key}")
    } else {
        format!("the set has no ConfigMap {name}")
    };
    let value = told.value(key).map(str::to_owned);
    value.ok_or_else(|| Finding::deny("schema-missing", missing))
}

fn judge(instance: &Instance, there: &str, settings: &Settings) -> Option<Finding> {
    let (name, annotation) = (instance.key(), &settings.annotation);
    let expected = instance.annotations.iter().find(|entry| entry.key == *annotation);
    let finding = match expected {
        Some(expected) if expected.value == there => return None,
        Some(expected) => {
            let expected = &expected.value;
            let config_map = &settings.config_map;
            let message = format!(
                "{name} was built for schema {expected}, and ConfigMap {config_map} says {there}"
            );
            Finding::deny("schema-differs", message).hint("bring the two that belong together")
        }
        None => {
            let message = format!("{name} does not say which schema it was built for");
            Finding::undecided("schema-unsaid", message).hint(format!("annotate it: {annotation}"))
        }
    };
    Some(finding.about(instance.subject()))
}

register!(SchemaVersion: promotion_by_look_ups);

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::{
        Entry, Snapshot,
        lookup::{ConfigMap, Contents, Details},
        promotion_by_look_ups::{Actor, Stage},
    };

    fn asked(annotation: Option<&str>, config_map: Option<&[(&str, &str)]>) -> Vec<String> {
        asked_of(&["staging", "prod"], annotation, config_map)
    }

    fn asked_of(
        ladder: &[&str],
        annotation: Option<&str>,
        config_map: Option<&[(&str, &str)]>,
    ) -> Vec<String> {
        let entry = |key: &str, value: &str| Entry { key: key.to_owned(), value: value.to_owned() };
        let orders = Instance {
            service: "orders".to_owned(),
            name: "orders".to_owned(),
            annotations: annotation
                .map(|value| entry("shop.example/schema", value))
                .into_iter()
                .collect(),
            ..Instance::default()
        };
        let candidate = Snapshot { instances: vec![orders], ..Snapshot::default() };
        sets::tell(sets::Sets { candidate, ..sets::Sets::default() });
        let contents = config_map.map(|data| Contents {
            data: data.iter().map(|(key, value)| entry(key, value)).collect(),
            binary: vec![],
        });
        let schema = ConfigMap { name: "schema".to_owned(), contents };
        lookup::tell(Details { config_maps: Some(vec![schema]), ..Details::default() });
        let stage = |name: &str| Stage { name: name.to_owned(), after: vec![] };
        let question = PromotionQuestionByLookUps {
            target: stage("prod"),
            ladder: ladder.iter().map(|name| stage(name)).collect(),
            deployments: vec![],
            evidence: vec![],
            actor: Actor { name: "ada".to_owned(), groups: vec![] },
            reason: None,
            settings: r#"{"service": "orders", "annotation": "shop.example/schema", "configMap": "schema"}"#.to_owned(),
            now: 0,
        };
        let findings = SchemaVersion::review(&question).unwrap();
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_there_is_what_is_expected() {
        assert!(asked(Some("7"), Some(&[("version", "7")])).is_empty());
        assert_eq!(
            asked(Some("7"), Some(&[("version", "6")])),
            [
                "deny schema-differs: orders/orders was built for schema 7, and ConfigMap schema says 6"
            ]
        );
        assert!(asked(None, Some(&[("version", "6")]))[0].starts_with("undecided schema-unsaid"));
        assert!(
            asked(Some("7"), Some(&[]))[0].starts_with("deny schema-missing: ConfigMap schema has")
        );
        assert_eq!(
            asked(Some("7"), None),
            ["deny schema-missing: the set has no ConfigMap schema"]
        );
    }
    #[test]
    fn a_ladder_without_production_is_no_yes() {
        let schema: Option<&[(&str, &str)]> = Some(&[("version", "7")]);
        for ladder in [&[][..], &["staging", "live"]] {
            assert_eq!(
                asked_of(ladder, Some("7"), schema),
                ["undecided stage-unknown: no stage of the ladder is prod"]
            );
        }
    }
}
