//! Listing of the store, by metadata alone.

use serde::{Deserialize, de::DeserializeOwned};
use snapshot_core::assembly::STORE_LABEL;

use super::{
    ConfigMaps, annotations,
    object::{ObjectMeta, Part, name_of_entry, snapshot_name},
};
use crate::{
    cluster::{ClusterError, Query},
    store::{Broken, Listing, Names, StoreError, entry::Section},
};

/// One page of a list, of whole objects or of their metadata.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(super) struct Page<T> {
    metadata: PageMeta,
    pub(super) items: Option<Vec<T>>,
}

#[derive(Deserialize)]
struct PageMeta {
    #[serde(default, rename = "continue")]
    next: String,
}

/// An object without its contents.
#[derive(Deserialize)]
struct MetadataOnly {
    metadata: ObjectMeta,
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads a page, and the query for the one after it.
    pub(super) fn read(text: &str, query: &Query) -> Result<(Self, Option<Query>), ClusterError> {
        let page: Self = serde_json::from_str(text)
            .map_err(|error| ClusterError::answer("the list of ConfigMaps", error))?;
        let next = (!page.metadata.next.is_empty())
            .then(|| query.clone().with("continue", &page.metadata.next));
        Ok((page, next))
    }
}

impl ConfigMaps {
    /// Every snapshot; a broken head does not hide the others.
    pub async fn list(&self) -> Result<Listing, StoreError> {
        let first = Self::query(Part::Snapshot);
        let mut listing = Listing::default();
        let mut next = Some(first.clone());
        while let Some(query) = next {
            let text =
                self.cluster.list_metadata(&self.cluster.core_path("configmaps"), &query).await?;
            let (page, more) = Page::<MetadataOnly>::read(&text, &first)?;
            for MetadataOnly { metadata } in page.items.into_iter().flatten() {
                match annotations::read(&metadata) {
                    Ok(head) => listing.heads.push(head),
                    Err(cause) => listing.broken.push(Broken {
                        name: snapshot_name(&metadata.name).unwrap_or(&metadata.name).to_owned(),
                        cause: format!("{} {cause}", self.describe(&metadata.name)),
                    }),
                }
            }
            next = more;
        }
        Ok(listing.sorted())
    }

    /// Names of snapshots and stages, in one request.
    pub async fn names(&self) -> Result<Names, StoreError> {
        let parts = [Part::Snapshot, Part::Entry(Section::Stages)].map(Part::label).join(",");
        let query = Query::recent().with("labelSelector", &format!("{STORE_LABEL} in ({parts})"));
        let text =
            self.cluster.list_metadata(&self.cluster.core_path("configmaps"), &query).await?;
        let (page, _) = Page::<MetadataOnly>::read(&text, &query)?;
        let mut listing = Listing::default();
        let mut stages = Vec::new();
        for MetadataOnly { metadata } in page.items.into_iter().flatten() {
            match name_of_entry(Section::Stages, &metadata.name) {
                Some(stage) => stages.push(stage.to_owned()),
                None => listing.heads.extend(annotations::read(&metadata).ok()),
            }
        }
        stages.sort();
        Ok(Names { snapshots: listing.sorted().heads, stages })
    }
}
