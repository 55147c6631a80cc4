//! Variable sets as files.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Directory, atomic, names, read};
use crate::{
    domain::name::SetName,
    store::{Overwrite, StoreError, variables::VariableSet},
};

impl Directory {
    fn set_folder(&self) -> PathBuf {
        self.root.join("variables")
    }

    fn set_file(&self, set: &SetName) -> PathBuf {
        self.set_folder().join(format!("{set}.json"))
    }

    /// Every variable set, by name.
    pub(in crate::store) fn variable_sets(&self) -> Result<Vec<VariableSet>, StoreError> {
        let names = names(&self.set_folder())?.into_iter().filter_map(|name| name.parse().ok());
        let mut sets: Vec<VariableSet> =
            names.map(|name| self.variable_set(&name)).collect::<Result<_, _>>()?;
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(sets)
    }

    /// One variable set.
    pub(in crate::store) fn variable_set(&self, set: &SetName) -> Result<VariableSet, StoreError> {
        match self.read_set(set)? {
            Some(values) => Ok(VariableSet { name: set.clone(), values }),
            None => Err(self.no_set(set)),
        }
    }

    /// Gives variables their values, in a new set or one that is there.
    pub(in crate::store) fn put_variables(
        &self,
        set: &SetName,
        values: &BTreeMap<String, String>,
    ) -> Result<VariableSet, StoreError> {
        let mut merged = self.read_set(set)?.unwrap_or_default();
        merged.extend(values.clone());
        self.write_set(VariableSet { name: set.clone(), values: merged })
    }

    /// Takes variables out of a set.
    pub(in crate::store) fn remove_variables(
        &self,
        set: &SetName,
        names: &[String],
    ) -> Result<VariableSet, StoreError> {
        let mut found = self.variable_set(set)?;
        found.remove(names)?;
        self.write_set(found)
    }

    /// Deletes a set.
    pub(in crate::store) fn delete_variables(&self, set: &SetName) -> Result<(), StoreError> {
        let file = self.set_file(set);
        match fs::remove_file(&file) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(self.no_set(set)),
            Err(cause) => Err(StoreError::Io { verb: "deleted", file, cause }),
        }
    }

    fn read_set(&self, set: &SetName) -> Result<Option<BTreeMap<String, String>>, StoreError> {
        let file = self.set_file(set);
        read(&file)?.map(|text| parse(&file, &text)).transpose()
    }

    fn write_set(&self, set: VariableSet) -> Result<VariableSet, StoreError> {
        let file = self.set_file(&set.name);
        let written = atomic::write(&file, Overwrite::Force, |out| {
            // One variable a line: people read the difference in Git.
            serde_json::to_writer_pretty(&mut *out, &set.values)?;
            out.write_all(b"\n")
        });
        written.map_err(|cause| StoreError::Io { verb: "written", file, cause })?;
        Ok(set)
    }

    fn no_set(&self, set: &SetName) -> StoreError {
        VariableSet::not_found(set, &self.variable_sets().unwrap_or_default(), &self.place())
    }
}

fn parse(file: &Path, text: &[u8]) -> Result<BTreeMap<String, String>, StoreError> {
    serde_json::from_slice(text)
        .map_err(|error| StoreError::BrokenSet { file: file.to_owned(), cause: error.to_string() })
}
