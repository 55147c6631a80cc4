//! Chains that are whole, and such that are not.

use std::collections::BTreeMap;

use super::*;
use crate::{cluster_namespace::ClusterNamespace, diff::Summary};

/// `+a`: promoted a; `-a`: rolled back to it; `!a`: failed; `?a`: refused; `~a`: killed;
/// `%a`: written, and something else runs; `=a`: written, and not seen to run; `^a`: promoted
/// by somebody who has overridden the policies; `<a`: failed, and what ran before runs again.
/// `+c/b`: where b was found before. `*+a`: awaited, not written.
pub(super) fn chain(story: &str) -> Vec<Record> {
    let mut links: Vec<Link> = Vec::new();
    for (turn, word) in story.split_whitespace().enumerate() {
        let (awaited, word) = match word.strip_prefix('*') {
            Some(word) => (true, word),
            None => (false, word),
        };
        let (mark, name) = word.split_at(1);
        let decision = match mark {
            "?" => Ruling::Refused,
            "^" => Ruling::Overridden,
            _ => Ruling::Approved,
        };
        let operation = if mark == "-" { Operation::Rollback } else { Operation::Promotion };
        let (name, before) = name.split_once('/').unwrap_or((name, "before"));
        let decided =
            Decided { before: named(before), awaited, ..decided(operation, decision, name) };
        let number = push(&mut links, 10 * turn as u64, Event::Decided(Box::new(decided)));
        let result = match mark {
            "+" | "-" | "^" => Completion::Succeeded,
            "!" => Completion::Failed,
            "%" => Completion::Different,
            "=" => Completion::Unverified,
            "<" => Completion::RolledBack,
            _ => continue,
        };
        let ended = Ended { decision: number, result, details: Vec::new() };
        push(&mut links, 10 * turn as u64 + 5, Event::Ended(ended));
    }
    links.into_iter().map(|link| link.record).collect()
}

fn decided(operation: Operation, decision: Ruling, name: &str) -> Decided {
    Decided {
        parts: BTreeMap::new(),
        operation,
        snapshot: named(name),
        target: ClusterNamespace::new("kind", "prod"),
        before: named("before"),
        awaited: false,
        reason: None,
        verdict: Verdict::Allow,
        decision,
        policies: Vec::new(),
        questions: BTreeMap::new(),
        summary: Summary::default(),
        changes: Vec::new(),
    }
}

fn named(name: &str) -> SnapshotRef {
    SnapshotRef { name: Some(name.to_owned()), digest: Digest::of(name.as_bytes()) }
}

fn push(links: &mut Vec<Link>, at: u64, event: Event) -> u64 {
    let note = Note {
        at: at.to_string(),
        actor: Actor { name: "ada".into(), groups: Vec::new() },
        writer: "ada@desk/1".into(),
    };
    let record = Record::after(links.last(), &"prod".parse().unwrap(), note, event);
    let number = record.number;
    links.push(Link { digest: Digest::of(record.text().as_bytes()), record });
    number
}

pub(super) fn stored(record: &Record) -> StoredRecord {
    StoredRecord {
        number: Some(record.number),
        object: format!("records.prod.{:06}", record.number),
        marks: record.marks().into_iter().map(|(mark, it)| (mark.to_owned(), it)).collect(),
        text: record.text(),
    }
}

pub(super) fn read(stored: Vec<StoredRecord>, end: Option<ChainEnd>) -> Chain {
    Chain::read(&"prod".parse().unwrap(), stored, end)
}

fn told(story: &str) -> Chain {
    let chain = read(chain(story).iter().map(stored).collect(), None);
    assert_eq!(chain.faults, []);
    chain
}

pub(super) fn faults(chain: &Chain) -> Vec<String> {
    chain.faults.iter().map(ToString::to_string).collect()
}

fn back(story: &str) -> Option<String> {
    told(story).way_back().and_then(|named| named.name)
}

fn runs(story: &str) -> Option<String> {
    told(story).running().and_then(|named| named.name)
}

/// Snapshot that `stage:prod` names, and what speaks against it.
fn deployed(story: &str) -> Option<(String, Option<String>)> {
    told(story).deployed().map(|deployed| (deployed.snapshot.name.unwrap(), deployed.doubt))
}

fn waits_for_all(story: &str, candidate: &str) -> bool {
    told(story).has_open_rollouts(&Digest::of(candidate.as_bytes()))
}

#[test]
fn what_runs_is_what_last_succeeded() {
    assert_eq!(runs(""), None);
    assert_eq!(runs("?a"), None);
    assert_eq!(runs("+a ?b"), Some("a".into()));
    assert_eq!(runs("+a !b"), Some("a".into()));
    assert_eq!(runs("+a +b -a"), Some("a".into()));
    assert_eq!(runs("+a %b"), Some("a".into()));
    assert_eq!(runs("+a =b"), Some("a".into()));
}

