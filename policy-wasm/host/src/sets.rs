//! The sets of a question, looked up part by part.

use crate::records::{
    Change, FeatureFlag, Instance, Requirement, Side, Snapshot, Subject, Summary,
};
use std::cell::OnceCell;
use std::sync::Arc;

/// Name of the interface in the contract.
pub(crate) const INTERFACE: &str = "sets";

/// Sets of a question, with what of them is found by its subject.
#[derive(Default)]
pub(crate) struct Sets {
    candidate: Option<Arc<Snapshot>>,
    running: Option<Arc<Snapshot>>,
    changes: BySubject<Change>,
    requirements: BySubject<Requirement>,
}

impl Sets {
    pub(crate) fn new(
        candidate: Arc<Snapshot>,
        running: Option<Arc<Snapshot>>,
        changes: Arc<[Change]>,
        requirements: Arc<[Requirement]>,
    ) -> Self {
        Self {
            candidate: Some(candidate),
            running,
            changes: BySubject::new(changes, |change| &change.subject),
            requirements: BySubject::new(requirements, |one| &one.dependent),
        }
    }

    fn of(&self, side: Side) -> Option<&Snapshot> {
        match side {
            Side::Candidate => self.candidate.as_deref(),
            Side::Running => self.running.as_deref(),
        }
    }

    fn instances(&self, side: Side) -> &[Instance] {
        self.of(side).map_or(&[], |set| &set.instances)
    }

    pub(crate) fn flag_keys(&self, side: Side) -> Vec<String> {
        self.flags(side).iter().map(|flag| flag.key.clone()).collect()
    }

    pub(crate) fn changes_of(&self, subject: &Subject) -> Vec<Change> {
        self.changes.of(subject)
    }

    pub(crate) fn changed(&self) -> Vec<Subject> {
        self.changes.subjects()
    }

    pub(crate) fn requirements_of(&self, dependent: &Subject) -> Vec<Requirement> {
        self.requirements.of(dependent)
    }

    fn flags(&self, side: Side) -> &[FeatureFlag] {
        self.of(side).map_or(&[], |set| &set.feature_flags)
    }

    pub(crate) fn summary_of(&self, side: Side) -> Option<Summary> {
        let set = self.of(side)?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Some(Summary {
            name: set.name.clone(),
            digest: set.digest.clone(),
            services: count(self.services(side).len()),
            instances: count(set.instances.len()),
            feature_flags: count(set.feature_flags.len()),
        })
    }

    pub(crate) fn services(&self, side: Side) -> Vec<String> {
        let mut services: Vec<&String> =
            self.instances(side).iter().map(|one| &one.service).collect();
        services.dedup();
        services.into_iter().cloned().collect()
    }

    pub(crate) fn instances_of(&self, side: Side, service: &str) -> Vec<Instance> {
        let all = self.instances(side);
        let start = all.partition_point(|one| one.service.as_str() < service);
        all[start..].iter().take_while(|one| one.service == service).cloned().collect()
    }

    pub(crate) fn flag_of(&self, side: Side, key: &str) -> Option<FeatureFlag> {
        let all = self.flags(side);
        let at = all.binary_search_by(|flag| flag.key.as_str().cmp(key)).ok()?;
        Some(all[at].clone())
    }
}

/// A list whose members are found by their subject: sorted once, when the first is asked for.
struct BySubject<T> {
    list: Arc<[T]>,
    subject: fn(&T) -> &Subject,
    order: OnceCell<Vec<usize>>,
}

impl<T> Default for BySubject<T> {
    fn default() -> Self {
        Self {
            list: Arc::from([]),
            subject: |_| unreachable!("there is none"),
            order: OnceCell::new(),
        }
    }
}

impl<T: Clone> BySubject<T> {
    fn new(list: Arc<[T]>, subject: fn(&T) -> &Subject) -> Self {
        Self { list, subject, order: OnceCell::new() }
    }

    fn subject_at(&self, position: usize) -> &Subject {
        (self.subject)(&self.list[position])
    }

    fn order(&self) -> &[usize] {
        self.order.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.list.len()).collect();
            // Stable: of one subject they stay as they stand in the question.
            order.sort_by_key(|position| self.subject_at(*position));
            order
        })
    }

    fn of(&self, subject: &Subject) -> Vec<T> {
        let order = self.order();
        let start = order.partition_point(|position| self.subject_at(*position) < subject);
        let found = order[start..].iter().take_while(|at| self.subject_at(**at) == subject);
        found.map(|position| self.list[*position].clone()).collect()
    }

    fn subjects(&self) -> Vec<Subject> {
        let mut subjects: Vec<&Subject> =
            self.order().iter().map(|position| self.subject_at(*position)).collect();
        subjects.dedup();
        subjects.into_iter().cloned().collect()
    }
}
