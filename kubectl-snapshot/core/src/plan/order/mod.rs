//! Order of a plan's writes: what is needed is written first, and runs before what needs it is
//! written; what is needed no more goes down only when nobody needs it.

mod edges;
mod sort;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    edges::{After, Edges, Key},
    sort::sort,
};
use super::{Plan, Waves};
use crate::{ancestry::Ancestry, parts::PartName, snapshot::Spec};

/// The waits that a plan's notes name.
const NAMED: usize = 5;

/// A plan that is put in order beside those of the other parts.
#[derive(Debug)]
pub struct Ordered<'a> {
    /// The part's alias; none where the set is of one namespace.
    pub part: Option<&'a PartName>,
    /// The plan.
    pub plan: &'a mut Plan,
    /// The set that should run.
    pub set: &'a Spec,
    /// The set that runs.
    pub live: &'a Spec,
}

/// Puts the writes of plans in waves, across all parts, and says in their notes what waits for
/// what.
///
/// A service is written after those that it requires, a flag switched on after those that it
/// requires, and what reads that flag at its start after the flag. Where what runs now would miss
/// what the new version of another no longer gives, it is the other way round: whoever needs it is
/// written first. What is not written anyway holds up nothing. Whether a commit is at or after
/// another is taken from `ancestry`.
pub fn put_in_waves(parts: &mut [Ordered<'_>], ancestry: &Ancestry) {
    let after = Edges::of(parts, ancestry).after();
    if after.is_empty() {
        return;
    }
    let (mut waves, circle) = sort(&after);
    waves.retain(|_, wave| *wave > 0);
    let needed: BTreeSet<&Key> = after.values().flatten().collect();
    let names: Vec<Option<PartName>> = parts.iter().map(|one| one.part.cloned()).collect();
    let words = Words { parts: &names };
    for (at, one) in parts.iter_mut().enumerate() {
        one.plan.notes.extend(words.waits(at, &after, &waves, &circle));
        let own = waves.iter().filter(|(key, _)| key.part == at);
        one.plan.waves = Waves(own.map(|(key, wave)| (key.object(), *wave)).collect());
        for switch in &mut one.plan.switches {
            let key = Key::of_switch(at, &switch.seen, &switch.key);
            if after.contains_key(&key) || needed.contains(&key) {
                switch.wave = Some(waves.get(&key).copied().unwrap_or_default());
            }
        }
    }
    if let Some(first) = circle.first() {
        let all: Vec<String> = circle.iter().map(|key| words.name(first.part, key)).collect();
        let all = all.join(" and ");
        let says = format!("{all} require each other in a circle, and are written at once");
        parts[first.part].plan.notes.push(says);
    }
}

/// Sentences about objects of parts.
struct Words<'a> {
    parts: &'a [Option<PartName>],
}

impl Words<'_> {
    /// Name of an object, for a reader of the part at `here`.
    fn name(&self, here: usize, key: &Key) -> String {
        let (kind, name) = match key.flag() {
            Some(flag) => ("flag".to_owned(), flag),
            None => (key.kind.to_string(), key.name.as_str()),
        };
        match &self.parts[key.part] {
            Some(part) if key.part != here => format!("{kind} {part}/{name}"),
            Some(_) | None => format!("{kind} {name}"),
        }
    }

    /// Sentences about the waits of the objects of a part.
    fn waits(
        &self,
        here: usize,
        after: &After,
        waves: &BTreeMap<Key, usize>,
        circle: &BTreeSet<Key>,
    ) -> Vec<String> {
        let mut told = Vec::new();
        for (key, needs) in after.iter().filter(|(key, _)| key.part == here) {
            let is_in_it = circle.contains(key);
            let needs = needs.iter().filter(|need| !(is_in_it && circle.contains(*need)));
            let (run, others): (Vec<&Key>, Vec<&Key>) =
                needs.partition(|need| need.kind.is_workload());
            let (switched, written): (Vec<&Key>, Vec<&Key>) =
                others.into_iter().partition(|need| need.flag().is_some());
            let all = [
                (run, "runs", "run"),
                (written, "is written", "are written"),
                (switched, "is switched", "are switched"),
            ];
            let clauses = all.into_iter().filter(|(keys, ..)| !keys.is_empty());
            let clauses: Vec<String> = clauses
                .map(|(keys, one, several)| {
                    let names: Vec<String> = keys.iter().map(|key| self.name(here, key)).collect();
                    format!(
                        "{} {}",
                        names.join(" and "),
                        if keys.len() == 1 { one } else { several }
                    )
                })
                .collect();
            if waves.contains_key(key) && !clauses.is_empty() {
                let clauses = clauses.join(" and ");
                let verb = if key.flag().is_some() { "switched" } else { "written" };
                told.push(format!("{} is {verb} once {clauses}", self.name(here, key)));
            }
        }
        if told.len() > NAMED {
            let more = told.len() - NAMED;
            told.truncate(NAMED);
            told.push(format!("{more} more are written once what they require runs"));
        }
        told
    }
}
