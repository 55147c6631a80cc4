//! Worlds of an order: what ran, or what will run, in all parts.

use std::collections::HashMap;

use super::Ordered;
use crate::{
    ancestry::Ancestry,
    parts::PartName,
    requirement::{Dependency, Fulfilment, Present, Requirement},
    snapshot::Spec,
};

/// The sets of all parts, in which a part's requirement is looked for: in the part itself, else in
/// the others that have it.
pub(super) struct World<'a> {
    parts: Vec<Option<&'a PartName>>,
    specs: Vec<&'a Spec>,
    present: Vec<Present<'a>>,
    services: HashMap<&'a str, Vec<usize>>,
    flags: HashMap<&'a str, Vec<usize>>,
}

impl<'a> World<'a> {
    pub(super) fn of(
        parts: &[Ordered<'a>],
        spec: impl Fn(&Ordered<'a>) -> &'a Spec,
        ancestry: &'a Ancestry,
    ) -> Self {
        let specs: Vec<&Spec> = parts.iter().map(spec).collect();
        let mut services: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut flags: HashMap<&str, Vec<usize>> = HashMap::new();
        for (part, spec) in specs.iter().enumerate() {
            for name in spec.services.keys() {
                services.entry(name).or_default().push(part);
            }
            for (key, flag) in &spec.flags {
                let homes = flags.entry(flag.key_in_set(key)).or_default();
                if homes.last() != Some(&part) {
                    homes.push(part);
                }
            }
        }
        Self {
            parts: parts.iter().map(|one| one.part).collect(),
            present: specs.iter().map(|spec| Present::of(spec, ancestry)).collect(),
            specs,
            services,
            flags,
        }
    }

    /// The parts that have what a part requires, and the requirement as each of them calls it.
    pub(super) fn homes(
        &self,
        part: usize,
        requirement: &Requirement,
    ) -> Vec<(usize, Requirement)> {
        let (name, of) = match &requirement.dependency {
            Dependency::Service(name) => (name.as_str(), &self.services),
            Dependency::Flag(key) => (key.as_str(), &self.flags),
        };
        if let Some(homes) = of.get(name) {
            if homes.contains(&part) {
                return vec![(part, requirement.clone())];
            }
            return homes.iter().map(|home| (*home, requirement.clone())).collect();
        }
        let qualified = || {
            let (alias, name) = name.split_once('/')?;
            let mut parts = self.parts.iter().copied();
            let home = parts.position(|one| one.is_some_and(|part| part.as_ref() == alias))?;
            let dependency = match requirement.dependency {
                Dependency::Service(_) => Dependency::Service(name.to_owned()),
                Dependency::Flag(_) => Dependency::Flag(name.to_owned()),
            };
            Some((home, Requirement { dependency, condition: requirement.condition.clone() }))
        };
        qualified().into_iter().collect()
    }

    /// True if what a part requires is known not to hold here.
    pub(super) fn lacks(&mut self, part: usize, requirement: &Requirement) -> bool {
        let homes = self.homes(part, requirement);
        if homes.is_empty() {
            return self.present[part].judge(requirement).0 == Fulfilment::Unmet;
        }
        homes.iter().any(|(home, local)| self.present[*home].judge(local).0 == Fulfilment::Unmet)
    }

    /// The set of a part.
    pub(super) fn spec(&self, part: usize) -> &'a Spec {
        self.specs[part]
    }
}
