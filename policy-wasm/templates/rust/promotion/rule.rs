//! The rule: somebody other than the one who asks approved it.

use serde::Deserialize;
use snapshot_policy::{Evidence, Finding, Outcome, PromotionQuestion};
use std::collections::BTreeMap;

/// Settings of the policy; `settings.schema.json` says the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    approvals: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { approvals: 1 }
    }
}

/// A finding where too few others approved.
pub(crate) fn judge(question: &PromotionQuestion, settings: &Settings) -> Vec<Finding> {
    let stage = &question.target.name;
    let asks = &question.actor.name;
    // Evidence without a stage holds for all of them.
    let here = |it: &&Evidence| it.stage.as_ref().is_none_or(|of| of == stage);
    let mut said: Vec<&Evidence> =
        question.evidence.iter().filter(|it| it.kind == "approval").filter(here).collect();
    // Of what one person says the newest counts; of two words at once the refusal.
    said.sort_by_key(|it| (it.at, it.outcome == Outcome::Failed));
    let newest: BTreeMap<&str, Outcome> =
        said.into_iter().map(|it| (it.actor.as_str(), it.outcome)).collect();
    let approves = |(actor, outcome): &(&&str, &Outcome)| {
        **outcome == Outcome::Passed && **actor != asks.as_str()
    };
    let (found, needed) = (newest.iter().filter(approves).count(), settings.approvals);
    if found >= needed {
        return Vec::new();
    }
    let message = format!("{stage} needs approvals by others than {asks}: {found} of {needed}");
    vec![Finding::deny("not-approved", message).hint("have somebody else approve it")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_policy::{Actor, Stage};

    /// Ada asks for prod, and these approved. Records have empty defaults to start from.
    fn approved_by(actors: &[&str]) -> PromotionQuestion {
        let approval = |actor: &&str| Evidence {
            kind: "approval".to_owned(),
            name: "release".to_owned(),
            outcome: Outcome::Passed,
            value: None,
            stage: None,
            actor: (*actor).to_owned(),
            at: 0,
        };
        PromotionQuestion {
            target: Stage { name: "prod".to_owned(), ..Stage::default() },
            evidence: actors.iter().map(approval).collect(),
            actor: Actor { name: "ada".to_owned(), ..Actor::default() },
            ..PromotionQuestion::default()
        }
    }

    #[test]
    fn somebody_else_has_to_approve() {
        let judge = |actors| judge(&approved_by(actors), &Settings::default());
        assert_eq!(judge(&["ada", "bob"]), []);
        let message = "prod needs approvals by others than ada: 0 of 1";
        assert_eq!(judge(&["ada"])[0].message, message);
    }

    #[test]
    fn an_approval_can_be_taken_back() {
        let mut question = approved_by(&["bob", "bob"]);
        question.evidence[0] =
            Evidence { outcome: Outcome::Failed, at: 60, ..question.evidence[0].clone() };
        assert_eq!(judge(&question, &Settings::default()).len(), 1);
    }

    #[test]
    fn one_person_counts_once() {
        let two = Settings { approvals: 2 };
        assert_eq!(judge(&approved_by(&["bob", "bob"]), &two).len(), 1);
        assert_eq!(judge(&approved_by(&["bob", "eve"]), &two), []);
    }
}
