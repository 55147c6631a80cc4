//! The way back: what undoes the writes of a plan, object by object.
//!
//! A write is taken back by looking at the object as it is then: what the plan has changed is made
//! what it was, and what others have done to the object since stays, or is in the way.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use super::{Action, Change, Plan, Restart, Step, build, guarded::headed, implied};
use crate::{
    manifest::{Kind, clean, put_pins, take_pins},
    tree::{self, Operation},
};

/// The objects that a plan removes, whole as they were.
pub type Removed = BTreeMap<(Kind, String), Value>;

/// The objects that a plan has touched, or may have.
pub type Traces = BTreeMap<(Kind, String), Trace>;

/// Trace of a step: the object was written, or may have been.
#[derive(Clone, Debug, PartialEq)]
pub enum Trace {
    /// Changes of its fields.
    Changed,
    /// Creation of it.
    Created {
        /// The UID that it got, where the answer has come.
        uid: Option<String>,
    },
    /// Removal of it.
    Removed {
        /// The object as it was, whole.
        was: Value,
    },
}

/// Return of an object to what it was before a plan.
#[derive(Clone, Debug)]
pub struct Return {
    /// The object's kind.
    pub kind: Kind,
    /// The object's name.
    pub name: String,
    /// The kind of the return.
    undo: Undo,
}

/// Kind of a return.
#[derive(Clone, Debug)]
pub(super) enum Undo {
    /// Former values for fields.
    Change(Box<Change>),
    /// Creation of what was removed.
    Create(Value),
    /// Deletion of what was created.
    Delete { uid: Option<String>, manifest: Value },
}

/// Need of an object on the way back, by what it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// Nothing: it is as it was.
    Nothing,
    /// A JSON Patch, which first tests that the object is the one that was looked at.
    Patch(Vec<Operation>),
    /// Creation.
    Create(Value),
    /// Deletion of the object with this UID.
    Delete {
        /// The UID.
        uid: String,
    },
    /// Patience: it is being deleted, and has to be there again.
    Gone,
    /// To be left: somebody else has written it since.
    Left(Since),
}

/// Deed of somebody else, since the plan wrote an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Changed what the plan had changed.
    Changed,
    /// Created it.
    Created,
    /// Deleted it.
    Deleted,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Changed => "changed",
            Self::Created => "created",
            Self::Deleted => "deleted",
        })
    }
}

/// Returns of the objects that a plan has touched, in its order.
pub(super) fn returns(plan: &Plan, traces: &Traces) -> Vec<Return> {
    let undo = |action: &Action, trace: &Trace| match (action, trace) {
        (Action::Patch { change, .. }, _) => Some(Undo::Change(change.clone())),
        (Action::Create { manifest }, Trace::Created { uid }) => {
            Some(Undo::Delete { uid: uid.clone(), manifest: manifest.clone() })
        }
        (Action::Create { manifest }, _) => {
            Some(Undo::Delete { uid: None, manifest: manifest.clone() })
        }
        (Action::Remove { .. }, Trace::Removed { was }) => Some(Undo::create(was.clone())),
        (Action::Remove { .. }, _) => None,
    };
    let steps = plan.steps.iter().filter_map(|step| {
        let trace = traces.get(&(step.kind, step.name.clone()))?;
        let undo = undo(&step.action, trace)?;
        Some(Return::new(step.kind, step.name.clone(), undo))
    });
    steps.collect()
}

/// An object without what the server gives to each anew.
fn without_identity(mut object: Value) -> Value {
    const GIVEN: [&str; 8] = [
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "managedFields",
        "selfLink",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ];
    if let Some(members) = object.as_object_mut() {
        members.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|name, _| !GIVEN.contains(&name.as_str()));
    }
    object
}

impl Undo {
    /// Creation of an object that was removed, whole as it was.
    pub(super) fn create(was: Value) -> Self {
        Self::Create(without_identity(was))
    }
}

impl Return {
    pub(super) fn new(kind: Kind, name: String, undo: Undo) -> Self {
        Self { kind, name, undo }
    }

    /// True of what was created: it goes once nothing needs it any more.
    #[must_use]
    pub fn is_deletion(&self) -> bool {
        matches!(self.undo, Undo::Delete { .. })
    }

    /// True of what was removed.
    #[must_use]
    pub fn is_creation(&self) -> bool {
        matches!(self.undo, Undo::Create(_))
    }

