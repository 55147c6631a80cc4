//! Survey of what stands where a stage's records belong: what is a record, and what leads to it.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{ChainEnd, Event, Fault, Link, Record, Ruling, StoredRecord};
use crate::{digest::Digest, name::StageName, snapshot::is_known_version};

/// The greatest number of a record: names have six digits.
const LAST: u64 = 999_999;

/// The most numbers that may be missing before a record, where nothing tells how far a chain goes.
const WIDEST_HOLE: u64 = 1000;

/// An object where a record belongs.
pub(super) struct Place {
    object: String,
    pub(super) read: Result<Link, Fault>,
    pub(super) disagreement: Option<Fault>,
}

/// Objects by their numbers, and the faults of those that have none.
pub(super) fn places(
    stage: &StageName,
    stored: Vec<StoredRecord>,
) -> (BTreeMap<u64, Place>, Vec<Fault>) {
    let (mut places, mut nowhere) = (BTreeMap::new(), Vec::new());
    for one in stored {
        let read = read(stage, &one);
        match one.number {
            Some(number) if (1..=LAST).contains(&number) => {
                let link = read.as_ref().ok();
                let disagreement = link.and_then(|link| disagreement(&link.record, &one.marks));
                places.insert(number, Place { object: one.object, read, disagreement });
            }
            number => {
                let number = number.unwrap_or(0);
                let object = one.object;
                nowhere.push(read.err().unwrap_or(Fault::Stray { number, object }));
            }
        }
    }
    (places, nowhere)
}

/// The first record that no chain leads to: beyond the end, with a hole before it.
///
/// The end may lag behind by the record that was written last.
pub(super) fn first_stray(places: &BTreeMap<u64, Place>, end: Option<ChainEnd>) -> Option<u64> {
    let end = end.map(|end| end.number).filter(|end| *end <= LAST);
    let mut before = 0;
    places.keys().copied().find(|number| {
        let hole = number - before - 1;
        before = *number;
        hole > 0 && end.map_or(hole > WIDEST_HOLE, |end| *number > end + 1)
    })
}

/// The fault of what no chain leads to.
pub(super) fn stray(number: u64, place: &Place) -> Fault {
    let stray = || Fault::Stray { number, object: place.object.clone() };
    place.read.as_ref().err().cloned().unwrap_or_else(stray)
}

/// Findings about a chain, by number.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) faults: Vec<(u64, Fault)>,
    pub(super) passed_over: Vec<Fault>,
    pub(super) removable: Vec<(u64, Fault)>,
}

impl Findings {
    /// Looks at a record, at the one before it, and at what stands between.
    pub(super) fn step(
        &mut self,
        places: &BTreeMap<u64, Place>,
        before: Option<&Link>,
        link: &Link,
        links: &[&Link],
    ) {
        let first = before.map_or(0, |link| link.record.number) + 1;
        let number = link.record.number;
        let leads_past = link.record.previous == before.map(|link| link.digest);
        if first == number {
            let named = link.record.previous.map(|digest| (format!("record {number}"), digest));
            self.faults.extend(before.and_then(|before| against(before, named)));
            return;
        }
        let between = first..=number - 1;
        if !leads_past {
            self.junk(places, between.clone());
            self.missing(places, between);
            return;
        }
        self.removable.extend(junk(places, between.clone()));
        if links.iter().any(|later| later.record.number >= number && is_overridden(later)) {
            self.passed_over.extend(junk(places, between).map(|(_, fault)| fault));
        } else {
            self.junk(places, between);
        }
    }

    /// Looks at what stands behind the last record, and at the end of the chain.
    pub(super) fn tail(
        &mut self,
        places: &BTreeMap<u64, Place>,
        last: Option<&Link>,
        end: Option<ChainEnd>,
    ) {
        let first = last.map_or(0, |link| link.record.number) + 1;
        self.removable.extend(junk(places, first..=LAST.max(first)));
        self.junk(places, first..=LAST.max(first));
        let Some(end) = end else { return };
        let named = last
            .filter(|last| last.record.number == end.number)
            .map(|_| ("the end of the chain".to_owned(), end.digest));
        self.faults.extend(last.and_then(|last| against(last, named)));
        if end.number >= first {
            self.missing(places, first..=end.number);
        }
    }

    fn junk(&mut self, places: &BTreeMap<u64, Place>, numbers: RangeInclusive<u64>) {
        self.faults.extend(junk(places, numbers));
    }

