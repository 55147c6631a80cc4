//! Evidence, as entries that are written once: each belongs to a snapshot's digest.
//!
//! An entry holds the fact's document, and beside it, as fields of their own,
//! what the API server's guard looks at. Whatever is read must agree: the
//! fields with the document, the digest with the one that is asked for, the
//! name with the document's own digest.

use snapshot_core::{
    digest::Digest,
    evidence::{self, Evidence},
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};

/// The digits of a snapshot's digest that name its group: a label has 63 characters.
const GROUP_DIGITS: usize = 40;
/// The digits of a document's digest that tell it from the group's others.
const ID_DIGITS: usize = 16;
/// The field that holds the document.
const DOCUMENT: &str = "evidence";
/// The most bytes of an entry: a document and what repeats it have less by their own limits.
pub(super) const LARGEST_FACT: usize = 64 * 1024;

/// Facts that are known about a snapshot.
#[derive(Debug, Default)]
pub struct KnownFacts {
    /// The facts that can be believed, the oldest first.
    pub facts: Vec<Evidence>,
    /// Pieces of evidence that cannot be believed, and are left out.
    pub left_out: Vec<LeftOut>,
}

/// A piece of evidence that cannot be believed.
#[derive(Debug)]
pub struct LeftOut {
    /// The reason, with the object.
    pub error: StoreError,
    /// True if it may have been a fact before somebody changed it. What nobody could change
    /// never was one.
    pub was_a_fact: bool,
}

impl Store {
    /// The facts about the snapshot of that digest. What cannot be believed hides no other.
    pub async fn evidence(&self, snapshot: &Digest) -> Result<KnownFacts, StoreError> {
        let mut known = KnownFacts::default();
        for entry in self.entries_of(Section::Evidence, &group(snapshot)).await? {
            match read_entry(snapshot, &entry) {
                Ok(fact) => known.facts.push(fact),
                Err(cause) => known.left_out.push(LeftOut {
                    error: self.broken_evidence(&entry.name, cause),
                    was_a_fact: !entry.sealed,
                }),
            }
        }
        known.facts.sort_by(|one, other| {
            (one.at, &one.kind, &one.name).cmp(&(other.at, &other.kind, &other.name))
        });
        Ok(known)
    }

    fn broken_evidence(&self, name: &str, cause: String) -> StoreError {
        let object = self.describe_entry(Section::Evidence, name);
        StoreError::BrokenEvidence { object, cause: cause.into() }
    }

    /// Records a fact about the snapshot of that digest; one that is there already stays.
    pub async fn add_evidence(&self, snapshot: &Digest, fact: &Evidence) -> Result<(), StoreError> {
        fact.check().map_err(StoreError::Evidence)?;
        let (group, fields) = (group(snapshot), fields(snapshot, fact));
        let id = id(&fields[DOCUMENT]);
        if self.append(Section::Evidence, &group, &id, &fields).await? {
            return Ok(());
        }
        let name = format!("{group}.{id}");
        match self.entry(Section::Evidence, &name).await? {
            Some(there) if there == fields => Ok(()),
            _ => Err(StoreError::BrokenEvidence {
                object: self.describe_entry(Section::Evidence, &name),
                cause:
                    "it bears the name of the fact that is to be recorded, and says something else"
                        .into(),
            }),
        }
    }

    /// Reads a fact about whatever snapshot it says that it is about.
    pub(super) fn read_fact(&self, entry: &Entry) -> Result<Evidence, StoreError> {
        let said = entry.fields.get("snapshot").map_or("", String::as_str);
        let read = said.parse().map_err(|_| format!("its snapshot {said:?} is not a digest"));
        read.and_then(|snapshot| read_entry(&snapshot, entry))
            .map_err(|cause| self.broken_evidence(&entry.name, cause))
    }

    pub(super) fn describe_entry(&self, section: Section, name: &str) -> String {
        match self {
            Self::ConfigMaps(home) => home.describe_entry(section, name),
            Self::Directory(home) => home.describe_entry(section, name),
        }
    }
}

fn group(snapshot: &Digest) -> String {
    snapshot.hex()[..GROUP_DIGITS].to_owned()
}

fn id(document: &str) -> String {
    Digest::of(document.as_bytes()).hex()[..ID_DIGITS].to_owned()
}

fn fields(snapshot: &Digest, fact: &Evidence) -> Fields {
    let mut fields = flat(snapshot, fact);
    fields.insert(DOCUMENT.to_owned(), evidence::write(snapshot, fact));
    fields
}

/// Fields of the document that are repeated beside it.
fn flat(snapshot: &Digest, fact: &Evidence) -> Fields {
    let members = [
        ("actor", Some(fact.actor.clone())),
        ("kind", Some(fact.kind.clone())),
        ("name", Some(fact.name.clone())),
        ("outcome", Some(fact.outcome.word().to_owned())),
        ("snapshot", Some(snapshot.to_string())),
        ("stage", fact.stage.as_ref().map(ToString::to_string)),
    ];
    members.into_iter().filter_map(|(member, value)| Some((member.to_owned(), value?))).collect()
}

