//! Variable sets: the values that belong to where a set runs.

use std::collections::BTreeMap;

use serde::Serialize;
use snapshot_core::{name::SetName, variable};

use super::{
    Overwrite, Store, StoreError,
    entry::{Entry, Fields, Section},
    find::near,
    variable_keys,
};

/// A named map of variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VariableSet {
    /// The set's name: `prod`.
    pub name: SetName,
    /// Variable name → value.
    pub values: BTreeMap<String, String>,
}

impl Store {
    /// Every variable set, by name.
    pub async fn variable_sets(&self) -> Result<Vec<VariableSet>, StoreError> {
        let entries = self.entries(Section::Variables).await?;
        let set = |entry: Entry| {
            let values = variable_keys::values(entry.fields);
            Some(VariableSet { name: entry.name.parse().ok()?, values })
        };
        Ok(entries.into_iter().filter_map(set).collect())
    }

    /// One variable set.
    pub async fn variable_set(&self, set: &SetName) -> Result<VariableSet, StoreError> {
        let fields = self.existing_entry(Section::Variables, set.as_ref()).await?;
        let values = variable_keys::values(fields);
        Ok(VariableSet { name: set.clone(), values })
    }

    /// Gives variables their values; others of the set keep theirs.
    pub async fn put_variables(
        &self,
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<VariableSet, StoreError> {
        self.merge_variables(set, values, Overwrite::Force).await
    }

    /// Adds values to a variable set; as `overwrite` says, no variable that has another
    /// value is given this one.
    pub async fn merge_variables(
        &self,
        set: &SetName,
        values: &BTreeMap<String, String>,
        overwrite: Overwrite,
    ) -> Result<VariableSet, StoreError> {
        VariableSet::check(set, values)?;
        let mut change = |there: Option<Fields>| {
            let there = variable_keys::values(there.unwrap_or_default());
            let mut merged = VariableSet { name: set.clone(), values: there };
            if overwrite == Overwrite::Never {
                merged.refuse_others(values)?;
            }
            merged.values.extend(values.clone());
            Ok(variable_keys::fields(merged.values))
        };
        let fields = self.update(Section::Variables, set.as_ref(), &mut change).await?;
        Ok(VariableSet { name: set.clone(), values: variable_keys::values(fields) })
    }

    /// Takes variables out of a set; none, where one of them is not in it.
    pub async fn remove_variables(
        &self,
        set: &SetName,
        names: &[String],
    ) -> Result<VariableSet, StoreError> {
        self.existing_entry(Section::Variables, set.as_ref()).await?;
        let mut change = |there: Option<Fields>| {
            let there = variable_keys::values(there.unwrap_or_default());
            let mut found = VariableSet { name: set.clone(), values: there };
            found.remove(names)?;
            Ok(variable_keys::fields(found.values))
        };
        let fields = self.update(Section::Variables, set.as_ref(), &mut change).await?;
        Ok(VariableSet { name: set.clone(), values: variable_keys::values(fields) })
    }

    /// Deletes a variable set.
    pub async fn delete_variables(&self, set: &SetName) -> Result<(), StoreError> {
        self.delete_entry(Section::Variables, set.as_ref()).await
    }
}

impl VariableSet {
    /// Refuses names and values that no variable can have.
    pub(super) fn check(
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        for (name, value) in values {
            let (set, name) = (set.clone(), name.clone());
            if let Some(reason) = variable::name_fault(&name) {
                return Err(StoreError::VariableName { set, name, reason });
            }
            if let Some(reason) = variable::value_fault(&name, value) {
                return Err(StoreError::VariableValue { set, name, value: value.clone(), reason });
            }
        }
        Ok(())
    }

    /// Refuses to replace a value by another.
    pub fn refuse_others(&self, values: &BTreeMap<String, String>) -> Result<(), StoreError> {
        let other = |(name, wanted): (&String, &String)| {
            let there = self.values.get(name).filter(|there| *there != wanted)?;
            Some((name.clone(), there.clone(), wanted.clone()))
        };
        match values.iter().find_map(other) {
            Some((name, there, wanted)) => {
                Err(StoreError::VariableTaken { set: self.name.clone(), name, there, wanted })
            }
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
