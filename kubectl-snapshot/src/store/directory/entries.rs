//! Entries as JSON files.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Directory, Files, names, read};
use crate::{
    files::{self, Existing},
    store::{
        StoreError,
        entry::{Change, Entry, Fields, Section},
    },
};

impl Directory {
    /// Makes an entry, or changes the one that is there.
    pub async fn update(
        &self,
        section: Section,
        name: &str,
        change: Change<'_>,
    ) -> Result<Fields, StoreError> {
        let owned = name.to_owned();
        let fields = change(self.on(move |files| files.entry(section, &owned)).await?)?;
        let (owned, written) = (name.to_owned(), fields.clone());
        self.on(move |files| files.put(section, &owned, &written)).await?;
        Ok(fields)
    }

    /// Display name of an entry, for messages.
    pub fn describe_entry(&self, section: Section, name: &str) -> String {
        self.0.describe_entry(section, name)
    }
}

impl Files {
    fn entry_file(&self, section: Section, name: &str) -> PathBuf {
        self.root.join(section.word()).join(format!("{name}.json"))
    }

    /// Every entry of a section, by name.
    pub fn entries(&self, section: Section) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for name in names(&self.root.join(section.word()))? {
            let fields = match self.entry(section, &name) {
                // Records and the like are judged one by one: a broken one hides no other.
                Err(StoreError::BrokenEntry { .. } | StoreError::NotAFile { .. })
                    if section.is_kept_by_the_program() =>
                {
                    Some(Fields::new())
                }
                read => read?,
            };
            entries.extend(fields.map(|fields| Entry { name, fields, sealed: false }));
        }
        entries.sort_by(|a: &Entry, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Fields of an entry, if it is there.
    pub fn entry(&self, section: Section, name: &str) -> Result<Option<Fields>, StoreError> {
        let file = self.entry_file(section, name);
        read(&file)?.map(|text| parse(section, &file, &text)).transpose()
    }

    /// Makes an entry, or replaces the one that is there.
    pub fn put(&self, section: Section, name: &str, fields: &Fields) -> Result<(), StoreError> {
        write(&self.entry_file(section, name), Existing::Replace, fields)
    }

    /// Writes an entry that nobody may change.
    pub fn append(
        &self,
        section: Section,
        group: &str,
        id: &str,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        let file = self.entry_file(section, &format!("{group}.{id}"));
        match write(&file, Existing::Keep, fields) {
            Ok(()) => Ok(true),
            Err(StoreError::Io { cause, .. }) if cause.kind() == io::ErrorKind::AlreadyExists => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The entries of a group, by name.
    pub fn entries_of(&self, section: Section, group: &str) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.entries(section)?;
        entries.retain(|entry| {
            let group_of = |name: &str| name.rsplit_once('.').map(|(of, _)| of.to_owned());
            group_of(&entry.name).as_deref() == Some(group)
        });
        Ok(entries)
    }

    /// Display name of an entry, for messages.
    pub fn describe_entry(&self, section: Section, name: &str) -> String {
        self.entry_file(section, name).display().to_string()
    }

    /// Deletes an entry; `false` where there was none.
    pub fn remove_entry(&self, section: Section, name: &str) -> Result<bool, StoreError> {
        let file = self.entry_file(section, name);
        // A folder in a file's place goes where it is empty.
        let is_folder = fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_dir());
        match if is_folder { fs::remove_dir(&file) } else { fs::remove_file(&file) } {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(StoreError::Io { verb: "deleted", file, cause }),
        }
    }
}

fn write(file: &Path, existing: Existing, fields: &Fields) -> Result<(), StoreError> {
    let written = files::write(file, existing, |out| {
        // One member a line: people read the difference in Git.
        serde_json::to_writer_pretty(&mut *out, fields)?;
        out.write_all(b"\n")
    });
    written.map_err(|cause| StoreError::Io { verb: "written", file: file.to_owned(), cause })
}

fn parse(section: Section, file: &Path, text: &[u8]) -> Result<Fields, StoreError> {
    serde_json::from_slice(text).map_err(|error| StoreError::BrokenEntry {
        entity: section.entity(),
        file: file.to_owned(),
        cause: error.into(),
    })
}
