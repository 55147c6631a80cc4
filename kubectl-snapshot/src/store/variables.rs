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
    /// Faults of what somebody wrote by hand and no variable can be: it is passed over.
    #[serde(skip)]
    pub faults: Vec<String>,
}

impl Store {
    /// Every variable set, by name.
    pub async fn variable_sets(&self) -> Result<Vec<VariableSet>, StoreError> {
        let entries = self.entries(Section::Variables).await?;
        let set = |entry: Entry| Some(VariableSet::read(entry.name.parse().ok()?, entry.fields));
        Ok(entries.into_iter().filter_map(set).collect())
    }

    /// One variable set.
    pub async fn variable_set(&self, set: &SetName) -> Result<VariableSet, StoreError> {
        let fields = self.existing_entry(Section::Variables, set.as_ref()).await?;
        Ok(VariableSet::read(set.clone(), fields))
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
            let mut merged = VariableSet::new(set.clone(), there);
            if overwrite == Overwrite::Never {
                merged.refuse_others(values)?;
            }
            merged.values.extend(values.clone());
            Ok(variable_keys::fields(merged.values))
        };
        let fields = self.update(Section::Variables, set.as_ref(), &mut change).await?;
        Ok(VariableSet::new(set.clone(), variable_keys::values(fields)))
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
            let mut found = VariableSet::new(set.clone(), there);
            found.remove(names)?;
            Ok(variable_keys::fields(found.values))
        };
        let fields = self.update(Section::Variables, set.as_ref(), &mut change).await?;
        Ok(VariableSet::new(set.clone(), variable_keys::values(fields)))
    }

    /// Deletes a variable set.
    pub async fn delete_variables(&self, set: &SetName) -> Result<(), StoreError> {
        self.delete_entry(Section::Variables, set.as_ref()).await
    }
}

impl VariableSet {
    fn new(name: SetName, values: BTreeMap<String, String>) -> Self {
        Self { name, values, faults: Vec::new() }
    }

    /// The set that an entry holds, which people may have written by hand.
    fn read(name: SetName, fields: Fields) -> Self {
        let mut set = Self::new(name, variable_keys::values(fields));
        let faults = Self::faults(&set.name, &set.values);
        let faults: Vec<(String, String)> = faults
            .map(|(name, fault)| (name.to_owned(), format!("{fault}; it is passed over")))
            .collect();
        for (name, fault) in faults {
            set.values.remove(&name);
            set.faults.push(fault);
        }
        set
    }

    /// Faults of names and values that no variable can have, by its name.
    fn faults<'a>(
        set: &'a SetName,
        values: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = (&'a str, StoreError)> {
        values.iter().filter_map(|(key, value)| {
            let (set, name) = (set.clone(), key.clone());
            let fault = if let Some(reason) = variable::name_fault(key) {
                StoreError::VariableName { set, name, reason }
            } else {
                let reason = variable::value_fault(key, value)?;
                StoreError::VariableValue { set, name, value: value.clone(), reason }
            };
            Some((key.as_str(), fault))
        })
    }

    /// Faults of an entry's fields, in sentences.
    pub(super) fn faults_of(name: SetName, fields: Fields) -> Vec<String> {
        Self::read(name, fields).faults
    }

    /// Refuses names and values that no variable can have.
    pub(super) fn check(
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        Self::faults(set, values).next().map_or(Ok(()), |(_, fault)| Err(fault))
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