    /// The numbers at which nothing stands, in rows.
    fn missing(&mut self, places: &BTreeMap<u64, Place>, numbers: RangeInclusive<u64>) {
        let (mut first, last) = numbers.clone().into_inner();
        for (number, _) in places.range(numbers) {
            if *number > first {
                self.faults.push((first, Fault::missing(first, number - 1)));
            }
            first = number + 1;
        }
        if first <= last {
            self.faults.push((first, Fault::missing(first, last)));
        }
    }
}

/// Faults of objects at these numbers that are no records.
fn junk(
    places: &BTreeMap<u64, Place>,
    numbers: RangeInclusive<u64>,
) -> impl Iterator<Item = (u64, Fault)> {
    let found = places.range(numbers);
    found.filter_map(|(number, place)| Some((*number, place.read.as_ref().err()?.clone())))
}

/// True if somebody who may override has looked at all that stood before.
fn is_overridden(link: &Link) -> bool {
    matches!(&link.record.event, Event::Decided(decided) if decided.decision == Ruling::Overridden)
}

/// Reads one, and sees that it is where it says.
fn read(stage: &StageName, stored: &StoredRecord) -> Result<Link, Fault> {
    let unreadable = |cause: String| Fault::Unreadable { object: stored.object.clone(), cause };
    let record: Record =
        serde_json::from_str(&stored.text).map_err(|error| unreadable(error.to_string()))?;
    if record.kind != Record::KIND || !is_known_version(&record.api_version) {
        let shown = |text: &str| text.chars().take(80).collect::<String>();
        let (kind, version) = (shown(&record.kind), shown(&record.api_version));
        return Err(unreadable(format!("it is {kind} of {version}, not {}", Record::KIND)));
    }
    if stored.number != Some(record.number) || record.stage != *stage {
        return Err(Fault::Misplaced {
            object: stored.object.clone(),
            says: format!("record {} of {}", record.number, record.stage),
        });
    }
    // A digest is of the text as it is stored: what reading does not look at counts too.
    Ok(Link { digest: Digest::of(stored.text.as_bytes()), record })
}

/// Fault of a record whose text differs from the fields that the guard checked: the guard
/// cannot read the text.
fn disagreement(record: &Record, marks: &BTreeMap<String, String>) -> Option<Fault> {
    let told = record.marks();
    Record::MARKS.into_iter().find_map(|mark| {
        let says = told.get(mark).cloned().unwrap_or_default();
        let checked = marks.get(mark).cloned().unwrap_or_default();
        (says != checked).then_some(Fault::Disagrees { number: record.number, mark, says, checked })
    })
}

/// Fault of a record against the digest that a witness names.
fn against(link: &Link, named: Option<(String, Digest)>) -> Option<(u64, Fault)> {
    let number = link.record.number;
    let (witness, expected) = named.filter(|(_, expected)| *expected != link.digest)?;
    Some((number, Fault::Changed { number, witness, expected, found: link.digest }))
}

#[cfg(test)]
mod tests {
    use super::super::{
        Chain, Ended, Note,
        tests::{chain, faults, read, stored},
    };
    use super::*;
    use crate::promotion::Actor;

    /// An object that is no record, at the place of one.
    fn junk_at(number: u64) -> StoredRecord {
        StoredRecord {
            number: Some(number),
            object: format!("records.prod.{number:06}"),
            marks: BTreeMap::new(),
            text: "{}".to_owned(),
        }
    }

    fn removable(chain: &Chain) -> Vec<u64> {
        chain.removable.iter().map(|(number, _)| *number).collect()
    }

    fn end_of(records: &[Record]) -> Option<ChainEnd> {
        let last = records.last()?;
        Some(ChainEnd { number: last.number, digest: Digest::of(last.text().as_bytes()) })
    }

    /// The records of `after`, written behind a chain that `before` tells and what is no record.
    fn past_junk(before: &str, after: &str) -> Vec<StoredRecord> {
        let mut all: Vec<StoredRecord> = chain(before).iter().map(stored).collect();
        all.push(junk_at(read(all.clone(), None).next_number));
        let mut decision = 0;
        for record in chain(after) {
            let chain = read(all.clone(), None);
            let event = match record.event {
                Event::Ended(ended) => Event::Ended(Ended { decision, ..ended }),
                decided @ Event::Decided(_) => {
                    decision = chain.next_number;
                    decided
                }
            };
            let note = Note { at: record.at, actor: record.actor, writer: record.writer };
            all.push(stored(&chain.follow(note, event)));
        }
        all
    }

