//! Saving of a snapshot: its chunks first, then the head that makes them one.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use snapshot_core::{
    canonical,
    digest::Digest,
    name::SnapshotName,
    snapshot::{Metadata, Snapshot},
};

use super::{
    CONCURRENCY, ConfigMaps, annotations,
    object::{Blob, ConfigMap, Part, head_name},
};
use crate::{
    cluster::ClusterError,
    store::{
        Entity, Head, Overwrite, Progress, StoreError,
        digest_and_size::DigestAndSize,
        layout::{Layout, PackIndex, lay_out},
        pack::{Pack, PackList},
        piece::{Piece, lines, pieces},
    },
};

/// The most bytes of metadata that a head carries itself: thousands of
/// variables may have more values than a ConfigMap can take.
const LARGEST_METADATA: usize = 128 * 1024;

impl ConfigMaps {
    /// Writes the chunks that are not there yet, and then the head.
    pub async fn save(
        &self,
        name: &SnapshotName,
        snapshot: &Arc<Snapshot>,
        overwrite: Overwrite,
        progress: Progress<'_>,
    ) -> Result<Head, StoreError> {
        if overwrite == Overwrite::Never
            && let Some(Head { name, digest, .. }) = self.head(name).await?
        {
            // Said before the work rather than after it.
            return Err(StoreError::Taken { name, digest });
        }
        let mut index = self.base_index(snapshot).await?;
        // Both make the text of every service: for thousands of them, two cores are better than one.
        let [counted, cut] = [snapshot, snapshot].map(Arc::clone);
        let (measured, pieces) = tokio::join!(
            self.compute(move || DigestAndSize::of(&counted.spec)),
            self.compute(move || Arc::new(pieces(&cut.spec))),
        );
        let head = Head::new(name, snapshot, measured.digest, measured.bytes);
        loop {
            let placed = Arc::clone(&pieces);
            let layout = Arc::new(self.compute(move || lay_out(&placed, &index)).await);
            let shares = !layout.kept.is_empty();
            let written = self.write(&layout, &pieces, progress).await?;
            let packs: Vec<Pack> = layout.kept.iter().cloned().chain(written).collect();
            match self.commit(&head, &snapshot.metadata, &packs, overwrite).await {
                // What it was to share has been collected: share nothing.
                Err(StoreError::ChunksGone { .. }) if shares => index = PackIndex::default(),
                committed => return committed.map(|()| head),
            }
        }
    }

    /// The chunks of the snapshot that resembles this one most: of a similar
    /// size, then of the same place, then the newest.
    async fn base_index(&self, snapshot: &Snapshot) -> Result<PackIndex, StoreError> {
        let mut index = PackIndex::default();
        let heads = self.list().await?.heads;
        let size = snapshot.spec.instance_count();
        let unlike = |head: &Head| head.instances > 2 * size || size > 2 * head.instances;
        let base =
            heads.iter().min_by_key(|head| (unlike(head), head.source != snapshot.metadata.source));
        let Some(base) = base else { return Ok(index) };
        let packs = match self.head_object(base).await.and_then(|object| self.packs(&object)) {
            Ok(packs) => packs,
            // What is broken, or gone, or another by now, cannot be shared, and stops nobody.
            Err(
                StoreError::Corrupted { .. }
                | StoreError::NotFound { .. }
                | StoreError::Changed { .. },
            ) => return Ok(index),
            Err(error) => return Err(error),
        };
        let mut texts =
            stream::iter(packs).map(|pack| self.pieces_of(pack, base)).buffered(CONCURRENCY);
        while let Some(read) = texts.next().await {
            match read {
                Ok((pack, bytes, digests)) => index.add(pack.chunks, bytes, &digests),
                Err(StoreError::Corrupted { .. }) => (),
                Err(error) => return Err(error),
            }
        }
        Ok(index)
    }

