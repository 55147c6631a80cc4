//! Broken parts of a store: what no reader believes, and its removal by those who may administer
//! the store.
//!
//! Readers step over what is broken, so that nobody is stopped by what somebody else has written.
//! Removing it takes the last of it away. Each removal is an entry of its own, written before
//! anything goes: what was there, the reason, and who removed it.

use std::collections::BTreeMap;

use serde::Serialize;
use snapshot_core::{
    digest::Digest,
    name::StageName,
    record::{Chain, ChainEnd, Fault, Link},
};

use super::{
    Files, Store, StoreError,
    entry::{Entry, Fields, Section},
    records::{end_fields, entry_name},
};

/// The most bytes of what is removed that its removal keeps.
const KEPT: usize = 256 * 1024;

/// The digits of a digest that name a removal.
const ID_DIGITS: usize = 16;

/// A broken part of a store.
#[derive(Clone, Debug, Serialize)]
pub struct BrokenPart {
    /// Kind of the part, as the store calls it: `evidence`, `records`, ….
    pub kind: &'static str,
    /// Display name of the object.
    pub object: String,
    /// The reason why no reader believes it.
    pub cause: String,
    #[serde(skip)]
    remedy: Remedy,
}

/// Remedy that takes a broken part away.
#[derive(Clone, Debug)]
enum Remedy {
    /// The entry is deleted.
    Entry { section: Section, name: String },
    /// The end of a chain is the last record there is.
    End { stage: StageName, end: ChainEnd },
    /// The object is deleted: a snapshot's head, a chunk.
    Object { name: String },
}

/// The removal of a broken part.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Name of the user who removes it.
    pub actor: String,
    /// Time, RFC 3339 in UTC.
    pub at: String,
}

/// A removal as the store tells of it.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Display name of what was removed.
    pub object: String,
    /// The reason why no reader believed it.
    pub cause: String,
    /// By whom, and when.
    pub removal: Removal,
}

impl BrokenPart {
    fn of_entry(section: Section, name: &str, object: String, cause: String) -> Self {
        let remedy = Remedy::Entry { section, name: name.to_owned() };
        Self { kind: section.word(), object, cause, remedy }
    }

    /// A part that is an object of its own.
    pub(super) fn of_object(kind: &'static str, name: &str, object: String, cause: String) -> Self {
        Self { kind, object, cause, remedy: Remedy::Object { name: name.to_owned() } }
    }
}

impl Store {
    /// Everything that no reader believes, and that may go: nothing else says that it was once
    /// something.
    pub async fn broken(&self) -> Result<Vec<BrokenPart>, StoreError> {
        let mut broken = self.broken_facts().await?;
        broken.extend(self.broken_records().await?);
        broken.extend(match self {
            Self::ConfigMaps(home) => home.broken_objects().await?,
            Self::Directory(home) => home.on(Files::broken_snapshots).await?,
        });
        Ok(broken)
    }

    async fn broken_facts(&self) -> Result<Vec<BrokenPart>, StoreError> {
        let section = Section::Evidence;
        let read = |entry: Entry| {
            let error = self.read_fact(&entry).err()?;
            let cause = match error {
                StoreError::BrokenEvidence { cause, .. } => cause.to_string(),
                other => other.to_string(),
            };
            let object = self.describe_entry(section, &entry.name);
            Some(BrokenPart::of_entry(section, &entry.name, object, cause))
        };
        Ok(self.entries(section).await?.into_iter().filter_map(read).collect())
    }

    /// Ends of chains come first: no record that is gone is then told to be missing.
    async fn broken_records(&self) -> Result<Vec<BrokenPart>, StoreError> {
        let (mut ends, mut records) = (Vec::new(), Vec::new());
        for (stage, chain) in self.chains().await? {
            ends.extend(self.broken_end(&chain).await?);
            for (number, fault) in &chain.removable {
                let name = entry_name(&stage, *number);
                let object = self.describe_entry(Section::Records, &name);
                let cause = match fault {
                    Fault::Unreadable { cause, .. } => cause.clone(),
                    other => other.to_string(),
                };
                records.push(BrokenPart::of_entry(Section::Records, &name, object, cause));
            }
        }
        ends.extend(records);
        Ok(ends)
    }