#[test]
fn a_stage_names_what_was_last_brought_whole_and_says_what_speaks_against_it() {
    let told = |name: &str, doubt: &str| Some((name.to_owned(), Some(doubt.to_owned())));
    assert_eq!(deployed(""), None);
    assert_eq!(deployed("+a ?b"), Some(("a".into(), None)));
    assert_eq!(
        deployed("+a =b"),
        told("b", "record prod/3 wrote b, and whether it runs could not be seen")
    );
    assert_eq!(deployed("+a =b +b"), Some(("b".into(), None)));
    let later = |name: &str, record: u64, what: &str| {
        format!("record prod/{record} let {name} through since, and that ended: {what}")
    };
    let since = |what: &str| later("b", 3, what);
    assert_eq!(deployed("+a %b"), told("a", &since("different")));
    assert_eq!(deployed("+a !b"), told("a", &since("failed")));
    assert_eq!(deployed("+a ~b"), told("a", &since("not ended")));
    assert_eq!(
        deployed("=a !b"),
        told("a", "record prod/3 let b through since, and that ended: failed")
    );
    // What has gone back has left nothing that speaks against what ran before.
    assert_eq!(deployed("+a <b"), Some(("a".into(), None)));
    assert_eq!(deployed("+a <b !c"), told("a", &later("c", 5, "failed")));
    // What nobody was sure of before was seen then, whatever it is.
    assert_eq!(deployed("+a !b <c"), Some(("before".into(), None)));
    assert_eq!(deployed("<a"), Some(("before".into(), None)));
    assert_eq!(deployed("<a ~b"), None);
    assert_eq!(deployed("%a"), None);
    assert_eq!(deployed("!a"), None);
}

#[test]
fn what_was_not_seen_to_run_is_waited_for_when_it_is_promoted_again() {
    for story in ["+a =b", "+a %b", "+a !b", "+a ~b"] {
        assert!(waits_for_all(story, "b") && waits_for_all(story, "c"), "{story}");
        // What ran before was written back where it was changed, and stood still elsewhere.
        assert!(!waits_for_all(story, "a"), "{story}");
    }
    assert!(!waits_for_all("", "a") && !waits_for_all("+a", "b") && !waits_for_all("+a ?b", "b"));
    assert!(!waits_for_all("+a =b +b", "b"));
    assert!(!waits_for_all("+a <b", "b") && waits_for_all("+a !b <c", "b"));
    assert!(waits_for_all("=a", "a") && !waits_for_all("=a", "before"));
}

#[test]
fn what_was_waited_for_leaves_nothing_half_done() {
    let half_done = |story: &str| {
        let name = told(story).half_done().and_then(|one| one.decided.snapshot.name.clone());
        name.unwrap_or_default()
    };
    assert_eq!(half_done("+a !b"), "b");
    assert_eq!(half_done("+a *!b"), "");
    assert_eq!(half_done("+a *~b"), "");
    // Nor does it mend what was left half done, unless it comes.
    assert_eq!(half_done("+a !b *~c"), "b");
    assert_eq!(half_done("+a !b *+c"), "");
    // It may still come: until somebody sees, that speaks against what ran before.
    assert!(deployed("+a *~b").unwrap().1.is_some());
    assert_eq!(deployed("+a *~b *+b"), Some(("b".into(), None)));
    assert_eq!(back("+a *~b"), Some("a".into()));
}

#[test]
fn the_way_back_never_returns_to_what_was_left() {
    assert_eq!(back(""), None);
    assert_eq!(back("?a"), None);
    assert_eq!(back("+a"), Some("before".into()));
    assert_eq!(back("+a +b"), Some("a".into()));
    assert_eq!(back("+a +b ?c"), Some("a".into()));
    assert_eq!(back("+a +b !c"), Some("b".into()));
    assert_eq!(back("+a +b %c"), Some("b".into()));
    assert_eq!(back("+a +b =c"), Some("b".into()));
    assert_eq!(back("+a =b +b"), Some("a".into()));
    assert_eq!(back("+a +b ~c"), Some("b".into()));
    assert_eq!(back("+a +b -a"), Some("before".into()));
    assert_eq!(back("+a +b -a -before"), None);
    assert_eq!(back("+a +b -a +c"), Some("a".into()));
    assert_eq!(back("+a +b +b"), Some("a".into()));
    assert_eq!(back("!a"), Some("before".into()));
    assert_eq!(back("+a +b <c"), Some("a".into()));
    assert_eq!(back("<a"), None);
}

