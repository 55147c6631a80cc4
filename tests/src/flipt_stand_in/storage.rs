//! Storage of the flags: a revision for all of it, as Git has one.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
};

use serde_json::Value;

/// Members of a flag that are kept; others are dropped without a word.
const MEMBERS: [&str; 11] = [
    "@type",
    "key",
    "type",
    "name",
    "description",
    "enabled",
    "variants",
    "rules",
    "rollouts",
    "defaultVariant",
    "metadata",
];

/// An environment and a namespace in it.
type Place<'a> = (&'a str, &'a str);
type Flags = BTreeMap<String, Flag>;

/// The flags of all environments and their namespaces.
#[derive(Debug)]
pub(super) struct Storage {
    environments: BTreeMap<String, BTreeMap<String, Flags>>,
    commits: u64,
    random: RandomState,
}

/// A flag, as it is and as it was before its last write.
#[derive(Clone, Debug)]
struct Flag {
    now: Value,
    before: Value,
}

impl Default for Storage {
    fn default() -> Self {
        let namespaces = BTreeMap::from([("default".to_owned(), Flags::new())]);
        let environments = BTreeMap::from([("default".to_owned(), namespaces)]);
        Self { environments, commits: 0, random: RandomState::new() }
    }
}

impl Storage {
    /// Hash of the last commit: forty hexadecimal digits.
    pub(super) fn revision(&self) -> String {
        let part = |salt: u8| self.random.hash_one((self.commits, salt));
        format!("{:016x}{:016x}{:08x}", part(0), part(1), part(2) >> 32)
    }

    /// Writes a flag whole: what the payload leaves out is gone.
    pub(super) fn set(&mut self, (environment, namespace): Place<'_>, key: &str, payload: Value) {
        let mut now = whole(key, payload);
        now.as_object_mut()
            .expect("it is whole")
            .retain(|name, _| MEMBERS.contains(&name.as_str()));
        let namespaces = self.environments.entry(environment.to_owned()).or_default();
        let flags = namespaces.entry(namespace.to_owned()).or_default();
        let before = flags.remove(key).map_or_else(|| now.clone(), |flag| flag.now);
        flags.insert(key.to_owned(), Flag { now, before });
        self.commits += 1;
    }

    pub(super) fn get(&self, place: Place<'_>, key: &str) -> Option<&Value> {
        self.flags(place)?.get(key).map(|flag| &flag.now)
    }

    /// The flag as it was before its last write.
    pub(super) fn before(&self, place: Place<'_>, key: &str) -> Option<&Value> {
        self.flags(place)?.get(key).map(|flag| &flag.before)
    }

    /// The flags of a namespace; none where it is not there.
    pub(super) fn all(&self, place: Place<'_>) -> impl Iterator<Item = (&String, &Value)> {
        self.flags(place).into_iter().flatten().map(|(key, flag)| (key, &flag.now))
    }

    pub(super) fn environments(&self) -> impl Iterator<Item = &String> {
        self.environments.keys()
    }

    pub(super) fn namespaces(&self, environment: &str) -> Option<impl Iterator<Item = &String>> {
        self.environments.get(environment).map(BTreeMap::keys)
    }

    fn flags(&self, (environment, namespace): Place<'_>) -> Option<&Flags> {
        self.environments.get(environment)?.get(namespace)
    }
}

/// A payload with all that Flipt shows of a flag.
fn whole(key: &str, payload: Value) -> Value {
    let mut whole = serde_json::json!({
        "@type": "flipt.core.Flag", "key": key, "type": "BOOLEAN_FLAG_TYPE", "name": "",
        "description": "", "enabled": false, "variants": [], "rules": [], "rollouts": [],
    });
    if let Value::Object(members) = payload {
        for (name, value) in members {
            whole[name] = value;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLACE: Place<'static> = ("default", "default");

    #[test]
    fn a_write_replaces_the_whole_flag_and_makes_another_revision() {
        let mut storage = Storage::default();
        storage.set(PLACE, "a", json!({"enabled": true, "metadata": {"requires": "tax"}, "x": 1}));
        let first = storage.revision();
        assert!(first.len() == 40 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
        assert!(storage.get(PLACE, "a").unwrap().get("x").is_none());
        storage.set(PLACE, "a", json!({"enabled": false}));
        assert_ne!(storage.revision(), first);
        assert!(storage.get(PLACE, "a").unwrap().get("metadata").is_none());
        assert_eq!(storage.before(PLACE, "a").unwrap()["enabled"], true);
    }
}
