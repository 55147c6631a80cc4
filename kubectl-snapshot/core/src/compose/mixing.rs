//! Mixing: a set with some of the differences that another has from it.
//!
//! What differs is cut as fine as it can be applied: a service with what is its alone, an object
//! that several services share or none has, a flag of a ConfigMap that defines several.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{ComposeError, Draft, Source, members::Id, source::variables};
use crate::{
    flag::Flag,
    flags,
    manifest::{Kind, Manifest},
    snapshot::{Instance, Instances, Snapshot},
};

/// One thing in which two sets differ, and that can be applied by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// A service, with the objects that are its alone.
    Service(String),
    /// A flag, as its definition has it.
    Flag(String),
    /// An object that several services share, or that is none's.
    Object(Kind, String),
}

/// Two sets, to be mixed.
#[derive(Clone, Debug)]
pub struct Mixing {
    whole: [Snapshot; 2],
    from: Source,
    to: Source,
    variables: BTreeSet<String>,
    /// The one service that an object is of, where it is of one alone.
    of_one: BTreeMap<Id, String>,
    /// The flags that are taken one by one, by the object that defines them.
    apart: BTreeMap<Id, BTreeSet<String>>,
    differences: BTreeSet<Difference>,
}

impl Mixing {
    /// Two sets with what the user calls them; `variables` are those of the store.
    #[must_use]
    pub fn of(from: (&str, Snapshot), to: (&str, Snapshot), variables: BTreeSet<String>) -> Self {
        let mut mixing = Self {
            from: Source::of(from.0, &from.1),
            to: Source::of(to.0, &to.1),
            whole: [from.1, to.1],
            variables,
            of_one: BTreeMap::new(),
            apart: BTreeMap::new(),
            differences: BTreeSet::new(),
        };
        mixing.find_objects();
        mixing.find_services();
        mixing.find_flags_of_files();
        mixing
    }

    /// All in which they differ, as it can be applied; nothing where the sets are one.
    #[must_use]
    pub fn differences(&self) -> &BTreeSet<Difference> {
        &self.differences
    }

    /// The set that is left, and the one that is gone to.
    #[must_use]
    pub fn ends(&self) -> [&Snapshot; 2] {
        self.whole.each_ref()
    }

    /// The services that have an object, on both sides.
    pub(crate) fn owners(&self, kind: Kind, name: &str) -> BTreeSet<String> {
        owners(&self.from, &self.to, &(kind, name.to_owned()))
    }

    /// True if an object is on the first side, and on the second.
    pub(crate) fn has(&self, kind: Kind, name: &str) -> [bool; 2] {
        let id = (kind, name.to_owned());
        [&self.from, &self.to].map(|side| side.members.objects.contains_key(&id))
    }

    /// Objects that differ: of one service, of several or none, or for flags alone.
    fn find_objects(&mut self) {
        let (from, to) = (&self.from.members.objects, &self.to.members.objects);
        let ids: BTreeSet<Id> = from.keys().chain(to.keys()).cloned().collect();
        for id in ids.into_iter().filter(|id| from.get(id) != to.get(id)) {
            let mut owners = owners(&self.from, &self.to, &id);
            let flags = self.flags_apart(&id);
            if !flags.is_empty() {
                self.differences.extend(flags.iter().cloned().map(Difference::Flag));
                self.apart.insert(id, flags);
            } else if owners.len() == 1 {
                let owner = owners.pop_first().unwrap_or_default();
                self.differences.insert(Difference::Service(owner.clone()));
                self.of_one.insert(id, owner);
            } else {
                self.differences.insert(Difference::Object(id.0, id.1));
            }
        }
    }

