//! Distinction of an object that has moved on from a write that the server refuses.
//!
//! The server's answer does not say which operation of a JSON Patch failed, so
//! the object itself is asked: is the plan's guard still true of it?

use std::fmt;

use serde_json::Value;
use snapshot_core::{
    manifest::{self, Kind},
    tree::Operation,
};

/// Change of an object by someone else after the plan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// Changed.
    Changed,
    /// Created meanwhile.
    Created,
    /// Deleted meanwhile.
    Deleted,
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Changed => "changed",
            Self::Created => "created",
            Self::Deleted => "deleted",
        })
    }
}

/// State of a live object after a failed write to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Equal to what the write would leave: an answer was lost, and the repeated request
    /// failed; or someone else had the same wish.
    AsWanted,
    /// Changed since the plan was made.
    Moved(Moved),
    /// Unchanged since the plan was made: the fault is elsewhere.
    AsPlanned,
}

/// Judges a patch by the object that it should have changed.
pub(super) fn of_patch(operations: &[Operation], live: Option<&Value>) -> Judgement {
    let Some(live) = live else { return Judgement::Moved(Moved::Deleted) };
    let (guards, changes): (Vec<_>, Vec<_>) =
        operations.iter().partition(|operation| matches!(operation, Operation::Test { .. }));
    if guards.into_iter().all(|guard| holds(guard, live)) {
        Judgement::AsPlanned
    } else if changes.into_iter().all(|change| holds(change, live)) {
        Judgement::AsWanted
    } else {
        Judgement::Moved(Moved::Changed)
    }
}

/// Judges a create by the object that was there already.
pub(super) fn of_create(kind: Kind, manifest: &Value, live: Option<&Value>) -> Judgement {
    match live {
        None => Judgement::AsPlanned,
        Some(live)
            if manifest::clean(kind, live.clone()) == manifest::clean(kind, manifest.clone()) =>
        {
            Judgement::AsWanted
        }
        Some(_) => Judgement::Moved(Moved::Created),
    }
}

/// Judges a removal by the object that is there.
pub(super) fn of_remove(uid: &str, live: Option<&Value>) -> Judgement {
    match live {
        None => Judgement::AsWanted,
        Some(live) if live["metadata"]["uid"] == uid => Judgement::AsPlanned,
        Some(_) => Judgement::Moved(Moved::Created),
    }
}

/// Places of what an object's state is told by: each write moves one of them.
const STATES: [&str; 2] = ["/metadata/generation", "/metadata/resourceVersion"];

/// The operations with the test of an object's state as it is now; none where they test none.
pub(super) fn guarded_by(operations: &[Operation], live: &Value) -> Option<Vec<Operation>> {
    let mut operations = operations.to_vec();
    let state = operations.iter_mut().find_map(|one| match one {
        Operation::Test { path, value } if STATES.contains(&path.as_str()) => Some((path, value)),
        _ => None,
    });
    let (path, value) = state?;
    *value = live.pointer(path)?.clone();
    Some(operations)
}

/// True if the object is as the operation expects it or leaves it.
///
/// What is taken out of a list, or put at its end, leaves no trace to be found
/// by its position: those count as not done.
fn holds(operation: &Operation, live: &Value) -> bool {
    match operation {
        Operation::Test { path, value }
        | Operation::Add { path, value }
        | Operation::Replace { path, value } => live.pointer(path) == Some(value),
        Operation::Remove { path } => {
            let in_list = path.rsplit('/').next().is_some_and(|last| last.parse::<usize>().is_ok());
            !in_list && live.pointer(path).is_none()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operations() -> [Operation; 3] {
        [
            Operation::Test { path: "/metadata/generation".into(), value: 4.into() },
            Operation::Replace { path: "/spec/image".into(), value: "tax:1.4.0".into() },
            Operation::Remove { path: "/metadata/labels/canary".into() },
        ]
    }

    #[test]
    fn while_the_guard_holds_the_plan_is_not_outdated() {
        let live = json!({"metadata": {"generation": 4}, "spec": {"image": "tax:1.3.9"}});
        assert_eq!(of_patch(&operations(), Some(&live)), Judgement::AsPlanned);
    }

    #[test]
    fn another_generation_is_someone_elses_change() {
        let live = json!({"metadata": {"generation": 5}, "spec": {"image": "tax:1.3.9"}});
        assert_eq!(of_patch(&operations(), Some(&live)), Judgement::Moved(Moved::Changed));
        assert_eq!(of_patch(&operations(), None), Judgement::Moved(Moved::Deleted));
    }

    #[test]
    fn a_patch_that_was_made_after_all_is_no_conflict() {
        let mut live =
            json!({"metadata": {"generation": 5, "labels": {}}, "spec": {"image": "tax:1.4.0"}});
        assert_eq!(of_patch(&operations(), Some(&live)), Judgement::AsWanted);
        live["metadata"]["labels"] = json!({"canary": "true"});
        assert_eq!(of_patch(&operations(), Some(&live)), Judgement::Moved(Moved::Changed));
    }

    #[test]
    fn a_write_is_guarded_anew_by_what_is_there() {
        let live = json!({"metadata": {"generation": 7}, "spec": {"image": "tax:1.3.9"}});
        let again = guarded_by(&operations(), &live).unwrap();
        assert_eq!(of_patch(&again, Some(&live)), Judgement::AsPlanned);
        assert_eq!(again[1..], operations()[1..]);
        let other = [Operation::Test { path: "/metadata/uid".into(), value: "7".into() }];
        assert_eq!(guarded_by(&other, &live), None, "another object stays another");
    }

    #[test]
    fn a_change_of_a_lists_length_is_never_taken_for_done() {
        for path in ["/spec/list/1", "/spec/list/-"] {
            let operations = [
                Operation::Test { path: "/metadata/generation".into(), value: 4.into() },
                match path.strip_suffix('-') {
                    Some(_) => Operation::Add { path: path.into(), value: 1.into() },
                    None => Operation::Remove { path: path.into() },
                },
            ];
            let live = json!({"metadata": {"generation": 5}, "spec": {"list": [1]}});
            assert_eq!(of_patch(&operations, Some(&live)), Judgement::Moved(Moved::Changed));
        }
    }

    #[test]
    fn an_object_that_equals_the_manifest_is_no_conflict() {
        let manifest =
            json!({"kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"a": "1"}});
        let mut live = manifest.clone();
        live["metadata"] =
            json!({"name": "shop", "namespace": "qa", "uid": "0", "resourceVersion": "7"});
        assert_eq!(of_create(Kind::ConfigMap, &manifest, Some(&live)), Judgement::AsWanted);
        live["data"]["a"] = "2".into();
        assert_eq!(
            of_create(Kind::ConfigMap, &manifest, Some(&live)),
            Judgement::Moved(Moved::Created)
        );
    }
}
