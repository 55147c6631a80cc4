//! Variable sets: the values that belong to where a set runs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{StoreError, find::near};
use crate::domain::name::SetName;

/// A named map of variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VariableSet {
    /// The set's name: `prod`.
    pub name: SetName,
    /// Variable name → value.
    pub values: BTreeMap<String, String>,
}

impl VariableSet {
    /// Refuses names that a ConfigMap cannot have as keys, wherever the set is kept:
    /// a set moves between homes.
    pub(super) fn check(
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        let allowed = |name: &str| {
            let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            legal && !name.is_empty() && name.len() <= 253 && name != "." && !name.starts_with("..")
        };
        match values.keys().find(|name| !allowed(name)) {
            Some(name) => Err(StoreError::VariableName { set: set.clone(), name: name.clone() }),
            None => Ok(()),
        }
    }

    /// Takes variables out.
    pub(super) fn remove(&mut self, names: &[String]) -> Result<(), StoreError> {
        for name in names {
            if self.values.remove(name).is_none() {
                return Err(StoreError::NoVariable {
                    set: self.name.clone(),
                    name: name.clone(),
                    near: near(name, self.values.keys().map(String::as_str)),
                });
            }
        }
        Ok(())
    }

    /// The error for a set that is not there.
    pub(super) fn not_found(wanted: &SetName, known: &[Self], place: &str) -> StoreError {
        StoreError::NotFound {
            kind: "variable set",
            wanted: wanted.to_string(),
            place: place.to_owned(),
            near: near(wanted.as_ref(), known.iter().map(|set| set.name.as_ref())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_a_config_map_takes() {
        let check = |name: &str| {
            VariableSet::check(
                &"prod".parse().unwrap(),
                &BTreeMap::from([(name.to_owned(), String::new())]),
            )
        };
        for name in ["DB_HOST", "spring.datasource.url", "a-b", "_x", ".hidden", "1"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in ["", ".", "..", "..x", "A B", "a/b", "ä", "a=b", &"x".repeat(254)] {
            assert!(check(name).unwrap_err().to_string().contains("in set prod"), "{name}");
        }
    }
}