    /// The write that makes an object what it was, as the server has it now; none where it is that.
    ///
    /// # Errors
    /// Somebody else has written it since: it is left.
    pub fn step(&self, live: Option<&Value>) -> Result<Option<Step>, Since> {
        let step = |fields, action| {
            Ok(Some(Step { kind: self.kind, name: self.name.clone(), fields, action }))
        };
        match (self.need(live), live) {
            (Need::Nothing, _) => Ok(None),
            (Need::Left(since), _) => Err(since),
            (Need::Patch(operations), Some(live)) => {
                let wanted = tree::changed(live, &operations).ok_or(Since::Changed)?;
                let settled = |object: &Value| settled(self.kind, object.clone());
                let fields = tree::compare(&settled(live), &settled(&wanted));
                let restart = self.restart(live);
                let change = Box::new(Change { before: live.clone(), after: wanted, restart });
                step(fields, Action::Patch { operations, change, in_owners_name: None })
            }
            (Need::Delete { uid }, live) => {
                let manifest = live.map(|live| settled(self.kind, live.clone()));
                let manifest = manifest.unwrap_or_default();
                step(Vec::new(), Action::Remove { uid, manifest })
            }
            (Need::Create(manifest), _) => step(Vec::new(), Action::Create { manifest }),
            // It is created once its name is free.
            (Need::Gone | Need::Patch(_), _) => match &self.undo {
                Undo::Create(manifest) => {
                    step(Vec::new(), Action::Create { manifest: manifest.clone() })
                }
                Undo::Change(_) | Undo::Delete { .. } => Ok(None),
            },
        }
    }

    /// The restart of a workload's pods, where going back has them made anew.
    fn restart(&self, live: &Value) -> Option<Restart> {
        let Undo::Change(change) = &self.undo else { return None };
        let restart = change.restart.clone()?;
        restart.back(self.kind, live).map(|_| restart)
    }

    /// The need of the object, as the server has it now.
    #[must_use]
    pub fn need(&self, live: Option<&Value>) -> Need {
        let is_ending = |live: &Value| live.pointer("/metadata/deletionTimestamp").is_some();
        match (&self.undo, live) {
            (Undo::Change(_), None) => Need::Left(Since::Deleted),
            (Undo::Change(change), Some(live)) => change_back(self.kind, change, live),
            (Undo::Create(manifest), None) => Need::Create(manifest.clone()),
            (Undo::Create(_), Some(live)) if is_ending(live) => Need::Gone,
            (Undo::Create(manifest), Some(live)) => {
                let [live, manifest] = [live, manifest].map(|one| settled(self.kind, one.clone()));
                if live == manifest { Need::Nothing } else { Need::Left(Since::Created) }
            }
            (Undo::Delete { .. }, None) => Need::Nothing,
            (Undo::Delete { .. }, Some(live)) if is_ending(live) => Need::Nothing,
            (Undo::Delete { uid, manifest }, Some(live)) => {
                let there = live.pointer("/metadata/uid").and_then(Value::as_str);
                let Some(there) = there else { return Need::Left(Since::Created) };
                if uid.as_deref().is_some_and(|uid| uid != there) {
                    return Need::Left(Since::Created);
                }
                let [live, manifest] = [live, manifest].map(|one| settled(self.kind, one.clone()));
                if tree::covers(&live, &manifest) && holds_no_more(&live, &manifest) {
                    Need::Delete { uid: there.to_owned() }
                } else {
                    Need::Left(Since::Changed)
                }
            }
        }
    }
}

/// True where nobody has put data into an object since: neither the server nor a controller does,
/// and it would be lost with the object.
fn holds_no_more(live: &Value, manifest: &Value) -> bool {
    ["data", "binaryData"].iter().all(|member| live.get(member) == manifest.get(member))
}

/// An object as a plan has it, whoever wrote it: cleaned, its images with their digests.
pub(super) fn settled(kind: Kind, mut object: Value) -> Value {
    let pins = take_pins(kind, &mut object);
    let mut object = clean(kind, object);
    put_pins(kind, &mut object, &pins);
    object
}

fn change_back(kind: Kind, change: &Change, live: &Value) -> Need {
    let settled = |tree: &Value| settled(kind, tree.clone());
    let (before, after) = (settled(&change.before), settled(&change.after));
    let mut current = settled(live);
    let Ok(mut wanted) = tree::revert(&current, &after, &before) else {
        return Need::Left(Since::Changed);
    };
    let mut changes = Vec::new();
    if wanted != current {
        let names = implied::names(kind, &mut wanted);
        implied::spell_out(kind, &mut current, &mut wanted, &names);
        changes = build::operations(&current, &wanted);
    }
    changes.extend(change.restart.as_ref().and_then(|restart| restart.back(kind, live)));
    if changes.is_empty() {
        return Need::Nothing;
    }
    let has = |marks: &str| live["metadata"][marks].as_object().map(Map::len).is_some();
    let version = live["metadata"]["resourceVersion"].clone();
    let test = Operation::Test { path: "/metadata/resourceVersion".to_owned(), value: version };
    Need::Patch(headed(kind, test, changes, [has("labels"), has("annotations")]))
}
