//! Loading of a snapshot from its chunks.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use serde_json::Value;
use snapshot_core::{
    canonical, document,
    parts::{Document, PartName, Parts, Several},
    snapshot::{Metadata, Snapshot, Spec},
    unknown_fields::UnknownFields,
};

use super::{
    CONCURRENCY, ConfigMaps,
    object::{ConfigMap, chunk_name, head_name, part_of_key, snapshot_name},
};
use crate::{
    causes::Cause,
    store::{
        Entity, Head, Progress, StoreError,
        chunk::ChunkId,
        pack::{Pack, PackList},
        piece,
    },
};

/// The most bits that say which piece is of which part: those of a thousand parts of 10,000
/// workloads. Whoever writes a head says how much memory it takes to read.
const MOST_BITS: usize = 64 << 20;

/// The pieces of a pack that are of some sets: for each set, whether each piece is of it.
struct Shared {
    chunks: Vec<ChunkId>,
    used: Vec<Vec<bool>>,
}

impl ConfigMaps {
    /// Reads a snapshot and verifies it.
    pub async fn load(&self, head: &Head, progress: Progress<'_>) -> Result<Document, StoreError> {
        let object = self.head_object(head).await?;
        let parts = self.parts(&object)?;
        let shares: Vec<Vec<Pack>> = if parts.is_empty() {
            vec![self.packs(&object)?]
        } else {
            parts.values().cloned().collect()
        };
        let mut sets = vec![Spec::default(); shares.len()];
        let packs = shared(shares);
        let total = packs.len();
        progress(0, total);
        let read = stream::iter(packs).map(|pack| self.read(pack, head));
        let mut read = read.buffer_unordered(CONCURRENCY).enumerate();
        while let Some((done, part)) = read.next().await {
            sets.iter_mut().zip(part?).for_each(|(set, part)| merge(set, part));
            progress(done + 1, total);
        }
        let metadata = self.metadata(&object).await?;
        let document = self.document(&object, metadata, parts.into_keys().collect(), sets)?;
        let (mut document, digest) = self
            .compute(move || {
                let digest = document.digest();
                (document, digest)
            })
            .await;
        if digest != head.digest {
            let cause =
                format!("names pieces that make up the set {digest} instead of {}", head.digest);
            return Err(self.corrupted(&object, cause));
        }
        document.metadata_mut().name = Some(head.name.to_string());
        Ok(document)
    }

    /// The document that sets make up, with what the head says of them.
    fn document(
        &self,
        object: &ConfigMap,
        metadata: Value,
        parts: Vec<PartName>,
        mut sets: Vec<Spec>,
    ) -> Result<Document, StoreError> {
        let unreadable = |error: &dyn std::error::Error| {
            self.corrupted(object, format!("has metadata that cannot be read: {error}"))
        };
        if parts.is_empty() {
            let metadata: Metadata =
                serde_json::from_value(metadata).map_err(|error| unreadable(&error))?;
            let spec = sets.pop().unwrap_or_default();
            return Ok(Snapshot { metadata, spec }.into());
        }
        let text = canonical::text(&metadata);
        let (metadata, mut of_parts) =
            document::metadata_of(text.as_bytes()).map_err(|error| unreadable(&error))?;
        let extra: UnknownFields = match object.data.get("extra") {
            Some(text) => serde_json::from_str(text).map_err(|error| {
                self.corrupted(object, format!("has a data.extra that cannot be read: {error}"))
            })?,
            None => UnknownFields::new(),
        };
        let parts: BTreeMap<PartName, Snapshot> = parts
            .into_iter()
            .zip(sets)
            .map(|(name, spec)| {
                let metadata = of_parts.remove(&name).unwrap_or_default();
                (name, Snapshot { metadata, spec })
            })
            .collect();
        let parts = Parts::new(parts).map_err(|error| self.corrupted(object, error.to_string()))?;
        Ok(Document::Several(Several { metadata, parts, extra }))
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

    /// The packs of each part, with its own pieces; none where the set is of one namespace.
    pub(super) fn parts(
        &self,
        object: &ConfigMap,
    ) -> Result<BTreeMap<PartName, Vec<Pack>>, StoreError> {
        let keys = object.binary_data.keys().filter_map(|key| part_of_key(key)).count();
        let mut parts = BTreeMap::new();
        if keys == 0 {
            return Ok(parts);
        }
        let pieces: usize = self.packs(object)?.iter().map(|pack| pack.used.len()).sum();
        if pieces.saturating_mul(keys) > MOST_BITS {
            return Err(self.corrupted(object, "lists more pieces of parts than anything stored"));
        }
        let chunks = object.data.get("chunks").cloned().unwrap_or_default();
        for (key, pieces) in &object.binary_data {
            let Some(name) = part_of_key(key) else { continue };
            let name = name.map_err(|error| {
                self.corrupted(object, format!("has the pieces of no part: {error}"))
            })?;
            let list = PackList { chunks: chunks.clone(), pieces: pieces.0.clone() };
            let packs = list.read().map_err(|error| {
                self.corrupted(object, format!("cannot be read, part {name}: {error}"))
            })?;
            parts.insert(name, packs);
        }
        Ok(parts)
    }

    /// The metadata that a head carries, or names the chunks of.
    pub(super) async fn metadata(&self, object: &ConfigMap) -> Result<Value, StoreError> {
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
        let read: serde_json::Map<String, Value> =
            serde_json::from_slice(&text).map_err(|error| unreadable(&error))?;
        Ok(Value::Object(read))
    }

    /// The part of each set that one pack holds.
    async fn read(&self, pack: Shared, head: &Head) -> Result<Vec<Spec>, StoreError> {
        let Shared { chunks, used } = pack;
        let text = self.text(&chunks, head.name.as_ref()).await?;
        let first = chunks.first().map(|chunk| chunk_name(chunk.digest)).unwrap_or_default();
        let part = self.compute(move || {
            let mut sets = vec![Spec::default(); used.len()];
            for (position, line) in piece::lines(&text).enumerate() {
                for (set, used) in sets.iter_mut().zip(&used) {
                    if used.get(position) == Some(&true) {
                        piece::read_into(set, line)?;
                    }
                }
            }
            Ok(sets)
        });
        part.await.map_err(|error: serde_json::Error| StoreError::Corrupted {
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

/// The packs that several sets share, each to be read once.
fn shared(shares: Vec<Vec<Pack>>) -> Vec<Shared> {
    let mut packs: Vec<Shared> = Vec::new();
    for share in shares {
        packs.resize_with(share.len(), || Shared { chunks: Vec::new(), used: Vec::new() });
        for (pack, Pack { chunks, used }) in packs.iter_mut().zip(share) {
            pack.chunks = chunks;
            pack.used.push(used);
        }
    }
    packs
}

fn merge(spec: &mut Spec, part: Spec) {
    spec.services.extend(part.services);
    spec.flags.extend(part.flags);
    spec.objects.extend(part.objects);
    spec.extra.extend(part.extra);
}
