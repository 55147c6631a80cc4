//! The outcome of going back, after an apply that did not come to its end.

use serde::Serialize;

use super::{FlagReturn, Rollout, Verification, Write, WriteFailure, Written, steps::Steps};
use crate::{
    manifest::Kind,
    plan::{ObjectName, Return},
};

/// Going back in one namespace: each object that was written, and what runs there then.
#[derive(Clone, Debug)]
pub struct WayBackOutcome {
    /// The end of each rollout that was waited for on the way back.
    pub rollouts: Vec<Rollout>,
    /// The answer to whether what ran before runs again.
    pub verification: Verification,
    /// The flags that were switched, the last one first.
    pub flags: Vec<FlagReturn>,
    steps: Steps<Progress>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    NotStarted,
    Back,
    Left(WriteFailure),
}

/// An object that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftObject {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// The reason, a sentence; none where the way back did not come to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// True where it is what somebody else has written since.
    #[serde(skip)]
    pub is_another: bool,
}

impl WayBackOutcome {
    /// The outcome of a way back of which nothing has happened yet.
    #[must_use]
    pub fn new(returns: &[Return]) -> Self {
        let step = |one: &Return| {
            let object = ObjectName { kind: one.kind, name: one.name.clone() };
            let write = match (one.is_creation(), one.is_deletion()) {
                (true, _) => Write::Created,
                (_, true) => Write::Removed,
                _ => Write::Changed,
            };
            (object, write, Progress::NotStarted)
        };
        Self {
            rollouts: Vec::new(),
            verification: Verification::NotAsked,
            flags: Vec::new(),
            steps: returns.iter().map(step).collect(),
        }
    }

    /// Notes that an object is as it was.
    pub fn back(&mut self, kind: Kind, name: &str) {
        self.steps.settle(kind, name, Progress::Back);
    }

    /// Notes that an object is not as it was.
    pub fn left(&mut self, kind: Kind, name: &str, failure: WriteFailure) {
        self.steps.settle(kind, name, Progress::Left(failure));
    }

    /// The objects that are as they were, and the way of it.
    #[must_use]
    pub fn restored(&self) -> Vec<Written> {
        self.steps.writes(|progress| *progress == Progress::Back)
    }

    /// The objects that are not as they were.
    #[must_use]
    pub fn left_objects(&self) -> Vec<LeftObject> {
        let left = self.steps.iter().filter_map(|step| {
            let (reason, is_another) = match &step.progress {
                Progress::Back => return None,
                Progress::Left(failure) => (Some(failure.reason.clone()), failure.moved),
                Progress::NotStarted => (None, false),
            };
            let (kind, name) = (step.object.kind, step.object.name.clone());
            Some(LeftObject { kind, name, reason, is_another })
        });
        left.collect()
    }

    /// True if an object is as it was.
    #[must_use]
    pub fn is_back(&self, kind: Kind, name: &str) -> bool {
        self.steps.get(kind, name).is_some_and(|step| step.progress == Progress::Back)
    }

    /// True where every object that was written is as it was, and every workload runs that.
    #[must_use]
    pub fn is_through(&self) -> bool {
        self.steps.iter().all(|step| step.progress == Progress::Back)
            && self.rollouts.iter().all(|rollout| rollout.state.is_done())
            && self.flags.iter().all(|flag| flag.is_back)
    }

    /// True where what ran before was seen to run again.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.is_through() && matches!(self.verification, Verification::Same(_))
    }
}
