//! Manifests of a set, as an apply creates them where nothing is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    cluster_namespace::ClusterNamespace,
    manifest::PlaceMarks,
    pin::Pin,
    plan::{Action, Intent, MissingVariable, plan},
    snapshot::Spec,
};

/// The manifests of a set, in the order in which a cluster wants them, with what a reader has to know.
///
/// # Errors
/// A variable has no value.
pub fn manifests(
    set: &Spec,
    chosen: &BTreeMap<String, String>,
    pin: Pin,
    marks: &PlaceMarks<'_>,
) -> Result<(Vec<Value>, Vec<String>), MissingVariable> {
    let empty = Spec::default();
    let planned = plan(Intent {
        name: "",
        digest: set.digest(),
        target: &ClusterNamespace { context: None, namespace: String::new() },
        set,
        live: &empty,
        unused: &[],
        unserved: &[],
        pins: &BTreeMap::new(),
        pin,
        existing: &BTreeMap::new(),
        chosen,
        marks,
        now: "",
        deployed: &BTreeSet::new(),
    })?;
    let created = planned.steps.into_iter().filter_map(|step| match step.action {
        Action::Create { manifest } => Some(manifest),
        Action::Patch { .. } | Action::Remove { .. } => None,
    });
    Ok((created.collect(), planned.notes))
}