    async fn pieces_of(
        &self,
        pack: Pack,
        head: &Head,
    ) -> Result<(Pack, usize, Vec<Digest>), StoreError> {
        let text = self.text(&pack.chunks, head.name.as_ref()).await?;
        Ok(self.compute(move || (pack, text.len(), lines(&text).map(Digest::of).collect())).await)
    }

    async fn write(
        &self,
        layout: &Arc<Layout>,
        pieces: &Arc<Vec<Piece>>,
        progress: Progress<'_>,
    ) -> Result<Vec<Pack>, StoreError> {
        let total = layout.written.len();
        progress(0, total);
        let packs = stream::iter(layout.written.iter().cloned()).map(|pack| async {
            let (layout, pieces, length) = (Arc::clone(layout), Arc::clone(pieces), pack.len());
            let chunks = self.put_text(move || layout.text(&pack, &pieces)).await?;
            Ok(Pack { chunks, used: vec![true; length] })
        });
        let packs = packs.buffered(CONCURRENCY).enumerate().map(|(done, pack)| {
            progress(done + 1, total);
            pack
        });
        packs.try_collect().await
    }

    /// Writes the head: from here on, the snapshot is stored.
    async fn commit(
        &self,
        head: &Head,
        metadata: &Metadata,
        packs: &[Pack],
        overwrite: Overwrite,
    ) -> Result<(), StoreError> {
        let list = PackList::write(packs);
        let metadata = Metadata { name: Some(head.name.to_string()), ..metadata.clone() };
        let mut object = ConfigMap::new(head_name(&head.name), Part::Snapshot);
        annotations::write(head, &mut object.metadata);
        let text = canonical::text(&metadata);
        if text.len() <= LARGEST_METADATA {
            object.data.insert("metadata".to_owned(), text);
        } else {
            let pack =
                Pack { chunks: self.put_text(move || text.into_bytes()).await?, used: Vec::new() };
            object.data.insert("metadata.chunks".to_owned(), PackList::write(&[pack]).chunks);
        }
        object.data.insert("chunks".to_owned(), list.chunks);
        object.binary_data.insert("pieces".to_owned(), Blob(list.pieces));
        // As late as can be: what was there before may have been garbage, and collected since.
        let chunks: Vec<_> = packs.iter().flat_map(|pack| pack.chunks.iter().copied()).collect();
        if !self.are_there(&chunks).await? {
            return Err(StoreError::ChunksGone { snapshot: head.name.to_string() });
        }
        match self.create(&object).await {
            Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => {
                self.settle(head, object, overwrite).await
            }
            other => other,
        }
    }

    /// Decides what it means that the name is taken.
    async fn settle(
        &self,
        head: &Head,
        mut object: ConfigMap,
        overwrite: Overwrite,
    ) -> Result<(), StoreError> {
        let Some(existing) = self.get(object.name()).await? else {
            return Err(StoreError::Changed {
                entity: Entity::Snapshot,
                name: head.name.to_string(),
            });
        };
        // A request that was answered with "try again" may have been done all the same.
        if existing.data == object.data && existing.binary_data == object.binary_data {
            return Ok(());
        }
        if overwrite == Overwrite::Never {
            let Head { name, digest, .. } = self.read_head(&existing)?;
            return Err(StoreError::Taken { name, digest });
        }
        object.metadata.resource_version = existing.metadata.resource_version;
        self.replace(&object, Entity::Snapshot, head.name.as_ref()).await
    }

    /// Writes a second head for the same chunks.
    pub async fn tag(
        &self,
        head: &Head,
        name: &SnapshotName,
        overwrite: Overwrite,
    ) -> Result<Head, StoreError> {
        let object = self.head_object(head).await?;
        let packs = self.packs(&object)?;
        let tagged = Head { name: name.clone(), ..head.clone() };
        self.commit(&tagged, &self.metadata(&object).await?, &packs, overwrite).await?;
        Ok(tagged)
    }
}
