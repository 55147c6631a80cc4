//! Order of a plan's writes: what is needed is written first, and runs before what needs it is
//! written.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Intent, Plan, Step, Waves};
use crate::{
    flag::Flag,
    flags,
    manifest::{Kind, start_reads},
    requirement::{Dependency, Requirement},
    snapshot::Spec,
};

/// The waits that a plan's notes name.
const NAMED: usize = 5;

/// An object, by its kind and name.
type Key = (Kind, String);

/// The objects that have to run, or to be written, before each object.
type After = BTreeMap<Key, BTreeSet<Key>>;

/// Puts the writes of a plan in waves, and says what waits for what.
///
/// A service is written after those that it requires, a flag switched on after those that it
/// requires, and what reads that flag at its start after the flag. What is not written anyway
/// holds up nothing.
pub(super) fn add_waves(plan: &mut Plan, intent: &Intent<'_>) {
    let after = Order::of(&plan.steps, intent).after();
    if after.is_empty() {
        return;
    }
    let (mut waves, circle) = sort(&after);
    waves.retain(|_, wave| *wave > 0);
    let name = |(kind, name): &Key| format!("{kind} {name}");
    let mut told: Vec<String> = Vec::new();
    for (key, needs) in after.iter().filter(|(key, _)| waves.contains_key(key)) {
        let is_in_it = circle.contains(key);
        let needs = needs.iter().filter(|need| !(is_in_it && circle.contains(*need)));
        let needs: Vec<String> = needs.map(name).collect();
        if !needs.is_empty() {
            let run = if needs.len() == 1 { "runs" } else { "run" };
            told.push(format!("{} is written once {} {run}", name(key), needs.join(" and ")));
        }
    }
    if told.len() > NAMED {
        let more = told.len() - NAMED;
        told.truncate(NAMED);
        told.push(format!("{more} more are written once what they require runs"));
    }
    if !circle.is_empty() {
        let names: Vec<String> = circle.iter().map(name).collect();
        let names = names.join(" and ");
        told.push(format!("{names} require each other in a circle, and are written at once"));
    }
    plan.notes.extend(told);
    plan.waves = Waves(waves);
}

/// The order that requirements ask of the steps of a plan.
struct Order<'a> {
    set: &'a Spec,
    live: &'a Spec,
    /// The objects that are written, and are there in the end.
    written: BTreeSet<Key>,
    /// The workloads among them, by service.
    workloads: BTreeMap<&'a str, Vec<Key>>,
}

impl<'a> Order<'a> {
    fn of(steps: &[Step], intent: &Intent<'a>) -> Self {
        let stays = |step: &&Step| !matches!(step.action, Action::Remove { .. });
        let written = steps.iter().filter(stays).map(|step| (step.kind, step.name.clone()));
        let written: BTreeSet<Key> = written.collect();
        let mut workloads: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
        for one in intent.set.instances() {
            let key = (one.instance.kind, one.workload().to_owned());
            if written.contains(&key) {
                workloads.entry(one.service).or_default().push(key);
            }
        }
        Self { set: intent.set, live: intent.live, written, workloads }
    }

    fn after(&self) -> After {
        let mut after = After::new();
        for one in self.set.instances() {
            let key = (one.instance.kind, one.workload().to_owned());
            if self.written.contains(&key) {
                self.add(&mut after, key, &one.instance.requires);
            }
        }
        for (name, flag) in &self.set.flags {
            if !flag.is_on() || flag.requires.is_empty() || self.is_on_already(name) {
                continue;
            }
            if let Some(key) = self.holder(flag) {
                self.add(&mut after, key, &flag.requires);
            }
        }
        self.add_readers(&mut after);
        after
    }

    fn is_on_already(&self, flag: &str) -> bool {
        self.live.flags.get(flag).is_some_and(Flag::is_on)
    }

    /// The object that is written and says what a flag serves.
    fn holder(&self, flag: &Flag) -> Option<Key> {
        let of_instance = || {
            let (service, instance) = flags::instance_of(flag)?;
            let mut all = self.set.instances();
            let one = all.find(|one| one.service == service && one.name.as_str() == instance)?;
            Some((one.instance.kind, one.workload().to_owned()))
        };
        let key = flags::holder_of(flag).or_else(of_instance)?;
        self.written.contains(&key).then_some(key)
    }

