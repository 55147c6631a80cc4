//! The outcome of an apply: all that is known of what it planned, wrote and saw.
//!
//! It is filled in as things happen. The exit code, the report and the audit
//! record are three views of it, and none of them is made from another.

mod awaited;
mod conclusion;
mod recorded;
mod rollout;
mod steps;
mod switches;
#[cfg(test)]
mod tests;
mod verification;
mod way_back;
mod whole;

use serde::Serialize;

pub use awaited::Awaited;
pub use conclusion::Conclusion;
pub use rollout::{Rollout, RolloutState};
pub use switches::{FlagReturn, SwitchOutcome, SwitchState};
pub use verification::Verification;
pub use way_back::{LeftObject, WayBackOutcome};
pub use whole::{Outcome, PartOutcome};

use self::steps::Steps;
use super::{
    cluster_namespace::ClusterNamespace,
    diff::Side,
    manifest::Kind,
    plan::{Action, ObjectName, Plan, Step},
};

/// The outcome of an apply to one namespace.
#[derive(Clone, Debug)]
pub struct ApplyOutcome {
    /// The set that was to run.
    pub snapshot: Side,
    /// Namespace that was written to.
    pub target: ClusterNamespace,
    /// True where the server was only to check each write.
    pub dry_run: bool,
    /// The number of objects there that belong to no set and were left alone.
    pub left_alone: usize,
    /// The end of each rollout that was waited for.
    pub rollouts: Vec<Rollout>,
    /// The cause for which nothing new was begun, if there was one.
    pub interruption: Option<Interruption>,
    /// The answer to whether what runs is what was asked for.
    pub verification: Verification,
    /// The end of the wait, where the set was not written but waited for.
    pub awaited: Option<Awaited>,
    /// The way back, where it was begun.
    pub way_back: Option<WayBackOutcome>,
    /// The flags that were to be switched, each with what became of it.
    pub switches: Vec<SwitchOutcome>,
    /// The plan's steps, in its order, each with what became of it.
    steps: Steps<Progress>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    NotStarted,
    Written,
    Failed(WriteFailure),
}

/// The kind of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Write {
    /// A new object.
    Created,
    /// Changed fields of an object.
    Changed,
    /// A deleted object.
    Removed,
}

/// A write that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// The kind of the write.
    pub write: Write,
}

/// A write that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteFailure {
    /// The reason: a sentence that names the object.
    pub reason: String,
    /// True where somebody else changed the object since the plan was made.
    pub moved: bool,
}

/// A cause for which nothing new is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// Ctrl-C.
    Signal,
    /// The namespace's Lease is no longer held: others may write.
    LeaseLost {
        /// The reason, a sentence.
        reason: String,
    },
}

impl ApplyOutcome {
    /// The outcome of a plan of which nothing has happened yet.
    #[must_use]
    pub fn new(plan: &Plan, dry_run: bool) -> Self {
        let write = |action: &Action| match action {
            Action::Create { .. } => Write::Created,
            Action::Patch { .. } => Write::Changed,
            Action::Remove { .. } => Write::Removed,
        };
        let step = |step: &Step| {
            let object = ObjectName { kind: step.kind, name: step.name.clone() };
            (object, write(&step.action), Progress::NotStarted)
        };
        Self {
            snapshot: Side { name: plan.snapshot.clone(), digest: plan.digest },
            target: plan.target.clone(),
            dry_run,
            left_alone: plan.leftovers.len(),
            rollouts: Vec::new(),
            interruption: None,
            verification: Verification::NotAsked,
            awaited: None,
            way_back: None,
            switches: plan.switches.iter().map(SwitchOutcome::of).collect(),
            steps: plan.steps.iter().map(step).collect(),
        }
    }

    /// Notes that the server took a write.
    pub fn written(&mut self, kind: Kind, name: &str) {
        self.settle(kind, name, Progress::Written);
    }

    /// Notes that a write was not made.
    pub fn failed(&mut self, kind: Kind, name: &str, failure: WriteFailure) {
        self.settle(kind, name, Progress::Failed(failure));
    }

    /// The writes that were made, in the plan's order.
    #[must_use]
    pub fn writes(&self) -> Vec<Written> {
        self.steps.writes(|progress| *progress == Progress::Written)
    }

    /// The writes that were tried and not made, in the plan's order.
    pub fn failures(&self) -> impl Iterator<Item = &WriteFailure> {
        let writes = self.steps.iter().filter_map(|step| match &step.progress {
            Progress::Failed(failure) => Some(failure),
            Progress::NotStarted | Progress::Written => None,
        });
        writes.chain(self.switches.iter().filter_map(SwitchOutcome::failure))
    }

    /// The objects whose writes were not begun, in the plan's order.
    pub fn not_started(&self) -> impl Iterator<Item = &ObjectName> {
        let unstarted = self.steps.iter().filter(|step| step.progress == Progress::NotStarted);
        unstarted.map(|step| &step.object)
    }

    /// The kind of the write that was planned for an object.
    #[must_use]
    pub fn planned(&self, kind: Kind, name: &str) -> Option<Write> {
        Some(self.steps.get(kind, name)?.write)
    }

    /// True where every step of the plan was written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.steps.iter().all(|step| step.progress == Progress::Written)
            && self.switches.iter().all(SwitchOutcome::is_done)
    }

    /// True where something was not begun.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        self.not_started().next().is_some()
            || self.switches.iter().any(|one| one.state == SwitchState::NotStarted)
    }

    /// True where there was nothing to write.
    #[must_use]
    pub fn had_nothing_to_write(&self) -> bool {
        self.steps.iter().next().is_none() && self.switches.is_empty()
    }

    fn settle(&mut self, kind: Kind, name: &str, progress: Progress) {
        // Nothing that happened is lost, whether or not it was planned.
        if let Some(progress) = self.steps.settle(kind, name, progress) {
            let object = ObjectName { kind, name: name.to_owned() };
            self.steps.add(object, Write::Changed, progress);
        }
    }
}
