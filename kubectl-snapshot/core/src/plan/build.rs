//! Planner: the writes that turn what runs into what should run.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    Action, Blocked, Change, Existing, Intent, MissingVariable, ObjectName, Plan, Step, Waves,
    guarded::guarded,
    implied,
    intent::{ByName, by_name},
    left_alone::LeftAlone,
    pinning::{LeftToOwners, Sides, images},
    place_labels::PlaceLabels,
    preflight,
    secrets::SecretNames,
    stale::add_restarts,
    switches::switches,
    wanted::{Place, fit, is_chosen},
};
use crate::{
    manifest::{Kind, Manifest, Pins, put_pins, take_pins},
    snapshot::{Instance, Spec},
    tree::{self, Operation},
};

/// The writes that make the place run the set, and nothing else.
///
/// Objects that are the same take part in no step, and are not looked into.
///
/// # Errors
/// A variable of a new workload has a value neither chosen nor there.
pub fn plan(intent: Intent<'_>) -> Result<Plan, MissingVariable> {
    let wanted = by_name(intent.set.objects.values());
    let live = by_name(intent.live.objects.values());
    let unused = by_name(intent.unused);
    let (meant, running) = (instances(intent.set), instances(intent.live));
    let mut plan = Plan {
        snapshot: intent.name.to_owned(),
        digest: intent.digest,
        target: intent.target.clone(),
        steps: Vec::new(),
        leftovers: Vec::new(),
        blocked: Vec::new(),
        switches: Vec::new(),
        unswitchable: Vec::new(),
        notes: Vec::new(),
        owners: Vec::new(),
        waves: Waves::default(),
        images: BTreeMap::new(),
    };
    let (no_pins, mut left_to_owners) = (Pins::new(), LeftToOwners::default());
    let secrets = SecretNames::of(intent.live);
    let (mut labels, mut left) = (PlaceLabels::default(), LeftAlone::default());
    for kind in Kind::ALL {
        for (key, manifest) in
            wanted.range((kind, String::new())..).take_while(|((of, _), _)| *of == kind)
        {
            let there = live.get(key).or_else(|| unused.get(key)).copied();
            let facts = intent.existing.get(key);
            let sides = meant.get(key).map(|meant| Sides {
                meant,
                running: running.get(key).copied(),
                pins: intent.pins.get(key).unwrap_or(&no_pins),
                deployer: facts.and_then(|facts| facts.deployer),
            });
            let needs_a_look = sides.is_some_and(|sides| {
                is_chosen(sides.meant, intent.chosen) || sides.need_a_look(intent.pin)
            });
            if there == Some(*manifest) && !needs_a_look {
                continue;
            }
            if left.keep(key, facts, intent.unserved) {
                continue;
            }
            let mut current = there.map(Manifest::tree);
            let mut object = manifest.tree();
            // Sets of earlier versions have digests in their manifests.
            take_pins(kind, &mut object);
            let names = implied::names(kind, &mut object);
            if let Some(Sides { meant, running, .. }) = sides {
                let place = Place { chosen: intent.chosen, live: current.as_ref(), running };
                fit(&mut object, &key.1, meant, place)?;
            }
            let place = (intent.marks, intent.chosen);
            plan.blocked.extend(labels.fit(key, &mut object, current.as_ref(), place));
            let unknown = secrets.fit(kind, &mut object, current.as_ref());
            plan.notes.extend(unknown.into_iter().map(|secret| {
                format!(
                    "{kind} {} names the Secret {secret}, whose name has a hash of its values, and which nothing here names: see that it is there",
                    key.1
                )
            }));
            // What is spelled out to be compared is not what was there.
            let mut before = current.clone();
            if let Some(current) = &mut current {
                implied::spell_out(kind, current, &mut object, &names);
            }
            if let Some(sides) = sides {
                let pinned = sides.choose(intent.pin, kind, current.as_ref(), &object);
                put_pins(kind, &mut object, &pinned.pins);
                for there in [&mut current, &mut before].into_iter().flatten() {
                    put_pins(kind, there, sides.pins);
                }
                plan.images.insert(key.clone(), images(kind, &object));
                plan.notes.extend(pinned.moved.into_iter().map(|image| {
                    format!("{kind} {}, {image} stays by its tag, which means another image here than in the set", key.1)
                }));
                if let (true, Some(deployer)) = (pinned.is_left_to_owner, sides.deployer) {
                    left_to_owners.add(deployer, format!("{kind} {}", key.1));
                }
            }
            add_step(&mut plan, key, object, current.as_ref().zip(before), facts);
        }
    }
    add_restarts(&mut plan, &intent);
    (plan.switches, plan.unswitchable) = switches(intent.set, intent.live);
    plan.notes.extend(left_to_owners.sentences());
    plan.notes.extend(labels.sentences());
    plan.notes.extend(left.sentences());
    let extra = live.into_iter().filter(|(key, _)| !wanted.contains_key(key));
    add_removals(&mut plan, &intent, extra);
    Ok(plan)
}

