//! Evidence that has to be recorded about a snapshot, and good.
//!
//! Of the facts that go by one name the newest decides: a failure outweighs an
//! earlier pass, and a pass an earlier failure. Of two at one instant it is the
//! failure. A pass that is dated after now does not count.

use crate::{
    bound::{self, Bound},
    fact::{APPROVAL, applies, is_premature, keep_newest, who},
    settings::{Fact, Settings},
    time, wording,
};
use snapshot_policy::{Evidence, Finding, Outcome, PromotionQuestion, lookup};
use std::{collections::BTreeMap, fmt};

/// A fact that has to be recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule<'a> {
    pub(crate) kind: &'a str,
    /// Any of its kind without one.
    pub(crate) name: Option<&'a str>,
    /// Anywhere without one.
    pub(crate) stage: Option<&'a str>,
    /// For which targets; for all where there are none.
    pub(crate) targets: &'a [String],
    pub(crate) min: Option<&'a Bound>,
    pub(crate) max: Option<&'a Bound>,
    /// Longest age, in seconds.
    pub(crate) max_age: Option<u64>,
}

/// The facts that the settings ask for.
pub(crate) fn rules(settings: &Settings) -> Result<Vec<Rule<'_>>, String> {
    settings.evidence.iter().map(Rule::of).collect()
}

/// Findings about required evidence that is missing or failed.
pub(crate) fn judge(rules: &[Rule], question: &PromotionQuestion) -> Vec<Finding> {
    let target = &question.target.name;
    rules
        .iter()
        .filter(|rule| applies(rule.targets, target))
        .flat_map(|rule| rule.judge(question))
        .collect()
}

/// Failures that no setting asks about: nobody meant them to pass unseen.
pub(crate) fn failed_unasked(
    rules: &[Rule],
    settings: &Settings,
    question: &PromotionQuestion,
) -> Vec<Finding> {
    let target = &question.target.name;
    let approvals = settings.approvals.get(target).is_some_and(|count| *count > 0);
    let asked = |fact: &Evidence| {
        (approvals && fact.kind == APPROVAL)
            || rules.iter().any(|rule| applies(rule.targets, target) && rule.is_about(fact))
    };
    let mut newest: BTreeMap<_, &Evidence> = BTreeMap::new();
    for fact in question.evidence.iter().filter(|fact| !asked(fact)) {
        // What one person refuses, another's approval does not undo.
        let who = if fact.kind == APPROVAL { fact.actor.as_str() } else { "" };
        keep_newest(newest.entry((&fact.kind, &fact.name, &fact.stage, who)).or_insert(fact), fact);
    }
    let failed = newest.into_values().filter(|fact| fact.outcome == Outcome::Failed);
    failed
        .map(|fact| {
            let at = time::at(fact.at);
            let message = if fact.kind == APPROVAL {
                format!("{} refused it at {at}, and no setting asks for approvals", who(fact))
            } else {
                format!("{} failed at {at}, and no setting asks for it", FactName(fact))
            };
            Finding::warning("failure-unasked", message)
                .hint("see whether it matters, and ask for it in the settings if it does")
        })
        .collect()
}

impl<'a> Rule<'a> {
    fn of(fact: &'a Fact) -> Result<Self, String> {
        if fact.kind == APPROVAL {
            return Err(
                "the setting `evidence` asks for an approval; the setting `approvals` does that: \
                 {\"prod\": 1}"
                    .to_owned(),
            );
        }
        if let (Some(min), Some(max)) = (&fact.min, &fact.max)
            && !(min.is_in(max.unit()) && min.number() <= max.number())
        {
            let kind = &fact.kind;
            return Err(format!(
                "the setting `evidence` has a {kind} of at least {min} and at most {max}"
            ));
        }
        Ok(Self {
            kind: &fact.kind,
            name: fact.name.as_deref(),
            stage: fact.stage.as_deref(),
            targets: &fact.targets,
            min: fact.min.as_ref(),
            max: fact.max.as_ref(),
            max_age: match &fact.max_age {
                Some(text) => Some(time::period("evidence.maxAge", text)?),
                None => None,
            },
        })
    }
}

