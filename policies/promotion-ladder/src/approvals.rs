//! Approvals.
//!
//! An approval is evidence of the kind `approval`: its actor agrees, or refuses
//! where its outcome is a failure. Of what one person says the newest counts. An
//! approval that names a stage is for a promotion to that stage. The question
//! does not say which groups an approver is in, so nothing is asked of that.

use crate::{
    fact::{APPROVAL, is_premature, keep_newest, who},
    settings::Settings,
    time, wording,
};
use snapshot_policy::{Evidence, Finding, Outcome, PromotionQuestion, enumerate};
use std::collections::BTreeMap;

/// Findings against the promotion: too few approvals, or a refusal.
pub(crate) fn judge(settings: &Settings, question: &PromotionQuestion) -> Vec<Finding> {
    let asked = settings.approvals.get(&question.target.name).copied().unwrap_or_default();
    if asked == 0 {
        return Vec::new();
    }
    let said = Said::of(question);
    let mut findings: Vec<Finding> =
        said.refused.iter().map(|fact| refused(fact, question)).collect();
    findings.extend(said.missing(asked, settings.four_eyes, question));
    findings
}

/// Last word of each person.
struct Said<'a> {
    approved: Vec<&'a str>,
    refused: Vec<&'a Evidence>,
}

impl<'a> Said<'a> {
    fn of(question: &'a PromotionQuestion) -> Self {
        let target = &question.target.name;
        let counts = |fact: &&Evidence| {
            fact.kind == APPROVAL
                && fact.stage.as_ref().is_none_or(|stage| stage == target)
                && !is_premature(fact, question.now)
        };
        let mut newest: BTreeMap<&str, &Evidence> = BTreeMap::new();
        for fact in question.evidence.iter().filter(counts) {
            keep_newest(newest.entry(&fact.actor).or_insert(fact), fact);
        }
        let (approved, refused): (Vec<&Evidence>, Vec<&Evidence>) =
            newest.into_values().partition(|fact| fact.outcome == Outcome::Passed);
        // Of somebody without a name nobody can say that it is somebody else.
        let names = approved.iter().map(|fact| fact.actor.as_str()).filter(|name| !name.is_empty());
        Self { approved: names.collect(), refused }
    }

    fn missing(
        &self,
        asked: u32,
        four_eyes: bool,
        question: &PromotionQuestion,
    ) -> Option<Finding> {
        let actor = question.actor.name.as_str();
        let unknown = four_eyes && actor.is_empty();
        let own = four_eyes && self.approved.contains(&actor);
        let others: Vec<&str> = if unknown {
            Vec::new()
        } else {
            let counts = |name: &&str| !four_eyes || *name != actor;
            self.approved.iter().copied().filter(counts).collect()
        };
        if others.len() >= usize::try_from(asked).unwrap_or(usize::MAX) {
            return None;
        }
        let (snapshot, target) = (wording::named(&question.candidate), &question.target.name);
        let approvals = if asked == 1 { "approval" } else { "approvals" };
        let found = match others.len() {
            0 => "none".to_owned(),
            count => format!("{count}, by {}", enumerate(&others)),
        };
        let why = if unknown {
            "; who promotes is not known, so nobody is known to be another".to_owned()
        } else if own {
            format!("; that of {actor}, who promotes it, does not count")
        } else {
            String::new()
        };
        let who = if four_eyes && !unknown {
            format!("somebody other than {actor}")
        } else {
            "somebody else".to_owned()
        };
        Some(
            Finding::undecided(
                "approval-missing",
                format!(
                    "{target} asks for {asked} {approvals} of {snapshot}, and there is {found}{why}"
                ),
            )
            .hint(format!("let {who} run `kubectl snapshot approve`"))
            .may_pass(),
        )
    }
}