    /// The flags that differ where an object defines them, if nothing else in it does.
    fn flags_apart(&self, id: &Id) -> BTreeSet<String> {
        let of = |side: &Source| side.members.objects.get(id).cloned();
        let (Some(from), Some(to)) = (of(&self.from), of(&self.to)) else {
            return BTreeSet::new();
        };
        let differ = self.to.flags.iter().filter(|(key, flag)| {
            flags::holder_of(flag).as_ref() == Some(id) && self.from.flags.get(*key) != Some(flag)
        });
        let flags: BTreeSet<String> = differ.map(|(key, _)| key.clone()).collect();
        match with_flags(&from, &to, flags.iter().map(|key| (key, &self.to.flags[key]))) {
            Some(whole) if meaning(&whole) == meaning(&to) => flags,
            _ => BTreeSet::new(),
        }
    }

    /// Services whose containers or presence differ, whatever their objects.
    fn find_services(&mut self) {
        let (from, to) = (&self.from.services, &self.to.services);
        let names = from.keys().chain(to.keys());
        let differ = names.filter(|name| {
            let own = |side: &BTreeMap<String, Instances>| side.get(*name).map(without_configs);
            own(from) != own(to)
        });
        let differ: BTreeSet<Difference> = differ.cloned().map(Difference::Service).collect();
        self.differences.extend(differ);
    }

    /// Flags that no object of the sets defines.
    fn find_flags_of_files(&mut self) {
        let keys: BTreeSet<&String> = self.from.of_files.iter().chain(&self.to.of_files).collect();
        let differ =
            keys.into_iter().filter(|key| self.from.flags.get(*key) != self.to.flags.get(*key));
        let differ: Vec<Difference> = differ.cloned().map(Difference::Flag).collect();
        self.differences.extend(differ);
    }

    /// The first set with some of the differences applied; with all it is the second.
    pub fn mix(&self, wanted: &BTreeSet<Difference>) -> Result<Snapshot, ComposeError> {
        if wanted.is_empty() || *wanted == self.differences {
            return Ok(self.whole[usize::from(!wanted.is_empty())].clone());
        }
        let mut draft = Draft::of(&self.from.label, &self.whole[0], self.variables.clone());
        for (id, owner) in &self.of_one {
            if wanted.contains(&Difference::Service(owner.clone())) {
                self.take_object(&mut draft, id);
            }
        }
        for difference in wanted {
            match difference {
                Difference::Service(name) => self.take_service(&mut draft, name),
                Difference::Object(kind, name) => {
                    self.take_object(&mut draft, &(*kind, name.clone()));
                }
                Difference::Flag(key) => self.take_flag_of_file(&mut draft, key),
            }
        }
        for (id, flags) in &self.apart {
            let taken =
                flags.iter().filter(|key| wanted.contains(&Difference::Flag((*key).clone())));
            let taken = taken.map(|key| (key, &self.to.flags[key]));
            let (from, to) = (&self.from.members.objects[id], &self.to.members.objects[id]);
            if let Some(mixed) = with_flags(from, to, taken) {
                draft.set.members.objects.insert(id.clone(), mixed);
            }
        }
        Ok(draft.finish()?.snapshot)
    }

    fn take_object(&self, draft: &mut Draft, id: &Id) {
        let objects = &mut draft.set.members.objects;
        match self.to.members.objects.get(id) {
            Some(theirs) => objects.insert(id.clone(), theirs.clone()),
            None => objects.remove(id),
        };
    }

    fn take_service(&self, draft: &mut Draft, name: &str) {
        let Some(instances) = self.to.services.get(name) else {
            draft.set.services.remove(name);
            return;
        };
        for variable in variables(instances) {
            let values = draft.set.values.entry(variable.clone()).or_default();
            let theirs = self.to.values.get(variable).into_iter().flatten();
            let both: BTreeSet<String> = values.drain(..).chain(theirs.cloned()).collect();
            values.extend(both);
        }
        draft.set.services.insert(name.to_owned(), instances.clone());
    }

    fn take_flag_of_file(&self, draft: &mut Draft, key: &str) {
        if !self.from.of_files.contains(key) && !self.to.of_files.contains(key) {
            return;
        }
        if let Some(flag) = self.to.flags.get(key) {
            draft.set.flags.insert(key.to_owned(), flag.clone());
            draft.set.of_files.insert(key.to_owned());
        } else {
            draft.set.flags.remove(key);
            draft.set.of_files.remove(key);
        }
    }
}