    /// The end of a chain, where it is not at the last record.
    async fn broken_end(&self, chain: &Chain) -> Result<Option<BrokenPart>, StoreError> {
        let stage = &chain.stage;
        // Before the first record the end is at none, which has number 0.
        let none = ChainEnd { number: 0, digest: Digest::of(b"") };
        let end = |link: &Link| ChainEnd { number: link.record.number, digest: link.digest };
        let last = chain.last().map_or(none, end);
        let number = last.number;
        let cause = match self.entry(Section::Chains, stage.as_ref()).await {
            Err(error @ (StoreError::BrokenEntry { .. } | StoreError::NotAFile { .. })) => {
                error.to_string()
            }
            Err(error) => return Err(error),
            Ok(None) => return Ok(None),
            Ok(Some(_)) => match self.chain_end(stage).await? {
                None => "it has no number and digest of a record".to_owned(),
                Some(end) if end.number > number => {
                    format!("it says that {} is the last record, and {number} is", end.number)
                }
                Some(_) => return Ok(None),
            },
        };
        let object = self.describe_entry(Section::Chains, stage.as_ref());
        let remedy = Remedy::End { stage: stage.clone(), end: last };
        Ok(Some(BrokenPart { kind: Section::Chains.word(), object, cause, remedy }))
    }

    /// Removes a broken part, and records that. `false` where the guard keeps it: it has the form
    /// of what it is not.
    pub async fn remove_broken(
        &self,
        part: &BrokenPart,
        removal: &Removal,
    ) -> Result<bool, StoreError> {
        if !self.lets_go(part).await? {
            return Ok(false);
        }
        let content = self.content(part).await?;
        let mut fields = Fields::from([
            ("actor".to_owned(), removal.actor.clone()),
            ("at".to_owned(), removal.at.clone()),
            ("cause".to_owned(), part.cause.clone()),
            ("digest".to_owned(), Digest::of(content.as_bytes()).to_string()),
            ("object".to_owned(), part.object.clone()),
        ]);
        let text = snapshot_core::canonical::text(&fields);
        let id = Digest::of(text.as_bytes()).hex()[..ID_DIGITS].to_owned();
        if content.len() <= KEPT {
            fields.insert("content".to_owned(), content);
        }
        self.append(Section::Removals, part.kind, &id, &fields).await?;
        match (&part.remedy, self) {
            (Remedy::Entry { section, name }, _) => self.delete_entry(*section, name).await,
            (Remedy::End { stage, end }, _) => {
                let mut turn = |_| Ok(end_fields(*end));
                self.update(Section::Chains, stage.as_ref(), &mut turn).await.map(drop)
            }
            (Remedy::Object { name }, Self::ConfigMaps(home)) => home.discard(name).await,
            (Remedy::Object { name }, Self::Directory(home)) => {
                let name = name.clone();
                home.on(move |files| files.discard(&name)).await.map(drop)
            }
        }?;
        Ok(true)
    }

    /// True unless nobody may remove the part.
    async fn lets_go(&self, part: &BrokenPart) -> Result<bool, StoreError> {
        match (&part.remedy, self) {
            (Remedy::Entry { section, name }, Self::ConfigMaps(home)) => {
                home.lets_go(*section, name).await
            }
            _ => Ok(true),
        }
    }

    /// Content of a part, as text.
    async fn content(&self, part: &BrokenPart) -> Result<String, StoreError> {
        let fields = match &part.remedy {
            Remedy::Entry { section, name } => self.fields_if_any(*section, name).await?,
            Remedy::End { stage, .. } => {
                self.fields_if_any(Section::Chains, stage.as_ref()).await?
            }
            Remedy::Object { name } => match self {
                Self::ConfigMaps(home) => return home.content(name).await,
                Self::Directory(_) => Fields::new(),
            },
        };
        Ok(snapshot_core::canonical::text(&fields))
    }

    async fn fields_if_any(&self, section: Section, name: &str) -> Result<Fields, StoreError> {
        match self.entry(section, name).await {
            Err(StoreError::BrokenEntry { .. } | StoreError::NotAFile { .. }) => Ok(Fields::new()),
            read => Ok(read?.unwrap_or_default()),
        }
    }

    /// The removals of broken parts, the oldest first.
    pub async fn removals(&self) -> Result<Vec<Removed>, StoreError> {
        let entries = self.entries(Section::Removals).await?;
        let mut removals: Vec<Removed> = entries.into_iter().map(removed).collect();
        removals.sort_by(|one, other| one.removal.at.cmp(&other.removal.at));
        Ok(removals)
    }
}

fn removed(entry: Entry) -> Removed {
    let mut fields: BTreeMap<String, String> = entry.fields;
    let mut field = |name: &str| fields.remove(name).unwrap_or_default();
    Removed {
        object: field("object"),
        cause: field("cause"),
        removal: Removal { actor: field("actor"), at: field("at") },
    }
}