fn refused(fact: &Evidence, question: &PromotionQuestion) -> Finding {
    let (snapshot, target) = (wording::named(&question.candidate), &question.target.name);
    let who = who(fact);
    let message = format!("{who} refused {snapshot} for {target} at {}", time::at(fact.at));
    Finding::deny("approval-refused", message)
        .hint(format!("talk to {who}, whose newest word counts"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{HOUR, NOW, fact, findings, promotion, said};
    use snapshot_policy::{Evidence, Outcome, PromotionQuestion};

    fn asked(settings: &str, evidence: Vec<Evidence>) -> PromotionQuestion {
        PromotionQuestion { evidence, settings: settings.to_owned(), ..promotion() }
    }

    fn by(actor: &str, outcome: Outcome, hours: u64) -> Evidence {
        let actor = actor.to_owned();
        Evidence { actor, stage: None, ..fact("approval", "release", outcome, hours) }
    }

    fn approved(actor: &str) -> Evidence {
        by(actor, Outcome::Passed, 1)
    }

    const ONE: &str = r#"{"approvals": {"prod": 1}}"#;
    const TWO: &str = r#"{"approvals": {"prod": 2, "qa": 9}}"#;

    #[test]
    fn so_many_others_approve() {
        assert_eq!(
            said(&asked(ONE, vec![])),
            ["undecided approval-missing: prod asks for 1 approval of rel-42, and there is none"]
        );
        assert!(said(&asked(ONE, vec![approved("grace")])).is_empty());
        let twice = vec![approved("grace"), by("grace", Outcome::Passed, 2)];
        assert_eq!(
            said(&asked(TWO, twice)),
            [
                "undecided approval-missing: prod asks for 2 approvals of rel-42, and there is 1, by grace"
            ]
        );
        assert!(said(&asked(TWO, vec![approved("grace"), approved("alan")])).is_empty());
    }

    #[test]
    fn who_promotes_does_not_approve_unless_set() {
        let own = asked(ONE, vec![approved("ada")]);
        assert_eq!(
            said(&own),
            ["undecided approval-missing: prod asks for 1 approval of rel-42, and there is none; \
                 that of ada, who promotes it, does not count"]
        );
        assert_eq!(
            findings(&own)[0].hint.as_deref(),
            Some("let somebody other than ada run `kubectl snapshot approve`")
        );
        let settings = r#"{"approvals": {"prod": 1}, "fourEyes": false}"#;
        assert!(said(&asked(settings, vec![approved("ada")])).is_empty());
    }

    #[test]
    fn nobody_is_known_to_be_another_than_nobody() {
        let mut question = asked(ONE, vec![approved("grace")]);
        question.actor.name.clear();
        assert_eq!(
            said(&question),
            ["undecided approval-missing: prod asks for 1 approval of rel-42, and there is none; \
                 who promotes is not known, so nobody is known to be another"]
        );
        assert_eq!(said(&asked(ONE, vec![approved("")])).len(), 1);
    }

    #[test]
    fn the_newest_word_of_each_counts() {
        let refused = by("grace", Outcome::Failed, 0);
        assert_eq!(
            said(&asked(ONE, vec![approved("grace"), approved("alan"), refused])),
            ["deny approval-refused: grace refused rel-42 for prod at 2026-11-22T10:00:00Z"]
        );
        let before = by("grace", Outcome::Failed, 9);
        assert!(said(&asked(ONE, vec![approved("grace"), before])).is_empty());
        let tomorrow = Evidence { at: NOW + 24 * HOUR, ..approved("grace") };
        assert_eq!(said(&asked(ONE, vec![tomorrow])).len(), 1);
    }

    #[test]
    fn an_approval_for_another_stage_does_not_count() {
        let at = |stage: &str| Evidence { stage: Some(stage.to_owned()), ..approved("grace") };
        assert!(said(&asked(ONE, vec![at("prod")])).is_empty());
        assert_eq!(said(&asked(ONE, vec![at("qa")])).len(), 1);
    }
}