/// Reads an entry, unless anything about it does not fit.
fn read_entry(asked: &Digest, entry: &Entry) -> Result<Evidence, String> {
    if entry.bytes() > LARGEST_FACT {
        return Err(format!("it has {} bytes, more than a fact can have", entry.bytes()));
    }
    let document = entry.fields.get(DOCUMENT).ok_or("it holds no document")?;
    let (snapshot, fact) = evidence::read(document).map_err(|fault| fault.to_string())?;
    if entry.name != format!("{}.{}", group(asked), id(document)) {
        return Err("its document is not the one that its name stands for".to_owned());
    }
    if snapshot != *asked {
        return Err(format!("its document is about {snapshot}, not {asked}"));
    }
    let expected = flat(&snapshot, &fact);
    for member in ["actor", "kind", "name", "outcome", "snapshot", "stage"] {
        let (said, meant) = (entry.fields.get(member), expected.get(member));
        if said != meant {
            let shown = |text: Option<&String>| match text {
                Some(text) => text.chars().take(80).collect(),
                None => "nothing".to_owned(),
            };
            return Err(format!(
                "its {member} says {}, and its document {}",
                shown(said),
                shown(meant)
            ));
        }
    }
    Ok(fact)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;
    use crate::store::tests::block_on;
    use snapshot_core::evidence::{APPROVAL, Outcome, TEST};

    fn fact(kind: &str, at: u64) -> Evidence {
        Evidence {
            kind: kind.to_owned(),
            name: "e2e".to_owned(),
            outcome: Outcome::Passed,
            value: None,
            stage: Some("qa".parse().unwrap()),
            actor: "grace".to_owned(),
            at,
            detail: None,
            groups: None,
            link: None,
        }
    }

    fn files(folder: &tempfile::TempDir) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder.path().join("evidence")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn facts_belong_to_a_digest_and_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        let [ours, theirs] = [Digest::of(b"rel-42"), Digest::of(b"rel-43")];
        let facts = || block_on(store.evidence(&ours)).unwrap().facts;
        assert_eq!(facts(), []);
        for (snapshot, kind, at) in [(ours, APPROVAL, 9), (ours, TEST, 7), (theirs, TEST, 8)] {
            block_on(store.add_evidence(&snapshot, &fact(kind, at))).unwrap();
            // The very same fact, said again, is one fact.
            block_on(store.add_evidence(&snapshot, &fact(kind, at))).unwrap();
        }
        assert_eq!(facts(), [fact(TEST, 7), fact(APPROVAL, 9)]);
        assert_eq!(files(&folder).len(), 3);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let edited = |from: &str, to: &str| {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::in_directory(folder.path());
            let snapshot = Digest::of(b"rel-42");
            block_on(store.add_evidence(&snapshot, &fact(TEST, 7))).unwrap();
            let file = files(&folder).remove(0);
            block_on(store.add_evidence(&snapshot, &fact(APPROVAL, 9))).unwrap();
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains(from), "{text}");
            fs::write(&file, text.replace(from, to)).unwrap();
            let known = block_on(store.evidence(&snapshot)).unwrap();
            assert_eq!(known.facts, [fact(APPROVAL, 9)], "what is whole is still known");
            let [left_out] = &known.left_out[..] else { panic!("{:?}", known.left_out) };
            assert!(left_out.was_a_fact, "a file can be changed by whoever may write it");
            let error = left_out.error.to_string();
            assert!(error.contains(&file.display().to_string()), "{error}");
            error
        };
        let error = edited(r#""actor": "grace""#, r#""actor": "alan""#);
        assert!(error.contains("its actor says alan, and its document grace"), "{error}");
        let error = edited(r#""stage": "qa""#, r#""stagë": "qa""#);
        assert!(error.contains("its stage says nothing, and its document qa"), "{error}");
        let error = edited("grace", "alan");
        assert!(error.contains("not the one that its name stands for"), "{error}");
        let error = edited(r#"  "evidence""#, r#"  "document""#);
        assert!(error.contains("holds no document"), "{error}");
        let long = format!(r#"  "more": "{}", "evidence""#, "x".repeat(LARGEST_FACT));
        let error = edited(r#"  "evidence""#, &long);
        assert!(error.contains("more than a fact can have"), "{error}");
    }

    #[test]
    fn a_fact_of_another_snapshot_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::in_directory(folder.path());
        let [ours, theirs] = [Digest::of(b"rel-42"), Digest::of(b"rel-43")];
        block_on(store.add_evidence(&ours, &fact(TEST, 7))).unwrap();
        let file = files(&folder).remove(0);
        let copy = file.display().to_string().replace(&group(&ours), &group(&theirs));
        fs::copy(&file, copy).unwrap();
        let known = block_on(store.evidence(&theirs)).unwrap();
        let error = known.left_out[0].error.to_string();
        assert!(error.contains("its document is about sha256:"), "{error}");
        assert_eq!(known.facts, []);
        assert_eq!(block_on(store.evidence(&ours)).unwrap().facts, [fact(TEST, 7)]);
    }
}