#[test]
fn what_failed_attempts_brought_is_remembered_until_a_set_runs() {
    let digests = |names: &[&str]| -> Vec<Digest> {
        names.iter().map(|name| Digest::of(name.as_bytes())).collect()
    };
    assert_eq!(told("+a !b ?c ~d").deployed_digests(), digests(&["a", "b", "d"]));
    assert_eq!(told("+a !b -a").deployed_digests(), digests(&["a"]));
    assert_eq!(told("+a !b <c").deployed_digests(), digests(&["a", "b"]));
    // What its own deployer has brought is not this tool's to remove.
    assert_eq!(told("+a *!b").deployed_digests(), digests(&["a"]));
    assert_eq!(told("+a *+b").deployed_digests(), []);
    // It may have ended before anything was removed.
    assert_eq!(told("+a =b %c").deployed_digests(), digests(&["a", "b", "c"]));
    assert_eq!(told("+a =b +b").deployed_digests(), digests(&["b"]));
}

#[test]
fn deployments_end_with_the_first_write_of_the_next() {
    let seconds = |text: &str| text.parse().ok();
    let deployments = told("+a +a ?b !c -a").deployments(seconds);
    let spans = |name: &str| -> Vec<(u64, Option<u64>)> {
        let digest = Digest::of(name.as_bytes());
        let of_it = deployments.iter().filter(|one| one.snapshot == digest);
        of_it.map(|one| (one.since, one.until)).collect()
    };
    assert_eq!(spans("a"), [(5, Some(30)), (45, None)]);
    assert_eq!(spans("c"), []);
    for unseen in ["+a =b", "+a %b"] {
        let deployments = told(unseen).deployments(seconds);
        let a = deployments.iter().find(|one| one.snapshot == Digest::of(b"a")).unwrap();
        assert_eq!((a.since, a.until), (5, Some(10)), "{unseen}");
        assert!(deployments.iter().all(|one| one.snapshot != Digest::of(b"b")), "{unseen}");
    }
    // It did not run while the next one was tried, and does again since.
    let back = told("+a <b").deployments(seconds);
    let again: Vec<_> = back.iter().filter(|one| one.snapshot == Digest::of(b"a")).collect();
    let again: Vec<_> = again.into_iter().map(|one| (one.since, one.until)).collect();
    assert_eq!(again, [(5, Some(10)), (15, None)]);
    // What was tried, failed, and was found here by the next one never ran.
    let tried = told("+a !b +c/b").deployments(seconds);
    assert!(tried.iter().all(|one| one.snapshot != Digest::of(b"b")), "{tried:?}");
    let seen = told("+a =b +c/b").deployments(seconds);
    assert!(seen.iter().any(|one| one.snapshot == Digest::of(b"b")), "{seen:?}");
    // It ran before any record did, for nobody knows how long.
    assert_eq!(spans("before")[0], (0, Some(0)));
}

#[test]
fn a_whole_chain_has_no_fault() {
    let records = chain("+a !b ?c");
    let last = records.last().unwrap();
    let end = ChainEnd { number: last.number, digest: Digest::of(last.text().as_bytes()) };
    assert_eq!(faults(&read(records.iter().map(stored).collect(), Some(end))), [""; 0]);
    // The end is written after the record: it may lag behind.
    let before = &records[records.len() - 2];
    let end = ChainEnd { number: before.number, digest: Digest::of(before.text().as_bytes()) };
    assert_eq!(faults(&read(records.iter().map(stored).collect(), Some(end))), [""; 0]);
}

#[test]
fn what_was_edited_is_named() {
    let mut records = chain("+a +b");
    records[1].actor.name = "eve".into();
    let found = faults(&read(records.iter().map(stored).collect(), None));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("record 2 was changed: record 3 names sha256:"), "{found:?}");

    // The last has no successor: the end of the chain is its witness.
    let mut records = chain("+a +b");
    let last = records.last_mut().unwrap();
    let end = ChainEnd { number: last.number, digest: Digest::of(last.text().as_bytes()) };
    last.at = "0".into();
    let found = faults(&read(records.iter().map(stored).collect(), Some(end)));
    assert!(
        found[0].starts_with("record 4 was changed: the end of the chain names sha256:"),
        "{found:?}"
    );
}

#[test]
fn what_is_missing_is_named_wherever_it_was() {
    let records = chain("+a +b");
    let last = records.last().unwrap();
    let end = ChainEnd { number: last.number, digest: Digest::of(last.text().as_bytes()) };
    for number in 1..=4 {
        let left: Vec<StoredRecord> =
            records.iter().filter(|record| record.number != number).map(stored).collect();
        assert_eq!(faults(&read(left, Some(end))), [format!("record {number} is missing")]);
    }
    assert_eq!(faults(&read(Vec::new(), Some(end))), ["records 1 to 4 are missing"]);
    let last = stored(last);
    assert_eq!(faults(&read(vec![last], Some(end))), ["records 1 to 3 are missing"]);
}

