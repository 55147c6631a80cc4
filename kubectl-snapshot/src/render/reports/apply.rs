//! The report of an apply: the view of its outcome for people and machines.

mod tables;
mod words;

use serde::Serialize;
use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    diff::Diff,
    digest::Digest,
    outcome::{
        ApplyOutcome, Conclusion, Interruption, Rollout, RolloutState, Verification, Write, Written,
    },
    plan::ObjectName,
};

use super::{counted::listed, diff::summary_of, object_name::object_name, sides};
use crate::render::{Line, Page, Report, Tone};

/// The differences that are named; the rest are counted.
const NAMED: usize = 20;

/// The report of an apply.
#[derive(Clone, Debug)]
pub struct ApplyReport(ApplyOutcome);

impl From<ApplyOutcome> for ApplyReport {
    fn from(outcome: ApplyOutcome) -> Self {
        Self(outcome)
    }
}

impl ApplyReport {
    fn sentence(&self) -> Line {
        let (word, tone, says) = words::of(self.0.conclusion(), self.0.dry_run);
        let line = Line::default().with(tone, word).plain("  ");
        let Self(ApplyOutcome { snapshot, target, .. }) = self;
        sides::named(line, &snapshot.name, &snapshot.digest).plain(format!(" {says} {target}"))
    }

    fn counts(&self) -> String {
        let outcome = &self.0;
        let writes = outcome.writes();
        let written = |write: Write| writes.iter().filter(|one| one.write == write).count();
        let ended = |is: fn(&RolloutState) -> bool| {
            outcome.rollouts.iter().filter(|one| is(&one.state)).count()
        };
        let mut counts = listed([
            (written(Write::Changed), "object changed", "objects changed"),
            (written(Write::Created), "object created", "objects created"),
            (written(Write::Removed), "object removed", "objects removed"),
            (outcome.failures().count(), "write failed", "writes failed"),
            (outcome.not_started().count(), "write not begun", "writes not begun"),
            (ended(RolloutState::is_done), "rollout done", "rollouts done"),
            (
                ended(|state| matches!(state, RolloutState::Failed { .. })),
                "rollout failed",
                "rollouts failed",
            ),
            (
                ended(|state| matches!(state, RolloutState::TimedOut { .. })),
                "rollout timed out",
                "rollouts timed out",
            ),
            (
                ended(|state| *state == RolloutState::Stopped),
                "rollout not waited for",
                "rollouts not waited for",
            ),
            (
                ended(|state| *state == RolloutState::Unknown),
                "rollout not seen to end",
                "rollouts not seen to end",
            ),
        ]);
        if writes.is_empty() {
            counts.insert(0, "nothing written".to_owned());
        }
        if matches!(outcome.verification, Verification::Same(_)) {
            counts.push("verified".to_owned());
            counts.extend(listed([(
                outcome.left_alone,
                "object left alone",
                "objects left alone",
            )]));
        }
        counts.join(", ")
    }

    fn interruption(&self) -> Option<&str> {
        match &self.0.interruption {
            Some(Interruption::LeaseLost { reason }) => Some(reason),
            Some(Interruption::Signal) => Some("interrupted"),
            None => None,
        }
    }

    /// Says what is wrong with what runs, and how to see it.
    fn verification(&self, page: &mut Page) {
        let bad = |text: &'static str| Line::default().with(Tone::Bad, text);
        match &self.0.verification {
            Verification::NotAsked | Verification::Same(_) => {}
            Verification::Different(diff) => {
                page.line(bad("What runs is not what was asked for: ").plain(summary_of(diff)));
            }
            Verification::Unknown { reason } => {
                page.line(bad("Whether it runs could not be seen: ").plain(reason.clone()));
            }
        }
        let look = matches!(self.0.conclusion(), Conclusion::Different | Conclusion::Unverified);
        if look {
            let (name, target) = (&self.0.snapshot.name, &self.0.target);
            page.line(format!("Look with: kubectl snapshot diff {name} live:{target}"));
        }
    }
}

impl Report for ApplyReport {
    const KIND: &'static str = "ApplyReport";

    fn page(&self, page: &mut Page) {
        let outcome = &self.0;
        page.title(self.sentence());
        page.line(self.counts());
        if let (Conclusion::LeaseLost, Some(reason)) = (outcome.conclusion(), self.interruption()) {
            page.line(Line::default().with(Tone::Bad, "Stopped: ").plain(reason.to_owned()));
        }
        self.verification(page);
        if let Verification::Different(diff) = &outcome.verification {
            page.section("differences", tables::sentences(&diff.differences(NAMED)));
        }
        let failed: Vec<String> = outcome.failures().map(|one| one.reason.clone()).collect();
        page.section("failed", tables::sentences(&failed));
        page.section("not begun", tables::not_begun(outcome.not_started()));
        // The plan has named them all: who reads on wants to know what is not as planned.
        if !outcome.is_written() || outcome.conclusion() == Conclusion::Unverified {
            page.section("writes", tables::writes(&outcome.writes()));
        }
        page.section("rollouts", tables::rollouts(&outcome.rollouts));
    }

    /// Names of the objects that were written.
    fn names(&self) -> Vec<String> {
        self.0.writes().iter().map(|one| object_name(one.kind, &one.name)).collect()
    }
}

impl Serialize for ApplyReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct View<'a> {
            snapshot: &'a str,
            digest: Digest,
            target: &'a ClusterNamespace,
            outcome: &'static str,
            written: Vec<Written>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            failed: Vec<&'a str>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            not_started: Vec<&'a ObjectName>,
            #[serde(skip_serializing_if = "Option::is_none")]
            interruption: Option<&'a str>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            rollouts: &'a [Rollout],
            verification: &'a Verification,
            #[serde(skip_serializing_if = "Option::is_none")]
            remaining: Option<&'a Diff>,
        }
        let outcome = &self.0;
        View {
            snapshot: &outcome.snapshot.name,
            digest: outcome.snapshot.digest,
            target: &outcome.target,
            outcome: words::for_machines(outcome.conclusion(), outcome.dry_run),
            written: outcome.writes(),
            failed: outcome.failures().map(|one| one.reason.as_str()).collect(),
            not_started: outcome.not_started().collect(),
            interruption: self.interruption(),
            rollouts: &outcome.rollouts,
            verification: &outcome.verification,
            remaining: outcome.verification.remaining(),
        }
        .serialize(serializer)
    }
}
