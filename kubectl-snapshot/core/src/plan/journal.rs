//! Journal of a run: the objects of one namespace that a plan writes, as they were, kept there
//! before the first write. Who finds one finds a run that has not come to its end.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Action, ApprovedPlan, Change, KeptSwitch, PartPlan, Plan, Plans, Removed, Restart, Return,
    Step, Waves, WayBack, WrittenImages, way_back::Undo,
};
use crate::{
    cluster_namespace::ClusterNamespace, digest::Digest, manifest::Kind, name::StageName,
    parts::PartName, snapshot::API_VERSION,
};

/// Journal of a run in one namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Journal {
    /// The `apiVersion` of every document of this tool.
    pub api_version: String,
    /// Always `Journal`.
    pub kind: String,
    /// The run, the same in all its namespaces.
    pub run: Run,
    /// The part that goes to this namespace; none where the set is of one namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartName>,
    /// The objects that it writes, in the plan's order.
    pub objects: Vec<JournalEntry>,
    /// The flags that it has switched where they live: nobody takes those back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<KeptSwitch>,
}

/// A run: who brings which set where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// The process, `USER@HOST/PID`.
    pub writer: String,
    /// Start of the run, RFC 3339 in UTC.
    pub begun: String,
    /// Name of the set that it brings.
    pub snapshot: String,
    /// Digest of that set.
    pub digest: Digest,
    /// Digest of the set that ran in all of its namespaces before.
    pub before: Digest,
    /// The stage that it is a promotion or rollback to, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// The namespaces that it writes to, by alias.
    pub namespaces: Vec<ClusterNamespace>,
}

/// An object of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// The write, and what takes it back.
    #[serde(flatten)]
    pub write: JournalWrite,
}

/// Write of a journal's object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "camelCase")]
pub enum JournalWrite {
    /// Changes of its fields.
    Changed {
        /// The object as it was.
        before: Value,
        /// The object as it is to be.
        after: Value,
        /// The restart of its pods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restart: Option<Restart>,
    },
    /// Creation.
    Created {
        /// The whole manifest.
        manifest: Value,
    },
    /// Removal.
    Removed {
        /// The object as it was, whole.
        was: Value,
    },
}

/// Error: a text is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Text without the members of one.
    #[error("it is no journal: {0}")]
    Syntax(#[from] serde_json::Error),
    /// Document of another version or kind.
    #[error("it is a {kind} of {api_version}, and a Journal of {API_VERSION} is read")]
    Foreign {
        /// The `apiVersion` that it has.
        api_version: String,
        /// The `kind` that it has.
        kind: String,
    },
}

impl ApprovedPlan {
    /// The journals of a run of this plan, one for each namespace; `removed` holds the objects
    /// of each that it removes.
    #[must_use]
    pub fn journals(&self, run: &Run, removed: &[Removed]) -> Vec<Journal> {
        let none = Removed::new();
        let journal = |(at, one): (usize, &PartPlan)| {
            let removed = removed.get(at).unwrap_or(&none);
            let entry = |step: &Step| {
                let write = journal_write(step, removed)?;
                Some(JournalEntry { kind: step.kind, name: step.name.clone(), write })
            };
            Journal {
                api_version: API_VERSION.to_owned(),
                kind: "Journal".to_owned(),
                run: run.clone(),
                part: one.part.clone(),
                objects: one.plan.steps.iter().filter_map(entry).collect(),
                switches: one.plan.switches.iter().map(KeptSwitch::from).collect(),
            }
        };
        self.plans().parts().iter().enumerate().map(journal).collect()
    }
}

fn journal_write(step: &Step, removed: &Removed) -> Option<JournalWrite> {
    Some(match &step.action {
        Action::Create { manifest } => JournalWrite::Created { manifest: manifest.clone() },
        Action::Patch { change, .. } => {
            let Change { before, after, restart } = (**change).clone();
            JournalWrite::Changed { before, after, restart }
        }
        // What is gone already by the time it is looked at has no way back.
        Action::Remove { .. } => {
            JournalWrite::Removed { was: removed.get(&(step.kind, step.name.clone()))?.clone() }
        }
    })
}

impl Journal {
    /// Reads a journal.
    ///
    /// # Errors
    /// It is none.
    pub fn read(text: &[u8]) -> Result<Self, JournalError> {
        let journal: Self = serde_json::from_slice(text)?;
        if journal.api_version != API_VERSION || journal.kind != "Journal" {
            let Self { api_version, kind, .. } = journal;
            return Err(JournalError::Foreign { api_version, kind });
        }
        Ok(journal)
    }

    /// The text of it.
    ///
    /// # Panics
    /// Never: its keys are strings.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a journal has no keys but strings")
    }

    /// Digest of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.text())
    }

    /// The returns of its objects to what they were.
    #[must_use]
    pub fn returns(&self) -> Vec<Return> {
        let back = |entry: &JournalEntry| {
            let undo = match &entry.write {
                JournalWrite::Changed { before, after, restart } => {
                    let (before, after) = (before.clone(), after.clone());
                    let restart = restart.clone();
                    Undo::Change(Box::new(Change { before, after, restart }))
                }
                JournalWrite::Created { manifest } => {
                    Undo::Delete { uid: None, manifest: manifest.clone() }
                }
                JournalWrite::Removed { was } => Undo::create(was.clone()),
            };
            Return::new(entry.kind, entry.name.clone(), undo)
        };
        self.objects.iter().map(back).collect()
    }
}

impl WayBack {
    /// The way back from a run that has not come to its end, by its journal in each namespace;
    /// none where it has written nothing there.
    #[must_use]
    pub fn of_journals<'a>(journals: impl IntoIterator<Item = Option<&'a Journal>>) -> Self {
        let returns = |journal: Option<&Journal>| journal.map(Journal::returns).unwrap_or_default();
        Self::new(journals.into_iter().map(returns).collect())
    }

    /// The writes of the way back from a run, by namespace, as the objects are now.
    #[must_use]
    pub fn plans<'a>(
        &self,
        run: &Run,
        places: impl IntoIterator<Item = (Option<PartName>, ClusterNamespace, &'a Removed)>,
    ) -> Plans {
        let (snapshot, digest) = (format!("what ran before {}", run.snapshot), run.before);
        let plan = |((part, target, live), returns): ((_, _, &Removed), &Vec<Return>)| {
            let mut plan = Plan {
                snapshot: snapshot.clone(),
                digest,
                target,
                steps: Vec::new(),
                leftovers: Vec::new(),
                blocked: Vec::new(),
                switches: Vec::new(),
                unswitchable: Vec::new(),
                notes: Vec::new(),
                owners: Vec::new(),
                waves: Waves::default(),
                images: WrittenImages::new(),
            };
            for one in returns {
                match one.step(live.get(&(one.kind, one.name.clone()))) {
                    Ok(step) => plan.steps.extend(step),
                    Err(since) => plan.notes.push(format!(
                        "{} {} was {since} by someone else since, and is left as it is",
                        one.kind, one.name
                    )),
                }
            }
            (part, plan)
        };
        let mut plans: Vec<(Option<PartName>, Plan)> =
            places.into_iter().zip(self.parts()).map(plan).collect();
        if let [(None, _)] = plans.as_slice() {
            return plans.remove(0).1.into();
        }
        let named = plans.into_iter().filter_map(|(part, plan)| Some((part?, plan)));
        Plans::of_parts(snapshot, digest, named)
    }
}
