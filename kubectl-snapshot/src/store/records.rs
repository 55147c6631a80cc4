//! Records of stages: entries that are written once, with the questions and the
//! policies that they rest on.

use std::{borrow::Cow, collections::BTreeMap};

use snapshot_core::{
    digest::Digest,
    name::StageName,
    policy::Decision,
    record::{Chain, ChainEnd, Record, StoredRecord},
};

use super::{
    Store, StoreError,
    entry::{Entry, Fields, Section},
};
use crate::cluster::ClusterError;

/// Inputs of a decision, kept beside its record so that it can be made again.
#[derive(Clone, Debug, Default)]
pub struct DecisionInputs {
    /// The text of each question, by the decision that it asks for.
    pub questions: BTreeMap<Decision, String>,
    /// The bytes of each policy that was asked.
    pub policies: BTreeMap<Digest, Cow<'static, [u8]>>,
}

impl Store {
    /// The records of every stage that has some.
    pub async fn chains(&self) -> Result<BTreeMap<StageName, Chain>, StoreError> {
        let mut of_stage: BTreeMap<StageName, Vec<StoredRecord>> = BTreeMap::new();
        // The ends first: what somebody adds meanwhile is written before its end is.
        let mut ends = BTreeMap::new();
        for entry in self.entries(Section::Chains).await? {
            if let Ok(stage) = entry.name.parse::<StageName>() {
                of_stage.entry(stage.clone()).or_default();
                ends.extend(read_end(&entry.fields).map(|end| (stage, end)));
            }
        }
        for entry in self.entries(Section::Records).await? {
            if let Some((stage, stored)) = self.stored(entry) {
                of_stage.entry(stage).or_default().push(stored);
            }
        }
        let chain = |(stage, stored)| {
            let chain = Chain::read(&stage, stored, ends.get(&stage).copied());
            (stage, chain)
        };
        Ok(of_stage.into_iter().map(chain).collect())
    }

    /// The records of one stage.
    pub async fn chain(&self, stage: &StageName) -> Result<Chain, StoreError> {
        let end = self.chain_end(stage).await?;
        let entries = self.entries_of(Section::Records, stage.as_ref()).await?;
        let stored =
            entries.into_iter().filter_map(|entry| self.stored(entry)).map(|(_, stored)| stored);
        Ok(Chain::read(stage, stored.collect(), end))
    }

    /// Adds a record to its chain. `false` where somebody else was faster.
    pub async fn append_record(
        &self,
        record: &Record,
        inputs: &DecisionInputs,
    ) -> Result<bool, StoreError> {
        let text = record.text();
        let mut fields = fields(record, &text);
        self.keep(inputs, &mut fields).await?;
        let stage = record.stage.as_ref();
        if !self.append(Section::Records, stage, &Record::padded(record.number), &fields).await? {
            return Ok(false);
        }
        let end = ChainEnd { number: record.number, digest: Digest::of(text.as_bytes()) };
        match self.go_on(&record.stage, end).await {
            // The record is there. Its end may lag behind, and the next one moves it.
            Err(StoreError::Changed { .. }) => Ok(true),
            Err(StoreError::Cluster(error)) if error.may_pass() => Ok(true),
            moved => moved.map(|()| true),
        }
    }

    /// The last record of a stage, as the end of its chain says.
    pub(super) async fn chain_end(
        &self,
        stage: &StageName,
    ) -> Result<Option<ChainEnd>, StoreError> {
        match self.entry(Section::Chains, stage.as_ref()).await {
            Err(StoreError::BrokenEntry { .. } | StoreError::NotAFile { .. }) => Ok(None),
            end => Ok(end?.as_ref().and_then(read_end)),
        }
    }

    /// Moves the end of a chain to a later record.
    async fn go_on(&self, stage: &StageName, end: ChainEnd) -> Result<(), StoreError> {
        match self.move_end(stage, end).await {
            // The guard has it go from number to number. Whoever was killed has left one out,
            // and so does whoever goes past what is no record.
            Err(StoreError::Cluster(ClusterError::NotAdmitted { .. })) => {}
            moved => return moved,
        }
        let reached = self.chain_end(stage).await?.map_or(0, |end| end.number);
        for number in reached.saturating_add(1)..end.number {
            let name = entry_name(stage, number);
            let there = self.entry(Section::Records, &name).await?;
            let text = there.and_then(|mut fields| fields.remove("record")).unwrap_or_default();
            let digest = Digest::of(text.as_bytes());
            self.move_end(stage, ChainEnd { number, digest }).await?;
        }
        self.move_end(stage, end).await
    }

    async fn move_end(&self, stage: &StageName, end: ChainEnd) -> Result<(), StoreError> {
        let mut further = |there: Option<Fields>| {
            // Whoever was slower does not turn the end back.
            let further = there.as_ref().and_then(read_end).filter(|one| one.number >= end.number);
            Ok(match (further, there) {
                (Some(_), Some(there)) => there,
                _ => end_fields(end),
            })
        };
        self.update(Section::Chains, stage.as_ref(), &mut further).await.map(drop)
    }

