//! Wait for evidence.

use std::time::{Duration, Instant};

use snapshot_core::verdict::{Finding, Outcome, PolicyReport, Severity, Verdict, verdict};

use super::{Case, review::Review};
use crate::commands::{exit::Exit, failure::Failure};

/// Pause between two rounds of asking the policies.
const PAUSE: Duration = Duration::from_secs(3);

/// Prefixes of the codes of findings that time or more evidence settles, where they are
/// undecided: the policies' documentation says so.
const MAY_COME: [&str; 4] = ["evidence-", "approval-", "metric-", "soak-time-left"];

impl Case<'_> {
    /// Asks again and again while the only thing missing is evidence.
    pub(super) async fn wait(&self, first: Review, patience: Duration) -> Result<Review, Failure> {
        let until = Instant::now() + patience;
        let mut review = first;
        let mut shown = String::new();
        while review.verdict == Verdict::Undecided && Instant::now() < until {
            let Some(missing) = missing(&review.answers.reports) else { break };
            if missing != shown {
                self.session.ui.status(&format!("waiting: {missing}"));
                shown = missing;
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE.min(until - Instant::now())) => {}
                () = self.session.stop.wait() => {
                    return Err(Failure::new("interrupted while waiting, nothing was written")
                        .with_exit(Exit::Interrupted));
                }
            }
            review = self.review().await?;
        }
        Ok(review)
    }
}

/// Evidence that is waited for; none where something else is in the way as well.
fn missing(reports: &[PolicyReport]) -> Option<String> {
    let mut missing = Vec::new();
    for report in reports {
        if verdict(std::slice::from_ref(report)) < Verdict::Undecided {
            continue;
        }
        let Outcome::Decided { findings } = &report.outcome else { return None };
        for finding in findings.iter().filter(|finding| finding.severity >= Severity::Undecided) {
            if !may_come(finding) {
                return None;
            }
            missing.push(finding.message.clone());
        }
    }
    Some(missing.join("; "))
}

fn may_come(finding: &Finding) -> bool {
    finding.severity == Severity::Undecided
        && MAY_COME.iter().any(|code| finding.code.starts_with(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_core::policy::{Mode, Settings};

    fn report(findings: &[(Severity, &str)]) -> PolicyReport {
        let finding = |(severity, code): &(Severity, &str)| Finding {
            severity: *severity,
            code: (*code).to_owned(),
            message: format!("{code}!"),
            subjects: Vec::new(),
            hint: None,
        };
        PolicyReport {
            policy: "ladder".into(),
            digest: None,
            decision: "promotion".into(),
            question_digest: None,
            settings: Settings::default(),
            mode: Mode::Enforce,
            outcome: Outcome::Decided { findings: findings.iter().map(finding).collect() },
        }
    }

    #[test]
    fn evidence_may_come_and_nothing_else_may() {
        use Severity::{Deny, Undecided, Warning};
        let of = |findings: &[(Severity, &str)]| missing(&[report(findings), report(&[])]);
        assert_eq!(
            of(&[(Undecided, "evidence-missing"), (Warning, "downgrade")]).as_deref(),
            Some("evidence-missing!")
        );
        assert_eq!(
            of(&[(Undecided, "approval-missing"), (Undecided, "soak-time-left")]).as_deref(),
            Some("approval-missing!; soak-time-left!")
        );
        assert_eq!(of(&[(Undecided, "evidence-missing"), (Deny, "image-not-pinned")]), None);
        assert_eq!(of(&[(Deny, "evidence-failed")]), None);
        assert_eq!(of(&[(Undecided, "order-unknown")]), None);
        let failed =
            PolicyReport { outcome: Outcome::Undecided { reason: "time".into() }, ..report(&[]) };
        assert_eq!(missing(&[failed]), None);
    }
}