    fn add(&self, after: &mut After, key: Key, requires: &[Requirement]) {
        let needs = requires.iter().flat_map(|one| self.needs(one)).filter(|need| *need != key);
        let needs: Vec<Key> = needs.collect();
        if !needs.is_empty() {
            after.entry(key).or_default().extend(needs);
        }
    }

    /// The objects that are written and that a requirement means.
    fn needs(&self, requirement: &Requirement) -> Vec<Key> {
        match &requirement.dependency {
            Dependency::Service(service) => {
                self.workloads.get(service.as_str()).cloned().unwrap_or_default()
            }
            Dependency::Flag(flag) => {
                let flags =
                    self.set.flags.iter().filter(|(name, one)| one.key_in_set(name) == flag);
                flags.filter_map(|(_, flag)| self.holder(flag)).collect()
            }
        }
    }

    /// Whoever reads at its start what is written late is written no sooner.
    fn add_readers(&self, after: &mut After) {
        let late: BTreeSet<String> = after
            .keys()
            .filter(|(kind, _)| *kind == Kind::ConfigMap)
            .map(|(_, name)| name.clone())
            .collect();
        if late.is_empty() {
            return;
        }
        for one in self.set.instances() {
            let key = (one.instance.kind, one.workload().to_owned());
            let is_reader = one.instance.configs.keys().any(|name| late.contains(name));
            let manifest = self.set.objects.get(&one.instance.manifest);
            let Some(manifest) = manifest.filter(|_| is_reader && self.written.contains(&key))
            else {
                continue;
            };
            let reads = start_reads(key.0, &manifest.tree()).into_iter();
            let reads = reads.map(|read| read.config_map).filter(|name| late.contains(name));
            let reads: Vec<_> = reads.map(|name| (Kind::ConfigMap, name)).collect();
            if !reads.is_empty() {
                after.entry(key).or_default().extend(reads);
            }
        }
    }
}

/// The waves of objects, and those that need each other in a circle.
fn sort(after: &After) -> (BTreeMap<Key, usize>, BTreeSet<Key>) {
    let (mut waves, mut circle) = (BTreeMap::new(), BTreeSet::new());
    let mut open: BTreeSet<&Key> = after.keys().collect();
    while !open.is_empty() {
        let needs = |key: &Key| after.get(key).into_iter().flatten();
        let is_ready = |key: &&&Key| needs(key).all(|need| !open.contains(need));
        let mut next: Vec<&Key> = open.iter().filter(is_ready).copied().collect();
        if next.is_empty() {
            next = in_circles(after, &open);
            circle.extend(next.iter().copied().cloned());
        }
        // Those that are open beside a circle's are the circle's own.
        let wave_after = |key: &Key| {
            let before = needs(key).filter(|need| !open.contains(need));
            before.map(|need| waves.get(need).copied().unwrap_or_default() + 1).max()
        };
        let of_each: Vec<usize> =
            next.iter().map(|key| wave_after(key).unwrap_or_default()).collect();
        let is_circle = next.iter().any(|key| circle.contains(*key));
        let last = of_each.iter().max().copied().unwrap_or_default();
        for (key, wave) in next.into_iter().zip(of_each) {
            open.remove(key);
            waves.insert(key.clone(), if is_circle { last } else { wave });
        }
    }
    (waves, circle)
}

/// Those of some objects, each of which needs another of them, that are needed by one of them as
/// well.
fn in_circles<'a>(after: &After, open: &BTreeSet<&'a Key>) -> Vec<&'a Key> {
    let mut left = open.clone();
    loop {
        let needed: BTreeSet<&Key> =
            left.iter().flat_map(|key| after.get(*key).into_iter().flatten()).collect();
        let before = left.len();
        left.retain(|key| needed.contains(*key));
        if left.len() == before || left.is_empty() {
            return left.into_iter().collect();
        }
    }
}
