//! What an apply did.

mod ending;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{counted::listed, diff::summary_of, object_name::object_name, sides};
use crate::render::{Line, Page, Report, Tone};
use ending::Ending;
use snapshot_core::{
    diff::Diff,
    digest::Digest,
    manifest::Kind,
    plan::{Action, ObjectName, Plan},
};

/// What an apply did, told as it happened.
#[derive(Clone, Debug)]
pub struct ApplyReport {
    snapshot: String,
    digest: Digest,
    target: String,
    planned: BTreeMap<(Kind, String), Write>,
    /// How many objects that belong to no set were left alone.
    left_alone: usize,
    written: Vec<Written>,
    failed: Vec<String>,
    rollouts: Vec<Rollout>,
    /// Whether the server was only asked to check each write.
    pub dry_run: bool,
    /// What was planned and not begun.
    pub not_started: Vec<ObjectName>,
    /// What still differs between what was asked for and what runs now, where that was looked at.
    pub remaining: Option<Diff>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Written {
    kind: Kind,
    name: String,
    write: Write,
}

/// What was done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Write {
    /// It was not there.
    Created,
    /// The fields that differed were changed.
    Changed,
    /// It was deleted.
    Removed,
}

/// What became of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Rollout {
    kind: Kind,
    name: String,
    #[serde(flatten)]
    state: RolloutState,
}

/// How the wait for a rollout ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum RolloutState {
    /// The workload runs what was written.
    Done {
        /// What the reader should know all the same.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// It will not run what was written.
    Failed {
        /// Why.
        reason: String,
    },
    /// It did not run what was written in time.
    TimedOut {
        /// What was still waited for.
        reason: String,
    },
    /// Nobody waited for its end.
    Stopped,
}

impl ApplyReport {
    /// The report of a plan of which nothing has happened yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let write = |action: &Action| match action {
            Action::Create { .. } => Write::Created,
            Action::Patch { .. } => Write::Changed,
            Action::Remove { .. } => Write::Removed,
        };
        Self {
            snapshot: plan.snapshot.clone(),
            digest: plan.digest,
            target: plan.target.clone(),
            planned: plan
                .steps
                .iter()
                .map(|step| ((step.kind, step.name.clone()), write(&step.action)))
                .collect(),
            left_alone: plan.leftovers.len(),
            written: Vec::new(),
            failed: Vec::new(),
            rollouts: Vec::new(),
            dry_run: false,
            not_started: Vec::new(),
            remaining: None,
        }
    }

    /// Notes objects that were written, in the order in which they were.
    pub fn written(&mut self, objects: impl IntoIterator<Item = (Kind, String)>) {
        self.written.extend(objects.into_iter().map(|(kind, name)| {
            let object = (kind, name);
            let write = self.planned.get(&object).copied().unwrap_or(Write::Changed);
            Written { kind, name: object.1, write }
        }));
    }

    /// Notes a write that failed, and why.
    pub fn fail(&mut self, why: impl Into<String>) {
        self.failed.push(why.into());
    }

    /// Notes what became of a workload.
    pub fn rollout(&mut self, kind: Kind, name: impl Into<String>, state: RolloutState) {
        self.rollouts.push(Rollout { kind, name: name.into(), state });
    }

    /// What went wrong, a line each.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let rollouts = self.rollouts.iter().filter_map(|one| match &one.state {
            RolloutState::Failed { reason } | RolloutState::TimedOut { reason } => {
                Some(format!("{} {}: {reason}", one.kind, one.name))
            }
            RolloutState::Done { .. } | RolloutState::Stopped => None,
        });
        let remaining = self.remaining.as_ref().filter(|diff| !diff.summary.is_same());
        let remaining = remaining
            .map(|diff| format!("what runs is not what was asked for: {}", summary_of(diff)));
        self.failed.iter().cloned().chain(rollouts).chain(remaining).collect()
    }

    fn sentence(&self) -> Line {
        let (word, tone, says) = self.ending().in_words();
        let line = Line::default().with(tone, word).plain("  ");
        sides::named(line, &self.snapshot, &self.digest).plain(format!(" {says} {}", self.target))
    }

    fn counts(&self) -> String {
        let written = |write: Write| self.written.iter().filter(|one| one.write == write).count();
        let ended = |is: fn(&RolloutState) -> bool| {
            self.rollouts.iter().filter(|one| is(&one.state)).count()
        };
        let mut counts = listed([
            (written(Write::Changed), "object changed", "objects changed"),
            (written(Write::Created), "object created", "objects created"),
            (written(Write::Removed), "object removed", "objects removed"),
            (self.failed.len(), "write failed", "writes failed"),
            (self.not_started.len(), "write not begun", "writes not begun"),
            (
                ended(|state| matches!(state, RolloutState::Done { .. })),
                "rollout done",
                "rollouts done",
            ),
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
        ]);
        if self.written.is_empty() {
            counts.insert(0, "nothing written".to_owned());
        }
        if self.remaining.as_ref().is_some_and(|diff| diff.summary.is_same()) {
            counts.push("verified".to_owned());
            counts.extend(listed([(self.left_alone, "object left alone", "objects left alone")]));
        }
        counts.join(", ")
    }
}

impl Report for ApplyReport {
    const KIND: &'static str = "ApplyReport";

    fn page(&self, page: &mut Page) {
        page.title(self.sentence());
        page.line(self.counts());
        if let Some(diff) = self.remaining.as_ref().filter(|diff| !diff.summary.is_same()) {
            page.line(
                Line::default()
                    .with(Tone::Bad, "What runs is not what was asked for: ")
                    .plain(summary_of(diff)),
            );
        }
        page.section("failed", tables::sentences(&self.failed));
        page.section("not begun", tables::not_begun(&self.not_started));
        // The plan has named them all: who reads on wants to know what is not as planned.
        if !self.failed.is_empty() || !self.not_started.is_empty() {
            page.section("writes", tables::writes(&self.written));
        }
        page.section("rollouts", tables::rollouts(&self.rollouts));
    }

    /// What was written.
    fn names(&self) -> Vec<String> {
        self.written.iter().map(|one| object_name(one.kind, &one.name)).collect()
    }
}

impl Serialize for ApplyReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct View<'a> {
            snapshot: &'a str,
            digest: Digest,
            target: &'a str,
            outcome: Ending,
            written: &'a [Written],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            failed: &'a [String],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            not_started: &'a [ObjectName],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            rollouts: &'a [Rollout],
            #[serde(skip_serializing_if = "Option::is_none")]
            remaining: Option<&'a Diff>,
        }
        View {
            snapshot: &self.snapshot,
            digest: self.digest,
            target: &self.target,
            outcome: self.ending(),
            written: &self.written,
            failed: &self.failed,
            not_started: &self.not_started,
            rollouts: &self.rollouts,
            remaining: self.remaining.as_ref(),
        }
        .serialize(serializer)
    }
}
