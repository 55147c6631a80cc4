//! Records of a stage: decisions and outcomes, by whom, and why. Each record names the
//! digest of the one before it, which makes them a chain.

mod chain;
mod ended;
mod fault;
mod link;
mod reference;
mod story;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    canonical, cluster_namespace::ClusterNamespace, diff::Summary, digest::Digest, name::StageName,
    parts::PartName, policy::Decision, promotion::Actor, snapshot::API_VERSION,
    verdict::PolicyReport, verdict::Verdict,
};

pub use chain::Chain;
pub use ended::{Completion, Ended};
pub use fault::Fault;
pub use link::{ChainEnd, Link, StoredRecord};
pub use reference::{Anchor, RecordReference};
pub use story::{Attempt, Deployed};

/// One link of a stage's chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The `apiVersion` of every document of this tool.
    pub api_version: String,
    /// Always `Record`.
    pub kind: String,
    /// The stage.
    pub stage: StageName,
    /// Number in the chain, from 1.
    pub number: u64,
    /// The digest of the record before it; the first has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// Time, RFC 3339 in UTC.
    pub at: String,
    /// User, as the API server knows them.
    pub actor: Actor,
    /// The process that wrote it, `USER@HOST/PID`: two of one moment are told apart.
    pub writer: String,
    /// Event that it records.
    #[serde(flatten)]
    pub event: Event,
}

/// Event of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// Decision on whether a snapshot may go there. Written before anything else is.
    Decided(Box<Decided>),
    /// End of an approved deployment: carried out, or not.
    Ended(Ended),
}

/// A decision, and what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Operation: promotion or rollback.
    #[serde(rename = "way")]
    pub operation: Operation,
    /// The snapshot.
    pub snapshot: SnapshotRef,
    /// Namespace to deploy to; of several, that of the first part.
    pub target: ClusterNamespace,
    /// The namespace of each part, where the set has parts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<PartName, ClusterNamespace>,
    /// Snapshot that ran there before, by the name that it is stored under.
    pub before: SnapshotRef,
    /// True where nothing was to be written: the stage's own deployer brings it, and that is
    /// waited for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaited: bool,
    /// Reason, in the actor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Verdict over all findings.
    pub verdict: Verdict,
    /// Decision: approved, overridden or refused.
    pub decision: Ruling,
    /// Report of each policy.
    pub policies: Vec<PolicyReport>,
    /// The questions without anybody's settings, by decision: the digests of their texts.
    pub questions: BTreeMap<Decision, Digest>,
    /// Number of changes.
    pub summary: Summary,
    /// The first changes, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}

/// A set, and the name it is stored under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRef {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The set.
    pub digest: Digest,
}

/// Operation by which a snapshot goes to a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Promotion to a stage.
    Promotion,
    /// Back to what a stage ran before.
    Rollback,
}

/// Decision on a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ruling {
    /// The policies let it through.
    Approved,
    /// Refused by the policies, and approved by somebody who may override them.
    Overridden,
    /// Refused by the policies.
    Refused,
}

impl Record {
    /// The `kind` of such a document.
    pub const KIND: &'static str = "Record";

    /// The record that follows `before` in a stage's chain.
    #[must_use]
    pub fn after(before: Option<&Link>, stage: &StageName, note: Note, event: Event) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Self::KIND.to_owned(),
            stage: stage.clone(),
            number: before.map_or(0, |link| link.record.number) + 1,
            previous: before.map(|link| link.digest),
            at: note.at,
            actor: note.actor,
            writer: note.writer,
            event,
        }
    }

    /// Names of the fields beside a record's text.
    pub const MARKS: [&'static str; 7] =
        ["actor", "event", "number", "outcome", "overridden", "stage", "verdict"];

    /// Fields beside the text, for the API server's guard, which cannot read JSON.
    #[must_use]
    pub fn marks(&self) -> BTreeMap<&'static str, String> {
        let mut marks = BTreeMap::from([
            ("actor", self.actor.name.clone()),
            ("stage", self.stage.to_string()),
            ("number", Self::padded(self.number)),
        ]);
        match &self.event {
            Event::Ended(_) => drop(marks.insert("event", "ended".to_owned())),
            Event::Decided(decided) => {
                marks.insert("event", "decided".to_owned());
                marks.insert("verdict", decided.verdict.to_string());
                let outcome = match decided.decision {
                    Ruling::Refused => "refused",
                    Ruling::Approved | Ruling::Overridden => "approved",
                };
                marks.insert("outcome", outcome.to_owned());
                if decided.decision == Ruling::Overridden {
                    marks.insert("overridden", "true".to_owned());
                }
            }
        }
        marks
    }

    /// A number in six digits: names in the order of the numbers, for whoever
    /// looks with kubectl.
    #[must_use]
    pub fn padded(number: u64) -> String {
        format!("{number:06}")
    }

    /// Canonical text, of which the digest is made.
    #[must_use]
    pub fn text(&self) -> String {
        canonical::text(self)
    }
}

/// Author and time of a record.
#[derive(Clone, Debug)]
pub struct Note {
    /// Time, RFC 3339 in UTC.
    pub at: String,
    /// User, as the API server knows them.
    pub actor: Actor,
    /// The process.
    pub writer: String,
}
