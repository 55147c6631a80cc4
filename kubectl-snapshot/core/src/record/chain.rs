//! Chain of records, and the check that it is whole.
//!
//! Whoever may promote to a stage can write something that is no record, and under the guard nobody
//! takes it away again. So a chain is what leads from record to record: a record that names the
//! one before it leads past whatever stands between their numbers.

use super::{
    ChainEnd, Event, Fault, Link, Note, Record, StoredRecord,
    survey::{Findings, first_stray, places, stray},
};
use crate::name::StageName;

/// The records of a stage, and what is wrong with them.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The stage.
    pub stage: StageName,
    /// Those that can be read, by number.
    pub links: Vec<Link>,
    /// Faults, in the order of the numbers.
    pub faults: Vec<Fault>,
    /// Objects that are no part of the chain, and do it no harm: somebody who may override has
    /// gone on after them, or no chain leads to them.
    pub passed_over: Vec<Fault>,
    /// Number of the next record: one that nothing stands at.
    pub next_number: u64,
    /// Objects that are no records and may be taken away, by the numbers of their names: no record
    /// after them says that one stood there.
    pub removable: Vec<(u64, Fault)>,
}

impl Chain {
    /// Reads the records of a stage.
    #[must_use]
    pub fn read(stage: &StageName, stored: Vec<StoredRecord>, end: Option<ChainEnd>) -> Self {
        let (mut places, mut passed_over) = places(stage, stored);
        let beyond = first_stray(&places, end).map(|first| places.split_off(&first));
        let beyond = beyond.unwrap_or_default();
        passed_over.extend(beyond.iter().map(|(number, place)| stray(*number, place)));
        let links: Vec<&Link> =
            places.values().filter_map(|place| place.read.as_ref().ok()).collect();
        let mut found = Findings::default();
        let mut before: Option<&Link> = None;
        for link in &links {
            found.step(&places, before, link, &links);
            before = Some(link);
        }
        found.tail(&places, before, end);
        for (number, place) in &places {
            found.faults.extend(place.disagreement.clone().map(|fault| (*number, fault)));
        }
        found.faults.sort_by_key(|(number, _)| *number);
        passed_over.extend(found.passed_over);
        let mut next_number = before.map_or(0, |link| link.record.number) + 1;
        while places.contains_key(&next_number) || beyond.contains_key(&next_number) {
            next_number += 1;
        }
        Self {
            stage: stage.clone(),
            links: places.into_values().filter_map(|place| place.read.ok()).collect(),
            faults: found.faults.into_iter().map(|(_, fault)| fault).collect(),
            passed_over,
            next_number,
            removable: found.removable,
        }
    }

    /// The last record.
    #[must_use]
    pub fn last(&self) -> Option<&Link> {
        self.links.last()
    }

    /// The record that follows, where nothing stands yet.
    #[must_use]
    pub fn follow(&self, note: Note, event: Event) -> Record {
        let record = Record::after(self.last(), &self.stage, note, event);
        Record { number: self.next_number, ..record }
    }

    /// False of a record that somebody has changed, by its number.
    #[must_use]
    pub fn is_believed(&self, number: u64) -> bool {
        !self.faults.iter().any(|fault| match fault {
            Fault::Changed { number: one, .. } | Fault::Disagrees { number: one, .. } => {
                *one == number
            }
            _ => false,
        })
    }
}