/// Removes what sets that were here before have deployed, and leaves all else that the set lacks.
fn add_removals<'a>(
    plan: &mut Plan,
    intent: &Intent<'_>,
    extra: impl Iterator<Item = ((Kind, String), &'a Manifest)>,
) {
    let mut removable = Vec::new();
    for (key, manifest) in extra {
        let facts = intent.existing.get(&key);
        if intent.deployed.contains(&key)
            && let Some(deployer) = facts.and_then(|facts| facts.deployer)
        {
            plan.notes.push(format!(
                "{} {}, which earlier snapshots had, is left to {deployer}",
                key.0, key.1
            ));
            plan.leftovers.push(ObjectName { kind: key.0, name: key.1 });
            continue;
        }
        // An object of which the cluster says nothing could be another by the time of the write.
        match facts.filter(|_| intent.deployed.contains(&key)) {
            Some(facts) if !facts.uid.is_empty() && facts.steered_by.is_none() => {
                removable.push((key, facts.uid.clone(), manifest));
            }
            Some(_) | None => plan.leftovers.push(ObjectName { kind: key.0, name: key.1 }),
        }
    }
    keep_what_is_read(plan, intent, &mut removable);
    // What is used goes after what uses it.
    for of in Kind::ALL.into_iter().rev() {
        let removed = removable.iter().filter(|((kind, _), ..)| *kind == of);
        plan.steps.extend(removed.map(|((kind, name), uid, manifest)| Step {
            kind: *kind,
            name: name.clone(),
            fields: Vec::new(),
            action: Action::Remove { uid: uid.clone(), manifest: manifest.tree() },
        }));
    }
}

/// Leaves ConfigMaps that workloads read which stay though the set lacks them: their next pods
/// would not start.
fn keep_what_is_read(
    plan: &mut Plan,
    intent: &Intent<'_>,
    removable: &mut Vec<((Kind, String), String, &Manifest)>,
) {
    let staying: BTreeSet<(Kind, &str)> =
        plan.leftovers.iter().map(|one| (one.kind, one.name.as_str())).collect();
    let mut readers: BTreeMap<&str, String> = BTreeMap::new();
    for one in intent.live.instances() {
        let reader = (one.instance.kind, one.workload());
        if staying.contains(&reader) {
            for config in one.instance.configs.keys() {
                readers.entry(config).or_insert_with(|| format!("{} {}", reader.0, reader.1));
            }
        }
    }
    removable.retain(|((kind, name), ..)| {
        let reader = readers.get(name.as_str()).filter(|_| *kind == Kind::ConfigMap);
        if let Some(reader) = reader {
            plan.notes.push(format!("{kind} {name} is left: {reader}, which stays, reads it"));
            plan.leftovers.push(ObjectName { kind: *kind, name: name.clone() });
        }
        reader.is_none()
    });
}

fn instances(spec: &Spec) -> ByName<'_, Instance> {
    spec.instances()
        .map(|one| ((one.instance.kind, one.workload().to_owned()), one.instance))
        .collect()
}

fn add_step(
    plan: &mut Plan,
    (kind, name): &(Kind, String),
    object: Value,
    there: Option<(&Value, Value)>,
    facts: Option<&Existing>,
) {
    let (kind, name) = (*kind, name.clone());
    let Some((current, before)) = there else {
        plan.steps.push(Step {
            kind,
            name,
            fields: Vec::new(),
            action: Action::Create { manifest: object },
        });
        return;
    };
    let facts = facts.cloned().unwrap_or_default();
    let changes = operations(current, &object);
    if changes.is_empty() {
        return;
    }
    let fields = if kind.is_of_routes() {
        tree::compare_by_place(current, &object)
    } else {
        tree::compare(current, &object)
    };
    let refusals = preflight::refusals(kind, current, &object, &fields);
    plan.blocked.extend(refusals.into_iter().map(|reason| Blocked {
        kind,
        name: name.clone(),
        reason,
    }));
    let operations = guarded(kind, changes, &facts);
    let change = Box::new(Change { before, after: object, restart: None });
    plan.steps.push(Step {
        kind,
        name,
        fields,
        action: Action::Patch { operations, change, in_owners_name: None },
    });
}

/// The changes that make an object what it is to be.
pub(super) fn operations(current: &Value, wanted: &Value) -> Vec<Operation> {
    tree::operations(&with_marks(current), &with_marks(wanted))
}

/// The tree with labels and annotations, be they empty.
///
/// The object has marks of the cluster's and of other tools beside those of
/// the set: each is written by itself, never all at once.
fn with_marks(tree: &Value) -> Value {
    let mut tree = tree.clone();
    if let Some(metadata) = tree.get_mut("metadata").and_then(Value::as_object_mut) {
        for marks in ["labels", "annotations"] {
            metadata.entry(marks).or_insert_with(|| Value::Object(Map::new()));
        }
    }
    tree
}
