//! The work on one object that needs no other: it can be done side by side.

#![warn(clippy::wildcard_enum_match_arm)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{AssemblyError, CaptureOptions, instance, non_string, selection::Selector};
use crate::{
    canonical,
    manifest::{
        Kind, Manifest, Pins, PlaceMarks, Role, Workload, clean, containers_mut, is_book_of_a_tool,
        take_pins,
    },
    snapshot::Instance,
};

/// The label on everything this tool stores; such ConfigMaps are no part of a set.
pub const STORE_LABEL: &str = "kubectl-snapshot.dev/part";

/// ConfigMaps that a cluster puts into every namespace.
const CLUSTER_CONFIG_MAPS: [&str; 3] =
    ["kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"];

/// One object, read and cleaned, to be taken into an assembly.
#[derive(Debug)]
pub struct Prepared {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) part: Part,
    /// Values that variables have in it, by the variable's name.
    pub(super) variables: Vec<(String, String)>,
    /// Warnings about the object, whatever it contributes.
    pub(super) warnings: Vec<String>,
}

/// Contribution of one object to the set.
#[derive(Debug)]
pub(super) enum Part {
    Nothing,
    ConfigMap(Manifest),
    FeatureFlag(Manifest),
    Account(Manifest),
    Route(Manifest),
    Service(Selector, Manifest),
    Workload(Box<PreparedWorkload>),
}

#[derive(Debug)]
pub(super) struct PreparedWorkload {
    pub(super) pending: Pending,
    pub(super) warnings: Vec<String>,
}

/// A workload that waits for the objects it refers to.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) service: String,
    pub(super) instance: Instance,
    pub(super) manifest: Manifest,
    pub(super) config_maps: BTreeSet<String>,
    pub(super) account: Option<String>,
    /// Digests that its images are written with.
    pub(super) pins: Pins,
    pub(super) pod_labels: BTreeMap<String, String>,
}

/// Reads and cleans one object of a kind that a set can carry.
pub fn prepare(
    choices: &CaptureOptions,
    kind: Kind,
    mut object: Value,
) -> Result<Prepared, AssemblyError> {
    let name =
        object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(AssemblyError::Nameless { kind });
    }
    if kind == Kind::ConfigMap && belongs_to_the_cluster(&name, &object) {
        let (part, variables, warnings) = (Part::Nothing, Vec::new(), Vec::new());
        return Ok(Prepared { kind, name, part, variables, warnings });
    }
    let pins = take_pins(kind, &mut object);
    let mut object = clean(kind, object);
    if let Some((place, value)) = non_string::find(kind, &object) {
        return Err(AssemblyError::NotText { kind, name, place, value: value.to_string() });
    }
    let warnings = canonical::rounding(format_args!("{kind} {name}"), [&object]);
    // Services find pods by what is there, of the place or not.
    let marks = PlaceMarks::of(&choices.variables);
    let selector = Selector::of(&object, &marks);
    let pod_labels = Workload::of(kind, &object).map(|workload| workload.pod_labels());
    let mut variables = marks.take_out(kind, &mut object);
    variables.extend(take_variables_out(choices, kind, &mut object));
    let part = match &kind.spec().role {
        Role::ConfigMap => Part::ConfigMap(Manifest::new(&object)),
        Role::FeatureFlags => Part::FeatureFlag(Manifest::new(&object)),
        Role::Account => Part::Account(Manifest::new(&object)),
        Role::Route | Role::Subsets => Part::Route(Manifest::new(&object)),
        Role::Service => Part::Service(selector, Manifest::new(&object)),
        Role::Workload(_) => {
            let pod_labels = pod_labels.unwrap_or_default();
            Part::Workload(Box::new(prepare_workload(
                choices, kind, &name, &object, pins, pod_labels,
            )?))
        }
    };
    Ok(Prepared { kind, name, part, variables, warnings: warnings.into_iter().collect() })
}

fn prepare_workload(
    choices: &CaptureOptions,
    kind: Kind,
    name: &str,
    object: &Value,
    pins: Pins,
    pod_labels: BTreeMap<String, String>,
) -> Result<PreparedWorkload, AssemblyError> {
    let manifest = Manifest::new(object);
    let workload = Workload::of(kind, object)
        .ok_or_else(|| AssemblyError::NoTemplate { kind, name: name.to_owned() })?;
    let duplicate = instance::duplicate_env(&workload).first().map(|(container, variable)| {
        AssemblyError::DuplicateEnv {
            kind,
            name: name.to_owned(),
            container: (*container).to_owned(),
            variable: (*variable).to_owned(),
        }
    });
    let mut warnings = match duplicate {
        Some(duplicate) if !choices.lenient => return Err(duplicate),
        Some(duplicate) => vec![format!("{duplicate}; the last one counts")],
        None => Vec::new(),
    };
    let mut instance = instance::read(&workload, choices, manifest.digest(), &mut warnings)?;
    for (name, digest) in &pins {
        if let Some(container) = instance.containers.get_mut(name) {
            container.digest = Some(digest.to_string());
        }
    }
    let pending = Pending {
        service: workload.service().to_owned(),
        instance,
        config_maps: workload.config_maps().into_iter().map(str::to_owned).collect(),
        account: workload.service_account().map(str::to_owned),
        pod_labels,
        pins,
        manifest,
    };
    Ok(PreparedWorkload { pending, warnings })
}

/// A variable's value belongs to the place: it is noted, and leaves the manifest.
fn take_variables_out(
    choices: &CaptureOptions,
    kind: Kind,
    object: &mut Value,
) -> Vec<(String, String)> {
    let mut values = Vec::new();
    if choices.variables.is_empty() {
        return values;
    }
    for container in containers_mut(kind, object) {
        for entry in container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(entry) = entry.as_object_mut() else { continue };
            let Some(name) = entry.get("name").and_then(Value::as_str).map(str::to_owned) else {
                continue;
            };
            if !choices.variables.contains(&name) {
                continue;
            }
            entry.remove("valueFrom");
            if let Some(Value::String(value)) = entry.remove("value") {
                values.push((name, value));
            }
        }
    }
    values
}

/// Returns true if a ConfigMap is the cluster's, a lock, or a tool's own, ours included.
fn belongs_to_the_cluster(name: &str, object: &Value) -> bool {
    let marked = |marks: &str, key: &str| {
        object.pointer(marks).is_some_and(|marks| marks.get(key).is_some())
    };
    CLUSTER_CONFIG_MAPS.contains(&name)
        || marked("/metadata/labels", STORE_LABEL)
        || marked("/metadata/annotations", "control-plane.alpha.kubernetes.io/leader")
        || is_book_of_a_tool(name, object)
}