impl Rule<'_> {
    fn is_about(&self, fact: &Evidence) -> bool {
        fact.kind == self.kind
            && self.name.is_none_or(|name| fact.name == name)
            && self.stage.is_none_or(|stage| fact.stage.as_deref() == Some(stage))
    }

    fn judge(&self, question: &PromotionQuestion) -> Vec<Finding> {
        let mut newest: BTreeMap<&str, &Evidence> = BTreeMap::new();
        let mut premature = None;
        for fact in question.evidence.iter().filter(|fact| self.is_about(fact)) {
            if is_premature(fact, question.now) {
                premature = Some(fact);
            } else {
                keep_newest(newest.entry(&fact.name).or_insert(fact), fact);
            }
        }
        if newest.is_empty() {
            return vec![self.missing(premature, question)];
        }
        newest.values().filter_map(|fact| self.judge_fact(fact, question)).collect()
    }

    fn missing(&self, premature: Option<&Evidence>, question: &PromotionQuestion) -> Finding {
        let (snapshot, target) = (wording::named(&question.candidate), &question.target.name);
        let what = self.named();
        let found = match premature {
            None => "nobody has recorded it".to_owned(),
            Some(fact) => format!("the one recorded is dated {}, after now", time::at(fact.at)),
        };
        Finding::undecided(
            "evidence-missing",
            format!("{target} asks for {what} of {snapshot}, and {found}"),
        )
        .hint("record it with `kubectl snapshot evidence add` once it is known")
        .may_pass()
    }

    fn judge_fact(&self, fact: &Evidence, question: &PromotionQuestion) -> Option<Finding> {
        let (what, at) = (FactName(fact), time::at(fact.at));
        if fact.outcome == Outcome::Failed {
            let message = format!("{what} failed at {at}, says {}", who(fact));
            let finding = Finding::deny("evidence-failed", message);
            return Some(finding.hint("mend it, and record that it passes: the newest decides"));
        }
        let age = question.now.saturating_sub(fact.at);
        if let Some(most) = self.max_age.filter(|most| age > *most) {
            let message = format!("{what} passed at {at}, more than {} ago", time::shown(most));
            let finding = Finding::undecided("evidence-stale", message);
            return Some(finding.hint("do it again, and record that").may_pass());
        }
        self.judge_value(fact)
    }

    fn judge_value(&self, fact: &Evidence) -> Option<Finding> {
        let what = FactName(fact);
        let (bound, limit) = match (self.min, self.max) {
            (None, None) => return None,
            (Some(min), None) => ("at least", min.to_string()),
            (None, Some(max)) => ("at most", max.to_string()),
            (Some(min), Some(max)) => ("between", format!("{min} and {max}")),
        };
        let Some(value) = fact.value.filter(|value| !value.is_nan()) else {
            let message = format!("{what} has no value, and is to be {bound} {limit}");
            return Some(
                Finding::undecided("metric-without-value", message)
                    .hint("record it with its value")
                    .may_pass(),
            );
        };
        let facts = lookup::facts().unwrap_or_default();
        let bare = value.to_string();
        let measured = bound::measured(fact, &facts).unwrap_or(&bare);
        if let Some(finding) = self.judge_unit(&what, measured, (bound, &limit)) {
            return Some(finding);
        }
        let is_good = self.min.is_none_or(|min| value >= min.number())
            && self.max.is_none_or(|max| value <= max.number());
        (!is_good).then(|| {
            let message = format!("{what} is {measured}, and is to be {bound} {limit}");
            Finding::deny("metric-out-of-range", message)
                .hint("mend it, and record the new value: the newest decides")
        })
    }

    /// A finding where the value was recorded in another unit than that of the bounds: 5 s are
    /// not less than 200 ms.
    fn judge_unit(
        &self,
        what: &FactName<'_>,
        measured: &str,
        (bound, limit): (&str, &str),
    ) -> Option<Finding> {
        let unit = bound::unit_of(measured);
        let other = self.min.into_iter().chain(self.max).find(|one| !one.is_in(unit))?;
        let message = format!("{what} was recorded as {measured}, and is to be {bound} {limit}");
        let hint = if other.unit().is_empty() {
            format!("write the bound with its unit: \"{other}{unit}\"")
        } else {
            format!("record it in {}, or write the bound in another unit", other.unit())
        };
        Some(Finding::undecided("metric-in-another-unit", message).hint(hint).may_pass())
    }

    /// `test e2e at qa`, `a test at qa`
    fn named(&self) -> String {
        let what = match self.name {
            Some(name) => format!("{} {name}", self.kind),
            None => format!("a {}", self.kind),
        };
        match self.stage {
            Some(stage) => format!("{what} at {stage}"),
            None => what,
        }
    }
}

/// A fact as messages name it: `test e2e at qa`.
struct FactName<'a>(&'a Evidence);

impl fmt::Display for FactName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evidence { kind, name, stage, .. } = self.0;
        write!(f, "{kind} {name}")?;
        stage.iter().try_for_each(|stage| write!(f, " at {stage}"))
    }
}

