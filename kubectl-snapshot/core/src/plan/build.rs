//! Planner: the writes that turn what runs into what should run.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    Action, Blocked, Existing, MissingVariable, ObjectName, Plan, Step, implied,
    pinning::{LeftToOwners, Sides, images},
    place_labels::PlaceLabels,
    preflight,
    secrets::SecretNames,
    wanted::{Place, fit, is_chosen},
};
use crate::{
    cluster_namespace::ClusterNamespace,
    digest::Digest,
    manifest::{Kind, Manifest, Pins, PlaceMarks, put_pins, take_pins},
    pin::Pin,
    snapshot::{Instance, Spec},
    tree::{self, Operation},
};

type ByName<'a, T> = BTreeMap<(Kind, String), &'a T>;

/// Inputs of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Intent<'a> {
    /// Name of the set, as the user gave it.
    pub name: &'a str,
    /// The set's digest.
    pub digest: Digest,
    /// The namespace to write to.
    pub target: &'a ClusterNamespace,
    /// The set that should run.
    pub set: &'a Spec,
    /// Live set, with the value of every variable in it.
    pub live: &'a Spec,
    /// Live ConfigMaps and other objects that nothing that runs needs.
    pub unused: &'a [Manifest],
    /// Digests that the images of what is there are written with, by workload.
    pub pins: &'a BTreeMap<(Kind, String), Pins>,
    /// The images that are written with the digests that the set knows.
    pub pin: Pin,
    /// Cluster facts about each object that is there.
    pub existing: &'a BTreeMap<(Kind, String), Existing>,
    /// The values chosen for variables.
    pub chosen: &'a BTreeMap<String, String>,
    /// The labels and annotations that belong to the place.
    pub marks: &'a PlaceMarks<'a>,
    /// The objects that sets which were here before have deployed: where this set
    /// lacks one, it is removed. All others stay.
    pub deployed: &'a BTreeSet<(Kind, String)>,
}

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
        notes: Vec::new(),
        images: BTreeMap::new(),
    };
    let (no_pins, mut left_to_owners) = (Pins::new(), LeftToOwners::default());
    let secrets = SecretNames::of(intent.live);
    let mut labels = PlaceLabels::default();
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
            if let Some(current) = &mut current {
                implied::spell_out(kind, current, &mut object, &names);
            }
            if let Some(sides) = sides {
                let pinned = sides.choose(intent.pin, kind, current.as_ref(), &object);
                put_pins(kind, &mut object, &pinned.pins);
                if let Some(current) = &mut current {
                    put_pins(kind, current, sides.pins);
                }
                plan.images.insert(key.clone(), images(kind, &object));
                plan.notes.extend(pinned.moved.into_iter().map(|image| {
                    format!("{kind} {}, {image} stays by its tag, which means another image here than in the set", key.1)
                }));
                if let (true, Some(deployer)) = (pinned.is_left_to_owner, sides.deployer) {
                    left_to_owners.add(deployer, format!("{kind} {}", key.1));
                }
            }
            add_step(&mut plan, key, object, current.as_ref(), facts);
        }
    }
    plan.notes.extend(left_to_owners.sentences());
    plan.notes.extend(labels.sentences());
    let extra = live.into_keys().filter(|key| !wanted.contains_key(key));
    let mut removable = Vec::new();
    for key in extra {
        // An object of which the cluster says nothing could be another by the time of the write.
        match intent.existing.get(&key).filter(|_| intent.deployed.contains(&key)) {
            Some(facts) if !facts.uid.is_empty() => removable.push((key, facts.uid.clone())),
            Some(_) | None => plan.leftovers.push(ObjectName { kind: key.0, name: key.1 }),
        }
    }
    // What is used goes after what uses it.
    for of in Kind::ALL.into_iter().rev() {
        let removed = removable.iter().filter(|((kind, _), _)| *kind == of);
        plan.steps.extend(removed.map(|((kind, name), uid)| Step {
            kind: *kind,
            name: name.clone(),
            fields: Vec::new(),
            action: Action::Remove { uid: uid.clone() },
        }));
    }
    Ok(plan)
}

fn by_name<'a>(manifests: impl IntoIterator<Item = &'a Manifest>) -> ByName<'a, Manifest> {
    manifests.into_iter().filter_map(|manifest| Some((manifest.identity()?, manifest))).collect()
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
    current: Option<&Value>,
    facts: Option<&Existing>,
) {
    let (kind, name) = (*kind, name.clone());
    let Some(current) = current else {
        plan.steps.push(Step {
            kind,
            name,
            fields: Vec::new(),
            action: Action::Create { manifest: object },
        });
        return;
    };
    let facts = facts.cloned().unwrap_or_default();
    let changes = tree::operations(&with_marks(current), &with_marks(&object));
    if changes.is_empty() {
        return;
    }
    let fields = tree::compare(current, &object);
    let refusals = preflight::refusals(kind, current, &object, &fields);
    plan.blocked.extend(refusals.into_iter().map(|reason| Blocked {
        kind,
        name: name.clone(),
        reason,
    }));
    if let Some(deployer) = facts.deployer {
        plan.notes
            .push(format!("{kind} {name} is deployed by {deployer}, which may write it again"));
    }
    let operations = guarded(kind, changes, &facts);
    plan.steps.push(Step { kind, name, fields, action: Action::Patch { operations } });
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

/// The patch, headed by a test that nobody else changed the object meanwhile.
///
/// `generation` counts changes of the spec alone; an object without one is
/// guarded by its `resourceVersion`, which no status moves there.
fn guarded(kind: Kind, changes: Vec<Operation>, facts: &Existing) -> Vec<Operation> {
    let (path, value) = match facts.generation {
        Some(generation) => ("/metadata/generation", generation.into()),
        None => ("/metadata/resourceVersion", facts.resource_version.clone().into()),
    };
    let account = kind.template_path().map(|path| format!("{path}/spec/serviceAccountName"));
    let mut operations = vec![Operation::Test { path: path.to_owned(), value }];
    for (has, marks) in [(facts.has_labels, "labels"), (facts.has_annotations, "annotations")] {
        let path = format!("/metadata/{marks}");
        if !has && changes.iter().any(|change| change.path().starts_with(&path)) {
            operations.push(Operation::Add { path, value: Value::Object(Map::new()) });
        }
    }
    for operation in changes {
        // The server keeps a deprecated twin of this field, which would bring the value back.
        if let Operation::Remove { path } = &operation
            && account.as_deref() == Some(path)
        {
            operations.push(Operation::Remove {
                path: path.replace("serviceAccountName", "serviceAccount"),
            });
        }
        operations.push(operation);
    }
    operations
}
