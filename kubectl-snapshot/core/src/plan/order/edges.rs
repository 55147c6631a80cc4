//! Edges of an order: which object waits for which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Ordered, world::World};
use crate::{
    ancestry::Ancestry,
    flag::Flag,
    flags,
    manifest::{Kind, start_reads},
    plan::Action,
    requirement::{Dependency, Requirement},
    snapshot::{Instance, InstanceRef, Spec},
};

/// An object of a part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) part: usize,
    pub(super) kind: Kind,
    pub(super) name: String,
}

impl Key {
    /// A flag that the system which serves it is told to switch: no object has such a name.
    pub(super) fn of_switch(part: usize, flag: &Flag, key: &str) -> Self {
        let system = flag.source.split_once(':').map_or("", |(system, _)| system);
        Self { part, kind: Kind::FeatureFlag, name: format!("{system}:{key}") }
    }

    /// Key of the flag, where it is one that is switched.
    pub(super) fn flag(&self) -> Option<&str> {
        let (_, key) = self.name.split_once(':').filter(|_| self.kind == Kind::FeatureFlag)?;
        Some(key)
    }

    /// Kind and name of the object.
    pub(super) fn object(&self) -> (Kind, String) {
        (self.kind, self.name.clone())
    }
}

/// The objects that have to run, or to be written, before each object.
pub(super) type After = BTreeMap<Key, BTreeSet<Key>>;

/// The order that requirements ask of the steps of plans.
pub(super) struct Edges<'a> {
    wanted: World<'a>,
    running: World<'a>,
    /// The objects that are written, and are there in the end.
    written: BTreeSet<Key>,
    /// The workloads among them, by part and service.
    workloads: HashMap<(usize, &'a str), Vec<Key>>,
    after: After,
    /// The waits that nobody is hurt without: what is needed is there already, or not known.
    wishes: Vec<(Key, Key)>,
}

