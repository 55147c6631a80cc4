//! Stale workloads: their containers have read at their start what a plan changes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Action, Change, Existing, Intent, Plan, Restart, Step};
use crate::{
    manifest::{Kind, RolloutRule, StartRead, start_reads},
    snapshot::InstanceRef,
};

/// The ConfigMaps that steps write, each with its keys that change; none of those that are new.
fn changed(steps: &[Step]) -> BTreeMap<&str, Option<BTreeSet<&str>>> {
    let mut changed = BTreeMap::new();
    for step in steps.iter().filter(|step| step.kind == Kind::ConfigMap) {
        let keys = match &step.action {
            Action::Patch { change, .. } => Some(changed_keys(change)),
            Action::Create { .. } => None,
            Action::Remove { .. } => continue,
        };
        changed.insert(step.name.as_str(), keys);
    }
    changed
}

fn changed_keys(change: &Change) -> BTreeSet<&str> {
    let mut keys = BTreeSet::new();
    for member in ["data", "binaryData"] {
        let [before, after] = [&change.before, &change.after].map(|tree| tree.get(member));
        let all = [before, after].into_iter().flatten().filter_map(Value::as_object);
        let value = |of: Option<&Value>, key: &str| of.and_then(|of| of.get(key)).cloned();
        let is_other = |key: &&String| value(before, key) != value(after, key);
        keys.extend(all.flat_map(Map::keys).filter(is_other).map(String::as_str));
    }
    keys
}

/// Adds to a plan the restarts of workloads that stay, and whose containers have read at their
/// start what it changes. Who gets new pods anyway needs none.
pub(super) fn add_restarts(plan: &mut Plan, intent: &Intent<'_>) {
    let changed = changed(&plan.steps);
    if changed.is_empty() {
        return;
    }
    let is_stale = |read: &StartRead| match (changed.get(read.config_map.as_str()), &read.key) {
        (None, _) => false,
        // Without it no container has started that cannot do without.
        (Some(None), _) => read.is_optional,
        (Some(Some(keys)), None) => !keys.is_empty(),
        (Some(Some(keys)), Some(key)) => keys.contains(key.as_str()),
    };
    let mut restarts = Vec::new();
    let names = |one: &InstanceRef<'_>| {
        one.instance.configs.keys().any(|name| changed.contains_key(name.as_str()))
    };
    for one in intent.set.instances().filter(names) {
        let (kind, name) = (one.instance.kind, one.workload().to_owned());
        let Some(manifest) = intent.set.objects.get(&one.instance.manifest) else { continue };
        let Some(workload) = kind.workload() else { continue };
        let Some(facts) = intent.existing.get(&(kind, name.clone())) else { continue };
        if workload.rollout == RolloutRule::NextRun || facts.steered_by.is_some() {
            continue;
        }
        let reads = start_reads(kind, &manifest.tree());
        let stale = reads.into_iter().filter(is_stale).map(|read| read.config_map);
        let stale: BTreeSet<String> = stale.map(|name| format!("ConfigMap {name}")).collect();
        if !stale.is_empty() {
            let (at, before) = (intent.now.to_owned(), facts.restarted.at.clone());
            let restart = Restart { at, before, reads: stale.into_iter().collect() };
            restarts.push((kind, name, facts, restart));
        }
    }
    let steps = plan.steps.iter().enumerate();
    let places: BTreeMap<(Kind, String), usize> =
        steps.map(|(place, step)| ((step.kind, step.name.clone()), place)).collect();
    for (kind, name, facts, restart) in restarts {
        let place = places.get(&(kind, name.clone())).copied();
        add(&mut plan.steps, (kind, name), place, (facts, restart));
    }
    // As the cluster wants things written, whatever was added last.
    let place = |kind: Kind| Kind::ALL.iter().position(|one| *one == kind);
    plan.steps.sort_by(|a, b| (place(a.kind), &a.name).cmp(&(place(b.kind), &b.name)));
}

/// Adds a restart to the step at that place, or one of its own.
fn add(
    steps: &mut Vec<Step>,
    (kind, name): (Kind, String),
    place: Option<usize>,
    (facts, restart): (&Existing, Restart),
) {
    let Some(operation) = restart.operation(kind, facts.restarted.has_annotations) else { return };
    let Some(step) = place.and_then(|place| steps.get_mut(place)) else {
        let change = Box::new(Change { restart: Some(restart), ..Change::default() });
        let mut operations = Restart::guards(kind, &facts.uid, &facts.restarted);
        operations.push(operation);
        let action = Action::Patch { operations, change, in_owners_name: None };
        steps.push(Step { kind, name, fields: Vec::new(), action });
        return;
    };
    let Action::Patch { operations, change, .. } = &mut step.action else { return };
    let template = kind.template_path().unwrap_or_default();
    if !operations.iter().any(|one| one.is_change() && one.path().starts_with(template)) {
        operations.push(operation);
        change.restart = Some(restart);
    }
}
