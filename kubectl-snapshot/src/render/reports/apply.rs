//! The report of an apply: the view of its outcome for people and machines.

mod parts;
mod tables;
mod undo;
mod way_back;
mod words;

use serde::Serialize;
use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    diff::Diff,
    digest::Digest,
    outcome::{
        ApplyOutcome, Awaited, Conclusion, Interruption, Rollout, RolloutState, Verification,
        Write, Written,
    },
    plan::{FlagSwitch, ObjectName},
};

pub use parts::PartsApplyReport;
pub use undo::{UndoPart, UndoReport, UndoneRun};

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
        let (word, tone, says) =
            words::of(self.0.conclusion(), self.0.dry_run, self.0.way_back.is_some());
        let line = Line::default().with(tone, word).plain("  ");
        let Self(ApplyOutcome { snapshot, target, .. }) = self;
        sides::named(line, &snapshot.name, &snapshot.digest).plain(format!(" {says} {target}"))
    }
}

/// The numbers of what was done, in one namespace or in all.
fn counts(outcomes: &[&ApplyOutcome]) -> String {
    let writes: Vec<Written> = outcomes.iter().flat_map(|one| one.writes()).collect();
    let written = |write: Write| writes.iter().filter(|one| one.write == write).count();
    let ended = |is: fn(&RolloutState) -> bool| {
        outcomes.iter().flat_map(|one| &one.rollouts).filter(|one| is(&one.state)).count()
    };
    let sum = |of: fn(&ApplyOutcome) -> usize| outcomes.iter().map(|one| of(one)).sum::<usize>();
    let switched = sum(|one| one.switches.iter().filter(|one| one.is_done()).count());
    let mut counts = listed([
        (written(Write::Changed), "object changed", "objects changed"),
        (written(Write::Created), "object created", "objects created"),
        (written(Write::Removed), "object removed", "objects removed"),
        (switched, "flag switched", "flags switched"),
        (sum(|one| one.failures().count()), "write failed", "writes failed"),
        (sum(|one| one.not_started().count()), "write not begun", "writes not begun"),
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
    if writes.is_empty() && switched == 0 {
        counts.insert(0, "nothing written".to_owned());
    }
    if outcomes.iter().all(|one| matches!(one.verification, Verification::Same(_))) {
        counts.push("verified".to_owned());
        let left_alone = sum(|one| one.left_alone);
        counts.extend(listed([(left_alone, "object left alone", "objects left alone")]));
    }
    counts.join(", ")
}

fn interruption(outcome: &ApplyOutcome) -> Option<&str> {
    match &outcome.interruption {
        Some(Interruption::LeaseLost { reason }) => Some(reason),
        Some(Interruption::Signal) => Some("interrupted"),
        None => None,
    }
}

/// Command that shows what is wrong with what runs.
fn look(outcome: &ApplyOutcome) -> Option<String> {
    if outcome.way_back.is_some() {
        return None;
    }
    let is_wrong = matches!(outcome.conclusion(), Conclusion::Different | Conclusion::Unverified)
        || outcome.awaited.is_some_and(|end| end != Awaited::Arrived);
    let (name, target) = (&outcome.snapshot.name, &outcome.target);
    is_wrong.then(|| format!("Look with: kubectl snapshot diff {name} live:{target}"))
}

/// Says what is wrong with what runs.
fn verification(outcome: &ApplyOutcome, page: &mut Page) {
    let bad = |text: &'static str| Line::default().with(Tone::Bad, text);
    match &outcome.verification {
        Verification::NotAsked | Verification::Same(_) => {}
        Verification::Different(diff) => {
            page.line(bad("What runs is not what was asked for: ").plain(summary_of(diff)));
        }
        Verification::Unknown { reason } => {
            page.line(bad("Whether it runs could not be seen: ").plain(reason.clone()));
        }
    }
}

/// Tables of what became of each object, as far as there is something to say.
fn sections(outcome: &ApplyOutcome, names_writes: bool, page: &mut Page) {
    if let Verification::Different(diff) = &outcome.verification {
        page.section("differences", tables::sentences(&diff.differences(NAMED)));
    }
    let failed: Vec<String> = outcome.failures().map(|one| one.reason.clone()).collect();
    page.section("failed", tables::sentences(&failed));
    page.section("not begun", tables::not_begun(outcome.not_started()));
    if names_writes {
        page.section("writes", tables::writes(&outcome.writes()));
        page.section("flags", tables::switches(&outcome.switches));
    }
    page.section("rollouts", tables::rollouts(&outcome.rollouts));
    if let Some(one) = &outcome.way_back {
        way_back::sections(one, &outcome.snapshot.name, page);
    }
}

impl Report for ApplyReport {
    const KIND: &'static str = "ApplyReport";

    fn page(&self, page: &mut Page) {
        let outcome = &self.0;
        page.title(self.sentence());
        page.line(counts(&[outcome]));
        if let (Conclusion::LeaseLost, Some(reason)) = (outcome.conclusion(), interruption(outcome))
        {
            page.line(Line::default().with(Tone::Bad, "Stopped: ").plain(reason.to_owned()));
        }
        verification(outcome, page);
        if let Some(one) = &outcome.way_back {
            way_back::lines(one, page);
        }
        if let Some(look) = look(outcome) {
            page.line(look);
        }
        // The plan has named them all: who reads on wants to know what is not as planned.
        // What has gone back tells of each object itself.
        let names_writes = outcome.way_back.is_none()
            && (!outcome.is_written() || outcome.conclusion() == Conclusion::Unverified);
        sections(outcome, names_writes, page);
    }

    /// Names of the objects that were written.
    fn names(&self) -> Vec<String> {
        self.0.writes().iter().map(|one| object_name(one.kind, &one.name)).collect()
    }
}

impl Serialize for ApplyReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        View::of(&self.0).serialize(serializer)
    }
}

/// The flags that were switched.
fn switched(outcome: &ApplyOutcome) -> impl Iterator<Item = &FlagSwitch> {
    outcome.switches.iter().filter(|one| one.is_done()).map(|one| &one.switch)
}

/// An outcome as machines get it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    snapshot: &'a str,
    digest: Digest,
    target: &'a ClusterNamespace,
    outcome: &'static str,
    written: Vec<Written>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    switched: Vec<&'a FlagSwitch>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    way_back: Option<way_back::View<'a>>,
}

impl<'a> View<'a> {
    fn of(outcome: &'a ApplyOutcome) -> Self {
        Self {
            snapshot: &outcome.snapshot.name,
            digest: outcome.snapshot.digest,
            target: &outcome.target,
            outcome: words::for_machines(outcome.conclusion(), outcome.dry_run),
            written: outcome.writes(),
            switched: switched(outcome).collect(),
            failed: outcome.failures().map(|one| one.reason.as_str()).collect(),
            not_started: outcome.not_started().collect(),
            interruption: interruption(outcome),
            rollouts: &outcome.rollouts,
            verification: &outcome.verification,
            remaining: outcome.verification.remaining(),
            way_back: outcome.way_back.as_ref().map(way_back::View::of),
        }
    }
}
