//! Restart of a workload: its pods are made anew, and read what is there then.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{manifest::Kind, tree::Operation};

/// The annotation of a pod template by which `kubectl rollout restart` has pods made anew.
const MARK: &str = "kubectl.kubernetes.io/restartedAt";

/// A restart of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restart {
    /// The time, RFC 3339 in UTC.
    pub at: String,
    /// The time of the restart before, as the pod template has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The objects that its containers have read at their start: `ConfigMap cart`.
    pub reads: Vec<String>,
}

/// The mark of a workload's last restart, as the cluster has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestartMark {
    /// The time of it.
    pub at: Option<String>,
    /// True if the pod template has any annotation.
    pub has_annotations: bool,
    /// Metadata of the pod template, where it has no annotation.
    pub bare: Option<Value>,
}

impl RestartMark {
    /// The mark on an object as the cluster has it.
    #[must_use]
    pub fn of(kind: Kind, object: &Value) -> Self {
        let metadata = metadata(kind).and_then(|path| object.pointer(&path));
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        let has_annotations = annotations.is_some_and(Value::is_object);
        Self {
            at: annotations.and_then(|all| all.get(MARK)?.as_str().map(str::to_owned)),
            has_annotations,
            bare: metadata.filter(|_| !has_annotations).cloned(),
        }
    }
}

impl Restart {
    /// The operation that has the pods of a workload made anew.
    pub(super) fn operation(&self, kind: Kind, has_annotations: bool) -> Option<Operation> {
        let path = annotations(kind)?;
        Some(if has_annotations {
            Operation::Add { path: mark_below(&path), value: self.at.clone().into() }
        } else {
            let marks = Map::from_iter([(MARK.to_owned(), self.at.clone().into())]);
            Operation::Add { path, value: marks.into() }
        })
    }

    /// The test that a workload is the one of that UID, and that no annotation would be lost since
    /// it was looked at. A restart does no harm to whatever else was changed meanwhile.
    pub(super) fn guards(kind: Kind, uid: &str, mark: &RestartMark) -> Vec<Operation> {
        let is_it = Operation::Test { path: "/metadata/uid".to_owned(), value: uid.into() };
        let bare = mark.bare.clone();
        let is_bare = bare.and_then(|value| Some(Operation::Test { path: metadata(kind)?, value }));
        [is_it].into_iter().chain(is_bare).collect()
    }

    /// The operation that gives a workload back the mark that it had, so that pods of its former
    /// template are made anew and read what is there then; none where it has that.
    pub(super) fn back(&self, kind: Kind, live: &Value) -> Option<Operation> {
        let mark = RestartMark::of(kind, live);
        if mark.at == self.before {
            return None;
        }
        let path = mark_below(&annotations(kind)?);
        Some(match &self.before {
            Some(before) if mark.has_annotations => {
                Operation::Add { path, value: before.clone().into() }
            }
            Some(_) => return None,
            None => Operation::Remove { path },
        })
    }
}

fn metadata(kind: Kind) -> Option<String> {
    Some(format!("{}/metadata", kind.template_path()?))
}

fn annotations(kind: Kind) -> Option<String> {
    Some(format!("{}/annotations", metadata(kind)?))
}

fn mark_below(annotations: &str) -> String {
    format!("{annotations}/{}", MARK.replace('/', "~1"))
}
