//! Settings that name a stage the ladder does not have.
//!
//! `"for": ["prd"]` would ask for nothing, and nobody would see it. So it leaves
//! the promotion undecided until it is mended.

use crate::{evidence::Rule, freeze::Freeze, settings::Settings};
use snapshot_policy::{Finding, PromotionQuestion, enumerate};
use std::collections::{BTreeMap, BTreeSet};

/// The names that no stage has, by the setting that has them.
pub(crate) fn judge(
    settings: &Settings,
    soak: &BTreeMap<&str, u64>,
    rules: &[Rule],
    freezes: &[Freeze],
    question: &PromotionQuestion,
) -> Vec<Finding> {
    let ladder: Vec<&str> = question.ladder.iter().map(|stage| stage.name.as_str()).collect();
    if ladder.is_empty() {
        return Vec::new();
    }
    let of_rules = rules
        .iter()
        .flat_map(|rule| rule.targets.iter().map(String::as_str).chain(rule.stage))
        .collect();
    let of_freezes =
        freezes.iter().flat_map(|freeze| freeze.targets.iter().map(String::as_str)).collect();
    let named: [(&str, BTreeSet<&str>); 4] = [
        ("soak", soak.keys().copied().collect()),
        ("evidence", of_rules),
        ("approvals", settings.approvals.keys().map(String::as_str).collect()),
        ("freeze", of_freezes),
    ];
    let absent = named.into_iter().filter_map(|(setting, names)| {
        let absent: Vec<&str> = names.into_iter().filter(|name| !ladder.contains(name)).collect();
        (!absent.is_empty()).then_some((setting, absent))
    });
    absent
        .map(|(setting, absent)| {
            let (absent, stages) = (enumerate(&absent), enumerate(&ladder));
            let message =
                format!("the setting `{setting}` names {absent}, and the ladder has only {stages}");
            Finding::undecided("stage-unknown", message)
                .hint("name the stage as the ladder does, or take it out of the settings")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::test_support::{promotion, said};
    use snapshot_policy::PromotionQuestion;

    fn with(settings: &str) -> Vec<String> {
        said(&PromotionQuestion { settings: settings.to_owned(), ..promotion() })
    }

    #[test]
    fn a_mistyped_stage_is_not_passed_over() {
        assert_eq!(
            with(r#"{"soak": {"qa": "1h", "quality": "24h"}}"#),
            ["undecided stage-unknown: the setting `soak` names quality, and the ladder has only \
                 dev, qa and prod"]
        );
        for settings in [
            r#"{"evidence": [{"kind": "test", "for": ["prd"]}]}"#,
            r#"{"evidence": [{"kind": "test", "stage": "q", "for": ["dev"]}]}"#,
            r#"{"approvals": {"prd": 1}}"#,
            r#"{"freeze": [{"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z", "for": ["prd"]}]}"#,
        ] {
            let said = with(settings);
            assert!(said.len() == 1 && said[0].starts_with("undecided stage-unknown"), "{said:?}");
        }
    }

    #[test]
    fn without_a_ladder_nothing_is_known_to_be_wrong() {
        let settings = r#"{"soak": {"quality": "24h"}}"#.to_owned();
        let question = PromotionQuestion { ladder: vec![], settings, ..promotion() };
        assert!(said(&question).is_empty());
    }
}