fn owners(from: &Source, to: &Source, id: &Id) -> BTreeSet<String> {
    from.members.owners(id).chain(to.members.owners(id)).cloned().collect()
}

/// An object with the definitions that some flags have in another; none where that cannot be.
fn with_flags<'a>(
    from: &Manifest,
    to: &Manifest,
    flags: impl Iterator<Item = (&'a String, &'a Flag)>,
) -> Option<Manifest> {
    let mut mixed = from.clone();
    for (key, flag) in flags {
        if let Some(changed) = flags::with_definition(key, flag, to, &mixed).ok()? {
            mixed = changed;
        }
    }
    Some(mixed)
}

/// An object with what its files say, as far as they are JSON, in the place of how they write it: a
/// definition that is put into one does not leave its spaces and its order.
fn meaning(manifest: &Manifest) -> Value {
    let mut tree = manifest.tree();
    let files = tree.get_mut("data").and_then(Value::as_object_mut);
    for file in files.into_iter().flat_map(Map::values_mut) {
        if let Some(said) = file.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            *file = said;
        }
    }
    tree
}

/// Instances without what follows from ConfigMaps, which are looked at by themselves.
fn without_configs(instances: &Instances) -> Instances {
    let bare = |instance: &Instance| Instance { configs: BTreeMap::new(), ..instance.clone() };
    instances.iter().map(|(name, instance)| (name.clone(), bare(instance))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assembly::test_support;

    /// Flags of a ConfigMap, in a file that is written as people write it.
    fn flags(tax_call: &str, banner: &str, other: &str) -> Snapshot {
        let file = format!(
            "{{\n  \"flags\": {{\n    \"tax-call\": {{\"state\": \"ENABLED\", \
             \"defaultVariant\": \"{tax_call}\", \"variants\": {{\"on\": true, \"off\": false}}}},\n    \
             \"banner\": {{\"variants\": {{\"on\": true, \"off\": false}}, \
             \"state\": \"ENABLED\", \"defaultVariant\": \"{banner}\"}}\n  }}\n}}\n"
        );
        test_support::snapshot(&[json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "flags"},
            "data": {"shop.flagd.json": file, "other": other},
        })])
    }

    fn is_on(snapshot: &Snapshot, key: &str) -> bool {
        snapshot.spec.flags[key].is_on()
    }

    #[test]
    fn flags_of_one_object_are_taken_one_by_one() {
        let ends = [flags("off", "off", "a"), flags("on", "on", "a")];
        let [good, bad] = ends.clone();
        let mixing = Mixing::of(("good", good), ("bad", bad), BTreeSet::new());
        let each = |key: &str| Difference::Flag(key.to_owned());
        let both = BTreeSet::from([each("banner"), each("tax-call")]);
        assert_eq!(*mixing.differences(), both);
        let mixed = mixing.mix(&BTreeSet::from([each("tax-call")])).unwrap();
        assert!(is_on(&mixed, "tax-call") && !is_on(&mixed, "banner"));
        // With nothing, and with all, it is the one set or the other to the byte.
        for (wanted, end) in [(BTreeSet::new(), &ends[0]), (both, &ends[1])] {
            assert_eq!(mixing.mix(&wanted).unwrap().spec.digest(), end.spec.digest());
        }
    }

    #[test]
    fn an_object_that_differs_in_more_than_flags_is_taken_whole() {
        let (good, bad) = (flags("off", "off", "a"), flags("on", "on", "b"));
        let mixing = Mixing::of(("good", good), ("bad", bad), BTreeSet::new());
        let whole = Difference::Object(Kind::ConfigMap, "flags".to_owned());
        assert_eq!(*mixing.differences(), BTreeSet::from([whole]));
    }
}
