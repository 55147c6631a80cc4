//! Facts of a set that were seen where it ran, and that no object of it says.
//!
//! They are members that earlier versions keep without knowing them, and part of the digest:
//! what is decided about a set rests on them.

use serde_json::{Value, json};

use crate::snapshot::Spec;

/// The member with the origins of flags that could not be read.
const UNREADABLE_FLAGS: &str = "unreadableFlags";

impl Spec {
    /// Origins of flag definitions that are there and could not be read, each with the reason.
    pub fn unreadable_flags(&self) -> impl Iterator<Item = (&str, &str)> {
        members(self.extra.get(UNREADABLE_FLAGS))
            .map(|(origin, reason)| (origin, reason.as_str().unwrap_or_default()))
    }

    /// Notes that the flag definitions of an origin could not be read.
    pub(crate) fn add_unreadable_flags(&mut self, origin: String, reason: String) {
        let origins = self.extra.entry(UNREADABLE_FLAGS.to_owned()).or_insert_with(|| json!({}));
        origins[origin] = reason.into();
    }

    /// Takes over what was seen of the same set before its objects were read anew.
    pub fn observe_as(&mut self, seen: &Self) {
        if let Some(value) = seen.extra.get(UNREADABLE_FLAGS) {
            self.extra.insert(UNREADABLE_FLAGS.to_owned(), value.clone());
        }
        for one in seen.instances() {
            let here = self.services.get_mut(one.service).and_then(|all| all.get_mut(one.name));
            let Some(here) = here else { continue };
            for (name, container) in &mut here.containers {
                if let Some(seen) = one.instance.containers.get(name) {
                    container.also_running.clone_from(&seen.also_running);
                }
            }
        }
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        document::{self, test_support::shop},
        snapshot::Snapshot,
    };

    #[test]
    fn what_was_seen_is_stored_with_the_set() {
        let mut spec = shop(1).spec;
        let (bare, plain) = (spec.clone(), spec.digest());
        spec.add_unreadable_flags("flagd:a/b.json".to_owned(), "why".to_owned());
        let unreadable = spec.digest();
        assert_ne!(unreadable, plain);
        let instances = spec.services.values_mut().flat_map(BTreeMap::values_mut);
        let mut containers = instances.flat_map(|instance| instance.containers.values_mut());
        containers.next().unwrap().also_running = vec!["shop/cart:1.0.0".to_owned()];
        drop(containers);
        assert_ne!(spec.digest(), unreadable);
        let mut text = Vec::new();
        document::write(&Snapshot { spec, ..Snapshot::default() }.into(), &mut text).unwrap();
        let read = document::read(&text).unwrap().into_one().unwrap().spec;
        assert_eq!(read.unreadable_flags().collect::<Vec<_>>(), [("flagd:a/b.json", "why")]);
        let also = read.instances().flat_map(|one| one.instance.containers.values());
        let also: Vec<&String> = also.flat_map(|container| &container.also_running).collect();
        assert_eq!(also, ["shop/cart:1.0.0"]);
        let mut anew = bare;
        anew.observe_as(&read);
        assert_eq!(anew, read);
    }

    #[test]
    fn members_of_another_shape_are_passed_over() {
        let mut spec = Spec::default();
        spec.extra.insert(UNREADABLE_FLAGS.to_owned(), json!([1]));
        assert_eq!(spec.unreadable_flags().count(), 0);
    }
}
