//! Steps of a plan or of its way back, each with what became of it.

use std::collections::HashMap;

use super::{Write, Written};
use crate::{manifest::Kind, plan::ObjectName};

/// Steps in their order, found by their objects.
#[derive(Clone, Debug)]
pub(super) struct Steps<P> {
    steps: Vec<Step<P>>,
    places: HashMap<(Kind, String), usize>,
}

/// A step, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Step<P> {
    pub(super) object: ObjectName,
    pub(super) write: Write,
    pub(super) progress: P,
}

impl<P> Steps<P> {
    /// Adds a step behind the others.
    pub(super) fn add(&mut self, object: ObjectName, write: Write, progress: P) {
        self.places.insert((object.kind, object.name.clone()), self.steps.len());
        self.steps.push(Step { object, write, progress });
    }

    /// The step of an object.
    pub(super) fn get(&self, kind: Kind, name: &str) -> Option<&Step<P>> {
        let place = self.places.get(&(kind, name.to_owned()))?;
        self.steps.get(*place)
    }

    /// Notes what became of an object's step; back comes what is of none.
    pub(super) fn settle(&mut self, kind: Kind, name: &str, progress: P) -> Option<P> {
        let place = self.places.get(&(kind, name.to_owned()));
        let Some(step) = place.and_then(|place| self.steps.get_mut(*place)) else {
            return Some(progress);
        };
        step.progress = progress;
        None
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Step<P>> {
        self.steps.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The writes that have come so far.
    pub(super) fn writes(&self, has_come: impl Fn(&P) -> bool) -> Vec<Written> {
        let come = self.steps.iter().filter(|step| has_come(&step.progress));
        let written = |step: &Step<P>| Written {
            kind: step.object.kind,
            name: step.object.name.clone(),
            write: step.write,
        };
        come.map(written).collect()
    }
}

impl<P> FromIterator<(ObjectName, Write, P)> for Steps<P> {
    fn from_iter<I: IntoIterator<Item = (ObjectName, Write, P)>>(steps: I) -> Self {
        let mut all = Self { steps: Vec::new(), places: HashMap::new() };
        for (object, write, progress) in steps {
            all.add(object, write, progress);
        }
        all
    }
}