#[cfg(test)]
mod tests {
    use super::rules;
    use crate::settings::Settings;
    use crate::test_support::{HOUR, NOW, fact, promotion, said};
    use snapshot_policy::{
        Evidence, Outcome, PromotionQuestion,
        lookup::{Details, Ending, Fact, tell},
        parse_settings,
    };

    const E2E: &str = r#"{"kind": "test", "name": "e2e", "stage": "qa"}"#;

    fn with(rule: &str, evidence: Vec<Evidence>) -> Vec<String> {
        let settings = format!(r#"{{"evidence": [{rule}]}}"#);
        said(&PromotionQuestion { evidence, settings, ..promotion() })
    }

    fn e2e(outcome: Outcome, hours: u64) -> Evidence {
        fact("test", "e2e", outcome, hours)
    }

    fn p95(value: Option<f64>) -> Evidence {
        Evidence { value, ..fact("metric", "p95", Outcome::Passed, 1) }
    }

    #[test]
    fn what_is_missing_is_undecided_and_what_failed_is_denied() {
        let missing = "undecided evidence-missing: prod asks for test e2e at qa of rel-42, and nobody \
                       has recorded it";
        assert_eq!(with(E2E, vec![]), [missing]);
        assert!(with(E2E, vec![e2e(Outcome::Passed, 1)]).is_empty());
        assert_eq!(
            with(E2E, vec![e2e(Outcome::Failed, 1)]),
            ["deny evidence-failed: test e2e at qa failed at 2026-11-22T09:00:00Z, says ci"]
        );
        // Recorded elsewhere, or nowhere.
        for stage in [None, Some("dev".to_owned())] {
            assert_eq!(with(E2E, vec![Evidence { stage, ..e2e(Outcome::Passed, 1) }]), [missing]);
        }
    }

    #[test]
    fn the_newest_decides() {
        let (passed, failed) = (e2e(Outcome::Passed, 2), e2e(Outcome::Failed, 2));
        assert!(with(E2E, vec![e2e(Outcome::Passed, 1), failed.clone()]).is_empty());
        assert_eq!(with(E2E, vec![e2e(Outcome::Failed, 1), passed.clone()]).len(), 1);
        // At one instant the failure does, in whichever order they come.
        for both in [[passed.clone(), failed.clone()], [failed, passed]] {
            assert_eq!(with(E2E, both.to_vec()).len(), 1);
        }
    }

    #[test]
    fn a_pass_from_the_future_does_not_count_and_a_failure_does() {
        let future = |outcome| Evidence { at: NOW + HOUR, ..e2e(outcome, 0) };
        assert_eq!(
            with(E2E, vec![future(Outcome::Passed)]),
            ["undecided evidence-missing: prod asks for test e2e at qa of rel-42, and the one \
                 recorded is dated 2026-11-22T11:00:00Z, after now"]
        );
        let both = vec![e2e(Outcome::Failed, 1), future(Outcome::Passed)];
        assert!(with(E2E, both)[0].starts_with("deny evidence-failed"));
        let both = vec![e2e(Outcome::Passed, 1), future(Outcome::Failed)];
        assert!(with(E2E, both)[0].starts_with("deny evidence-failed"));
    }

    #[test]
    fn a_rule_may_be_for_some_targets_and_for_any_name() {
        assert!(with(r#"{"kind": "test", "name": "e2e", "for": ["qa"]}"#, vec![]).is_empty());
        assert_eq!(with(r#"{"kind": "test", "for": ["prod"]}"#, vec![]).len(), 1);
        let any = r#"{"kind": "test"}"#;
        assert!(with(any, vec![e2e(Outcome::Passed, 1)]).is_empty());
        let two = vec![e2e(Outcome::Passed, 1), fact("test", "load", Outcome::Failed, 9)];
        assert_eq!(
            with(any, two),
            ["deny evidence-failed: test load at qa failed at 2026-11-22T01:00:00Z, says ci"]
        );
    }

    #[test]
    fn what_is_old_is_undecided() {
        let rule = r#"{"kind": "test", "name": "e2e", "maxAge": "7d"}"#;
        assert!(with(rule, vec![e2e(Outcome::Passed, 7 * 24)]).is_empty());
        assert_eq!(
            with(rule, vec![e2e(Outcome::Passed, 8 * 24)]),
            [
                "undecided evidence-stale: test e2e at qa passed at 2026-11-14T10:00:00Z, more than 7d ago"
            ]
        );
    }

    #[test]
    fn a_metric_is_within_its_bounds() {
        let most = r#"{"kind": "metric", "name": "p95", "max": 200}"#;
        assert!(with(most, vec![p95(Some(200.0))]).is_empty());
        assert_eq!(
            with(most, vec![p95(Some(240.5))]),
            ["deny metric-out-of-range: metric p95 at qa is 240.5, and is to be at most 200"]
        );
        for value in [None, Some(f64::NAN)] {
            assert_eq!(
                with(most, vec![p95(value)]),
                [
                    "undecided metric-without-value: metric p95 at qa has no value, and is to be at most 200"
                ]
            );
        }
        let between = r#"{"kind": "metric", "name": "p95", "min": 0.5, "max": 1}"#;
        assert_eq!(
            with(between, vec![p95(Some(0.25))]),
            ["deny metric-out-of-range: metric p95 at qa is 0.25, and is to be between 0.5 and 1"]
        );
        let least = r#"{"kind": "metric", "name": "p95", "min": 1}"#;
        assert!(with(least, vec![p95(Some(f64::INFINITY))]).is_empty());
        // Whoever measured it may say that it is bad all the same.
        let failed = Evidence { outcome: Outcome::Failed, ..p95(Some(1.0)) };
        assert!(with(most, vec![failed])[0].starts_with("deny evidence-failed"));
    }

    /// The fact as the look-up tells it.
    fn told(evidence: &Evidence, measured: &str) -> Fact {
        Fact {
            kind: evidence.kind.clone(),
            name: evidence.name.clone(),
            ending: Ending::Passed,
            value: evidence.value,
            measured: Some(measured.to_owned()),
            stage: evidence.stage.clone(),
            actor: evidence.actor.clone(),
            groups: None,
            at: evidence.at,
            detail: None,
            link: None,
        }
    }

    #[test]
    fn a_value_counts_in_the_unit_of_its_bounds() {
        let judged = |rule: &str, measured: Option<&str>| {
            let evidence = p95(Some(120.0));
            let facts = measured.map(|measured| vec![told(&evidence, measured)]);
            tell(Details { facts, ..Details::default() });
            with(rule, vec![evidence])
        };
        let (bare, unit) =
            (r#"{"kind": "metric", "max": 200}"#, r#"{"kind": "metric", "max": "200ms"}"#);
        assert!(judged(unit, Some("120ms")).is_empty());
        assert!(judged(bare, Some("120")).is_empty());
        assert_eq!(
            judged(bare, Some("120s")),
            [
                "undecided metric-in-another-unit: metric p95 at qa was recorded as 120s, and is to be \
                 at most 200"
            ]
        );
        assert_eq!(judged(unit, Some("120s")).len(), 1);
        // A question that does not tell has numbers alone.
        assert!(judged(bare, None).is_empty());
        assert_eq!(judged(unit, None).len(), 1);
        let high = r#"{"kind": "metric", "max": "0.1s"}"#;
        assert_eq!(
            judged(high, Some("120s")),
            ["deny metric-out-of-range: metric p95 at qa is 120s, and is to be at most 0.1s"]
        );
    }

    #[test]
    fn a_failure_that_nobody_asks_about_is_told() {
        let load = fact("test", "load", Outcome::Failed, 1);
        assert_eq!(
            with(E2E, vec![e2e(Outcome::Passed, 1), load.clone()]),
            ["warning failure-unasked: test load at qa failed at 2026-11-22T09:00:00Z, and no \
                 setting asks for it"]
        );
        let mended = fact("test", "load", Outcome::Passed, 0);
        assert!(with(E2E, vec![e2e(Outcome::Passed, 1), load, mended]).is_empty());
        let refusal = Evidence {
            actor: "grace".to_owned(),
            ..fact("approval", "release", Outcome::Failed, 1)
        };
        assert_eq!(
            with(E2E, vec![e2e(Outcome::Passed, 1), refusal]),
            ["warning failure-unasked: grace refused it at 2026-11-22T09:00:00Z, and no setting \
                 asks for approvals"]
        );
    }

    #[test]
    fn what_cannot_be_asked_is_an_error_that_names_the_setting() {
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
                r#"{"kind": "metric", "min": "1ms", "max": "1s"}"#,
                "the setting `evidence` has a metric of at least 1ms and at most 1s",
            ),
            (
                r#"{"kind": "test", "maxAge": "old"}"#,
                "the setting `evidence.maxAge` has \"old\"; write a time such as 90m, 24h or 7d",
            ),
        ] {
            let settings =
                parse_settings::<Settings>(&format!(r#"{{"evidence": [{evidence}]}}"#)).unwrap();
            assert_eq!(rules(&settings).unwrap_err(), error);
        }
    }
}