    /// The text of a question that a record rests on.
    pub async fn recorded_question(
        &self,
        record: &Record,
        decision: Decision,
        digest: Digest,
    ) -> Result<Vec<u8>, StoreError> {
        self.kept(record, &question_field(decision), digest).await
    }

    /// The bytes of a policy that a record rests on.
    pub async fn recorded_policy(
        &self,
        record: &Record,
        digest: Digest,
    ) -> Result<Vec<u8>, StoreError> {
        self.kept(record, &policy_field(digest), digest).await
    }

    async fn keep(&self, inputs: &DecisionInputs, fields: &mut Fields) -> Result<(), StoreError> {
        let questions = inputs.questions.iter().map(|(decision, text)| {
            let digest = Digest::of(text.as_bytes());
            (question_field(*decision), digest, text.as_bytes())
        });
        let policies = inputs
            .policies
            .iter()
            .map(|(digest, bytes)| (policy_field(*digest), *digest, bytes.as_ref()));
        // What is bound is stored already, and may be large.
        let bound = match self {
            Self::ConfigMaps(_) => self.chunks_of_bindings().await?,
            Self::Directory(_) => BTreeMap::new(),
        };
        for (field, digest, bytes) in questions.chain(policies) {
            match self {
                Self::ConfigMaps(home) => {
                    // Whoever unbinds it right now leaves it to be collected.
                    let chunks = match bound.get(&digest) {
                        Some(chunks) if home.has_blob(chunks).await? => chunks.clone(),
                        Some(_) | None => home.put_blob(bytes).await?,
                    };
                    fields.insert(field, chunks);
                }
                Self::Directory(home) => {
                    let bytes = bytes.to_vec();
                    home.on(move |files| files.put_blob(digest, &bytes)).await?;
                }
            }
        }
        Ok(())
    }

    async fn kept(
        &self,
        record: &Record,
        field: &str,
        digest: Digest,
    ) -> Result<Vec<u8>, StoreError> {
        let name = entry_name(&record.stage, record.number);
        let owner = format!("record {}/{}", record.stage, record.number);
        let damaged = |cause: &str| StoreError::RecordDamaged {
            record: owner.clone(),
            what: field.trim_end_matches(CHUNKS).to_owned(),
            cause: cause.into(),
        };
        let bytes = match self {
            Self::ConfigMaps(home) => {
                let fields = self.existing_entry(Section::Records, &name).await?;
                let chunks = fields.get(field).ok_or_else(|| damaged("is not kept with it"))?;
                home.blob(chunks, &owner).await?.map_err(|cause| damaged(&cause))?
            }
            Self::Directory(home) => {
                let blob = home.on(move |files| files.blob(digest)).await?;
                blob.ok_or_else(|| damaged("is missing"))?
            }
        };
        if Digest::of(&bytes) == digest {
            Ok(bytes)
        } else {
            Err(damaged("is not what was recorded"))
        }
    }

    fn stored(&self, entry: Entry) -> Option<(StageName, StoredRecord)> {
        let Entry { name, mut fields, .. } = entry;
        let (stage, number) = name.rsplit_once('.')?;
        let object = match self {
            Self::ConfigMaps(home) => home.describe_entry(Section::Records, &name),
            Self::Directory(_) => format!("record {name} in {}", self.place()),
        };
        let spelt = |number: &u64| Record::padded(*number) == name[stage.len() + 1..];
        let stored = StoredRecord {
            number: number.parse().ok().filter(spelt),
            object,
            text: fields.remove("record").unwrap_or_default(),
            marks: fields,
        };
        Some((stage.parse().ok()?, stored))
    }
}

/// Ending of the names of fields that hold bytes: the garbage collection looks for it.
const CHUNKS: &str = ".chunks";

fn question_field(decision: Decision) -> String {
    format!("question.{decision}{CHUNKS}")
}

fn policy_field(digest: Digest) -> String {
    format!("policy.{}{CHUNKS}", digest.hex())
}

pub(super) fn entry_name(stage: &StageName, number: u64) -> String {
    format!("{stage}.{}", Record::padded(number))
}

/// The record, and beside it what the API server's guard looks at.
fn fields(record: &Record, text: &str) -> Fields {
    let marks = record.marks().into_iter().map(|(mark, value)| (mark.to_owned(), value));
    marks.chain([("record".to_owned(), text.to_owned())]).collect()
}

/// The end of a chain, as it is stored.
pub(super) fn end_fields(end: ChainEnd) -> Fields {
    Fields::from([
        ("number".to_owned(), Record::padded(end.number)),
        ("digest".to_owned(), end.digest.to_string()),
    ])
}

fn read_end(fields: &Fields) -> Option<ChainEnd> {
    Some(ChainEnd {
        number: fields.get("number")?.parse().ok()?,
        digest: fields.get("digest")?.parse().ok()?,
    })
}
