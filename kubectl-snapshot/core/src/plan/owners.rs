//! Owners in a plan: who writes again what it changes, and in whose name it is written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Action, Existing, ObjectName, Plan, Step};
use crate::{
    manifest::Kind,
    owner::{Deployer, DeployerMarks, Owned, Owner, Way, in_owners_name, notes},
};

/// The objects that a sentence names.
const NAMED: usize = 5;

/// The owner of an object whose managed fields could not be read.
fn unread(facts: &Existing) -> Option<Owner> {
    let owner = facts.owner.clone()?;
    let is_applied = facts.is_applied && owner.deployer == Deployer::HelmClientSide;
    Some(if is_applied { Owner { deployer: Deployer::HelmServerSide, ..owner } } else { owner })
}

impl Plan {
    /// The objects to be changed of which only their managed fields tell who owns what.
    pub fn applied_objects<'a>(
        &'a self,
        existing: &'a BTreeMap<(Kind, String), Existing>,
    ) -> impl Iterator<Item = ObjectName> + 'a {
        let is_applied = |step: &&Step| {
            matches!(step.action, Action::Patch { .. })
                && !step.fields.is_empty()
                && existing.get(&(step.kind, step.name.clone())).is_some_and(|one| one.is_applied)
        };
        self.steps
            .iter()
            .filter(is_applied)
            .map(|step| ObjectName { kind: step.kind, name: step.name.clone() })
    }

    /// Leaves the writes to the place's own deployer: what it may and may not do is its own affair,
    /// and so is what it does next.
    pub fn leave_to_deployer(&mut self) {
        self.blocked.clear();
        self.unswitchable.clear();
        let switches = std::mem::take(&mut self.switches);
        self.notes.clear();
        self.notes.extend(
            switches.into_iter().map(|one| {
                format!("flag {} is {} here: no deployer switches it", one.flag, one.from)
            }),
        );
    }

    /// Notes who owns what is changed, and has it written in the name of an owner that applies on
    /// the server, so that the owner's next apply meets no conflict.
    ///
    /// `live` are the objects as they are, as far as they were asked for.
    pub fn heed_owners(
        &mut self,
        existing: &BTreeMap<(Kind, String), Existing>,
        live: &BTreeMap<(Kind, String), Value>,
    ) {
        let mut all = Vec::new();
        for step in &mut self.steps {
            let Action::Patch { operations, in_owners_name: planned, .. } = &mut step.action else {
                continue;
            };
            // A restart is no owner's affair: nobody puts its mark back.
            if step.fields.is_empty() {
                continue;
            }
            let key = (step.kind, step.name.clone());
            let facts = existing.get(&key);
            let (owner, way) = match live.get(&key) {
                None => (facts.and_then(unread), Way::Patched),
                Some(object) => {
                    let marks = DeployerMarks::of(object);
                    match in_owners_name(step.kind, object, operations) {
                        Ok(Some(_)) => {
                            *planned = Some(Box::new(object.clone()));
                            (Owner::of(&marks), Way::InItsName)
                        }
                        // Whoever applies has no say about what is changed.
                        Ok(None) => {
                            let appliers = Vec::new();
                            (Owner::of(&DeployerMarks { appliers, ..marks }), Way::Patched)
                        }
                        Err(hindrance) => (Owner::of(&marks), Way::Hindered(hindrance)),
                    }
                }
            };
            if let Some(owner) = owner {
                let (kind, name, fields) = (step.kind, &step.name, &step.fields);
                all.push(Owned { owner, kind, name, fields, way });
            }
        }
        self.owners = notes(all);
        self.notes.extend(self.not_imported(existing));
    }

    /// Says which objects Helm will meet that no release of the place has.
    fn not_imported(&self, existing: &BTreeMap<(Kind, String), Existing>) -> Option<String> {
        let owners = existing.values().filter_map(|facts| facts.owner.as_ref());
        let releases: BTreeSet<&str> = owners
            .filter(|owner| owner.deployer.is_helm())
            .map(|owner| owner.name.as_str())
            .collect();
        let is_created = |step: &&Step| matches!(step.action, Action::Create { .. });
        let created: Vec<&Step> = self.steps.iter().filter(is_created).collect();
        if releases.is_empty() || created.is_empty() {
            return None;
        }
        let mut names: Vec<String> =
            created.iter().take(NAMED).map(|step| format!("{} {}", step.kind, step.name)).collect();
        if created.len() > NAMED {
            names.push(format!("{} more", created.len() - NAMED));
        }
        let release = match releases.into_iter().collect::<Vec<_>>()[..] {
            [release] => format!("of release {release} "),
            _ => String::new(),
        };
        Some(format!(
            "no Helm release here has {}: the helm upgrade {release}that brings {} needs --take-ownership, and --force-conflicts where its values differ",
            names.join(", "),
            if created.len() == 1 { "it" } else { "them" },
        ))
    }
}