impl<'a> Edges<'a> {
    pub(super) fn of(parts: &[Ordered<'a>], ancestry: &'a Ancestry) -> Self {
        let (mut written, mut workloads) = (BTreeSet::new(), HashMap::<_, Vec<Key>>::new());
        for (part, one) in parts.iter().enumerate() {
            let steps = one.plan.steps.iter();
            let stays = steps.filter(|step| !matches!(step.action, Action::Remove { .. }));
            let key = |kind, name: &str| Key { part, kind, name: name.to_owned() };
            written.extend(stays.map(|step| key(step.kind, &step.name)));
            written.extend(
                one.plan.switches.iter().map(|one| Key::of_switch(part, &one.seen, &one.key)),
            );
            let set: &'a Spec = one.set;
            for one in set.instances() {
                let key = key(one.instance.kind, one.workload());
                if written.contains(&key) {
                    workloads.entry((part, one.service)).or_default().push(key);
                }
            }
        }
        Self {
            wanted: World::of(parts, |one| one.set, ancestry),
            running: World::of(parts, |one| one.live, ancestry),
            written,
            workloads,
            after: After::new(),
            wishes: Vec::new(),
        }
    }

    /// The waits of all objects that are written.
    pub(super) fn after(mut self) -> After {
        let parts: BTreeSet<usize> = self.written.iter().map(|key| key.part).collect();
        for part in parts {
            self.add_instances(part);
            self.add_flags(part);
        }
        let wishes = std::mem::take(&mut self.wishes);
        let has_to_wait =
            |key: &Key, need: &Key| self.after.get(key).is_some_and(|needs| needs.contains(need));
        let wishes = wishes.into_iter().filter(|(key, need)| !has_to_wait(need, key));
        for (key, need) in wishes.collect::<Vec<_>>() {
            self.after.entry(key).or_default().insert(need);
        }
        self.add_readers();
        self.after
    }

    fn add_instances(&mut self, part: usize) {
        let before: HashMap<(Kind, &str), &Instance> = self
            .running
            .spec(part)
            .instances()
            .map(|one| ((one.instance.kind, one.workload()), one.instance))
            .collect();
        for one in self.wanted.spec(part).instances() {
            let key = Key { part, kind: one.instance.kind, name: one.workload().to_owned() };
            if self.written.contains(&key) {
                let before = before.get(&(key.kind, one.workload()));
                let before = before.map_or(&[][..], |instance| instance.requires.as_slice());
                self.add(std::slice::from_ref(&key), before, &one.instance.requires);
            }
        }
    }

    /// Flags that are switched: what one needs that goes on is there before, and what one needs
    /// that goes off is there until whoever reads it has seen it.
    fn add_flags(&mut self, part: usize) {
        let (wanted, running) = (self.wanted.spec(part), self.running.spec(part));
        let names: BTreeSet<&String> = wanted.flags.keys().chain(running.flags.keys()).collect();
        for name in names {
            let (after, before) = (wanted.flags.get(name), running.flags.get(name));
            let is_on = |flag: Option<&Flag>| flag.is_some_and(Flag::is_on);
            let requires = |flag: Option<&'a Flag>| flag.map_or(&[][..], |one| &one.requires[..]);
            let (goes_on, goes_off) = match (is_on(before), is_on(after)) {
                (false, true) => (requires(after), &[][..]),
                (true, false) => (&[][..], requires(before)),
                _ => continue,
            };
            if goes_on.is_empty() && goes_off.is_empty() {
                continue;
            }
            let holder = [after, before].into_iter().flatten().find_map(|flag| {
                let key = self.holder(part, name, flag)?;
                Some((key.kind == Kind::ConfigMap, key))
            });
            if let Some((is_read, key)) = holder {
                let readers = if is_read && goes_on.is_empty() {
                    self.readers(part, &BTreeSet::from([key.name.clone()]))
                } else {
                    Vec::new()
                };
                let readers = readers.into_iter().map(|(reader, _)| reader);
                let all: Vec<Key> = [key].into_iter().chain(readers).collect();
                self.add(&all, goes_off, goes_on);
            }
        }
    }

    /// Adds the waits of an object, and of what belongs to it, whose version that runs requires
    /// `before`, and whose new one requires `after`.
    fn add(&mut self, keys: &[Key], before: &[Requirement], after: &[Requirement]) {
        let Some(first) = keys.first() else { return };
        let part = first.part;
        for one in after {
            let needs = self.needs(&self.wanted, part, one);
            let is_hard = !needs.is_empty() && self.running.lacks(part, one);
            for need in needs.into_iter().filter(|need| need != first) {
                if is_hard {
                    self.after.entry(first.clone()).or_default().insert(need);
                } else {
                    self.wishes.push((first.clone(), need));
                }
            }
        }
        for one in before {
            let needs = self.needs(&self.running, part, one);
            if needs.is_empty() || !self.wanted.lacks(part, one) {
                continue;
            }
            for need in needs {
                let others = keys.iter().filter(|key| **key != need).cloned();
                let others: Vec<Key> = others.collect();
                self.after.entry(need).or_default().extend(others);
            }
        }
    }

    /// The objects that are written and that a requirement means.
    fn needs(&self, world: &World<'a>, part: usize, requirement: &Requirement) -> Vec<Key> {
        let mut needs = Vec::new();
        for (home, local) in world.homes(part, requirement) {
            match &local.dependency {
                Dependency::Service(service) => {
                    let found = self.workloads.get(&(home, service.as_str()));
                    needs.extend(found.into_iter().flatten().cloned());
                }
                Dependency::Flag(flag) => {
                    let flags = &world.spec(home).flags;
                    let flags = flags.iter().filter(|(name, one)| one.key_in_set(name) == flag);
                    needs.extend(flags.filter_map(|(name, flag)| self.holder(home, name, flag)));
                }
            }
        }
        needs
    }

    /// The object that is written and says what a flag serves, or the flag itself, where the system
    /// that serves it is told to switch it.
    fn holder(&self, part: usize, name: &str, flag: &Flag) -> Option<Key> {
        if flags::is_served(flag) {
            let key = Key::of_switch(part, flag, flag.key_in_set(name));
            return self.written.contains(&key).then_some(key);
        }
        let of_instance = || {
            let (service, instance) = flags::instance_of(flag)?;
            let all = self.wanted.spec(part).services.get(service)?;
            let (name, one) = all.iter().find(|(name, _)| name.as_str() == instance)?;
            let workload = InstanceRef { service, name, instance: one }.workload();
            Some((one.kind, workload.to_owned()))
        };
        let (kind, name) = flags::holder_of(flag).or_else(of_instance)?;
        let key = Key { part, kind, name };
        self.written.contains(&key).then_some(key)
    }

    /// Whoever reads at its start what is written late is written no sooner.
    fn add_readers(&mut self) {
        let mut late: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for key in self.after.keys().filter(|key| key.kind == Kind::ConfigMap) {
            late.entry(key.part).or_default().insert(key.name.clone());
        }
        for (part, names) in late {
            for (reader, reads) in self.readers(part, &names) {
                self.after.entry(reader).or_default().extend(reads);
            }
        }
    }

    /// The workloads of a part that are written and read some of these ConfigMaps at their start,
    /// with those.
    fn readers(&self, part: usize, config_maps: &BTreeSet<String>) -> Vec<(Key, Vec<Key>)> {
        let set = self.wanted.spec(part);
        let reads = |one: InstanceRef<'_>| {
            let key = Key { part, kind: one.instance.kind, name: one.workload().to_owned() };
            let names_one = one.instance.configs.keys().any(|name| config_maps.contains(name));
            if !names_one || !self.written.contains(&key) {
                return None;
            }
            let manifest = set.objects.get(&one.instance.manifest)?;
            let names = start_reads(key.kind, &manifest.tree()).into_iter();
            let names = names.map(|read| read.config_map);
            let names: BTreeSet<String> = names.filter(|name| config_maps.contains(name)).collect();
            let of = |name| Key { part, kind: Kind::ConfigMap, name };
            (!names.is_empty()).then(|| (key, names.into_iter().map(of).collect()))
        };
        set.instances().filter_map(reads).collect()
    }
}
