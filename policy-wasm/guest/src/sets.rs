//! The sets of a question, looked up part by part.
//!
//! Handing ten thousand services over takes longer than most rules do. A policy that reads a few
//! implements [`CompatibilityPolicyByLookUps`](crate::CompatibilityPolicyByLookUps) or
//! [`PromotionPolicyByLookUps`](crate::PromotionPolicyByLookUps), and asks here for what it reads.
//! Native tests say with [`tell`] what the sets are.

use crate::{Change, FeatureFlag, Instance, Requirement, Subject};

#[doc(inline)]
pub use crate::bindings::lookup::snapshot::policy::sets::{Side, Summary};

#[cfg(target_family = "wasm")]
use crate::bindings::lookup::snapshot::policy::sets as imported;
#[cfg(not(target_family = "wasm"))]
use told as imported;
#[cfg(not(target_family = "wasm"))]
pub use told::{Sets, tell};

/// Name, digest and numbers of a set; none where nothing is known to run.
#[must_use]
pub fn summary_of(side: Side) -> Option<Summary> {
    imported::summary_of(side)
}

/// The names of the services of a set, sorted.
#[must_use]
pub fn services(side: Side) -> Vec<String> {
    imported::services(side)
}

/// The instances of a service, sorted by name; none of them where it has none.
#[must_use]
pub fn instances_of(side: Side, service: &str) -> Vec<Instance> {
    imported::instances_of(side, service)
}

/// The flag of that key.
#[must_use]
pub fn flag(side: Side, key: &str) -> Option<FeatureFlag> {
    imported::feature_flag_of(side, key)
}

/// The keys of the flags of a set, sorted.
#[must_use]
pub fn flags(side: Side) -> Vec<String> {
    imported::feature_flags(side)
}

/// The changes of a subject, from running to candidate.
#[must_use]
pub fn changes_of(subject: &Subject) -> Vec<Change> {
    imported::changes_of(subject)
}

/// All that change, each once.
#[must_use]
pub fn changed() -> Vec<Subject> {
    imported::changed()
}

/// Requirements of a subject of the candidate.
#[must_use]
pub fn requirements_of(dependent: &Subject) -> Vec<Requirement> {
    imported::requirements_of(dependent)
}

/// Sets outside of the plugin: those that a test has told.
#[cfg(not(target_family = "wasm"))]
mod told {
    use super::{Change, FeatureFlag, Instance, Requirement, Side, Subject, Summary};
    use crate::Snapshot;
    use std::cell::RefCell;

    thread_local! {
        static TOLD: RefCell<Sets> = RefCell::default();
    }

    /// Sets that look-ups find in a native test.
    #[derive(Debug, Clone, Default)]
    pub struct Sets {
        /// Candidate, sorted by service, then name.
        pub candidate: Snapshot,
        /// Running set.
        pub running: Option<Snapshot>,
        /// Changes from running to candidate.
        pub changes: Vec<Change>,
        /// Requirements of the candidate.
        pub requirements: Vec<Requirement>,
    }

    /// Says what look-ups of this thread find from now on.
    pub fn tell(sets: Sets) {
        TOLD.with_borrow_mut(|told| *told = sets);
    }

    fn of<T: Default>(side: Side, read: impl FnOnce(&Snapshot) -> T) -> T {
        TOLD.with_borrow(|told| match side {
            Side::Candidate => read(&told.candidate),
            Side::Running => told.running.as_ref().map(read).unwrap_or_default(),
        })
    }

    pub(super) fn summary_of(side: Side) -> Option<Summary> {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let services = count(services(side).len());
        of(side, |set| {
            Some(Summary {
                name: set.name.clone(),
                digest: set.digest.clone(),
                services,
                instances: count(set.instances.len()),
                feature_flags: count(set.feature_flags.len()),
            })
        })
    }

    pub(super) fn services(side: Side) -> Vec<String> {
        let mut names: Vec<String> =
            of(side, |set| set.instances.iter().map(|one| one.service.clone()).collect());
        names.dedup();
        names
    }

    pub(super) fn instances_of(side: Side, service: &str) -> Vec<Instance> {
        of(side, |set| set.instances_of(service).cloned().collect())
    }

    pub(super) fn feature_flag_of(side: Side, key: &str) -> Option<FeatureFlag> {
        of(side, |set| set.flag(key).cloned())
    }

    pub(super) fn feature_flags(side: Side) -> Vec<String> {
        of(side, |set| set.feature_flags.iter().map(|flag| flag.key.clone()).collect())
    }

    pub(super) fn changes_of(subject: &Subject) -> Vec<Change> {
        TOLD.with_borrow(|told| {
            told.changes.iter().filter(|one| one.subject == *subject).cloned().collect()
        })
    }

    pub(super) fn changed() -> Vec<Subject> {
        let mut subjects: Vec<Subject> =
            TOLD.with_borrow(|told| told.changes.iter().map(|one| one.subject.clone()).collect());
        subjects.dedup();
        subjects
    }

    pub(super) fn requirements_of(dependent: &Subject) -> Vec<Requirement> {
        TOLD.with_borrow(|told| {
            told.requirements.iter().filter(|one| one.dependent == *dependent).cloned().collect()
        })
    }
}
