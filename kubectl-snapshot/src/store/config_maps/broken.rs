//! Broken heads, and chunks that hold other bytes than their names say.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};

use super::{
    CONCURRENCY, ConfigMaps,
    object::{chunk_digest, entry_name, snapshot_name},
    references::References,
};
use crate::{
    cluster::{ClusterError, RIGHTS, Right},
    store::{
        StoreError,
        broken::BrokenPart,
        chunk::{self, Damage},
        entry::Section,
    },
};

impl ConfigMaps {
    /// Heads that no snapshot can be loaded from, and chunks that are in the way of others.
    pub async fn broken_objects(&self) -> Result<Vec<BrokenPart>, StoreError> {
        let references = self.references().await?;
        let faults = references.unreadable().chain(references.unusable());
        let mut seen = BTreeSet::new();
        let heads = faults
            .filter(|(name, _)| snapshot_name(name).is_some() && seen.insert((*name).to_owned()))
            .map(|(name, cause)| {
                BrokenPart::of_object("snapshot", name, self.describe(name), cause.to_owned())
            });
        let mut broken: Vec<BrokenPart> = heads.collect();
        let foreign = self.foreign(&references).await?.into_iter().map(|(name, damage)| {
            BrokenPart::of_object("chunk", &name, self.describe(&name), damage.to_string())
        });
        broken.extend(foreign);
        Ok(broken)
    }

    /// Chunks that are in the way of what is to be stored, an error each.
    pub async fn foreign_chunks(
        &self,
        references: &References,
    ) -> Result<Vec<StoreError>, StoreError> {
        let foreign = self.foreign(references).await?.into_iter();
        let error = |(name, damage): (String, Damage)| StoreError::ForeignChunk {
            object: self.describe(&name),
            cause: damage.into(),
        };
        Ok(foreign.map(error).collect())
    }

    /// Objects with a chunk's name that nothing refers to, and that hold something else.
    async fn foreign(&self, references: &References) -> Result<Vec<(String, Damage)>, StoreError> {
        let named = references.chunks();
        let loose = self.stored_chunks().await?.into_iter();
        let loose = loose.filter(|(digest, _)| !named.contains(digest)).map(|(_, stub)| stub.name);
        let looked = stream::iter(loose).map(|name| async move {
            let (Some(object), Some(digest)) = (self.get(&name).await?, chunk_digest(&name)) else {
                return Ok(None);
            };
            let blob = object.blob().unwrap_or_default();
            let damage = self.compute(move || chunk::verify(digest, &blob)).await.err();
            Ok::<_, StoreError>(damage.map(|damage| (name, damage)))
        });
        let looked: Vec<_> = looked.buffered(CONCURRENCY).try_collect().await?;
        Ok(looked.into_iter().flatten().collect())
    }

    /// True if the guard lets an entry go, which takes a right on its section.
    pub async fn lets_go(&self, section: Section, name: &str) -> Result<bool, StoreError> {
        match self.cluster.try_delete(&self.path(&entry_name(section, name))).await {
            Ok(()) | Err(ClusterError::NotFound { .. }) => Ok(true),
            Err(error @ ClusterError::NotAdmitted { .. }) => {
                // The guard refuses whoever has no right to, and keeps what nobody may delete.
                let right = Right::new("delete", RIGHTS, section.word(), self.cluster.namespace());
                let may = self.cluster.which_may(BTreeSet::from([right])).await?;
                if may.into_values().all(|may| may) { Ok(false) } else { Err(error.into()) }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Content of an object, as text.
    pub async fn content(&self, name: &str) -> Result<String, StoreError> {
        Ok(self.get(name).await?.map(|object| object.to_json()).unwrap_or_default())
    }

    /// Deletes an object, if it is there.
    pub async fn discard(&self, name: &str) -> Result<(), StoreError> {
        self.remove(name).await.map(drop)
    }
}
