//! Ladder rule: no stage skipped, and none left before its soak time is over.

use crate::{settings::Require, time, wording};
use snapshot_policy::{Deployment, Finding, PromotionQuestion, Severity, enumerate};
use std::collections::BTreeMap;

/// Findings about the stages that come right before the target.
pub(crate) fn judge(
    require: Require,
    soak: &BTreeMap<&str, u64>,
    question: &PromotionQuestion,
) -> Vec<Finding> {
    if let Some(returning) = returning(question) {
        return vec![returning];
    }
    let stays: Vec<(&str, Stay)> = question
        .target
        .after
        .iter()
        .map(|stage| {
            let asked = soak.get(stage.as_str()).copied().unwrap_or_default();
            (stage.as_str(), Stay::at(stage, asked, question))
        })
        .collect();
    let one_will_do = require == Require::Any;
    if one_will_do && stays.iter().any(|(_, stay)| matches!(stay, Stay::Enough)) {
        return Vec::new();
    }
    if one_will_do && !stays.is_empty() && stays.iter().all(|(_, stay)| matches!(stay, Stay::None))
    {
        let stages: Vec<&str> = stays.iter().map(|(stage, _)| *stage).collect();
        return vec![skipped(&stages, question)];
    }
    let told = stays.iter().filter_map(|(stage, stay)| match stay {
        // One stage that was left out is no fault where another leads on.
        Stay::None if one_will_do => None,
        stay => stay.finding(stage, question),
    });
    told.collect()
}

/// Finding that the snapshot ran at the target before: it goes back, and has nothing to
/// climb.
fn returning(question: &PromotionQuestion) -> Option<Finding> {
    let (target, digest) = (&question.target.name, &question.candidate.digest);
    let ran = |it: &Deployment| it.stage == *target && it.snapshot_digest == *digest;
    (!question.target.after.is_empty() && question.deployments.iter().any(ran)).then(|| {
        let name = wording::named(&question.candidate);
        Finding::info("returns", format!("{name} ran at {target} before"))
    })
}

/// Weakens findings about proof for a snapshot that ran at the target before and comes back
/// for a stated reason: what is missing or stale is a warning then, what failed is not.
pub(crate) fn let_return(findings: Vec<Finding>, question: &PromotionQuestion) -> Vec<Finding> {
    if returning(question).is_none() || wording::reason(question).is_none() {
        return findings;
    }
    let proof = |code: &str| {
        ["evidence-", "approval-", "metric-"].iter().any(|prefix| code.starts_with(prefix))
    };
    let weigh = |mut finding: Finding| {
        if finding.severity == Severity::Undecided && proof(&finding.code) {
            finding.severity = Severity::Warning;
        }
        finding
    };
    findings.into_iter().map(weigh).collect()
}

/// Stay of a snapshot at a stage, compared with the soak time asked for.
enum Stay {
    None,
    Enough,
    /// Current stay, not yet long enough.
    Lasting {
        seconds: u64,
        asked: u64,
        over: u64,
    },
    /// Past stay, not long enough.
    Past {
        seconds: u64,
        asked: u64,
    },
}

impl Stay {
    fn at(stage: &str, asked: u64, question: &PromotionQuestion) -> Self {
        let digest = &question.candidate.digest;
        let here = |it: &&Deployment| it.stage == stage && it.snapshot_digest == *digest;
        let deployments: Vec<&Deployment> = question.deployments.iter().filter(here).collect();
        // Each stay by itself: what was replaced in between has to prove itself anew.
        let lasted = |it: &&Deployment| it.until.unwrap_or(question.now).saturating_sub(it.since);
        let Some(seconds) = deployments.iter().map(lasted).max() else {
            return Self::None;
        };
        let current = deployments.iter().filter(|it| it.until.is_none()).min_by_key(|it| it.since);
        match current {
            _ if seconds >= asked => Self::Enough,
            Some(current) => Self::Lasting {
                seconds: lasted(current),
                asked,
                over: current.since.saturating_add(asked),
            },
            None => Self::Past { seconds, asked },
        }
    }

    fn finding(&self, stage: &str, question: &PromotionQuestion) -> Option<Finding> {
        let name = wording::named(&question.candidate);
        match *self {
            Self::None => Some(skipped(&[stage], question)),
            Self::Enough => None,
            Self::Lasting { seconds, asked, over } => {
                let (has, asked) = (time::shown(seconds), time::shown(asked));
                let message = format!(
                    "{name} has been at {stage} for {has}, and is to stay there for {asked}"
                );
                let hint = format!("it is over at {}", time::at(over));
                Some(Finding::undecided("soak-time-left", message).hint(hint).passes_at(over))
            }
            Self::Past { seconds, asked } => {
                let (was, asked) = (time::shown(seconds), time::shown(asked));
                let message = format!(
                    "{name} was at {stage} for {was} at a time, and was to stay there for {asked}"
                );
                let hint = format!("deploy it at {stage} again, and leave it there for {asked}");
                Some(Finding::undecided("soak-cut-short", message).hint(hint))
            }
        }
    }
}

