//! Loading of a snapshot from its chunks.

use futures::{StreamExt, stream};
use snapshot_core::snapshot::{Metadata, Snapshot, Spec};

use super::{
    CONCURRENCY, ConfigMaps,
    object::{ConfigMap, chunk_name, head_name, snapshot_name},
};
use crate::{
    causes::Cause,
    store::{
        Entity, Head, Progress, StoreError,
        pack::{Pack, PackList},
        piece,
    },
};

impl ConfigMaps {
    /// Reads a snapshot and verifies it.
    pub async fn load(&self, head: &Head, progress: Progress<'_>) -> Result<Snapshot, StoreError> {
        let object = self.head_object(head).await?;
        let mut spec = Spec::default();
        let packs = self.packs(&object)?;
        let total = packs.len();
        progress(0, total);
        let parts =
            stream::iter(packs).map(|pack| self.part(pack, head)).buffer_unordered(CONCURRENCY);
        let mut parts = parts.enumerate();
        while let Some((done, part)) = parts.next().await {
            merge(&mut spec, part?);
            progress(done + 1, total);
        }
        let (spec, digest) = self
            .compute(move || {
                let digest = spec.digest();
                (spec, digest)
            })
            .await;
        if digest != head.digest {
            let cause =
                format!("names pieces that make up the set {digest} instead of {}", head.digest);
            return Err(self.corrupted(&object, cause));
        }
        let metadata = self.metadata(&object).await?;
        Ok(Snapshot { metadata: Metadata { name: Some(head.name.to_string()), ..metadata }, spec })
    }

    /// The ConfigMap of a head, if it is still that head's.
    pub(super) async fn head_object(&self, head: &Head) -> Result<ConfigMap, StoreError> {
        let Some(object) = self.get(&head_name(&head.name)).await? else {
            return Err(self.not_found(&head.name).await?);
        };
        if self.read_head(&object)?.digest == head.digest {
            Ok(object)
        } else {
            Err(StoreError::Changed { entity: Entity::Snapshot, name: head.name.to_string() })
        }
    }

    /// The packs that a head lists.
    pub(super) fn packs(&self, object: &ConfigMap) -> Result<Vec<Pack>, StoreError> {
        let (chunks, pieces) = (object.data.get("chunks"), object.binary_data.get("pieces"));
        let (Some(chunks), Some(pieces)) = (chunks, pieces) else {
            let cause = "has no data.chunks or no binaryData.pieces";
            return Err(self.corrupted(object, cause));
        };
        let list = PackList { chunks: chunks.clone(), pieces: pieces.0.clone() };
        list.read().map_err(|error| self.corrupted(object, format!("cannot be read: {error}")))
    }

    /// The metadata that a head carries, or names the chunks of.
    pub(super) async fn metadata(&self, object: &ConfigMap) -> Result<Metadata, StoreError> {
        let unreadable = |error: &dyn std::error::Error| {
            self.corrupted(object, format!("has metadata that cannot be read: {error}"))
        };
        let text = match (object.data.get("metadata"), object.data.get("metadata.chunks")) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(chunks)) => {
                let ids = PackList::without_pieces(chunks).map_err(|error| unreadable(&error))?;
                self.text(&ids, snapshot_name(object.name()).unwrap_or_default()).await?
            }
            (None, None) => return Err(self.corrupted(object, "has no data.metadata")),
        };
        serde_json::from_slice(&text).map_err(|error| unreadable(&error))
    }

    /// The part of a set that one pack holds.
    async fn part(&self, pack: Pack, head: &Head) -> Result<Spec, StoreError> {
        let text = self.text(&pack.chunks, head.name.as_ref()).await?;
        let first = pack.chunks.first().map(|chunk| chunk_name(chunk.digest)).unwrap_or_default();
        let part = self.compute(move || {
            let mut part = Spec::default();
            let lines = piece::lines(&text).zip(&pack.used).filter(|(_, used)| **used);
            lines
                .map(|(line, _)| line)
                .try_for_each(|line| piece::read_into(&mut part, line))
                .map(|()| part)
        });
        part.await.map_err(|error| StoreError::Corrupted {
            snapshot: head.name.to_string(),
            object: self.describe(&first),
            cause: format!("holds a line that cannot be read: {error}").into(),
        })
    }

    fn corrupted(&self, object: &ConfigMap, cause: impl Into<Cause>) -> StoreError {
        let snapshot = snapshot_name(object.name()).unwrap_or_default().to_owned();
        StoreError::Corrupted {
            snapshot,
            object: self.describe(object.name()),
            cause: cause.into(),
        }
    }
}

fn merge(spec: &mut Spec, part: Spec) {
    spec.services.extend(part.services);
    spec.flags.extend(part.flags);
    spec.objects.extend(part.objects);
    spec.extra.extend(part.extra);
}
