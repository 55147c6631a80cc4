//! The rule: no container runs a tag that moves.

use serde::Deserialize;
use snapshot_policy::{CompatibilityQuestion, Finding};

/// Settings of the policy; `settings.schema.json` says the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    tags: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { tags: ["latest", "main", "master", "edge"].map(str::to_owned).to_vec() }
    }
}

/// One finding for each container whose tag moves.
pub(crate) fn judge(question: &CompatibilityQuestion, settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for instance in &question.candidate.instances {
        for container in &instance.containers {
            // A digest pins the image, whatever the tag says. No tag means `latest`.
            let tag = container.tag.as_deref().unwrap_or("latest");
            if container.digest.is_some() || !settings.tags.iter().any(|moving| moving == tag) {
                continue;
            }
            let message =
                format!("{} runs {}:{tag}, a tag that moves", instance.key(), container.image);
            findings.push(
                Finding::deny("moving-tag", message)
                    .about(instance.subject())
                    .hint("name the version that was tested"),
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::{Container, Instance, Snapshot};

    /// A set in which tax runs this tag. Records have empty defaults to start from.
    fn tax(tag: Option<&str>) -> CompatibilityQuestion {
        let container = Container {
            image: "shop/tax".to_owned(),
            tag: tag.map(str::to_owned),
            ..Container::default()
        };
        let instance = Instance {
            service: "tax".to_owned(),
            name: "tax".to_owned(),
            containers: vec![container],
            ..Instance::default()
        };
        CompatibilityQuestion {
            candidate: Snapshot { instances: vec![instance], ..Snapshot::default() },
            ..CompatibilityQuestion::default()
        }
    }

    #[test]
    fn a_version_stays_and_latest_moves() {
        assert_eq!(judge(&tax(Some("1.4.0")), &Settings::default()), []);
        let findings = judge(&tax(Some("latest")), &Settings::default());
        assert_eq!(findings[0].message, "tax/tax runs shop/tax:latest, a tag that moves");
        assert_eq!(judge(&tax(None), &Settings::default()), findings);
    }
}