fn skipped(stages: &[&str], question: &PromotionQuestion) -> Finding {
    let (name, target) = (wording::named(&question.candidate), &question.target.name);
    let message = match stages {
        [stage] => format!("{name} was never at {stage}, which comes before {target}"),
        stages => {
            let all = enumerate(stages);
            format!("{name} was at none of {all}, one of which comes before {target}")
        }
    };
    let first = stages.join(" or ");
    Finding::deny("stage-skipped", message).hint(format!("promote it to {first} first"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{HOUR, NOW, deployed, promotion, said};
    use snapshot_policy::{Deployment, PromotionQuestion};

    const SOAK: &str = r#"{"soak": {"qa": "24h"}}"#;

    fn with(settings: &str, deployments: Vec<Deployment>) -> PromotionQuestion {
        PromotionQuestion { deployments, settings: settings.to_owned(), ..promotion() }
    }

    fn two_ways(require: &str, deployments: Vec<Deployment>) -> Vec<String> {
        let settings = format!(r#"{{"require": "{require}", "soak": {{"qa": "24h"}}}}"#);
        let mut question = with(&settings, deployments);
        question.target.after.push("canary".to_owned());
        said(&question)
    }

    #[test]
    fn no_stage_is_skipped() {
        assert_eq!(
            said(&with("{}", vec![])),
            ["deny stage-skipped: rel-42 was never at qa, which comes before prod"]
        );
        assert!(said(&with("{}", vec![deployed("qa", 1, None)])).is_empty());
        // It has been there, and is there no more.
        assert!(said(&with("{}", vec![deployed("qa", 48, Some(47))])).is_empty());
        // Another snapshot was there.
        let other =
            Deployment { snapshot_digest: "sha256:other".to_owned(), ..deployed("qa", 1, None) };
        assert_eq!(said(&with("{}", vec![other])).len(), 1);
        // Another stage.
        assert_eq!(said(&with("{}", vec![deployed("dev", 1, None)])).len(), 1);
    }

    #[test]
    fn what_ran_there_before_may_come_back() {
        let back = with(SOAK, vec![deployed("prod", 48, Some(24))]);
        assert_eq!(said(&back), ["info returns: rel-42 ran at prod before"]);
    }

    #[test]
    fn a_reason_lets_it_back_without_being_proven_again() {
        let settings = r#"{"approvals": {"prod": 1}}"#;
        let mut back = with(settings, vec![deployed("prod", 48, Some(24))]);
        assert!(said(&back).iter().any(|it| it.starts_with("undecided approval-missing")));
        back.reason = Some("carts are lost".to_owned());
        assert!(said(&back).iter().any(|it| it.starts_with("warning approval-missing")));
        // One that never ran there is no way back.
        back.deployments = vec![deployed("qa", 48, None)];
        assert!(said(&back).iter().any(|it| it.starts_with("undecided approval-missing")));
    }

    #[test]
    fn a_stage_after_none_has_nothing_to_skip() {
        let mut question = with("{}", vec![]);
        question.target.after.clear();
        assert!(said(&question).is_empty());
    }

    #[test]
    fn a_snapshot_stays_for_its_time() {
        assert_eq!(
            said(&with(SOAK, vec![deployed("qa", 6, None)])),
            [
                "undecided soak-time-left: rel-42 has been at qa for 6h, and is to stay there for 24h"
            ]
        );
        assert!(said(&with(SOAK, vec![deployed("qa", 24, None)])).is_empty());
        assert!(said(&with(SOAK, vec![deployed("qa", 99, Some(3))])).is_empty());
        // Two stays do not add up, and the one that lasts is the one to wait for.
        let twice = vec![deployed("qa", 99, Some(76)), deployed("qa", 6, None)];
        let findings = crate::test_support::findings(&with(SOAK, twice));
        assert_eq!(findings[0].hint.as_deref(), Some("it is over at 2026-11-23T04:00:00Z"));
    }

    #[test]
    fn a_stay_that_was_cut_short_does_not_end_by_waiting() {
        assert_eq!(
            said(&with(SOAK, vec![deployed("qa", 30, Some(20))])),
            [
                "undecided soak-cut-short: rel-42 was at qa for 10h at a time, and was to stay there for 24h"
            ]
        );
    }

    #[test]
    fn clocks_that_disagree_give_no_time() {
        let tomorrow = Deployment { since: NOW + 24 * HOUR, ..deployed("qa", 1, None) };
        assert_eq!(
            said(&with(SOAK, vec![tomorrow])),
            [
                "undecided soak-time-left: rel-42 has been at qa for 0s, and is to stay there for 24h"
            ]
        );
        let backwards = Deployment { until: Some(0), ..deployed("qa", 1, None) };
        assert!(said(&with(SOAK, vec![backwards]))[0].starts_with("undecided soak-cut-short"));
    }

    #[test]
    fn all_of_the_stages_before_or_any() {
        assert_eq!(two_ways("all", vec![deployed("canary", 1, None)]).len(), 1);
        assert!(two_ways("any", vec![deployed("canary", 1, None)]).is_empty());
        assert_eq!(
            two_ways("any", vec![]),
            [
                "deny stage-skipped: rel-42 was at none of qa and canary, one of which comes before prod"
            ]
        );
        let soaking = two_ways("any", vec![deployed("qa", 6, None)]);
        assert_eq!(soaking.len(), 1);
        assert!(soaking[0].starts_with("undecided soak-time-left"), "{soaking:?}");
    }
}
