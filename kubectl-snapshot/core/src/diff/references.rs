//! References to ConfigMaps and Secrets, by what those are called rather than by their names.

use std::collections::HashMap;

use serde_json::Value;

use super::pairs::Pair;
use crate::manifest::{forget_secret_hashes, without_hash};

/// Fields that refer to a ConfigMap by name.
const REFERENCES: [&str; 3] = ["configMap", "configMapRef", "configMapKeyRef"];

/// Display names of ConfigMaps whose name differs between the sides.
///
/// A workload that names the next version of a ConfigMap has not changed itself.
pub(super) struct References<'a>(HashMap<&'a str, &'a str>);

impl<'a> References<'a> {
    pub(super) fn new(pairs: &[Pair<'a>]) -> Self {
        let renamed = pairs.iter().filter_map(|pair| Some([pair.before?.0, pair.after?.0]));
        let names = renamed.filter(|[before, after]| before != after).flatten();
        Self(names.map(|name| (name, without_hash(name))).collect())
    }

    /// True if two trees refer to the same ConfigMaps and Secrets and are otherwise equal.
    pub(super) fn same(&self, before: &Value, after: &Value) -> bool {
        let [before, after] = [before, after].map(|tree| self.stable(tree.clone()));
        before == after
    }

    /// The tree with stable names. What is in a Secret belongs to the place, and its hash is
    /// made of that.
    pub(super) fn stable(&self, mut tree: Value) -> Value {
        forget_secret_hashes(&mut tree);
        if !self.0.is_empty() {
            self.rename(&mut tree);
        }
        tree
    }

    fn rename(&self, tree: &mut Value) {
        match tree {
            Value::Object(members) => {
                for (key, member) in members {
                    if REFERENCES.contains(&key.as_str())
                        && let Some(Value::String(name)) = member.get_mut("name")
                        && let Some(stable) = self.0.get(name.as_str())
                    {
                        (*stable).clone_into(name);
                    }
                    self.rename(member);
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.rename(element)),
            _ => {}
        }
    }
}
