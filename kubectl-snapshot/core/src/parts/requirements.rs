//! Requirements across parts: cart in `shop` needs tax in `payments`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Naming, PartName, Parts};
use crate::{
    ancestry::Ancestry,
    requirement::{Dependency, Requirement, Resolved, Subject, resolve_against},
    snapshot::{Instances, Spec},
};

/// Resolves what each part requires: within itself first, then in the other parts that have it.
///
/// Where several others have it, each has to do, for nobody knows which is meant; `payments/tax`
/// means one. Whether a commit is at or after another is taken from `ancestry`.
#[must_use]
pub fn resolve(parts: &Parts, naming: &Naming, ancestry: &Ancestry) -> Vec<Resolved> {
    let homes = Homes::of(parts);
    parts.iter().flat_map(|(part, _)| homes.resolve(part, naming, ancestry)).collect()
}

/// The parts, and which of them has what.
struct Homes<'a> {
    parts: &'a Parts,
    services: BTreeMap<&'a str, Vec<&'a PartName>>,
    flags: BTreeMap<&'a str, Vec<(&'a PartName, &'a str)>>,
}

/// A part's requirements as they are resolved, and what they are resolved against.
#[derive(Default)]
struct Narrowed {
    dependents: Spec,
    present: Spec,
    /// Names of what other parts have, as they are called across the parts.
    elsewhere: BTreeSet<String>,
}

impl<'a> Homes<'a> {
    fn of(parts: &'a Parts) -> Self {
        let mut homes = Self { parts, services: BTreeMap::new(), flags: BTreeMap::new() };
        for (part, snapshot) in parts.iter() {
            for name in snapshot.spec.services.keys() {
                homes.services.entry(name).or_default().push(part);
            }
            for (key, flag) in &snapshot.spec.flags {
                // A flag of a flag set is asked for with and without its set.
                let names = [key.as_str(), flag.key_in_set(key)];
                for name in names.into_iter().collect::<BTreeSet<_>>() {
                    homes.flags.entry(name).or_default().push((part, key));
                }
            }
        }
        homes
    }

    fn spec(&self, part: &PartName) -> &'a Spec {
        let parts: &'a Parts = self.parts;
        &parts.0[part].spec
    }

    fn resolve(&self, part: &PartName, naming: &Naming, ancestry: &Ancestry) -> Vec<Resolved> {
        let Narrowed { dependents, present, elsewhere } = self.narrow(part, naming);
        let rename = |subject: Subject| match &subject {
            Subject::Service(name) | Subject::Flag(name) if elsewhere.contains(name) => subject,
            _ => naming.subject(part, subject),
        };
        let resolved =
            resolve_against(&dependents, &present, ancestry).into_iter().map(|one| Resolved {
                dependent: naming.subject(part, one.dependent.clone()),
                // What nobody can read is its own dependency.
                dependency: if one.dependency == one.dependent {
                    naming.subject(part, one.dependency)
                } else {
                    rename(one.dependency)
                },
                ..one
            });
        resolved.collect()
    }

    /// The dependents of a part, and what of all parts they require.
    fn narrow(&self, part: &PartName, naming: &Naming) -> Narrowed {
        let own = self.spec(part);
        let mut narrowed = Narrowed::default();
        for (key, flag) in &own.flags {
            let requires = self.rewrite(part, &flag.requires, naming, &mut narrowed);
            let mut flag = flag.clone();
            narrowed.present.flags.insert(key.clone(), flag.clone());
            flag.requires = requires;
            narrowed.dependents.flags.insert(key.clone(), flag);
        }
        for one in own.instances() {
            let instance = one.instance;
            if instance.requires.is_empty() && instance.unreadable_requires.is_none() {
                continue;
            }
            let requires = self.rewrite(part, &instance.requires, naming, &mut narrowed);
            let mut instance = instance.clone();
            instance.requires = requires;
            let service = narrowed.dependents.services.entry(one.service.to_owned()).or_default();
            service.insert(one.name.clone(), instance);
        }
        narrowed.dependents.extra.clone_from(&own.extra);
        for (name, snapshot) in self.parts.iter() {
            for (origin, reason) in snapshot.spec.unreadable_flags() {
                let origin =
                    if name == part { origin.to_owned() } else { format!("{name}: {origin}") };
                narrowed.present.add_unreadable_flags(origin, reason.to_owned());
            }
        }
        narrowed
    }

    /// The requirements with what they mean across the parts, which is noted as present.
    fn rewrite(
        &self,
        part: &PartName,
        requires: &[Requirement],
        naming: &Naming,
        narrowed: &mut Narrowed,
    ) -> Vec<Requirement> {
        let mut rewritten = Vec::new();
        for requirement in requires {
            let (dependencies, is_flag): (Vec<String>, bool) = match &requirement.dependency {
                Dependency::Service(name) => (self.service(part, name, naming, narrowed), false),
                Dependency::Flag(key) => (self.flag(part, key, naming, narrowed), true),
            };
            if dependencies.is_empty() {
                rewritten.push(requirement.clone());
            }
            rewritten.extend(dependencies.into_iter().map(|name| Requirement {
                dependency: if is_flag {
                    Dependency::Flag(name)
                } else {
                    Dependency::Service(name)
                },
                condition: requirement.condition.clone(),
            }));
        }
        rewritten
    }

    /// The names of a service in other parts; none where the part itself has it, or none has.
    fn service(
        &self,
        part: &PartName,
        name: &str,
        naming: &Naming,
        narrowed: &mut Narrowed,
    ) -> Vec<String> {
        if let Some(instances) = self.spec(part).services.get(name) {
            narrowed.present.services.insert(name.to_owned(), instances.clone());
            return Vec::new();
        }
        let (homes, name) = match self.services.get(name) {
            Some(homes) => (homes.clone(), name),
            None => match self.qualified(name) {
                Some((home, name)) => (vec![home], name),
                None => return Vec::new(),
            },
        };
        let found = homes.into_iter().filter_map(|home| {
            let instances: Instances = self.spec(home).services.get(name)?.clone();
            let called = naming.service(home, name);
            narrowed.present.services.insert(called.clone(), instances);
            narrowed.elsewhere.insert(called.clone());
            Some(called)
        });
        found.collect()
    }

    /// The names of a flag in other parts; none where the part itself has it, or none has.
    fn flag(
        &self,
        part: &PartName,
        key: &str,
        naming: &Naming,
        narrowed: &mut Narrowed,
    ) -> Vec<String> {
        let homes = match self.flags.get(key) {
            Some(homes) if homes.iter().any(|(home, _)| *home == part) => return Vec::new(),
            Some(homes) => homes.clone(),
            None => match self.qualified(key) {
                Some((home, key)) => {
                    let homes = self.flags.get(key).into_iter().flatten();
                    homes.filter(|(one, _)| *one == home).copied().collect()
                }
                None => return Vec::new(),
            },
        };
        let found = homes.into_iter().filter_map(|(home, key)| {
            let flag = self.spec(home).flags.get(key)?.clone();
            let called = naming.flag(home, key);
            narrowed.present.flags.insert(called.clone(), flag);
            narrowed.elsewhere.insert(called.clone());
            Some(called)
        });
        found.collect()
    }

    /// The part that a name begins with, and the rest: `payments/tax`.
    fn qualified<'n>(&self, name: &'n str) -> Option<(&'a PartName, &'n str)> {
        let (part, name) = name.split_once('/')?;
        let (part, _) = self.parts.0.get_key_value(part)?;
        Some((part, name))
    }
}
