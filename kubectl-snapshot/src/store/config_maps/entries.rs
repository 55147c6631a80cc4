//! Entries as plain ConfigMaps, which kubectl can read and write as well.

use super::{
    ConfigMaps,
    list::Page,
    object::{ConfigMap, Part, entry_name, name_of_entry},
};
use crate::{
    cluster::{ClusterError, Query},
    store::{
        StoreError,
        entry::{Change, Entry, Fields, Section},
        evidence::LARGEST_FACT,
    },
};

/// The label that says what an entry belongs to: a stage, a snapshot's digest.
const GROUP_LABEL: &str = "kubectl-snapshot.dev/of";

/// Drops what is larger than an entry of the section can be: thousands are held at once.
fn bounded(section: Section, entry: Entry) -> Entry {
    if section == Section::Evidence && entry.bytes() > LARGEST_FACT {
        return Entry { fields: Fields::new(), ..entry };
    }
    entry
}

impl ConfigMaps {
    /// Every entry of a section, by name.
    pub async fn entries(&self, section: Section) -> Result<Vec<Entry>, StoreError> {
        self.list_entries(section, Self::query(Part::Entry(section))).await
    }

    /// The entries of a group, by name.
    pub async fn entries_of(
        &self,
        section: Section,
        group: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let selector = format!("{},{GROUP_LABEL}={group}", Part::Entry(section).selector());
        self.list_entries(section, Self::selected(&selector)).await
    }

    async fn list_entries(&self, section: Section, first: Query) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        let mut next = Some(first.clone());
        while let Some(query) = next {
            let text = self.cluster.list(&self.cluster.core_path("configmaps"), &query).await?;
            let (page, more) = Page::<ConfigMap>::read(&text, &first)?;
            entries.extend(page.items.into_iter().flatten().filter_map(|object| {
                let name = name_of_entry(section, object.name())?.to_owned();
                let sealed = object.is_immutable();
                Some(bounded(section, Entry { name, fields: object.data, sealed }))
            }));
            next = more;
        }
        entries.sort_by(|a: &Entry, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Fields of an entry, if it is there.
    pub async fn entry(&self, section: Section, name: &str) -> Result<Option<Fields>, StoreError> {
        Ok(self.get(&entry_name(section, name)).await?.map(|object| object.data))
    }

    /// Makes an entry, or changes the one that is there.
    pub async fn update(
        &self,
        section: Section,
        name: &str,
        change: Change<'_>,
    ) -> Result<Fields, StoreError> {
        let mut object = match self.get(&entry_name(section, name)).await? {
            Some(object) => object,
            None => match self.create_entry(section, name, change(None)?).await {
                // Somebody made it in the meantime: change theirs.
                Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => {
                    self.get(&entry_name(section, name)).await?.unwrap_or_default()
                }
                other => return other,
            },
        };
        object.data = change(Some(std::mem::take(&mut object.data)))?;
        self.replace(&object, section.entity(), name).await?;
        Ok(object.data)
    }

    /// Writes an entry that nobody may change.
    pub async fn append(
        &self,
        section: Section,
        group: &str,
        id: &str,
        fields: &Fields,
    ) -> Result<bool, StoreError> {
        let name = entry_name(section, &format!("{group}.{id}"));
        let mut object = ConfigMap::written_once(name, Part::Entry(section));
        object.metadata.labels.insert(GROUP_LABEL.to_owned(), group.to_owned());
        object.data.clone_from(fields);
        match self.create(&object).await {
            Ok(()) => Ok(true),
            // A request that was answered with "try again" may have been done all the same.
            Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => {
                Ok(self.get(object.name()).await?.is_some_and(|there| there.data == *fields))
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes an entry; `false` where there was none.
    pub async fn remove_entry(&self, section: Section, name: &str) -> Result<bool, StoreError> {
        self.remove(&entry_name(section, name)).await
    }

    /// Display name of an entry, for messages.
    pub fn describe_entry(&self, section: Section, name: &str) -> String {
        self.describe(&entry_name(section, name))
    }

    async fn create_entry(
        &self,
        section: Section,
        name: &str,
        fields: Fields,
    ) -> Result<Fields, StoreError> {
        let mut object = ConfigMap::new(entry_name(section, name), Part::Entry(section));
        object.data = fields;
        self.create(&object).await?;
        Ok(object.data)
    }
}
