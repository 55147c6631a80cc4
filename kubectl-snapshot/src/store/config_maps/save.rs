//! Saving of a snapshot: its chunks first, then the head that makes them one.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use snapshot_core::{
    canonical, digest::Digest, document, name::SnapshotName, parts::Document, snapshot::Metadata,
};

use super::{
    CONCURRENCY, ConfigMaps, annotations,
    object::{self, Blob, ConfigMap, Part, head_name},
};
use crate::{
    cluster::ClusterError,
    store::{
        Entity, Head, Overwrite, Progress, StoreError,
        digest_and_size::DigestAndSize,
        layout::{Layout, PackIndex, lay_out},
        pack::{Pack, PackList},
        piece::{Cut, lines},
    },
};

/// The most bytes of metadata that a head carries itself: thousands of
/// variables may have more values than a ConfigMap can take.
const LARGEST_METADATA: usize = 128 * 1024;

/// The most snapshots whose pieces a set in parts shares beside those of its like.
const BASES: usize = 16;

impl ConfigMaps {
    /// Writes the chunks that are not there yet, and then the head.
    pub async fn save(
        &self,
        name: &SnapshotName,
        document: &Arc<Document>,
        overwrite: Overwrite,
        progress: Progress<'_>,
    ) -> Result<Head, StoreError> {
        if overwrite == Overwrite::Never
            && let Some(Head { name, digest, .. }) = self.head(name).await?
        {
            // Said before the work rather than after it.
            return Err(StoreError::Taken { name, digest });
        }
        let mut index = self.base_index(document).await?;
        // Both make the text of every service: for thousands of them, two cores are better than one.
        let [counted, cut] = [document, document].map(Arc::clone);
        let (measured, cut) = tokio::join!(
            self.compute(move || DigestAndSize::of(&counted)),
            self.compute(move || Arc::new(Cut::of(&cut))),
        );
        let head = Head::new(name, document, measured.digest, measured.bytes);
        loop {
            let placed = Arc::clone(&cut);
            let layout = Arc::new(self.compute(move || lay_out(&placed.pieces, &index)).await);
            let shares = !layout.kept.is_empty();
            let written = self.write(&layout, &cut, progress).await?;
            let packs: Vec<Pack> = layout.kept.iter().cloned().chain(written).collect();
            let mut content = self.head_of(document, &head, &packs).await?;
            for (part, positions) in &cut.parts {
                let share = PackList::write(&layout.share(&packs, positions));
                content.binary_data.insert(object::pieces_key(part), Blob(share.pieces));
            }
            match self.commit(&head, content, &packs, overwrite).await {
                // What it was to share has been collected: share nothing.
                Err(StoreError::ChunksGone { .. }) if shares => index = PackIndex::default(),
                committed => return committed.map(|()| head),
            }
        }
    }

    /// The chunks of the snapshot that resembles this one most: of a similar size, then of the
    /// same place, then the newest. Of a set in parts that has no like, those of its parts.
    async fn base_index(&self, document: &Document) -> Result<PackIndex, StoreError> {
        let mut index = PackIndex::default();
        let heads = self.list().await?.heads;
        let size = document.instance_count();
        let source = |snapshot: &Metadata| snapshot.source.clone();
        let whole = source(document.metadata());
        let unlike = |head: &Head| head.instances > 2 * size || size > 2 * head.instances;
        let mut bases: Vec<&Head> = Vec::new();
        bases.extend(heads.iter().min_by_key(|head| (unlike(head), head.source != whole)));
        if bases.iter().any(|base| base.source != whole) {
            let sources = document.sets().filter_map(|(_, set)| source(&set.metadata));
            let of_parts = sources.filter_map(|source| {
                heads.iter().find(|head| head.source.as_ref() == Some(&source))
            });
            bases.extend(of_parts.take(BASES));
        }
        for base in bases {
            self.add_packs(&mut index, base).await?;
        }
        Ok(index)
    }

    async fn add_packs(&self, index: &mut PackIndex, base: &Head) -> Result<(), StoreError> {
        let packs = match self.head_object(base).await.and_then(|object| self.packs(&object)) {
            Ok(packs) => packs,
            // What is broken, or gone, or another by now, cannot be shared, and stops nobody.
            Err(
                StoreError::Corrupted { .. }
                | StoreError::NotFound { .. }
                | StoreError::Changed { .. },
            ) => return Ok(()),
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
        Ok(())
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
        cut: &Arc<Cut>,
        progress: Progress<'_>,
    ) -> Result<Vec<Pack>, StoreError> {
        let total = layout.written.len();
        progress(0, total);
        let packs = stream::iter(layout.written.iter().cloned()).map(|pack| async {
            let (layout, cut, length) = (Arc::clone(layout), Arc::clone(cut), pack.len());
            let chunks = self.put_text(move || layout.text(&pack, &cut.pieces)).await?;
            Ok(Pack { chunks, used: vec![true; length] })
        });
        let packs = packs.buffered(CONCURRENCY).enumerate().map(|(done, pack)| {
            progress(done + 1, total);
            pack
        });
        packs.try_collect().await
    }

    /// A head's object, whole but for the pieces of each part.
    async fn head_of(
        &self,
        document: &Document,
        head: &Head,
        packs: &[Pack],
    ) -> Result<ConfigMap, StoreError> {
        let list = PackList::write(packs);
        let name = Some(head.name.to_string());
        let metadata = Metadata { name, ..document.metadata().clone() };
        let mut object = ConfigMap::new(head_name(&head.name), Part::Snapshot);
        self.put_metadata(&mut object, document::metadata_text(document, &metadata)).await?;
        if let Document::Several(several) = document
            && !several.extra.is_empty()
        {
            object.data.insert("extra".to_owned(), canonical::text(&several.extra));
        }
        object.data.insert("chunks".to_owned(), list.chunks);
        object.binary_data.insert("pieces".to_owned(), Blob(list.pieces));
        Ok(object)
    }

    async fn put_metadata(&self, object: &mut ConfigMap, text: String) -> Result<(), StoreError> {
        if text.len() <= LARGEST_METADATA {
            object.data.insert("metadata".to_owned(), text);
        } else {
            let pack =
                Pack { chunks: self.put_text(move || text.into_bytes()).await?, used: Vec::new() };
            object.data.insert("metadata.chunks".to_owned(), PackList::write(&[pack]).chunks);
        }
        Ok(())
    }

    /// Writes the head: from here on, the snapshot is stored.
    async fn commit(
        &self,
        head: &Head,
        mut object: ConfigMap,
        packs: &[Pack],
        overwrite: Overwrite,
    ) -> Result<(), StoreError> {
        annotations::write(head, &mut object.metadata);
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
        let mut copy = ConfigMap::new(head_name(name), Part::Snapshot);
        copy.data.clone_from(&object.data);
        copy.binary_data.clone_from(&object.binary_data);
        for member in ["metadata", "metadata.chunks"] {
            copy.data.remove(member);
        }
        let mut metadata = self.metadata(&object).await?;
        metadata["name"] = json!(name);
        self.put_metadata(&mut copy, canonical::text(&metadata)).await?;
        self.commit(&tagged, copy, &packs, overwrite).await?;
        Ok(tagged)
    }
}
