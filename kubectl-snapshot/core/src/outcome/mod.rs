//! The outcome of an apply: all that is known of what it planned, wrote and saw.
//!
//! It is filled in as things happen. The exit code, the report and the audit
//! record are three views of it, and none of them is made from another.

mod conclusion;
mod recorded;
mod rollout;
#[cfg(test)]
mod tests;
mod verification;
mod whole;

use std::collections::HashMap;

use serde::Serialize;

pub use conclusion::Conclusion;
pub use rollout::{Rollout, RolloutState};
pub use verification::Verification;
pub use whole::{Outcome, PartOutcome};

use super::{
    cluster_namespace::ClusterNamespace,
    diff::Side,
    manifest::Kind,
    plan::{Action, ObjectName, Plan},
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
    /// The plan's steps, in its order, each with what became of it.
    steps: Vec<StepOutcome>,
    places: HashMap<(Kind, String), usize>,
}

/// A step of the plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StepOutcome {
    object: ObjectName,
    write: Write,
    progress: Progress,
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
        let mut outcome = Self {
            snapshot: Side { name: plan.snapshot.clone(), digest: plan.digest },
            target: plan.target.clone(),
            dry_run,
            left_alone: plan.leftovers.len(),
            rollouts: Vec::new(),
            interruption: None,
            verification: Verification::NotAsked,
            steps: Vec::new(),
            places: HashMap::new(),
        };
        for step in &plan.steps {
            outcome.add(step.kind, step.name.clone(), write(&step.action));
        }
        outcome
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
        let written = self.steps.iter().filter(|step| step.progress == Progress::Written);
        let write = |step: &StepOutcome| Written {
            kind: step.object.kind,
            name: step.object.name.clone(),
            write: step.write,
        };
        written.map(write).collect()
    }

    /// The writes that were tried and not made, in the plan's order.
    pub fn failures(&self) -> impl Iterator<Item = &WriteFailure> {
        self.steps.iter().filter_map(|step| match &step.progress {
            Progress::Failed(failure) => Some(failure),
            Progress::NotStarted | Progress::Written => None,
        })
    }

    /// The objects whose writes were not begun, in the plan's order.
    pub fn not_started(&self) -> impl Iterator<Item = &ObjectName> {
        let unstarted = self.steps.iter().filter(|step| step.progress == Progress::NotStarted);
        unstarted.map(|step| &step.object)
    }

    /// True where every step of the plan was written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.steps.iter().all(|step| step.progress == Progress::Written)
    }

    /// True where there was nothing to write.
    #[must_use]
    pub fn had_nothing_to_write(&self) -> bool {
        self.steps.is_empty()
    }

    fn add(&mut self, kind: Kind, name: String, write: Write) -> usize {
        let place = self.steps.len();
        self.places.insert((kind, name.clone()), place);
        let object = ObjectName { kind, name };
        self.steps.push(StepOutcome { object, write, progress: Progress::NotStarted });
        place
    }

    fn settle(&mut self, kind: Kind, name: &str, progress: Progress) {
        let place = self.places.get(&(kind, name.to_owned())).copied();
        // Nothing that happened is lost, whether or not it was planned.
        let place = place.unwrap_or_else(|| self.add(kind, name.to_owned(), Write::Changed));
        self.steps[place].progress = progress;
    }
}
