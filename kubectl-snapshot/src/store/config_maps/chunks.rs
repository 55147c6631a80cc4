//! Chunks as ConfigMaps.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;

use super::{
    ConfigMaps,
    object::{ConfigMap, chunk_name},
};
use crate::{
    cluster::ClusterError,
    store::{
        StoreError,
        chunk::{self, ChunkId, Damage},
        pack::{Pack, PackList},
    },
};

/// The text of a chunk's ConfigMap, of which thousands are read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChunkText<'a> {
    #[serde(borrow)]
    binary_data: Binary<'a>,
}

#[derive(Deserialize)]
struct Binary<'a> {
    chunk: &'a str,
}

impl ConfigMaps {
    /// Stores a text in one chunk, or in several where it is too large.
    ///
    /// It is made where it is compressed: there are fewer texts at a time than requests.
    pub(super) async fn put_text(
        &self,
        text: impl FnOnce() -> Vec<u8> + Send + 'static,
    ) -> Result<Vec<ChunkId>, StoreError> {
        let compressed = self.compute(move || {
            let text = text();
            let parts = chunk::cut(&text)
                .into_iter()
                .map(|part| (ChunkId::of(part), chunk::compress(part)));
            parts.collect::<Vec<_>>()
        });
        let mut ids = Vec::new();
        for (id, blob) in compressed.await {
            self.put_chunk(id, blob).await?;
            ids.push(id);
        }
        Ok(ids)
    }

    async fn put_chunk(&self, id: ChunkId, blob: Vec<u8>) -> Result<(), StoreError> {
        let object = ConfigMap::chunk(id.digest, blob);
        match self.create(&object).await {
            Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => (),
            other => return other,
        }
        // The name says what it should hold. One that holds something else
        // cannot be changed, but it can be made anew, which mends whatever uses it.
        if let Err(damage) = self.chunk(id).await? {
            match self.remove(object.name()).await {
                Err(StoreError::Cluster(
                    ClusterError::Forbidden { .. } | ClusterError::NotAdmitted { .. },
                )) => {
                    let object = self.describe(object.name());
                    return Err(StoreError::ForeignChunk { object, cause: damage.into() });
                }
                removed => removed?,
            };
            self.create(&object).await?;
        }
        Ok(())
    }

    async fn chunk(&self, id: ChunkId) -> Result<Result<Vec<u8>, Damage>, ClusterError> {
        let Some(text) = self.cluster.get(&self.path(&chunk_name(id.digest))).await? else {
            return Ok(Err(Damage::Missing));
        };
        Ok(self
            .compute(move || {
                let object: ChunkText<'_> =
                    serde_json::from_str(&text).map_err(|_| Damage::NoChunk)?;
                let blob = BASE64_STANDARD
                    .decode(object.binary_data.chunk)
                    .map_err(|_| Damage::NoChunk)?;
                id.decompress(&blob)
            })
            .await)
    }

    /// Stores bytes, and lists the chunks that hold them.
    pub async fn put_blob(&self, bytes: &[u8]) -> Result<String, StoreError> {
        let bytes = bytes.to_vec();
        let chunks = self.put_text(move || bytes).await?;
        Ok(PackList::write(&[Pack { chunks, used: Vec::new() }]).chunks)
    }

    /// True if every chunk of a list is there.
    pub async fn has_blob(&self, chunks: &str) -> Result<bool, StoreError> {
        let Ok(ids) = PackList::without_pieces(chunks) else { return Ok(false) };
        self.are_there(&ids).await
    }

    /// True if these chunks are there, by their names alone.
    pub(super) async fn are_there(&self, ids: &[ChunkId]) -> Result<bool, StoreError> {
        let there = self.stored_chunks().await?;
        for id in ids.iter().filter(|id| !there.contains_key(&id.digest)) {
            // One that has lost its label is not in the list.
            if self.cluster.get(&self.path(&chunk_name(id.digest))).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads bytes back from a list of chunks; the inner error is for a list that makes no sense.
    pub async fn blob(
        &self,
        chunks: &str,
        owner: &str,
    ) -> Result<Result<Vec<u8>, String>, StoreError> {
        match PackList::without_pieces(chunks) {
            Ok(ids) => Ok(Ok(self.text(&ids, owner).await?)),
            Err(error) => Ok(Err(format!("its list of chunks cannot be read: {error}"))),
        }
    }

    /// Reads a text back; `snapshot` is who needs it.
    pub(super) async fn text(
        &self,
        ids: &[ChunkId],
        snapshot: &str,
    ) -> Result<Vec<u8>, StoreError> {
        let mut text = Vec::new();
        for id in ids {
            let part = self.chunk(*id).await?.map_err(|damage| StoreError::Corrupted {
                snapshot: snapshot.to_owned(),
                object: self.describe(&chunk_name(id.digest)),
                cause: damage.into(),
            })?;
            if text.is_empty() { text = part } else { text.extend(part) }
        }
        Ok(text)
    }
}