#[test]
fn what_changed_places_is_named() {
    let records = chain("+a +b");
    let mut swapped: Vec<StoredRecord> = records.iter().map(stored).collect();
    let text = swapped[1].text.clone();
    swapped[1].text = std::mem::replace(&mut swapped[2].text, text);
    let found = faults(&read(swapped, None));
    assert_eq!(
        found,
        [
            "records.prod.000002 is not where it belongs: it says that it is record 3 of prod",
            "records.prod.000003 is not where it belongs: it says that it is record 2 of prod",
        ]
    );
    let other = Chain::read(&"qa".parse().unwrap(), vec![stored(&records[0])], None);
    assert!(faults(&other)[0].ends_with("it says that it is record 1 of prod"));
}

#[test]
fn a_forged_actor_and_a_foreign_text_are_named() {
    let records = chain("+a");
    let mut forged = stored(&records[0]);
    forged.marks.insert("actor".into(), "eve".into());
    let found = faults(&read(vec![forged, stored(&records[1])], None));
    assert_eq!(found, ["record 1 says actor ada, and eve stands beside it"]);

    let mut foreign = stored(&records[1]);
    foreign.text = "{}".into();
    let found = faults(&read(vec![stored(&records[0]), foreign], None));
    assert!(found[0].starts_with("records.prod.000002 cannot be read as a record: "), "{found:?}");
}

#[test]
fn a_record_is_read_as_it_was_written() {
    for record in chain("+a ?b !c -a") {
        assert_eq!(serde_json::from_str::<Record>(&record.text()).unwrap(), record);
    }
}

#[test]
fn the_namespaces_of_parts_stand_beside_a_target_that_earlier_programs_read() {
    let mut record = chain("+a").remove(0);
    let Event::Decided(decided) = &mut record.event else { panic!("{record:?}") };
    assert!(!serde_json::to_string(&decided).unwrap().contains("parts"), "one namespace has none");
    let at = |part: &str, namespace: &str| {
        (part.parse().unwrap(), ClusterNamespace::new("kind", namespace))
    };
    decided.parts = BTreeMap::from([at("payments", "pay-prod"), at("shop", "shop-prod")]);
    let text = record.text();
    assert!(text.contains(r#""parts":{"payments":"kind/pay-prod","shop":"kind/shop-prod"}"#));
    assert!(text.contains(r#""target":"kind/prod""#), "{text}");
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
}

#[test]
fn a_record_is_named_by_its_stage_and_number() {
    let named: RecordReference = "prod/7".parse().unwrap();
    assert_eq!((named.stage.to_string(), named.number), ("prod".to_owned(), Some(7)));
    assert_eq!("prod".parse::<RecordReference>().unwrap().number, None);
    for wrong in ["prod/x", "prod/", "Prod", ""] {
        assert!(wrong.parse::<RecordReference>().is_err(), "{wrong}");
    }
}

#[test]
fn an_attempt_is_found_by_either_of_its_records() {
    let chain = told("+a !b ?c");
    let found = |number| chain.attempt(number).map(|attempt| attempt.link.record.number);
    assert_eq!([1, 2, 3, 4, 5, 6].map(found), [Some(1), Some(1), Some(3), Some(3), Some(5), None]);
}

#[test]
fn an_anchor_holds_a_record_by_the_beginning_of_its_digest() {
    let chain = told("+a");
    let digest = chain.links[1].digest.to_string();
    let holds = |text: &str| chain.holds(&text.parse::<Anchor>().unwrap());
    assert!(holds(&digest) && holds(&digest[..16]) && !holds("sha256:00000000"));
    for wrong in ["", "sha256:", "sha256:1234567", &digest["sha256:".len()..]] {
        assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
    }
}

#[test]
fn a_stage_needs_what_it_runs_and_what_it_would_go_back_to() {
    let needed = |story: &str| -> Vec<(Digest, String)> { told(story).needed() };
    let digest = |name: &str| Digest::of(name.as_bytes());
    assert_eq!(needed("?a"), []);
    assert_eq!(
        needed("+a +b"),
        [
            (digest("b"), "stage prod runs it".to_owned()),
            (digest("a"), "stage prod would go back to it".to_owned()),
        ]
    );
    assert_eq!(needed("+a =b")[0].0, digest("b"));
}

#[test]
fn a_chain_with_a_fault_is_not_to_be_believed() {
    assert_eq!(told("+a").distrust(), None);
    let records = chain("+a +b");
    let left = records.iter().filter(|record| record.number != 2).map(stored).collect();
    let why = read(left, None).distrust().unwrap();
    assert!(
        why.starts_with("the records of prod cannot be trusted: record 2 is missing; "),
        "{why}"
    );
}