    #[test]
    fn a_chain_goes_on_after_what_is_no_record() {
        let mut all: Vec<StoredRecord> = chain("+a").iter().map(stored).collect();
        all.push(junk_at(3));
        let tail = read(all.clone(), end_of(&chain("+a")));
        assert!(faults(&tail)[0].starts_with("records.prod.000003 cannot be read as a record"));
        assert_eq!((tail.next_number, removable(&tail)), (4, vec![3]));
        assert!(tail.distrust().is_some());

        let refused = read(past_junk("+a", "?b"), None);
        assert_eq!(refused.links.last().unwrap().record.number, 4);
        assert_eq!(faults(&refused).len(), 1, "nobody who may override has seen it");
        assert_eq!(removable(&refused), [3]);
    }

    #[test]
    fn who_may_override_goes_past_it_for_all() {
        let past = read(past_junk("+a", "^b"), None);
        assert_eq!(faults(&past), Vec::<String>::new());
        assert!(past.passed_over[0].to_string().starts_with("records.prod.000003 cannot be read"));
        assert_eq!(past.running().unwrap().name.as_deref(), Some("b"));
        assert_eq!(past.distrust(), None);
    }

    #[test]
    fn what_was_no_record_is_not_missing_once_it_is_gone() {
        let all = past_junk("+a", "?b");
        let left: Vec<StoredRecord> = all.into_iter().filter(|one| one.text != "{}").collect();
        assert_eq!(left.iter().filter_map(|one| one.number).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!(faults(&read(left, None)), Vec::<String>::new());
    }

    #[test]
    fn what_replaced_a_record_is_not_passed_over() {
        let mut all: Vec<StoredRecord> = chain("+a ^b").iter().map(stored).collect();
        all[1] = junk_at(2);
        let found = read(all, None);
        assert!(faults(&found)[0].starts_with("records.prod.000002 cannot be read"));
        assert_eq!(removable(&found), Vec::<u64>::new());
    }

    #[test]
    fn no_chain_leads_to_a_record_far_beyond_its_end() {
        let records = chain("+a +b");
        let far = Record { number: LAST, ..records[3].clone() };
        for end in [end_of(&records), None] {
            let mut all: Vec<StoredRecord> = records.iter().map(stored).collect();
            all.push(stored(&far));
            let found = read(all, end);
            assert_eq!((faults(&found).len(), found.links.len(), found.next_number), (0, 4, 5));
            assert_eq!(
                found.passed_over[0].to_string(),
                "records.prod.999999 stands apart: no chain leads to it"
            );
        }
        let too_far = Record { number: u64::MAX, ..records[3].clone() };
        let found = read(vec![stored(&too_far)], None);
        assert_eq!((found.next_number, found.passed_over.len()), (1, 1));
    }

    #[test]
    fn an_end_far_beyond_the_records_is_one_fault() {
        let records = chain("+a");
        for number in [999_999_999, u64::MAX] {
            let end = ChainEnd { number, digest: Digest::of(b"") };
            let found = read(records.iter().map(stored).collect(), Some(end));
            assert_eq!(faults(&found), [format!("records 3 to {number} are missing")]);
            assert_eq!(found.next_number, 3);
        }
    }

    #[test]
    fn documents_of_another_kind_or_version_are_no_records() {
        let record = chain("+a").remove(0);
        for (from, to) in [("v1alpha1", "v2"), ("v1alpha1", "v10"), ("\"Record\"", "\"Plan\"")] {
            let mut one = stored(&record);
            assert!(one.text.contains(from));
            one.text = one.text.replacen(from, to, 1);
            let found = faults(&read(vec![one], None));
            assert!(found[0].contains("cannot be read as a record: it is "), "{found:?}");
        }
        let mut newer = stored(&record);
        newer.text = newer.text.replace("v1alpha1", "v1beta2");
        assert_eq!(faults(&read(vec![newer], None)), Vec::<String>::new());
    }

    #[test]
    fn what_was_changed_tells_no_deployment() {
        let mut records = chain("+a +b");
        records[1].actor = Actor { name: "eve".into(), groups: Vec::new() };
        let found = read(records.iter().map(stored).collect(), None);
        let runs = |digest: &[u8]| {
            let deployments = found.deployments(|text| text.parse().ok());
            deployments.iter().any(|one| one.snapshot == Digest::of(digest) && one.since > 0)
        };
        assert!(!runs(b"a") && runs(b"b"));
    }
}
