//! Entries as JSON files.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Directory, atomic, names, read};
use crate::store::{
    Overwrite, StoreError,
    entry::{Change, Entry, Fields, Shelf},
};

impl Directory {
    fn entry_file(&self, shelf: Shelf, name: &str) -> PathBuf {
        self.root.join(shelf.word()).join(format!("{name}.json"))
    }

    /// Every entry of a shelf, by name.
    pub(in crate::store) fn entries(&self, shelf: Shelf) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for name in names(&self.root.join(shelf.word()))? {
            if let Some(fields) = self.entry(shelf, &name)? {
                entries.push(Entry { name, fields });
            }
        }
        entries.sort_by(|a: &Entry, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// What an entry says, if it is there.
    pub(in crate::store) fn entry(
        &self,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Fields>, StoreError> {
        let file = self.entry_file(shelf, name);
        read(&file)?.map(|text| parse(shelf, &file, &text)).transpose()
    }

    /// Makes an entry, or changes the one that is there.
    pub(in crate::store) fn update(
        &self,
        shelf: Shelf,
        name: &str,
        change: Change<'_>,
    ) -> Result<Fields, StoreError> {
        let fields = change(self.entry(shelf, name)?)?;
        let file = self.entry_file(shelf, name);
        let written = atomic::write(&file, Overwrite::Force, |out| {
            // One member a line: people read the difference in Git.
            serde_json::to_writer_pretty(&mut *out, &fields)?;
            out.write_all(b"\n")
        });
        written.map_err(|cause| StoreError::Io { verb: "written", file, cause })?;
        Ok(fields)
    }

    /// Deletes an entry; `false` where there was none.
    pub(in crate::store) fn remove_entry(
        &self,
        shelf: Shelf,
        name: &str,
    ) -> Result<bool, StoreError> {
        let file = self.entry_file(shelf, name);
        match fs::remove_file(&file) {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(StoreError::Io { verb: "deleted", file, cause }),
        }
    }
}

fn parse(shelf: Shelf, file: &Path, text: &[u8]) -> Result<Fields, StoreError> {
    serde_json::from_slice(text).map_err(|error| StoreError::BrokenEntry {
        kind: shelf.kind(),
        file: file.to_owned(),
        cause: error.to_string(),
    })
}
