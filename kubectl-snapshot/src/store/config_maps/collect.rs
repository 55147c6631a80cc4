//! Garbage collection: chunks that nothing refers to are found and deleted.
//!
//! Nothing keeps a snapshot from being stored meanwhile, and it may come to
//! share a chunk that is about to go: whoever finds its chunk there does not
//! write it anew. Chunks are immutable, so none can be marked as spoken for,
//! and a lock would be one more right that whoever captures has to have. Instead
//! each side looks at what the other has done, after it has done its own part:
//!
//! - Whoever stores sees, right before the head is written, that every chunk is
//!   still there, and begins anew where one is not (see `save`).
//! - Whoever collects reads the references again after deleting, and puts back
//!   what somebody has come to refer to. Its contents are kept until then.
//!
//! What is left is a head that was on its way for longer than [`PAUSE`] while
//! its chunks went, and which shares chunks that nothing else has referred to
//! for the whole grace period. Capturing again mends that.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use snapshot_core::digest::Digest;

use super::{
    CONCURRENCY, ConfigMaps,
    object::{ConfigMap, chunk_digest, chunk_name},
    references::{References, Stub},
};
use crate::{
    cluster::{ClusterError, Stop},
    store::{
        Progress, StoreError,
        garbage::{Collected, Garbage, GarbageItem, GarbageKind},
    },
};

/// Number of chunks that are deleted before the references are read again: their contents
/// are kept so long, 640 KiB each at most.
const BATCH: usize = 64;
/// Time that a head may take from the check of its chunks to its write.
const PAUSE: Duration = Duration::from_millis(500);

/// Remedy where a chunk is missing.
const MEND: &str = "restore it from a backup, or store again what it was part of";

impl ConfigMaps {
    /// Finds what nothing refers to.
    pub async fn garbage(&self, grace: Duration) -> Result<Garbage, StoreError> {
        let (garbage, _) = self.survey(grace).await?;
        self.refuse_unreadable(&garbage.references)?;
        Ok(garbage)
    }

    /// Unreferenced chunks as far as can be read, and the faults: of objects that refer to
    /// chunks, and of the chunks that they refer to. A sentence each.
    pub async fn survey(&self, grace: Duration) -> Result<(Garbage, Vec<String>), StoreError> {
        let before = self.cluster.moment_before(grace).await;
        // The chunks first: one that is written between the two lists is not in this one.
        let chunks = self.stored_chunks().await?;
        let references = self.references().await?;
        let named = references.chunks();
        let faults = self.faults(&references, &chunks);
        let unusable = references.unusable();
        let unusable =
            unusable.map(|(name, why)| format!("{} {why}", self.describe(name))).collect();
        let mut garbage = Garbage { unusable, references, ..Garbage::default() };
        for (digest, stub) in chunks {
            if named.contains(&digest) {
                garbage.needed += 1;
            } else if stub.creation_timestamp > before {
                garbage.young += 1;
            } else {
                let (kind, name, uid) = (GarbageKind::Chunk, stub.name, stub.uid);
                garbage.items.push(GarbageItem { kind, name, bytes: 0, uid });
            }
        }
        Ok((garbage, faults))
    }

    fn faults(&self, references: &References, chunks: &BTreeMap<Digest, Stub>) -> Vec<String> {
        let unreadable = references.unreadable();
        let mut faults: Vec<String> = unreadable
            .map(|(name, cause)| {
                let who = self.describe(name);
                format!("{who} {cause}; mend or delete it: until then no garbage is deleted")
            })
            .collect();
        let unreadable: Vec<&str> = references.unreadable().map(|(name, _)| name).collect();
        let unusable = references.unusable().filter(|(name, _)| !unreadable.contains(name));
        faults
            .extend(unusable.map(|(name, cause)| {
                format!("{} {cause}; mend or delete it", self.describe(name))
            }));
        let mut missing: BTreeMap<&str, Vec<Digest>> = BTreeMap::new();
        for (name, chunk) in references.each().filter(|(_, chunk)| !chunks.contains_key(chunk)) {
            missing.entry(name).or_default().push(chunk);
        }
        faults.extend(missing.into_iter().map(|(name, gone)| {
            let (who, first) = (self.describe(name), chunk_name(gone[0]));
            match gone.len() {
                1 => format!("{who} needs ConfigMap {first}, which is missing; {MEND}"),
                more => {
                    format!("{who} needs {more} chunks that are missing, such as {first}; {MEND}")
                }
            }
        }));
        faults
    }

    /// Learns how many bytes the garbage takes.
    pub async fn weigh(
        &self,
        garbage: &mut Garbage,
        progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        let total = garbage.items.len();
        let weighed = stream::iter(std::mem::take(&mut garbage.items)).map(|item| async move {
            let object = self.get(&item.name).await?;
            Ok::<_, StoreError>(object.map(|object| GarbageItem { bytes: size(&object), ..item }))
        });
        let weighed = weighed.buffered(CONCURRENCY).enumerate().map(|(done, one)| {
            progress(done + 1, total);
            one
        });
        let weighed: Vec<_> = weighed.try_collect().await?;
        garbage.items.extend(weighed.into_iter().flatten());
        Ok(())
    }

    /// Deletes garbage, a batch at a time.
    pub async fn collect(
        &self,
        garbage: Garbage,
        stop: &Stop,
        progress: Progress<'_>,
    ) -> Collected {
        let total = garbage.items.len();
        let mut collected = Collected::default();
        let mut references = garbage.references;
        for (number, batch) in garbage.items.chunks(BATCH).enumerate() {
            if stop.requested() || collected.failure.is_some() {
                break;
            }
            progress(number * BATCH, total);
            match self.collect_batch(batch, references, &mut collected).await {
                Ok(newer) => references = newer,
                Err(error) => {
                    // The first one says it: what follows from it says less.
                    collected.failure.get_or_insert(error);
                    break;
                }
            }
        }
        collected
    }

    async fn collect_batch(
        &self,
        batch: &[GarbageItem],
        known: References,
        collected: &mut Collected,
    ) -> Result<References, StoreError> {
        let read = stream::iter(batch).map(|item| async move {
            let object = self.get(&item.name).await?;
            Ok::<_, StoreError>(object.map(|object| (item, object)))
        });
        let read: Vec<_> = read.buffered(CONCURRENCY).try_collect().await?;
        let known = self.read_again(known).await?;
        self.refuse_unreadable(&known)?;
        let (re_referenced, candidates): (Vec<_>, Vec<_>) =
            read.into_iter().flatten().partition(|(item, _)| is_named(&known, item));
        collected.re_referenced += re_referenced.len();

        let gone = stream::iter(candidates).map(|(item, object)| async move {
            let path = self.path(&item.name);
            (item, object, self.cluster.delete_exactly(&path, &item.uid, false).await)
        });
        let mut deleted = Vec::new();
        for (item, object, result) in gone.buffered(CONCURRENCY).collect::<Vec<_>>().await {
            match result {
                Ok(()) => deleted.push((item, object)),
                // Somebody else deleted it, and perhaps has written it anew.
                Err(ClusterError::NotFound { .. } | ClusterError::Conflict { .. }) => {}
                Err(error) => drop(collected.failure.get_or_insert(error.into())),
            }
        }
        if deleted.is_empty() {
            return Ok(known);
        }
        tokio::time::sleep(PAUSE).await;
        let now = self.read_again(known).await;
        for (item, object) in deleted {
            // Where that cannot be told, it is.
            let needed = now
                .as_ref()
                .map_or(true, |now| is_named(now, item) || now.unreadable().next().is_some());
            let bytes = size(&object);
            match (needed, chunk_digest(&item.name), object.blob()) {
                (true, Some(digest), Some(blob)) => {
                    let again = self.create(&ConfigMap::chunk(digest, blob)).await;
                    match again {
                        Ok(()) | Err(StoreError::Cluster(ClusterError::AlreadyExists { .. })) => {}
                        Err(error) => drop(collected.failure.get_or_insert(error)),
                    }
                    collected.re_referenced += 1;
                }
                _ => collected.deleted.push(GarbageItem { bytes, ..item.clone() }),
            }
        }
        now
    }

    /// Fails if an object cannot be read: it may refer to any chunk.
    fn refuse_unreadable(&self, references: &References) -> Result<(), StoreError> {
        match references.unreadable().next() {
            None => Ok(()),
            Some((name, cause)) => Err(StoreError::UnreadableReferrer {
                object: self.describe(name),
                cause: cause.into(),
            }),
        }
    }
}

fn is_named(references: &References, item: &GarbageItem) -> bool {
    chunk_digest(&item.name).is_none_or(|digest| references.name(digest))
}

fn size(object: &ConfigMap) -> u64 {
    object.binary_data.values().map(|blob| blob.0.len() as u64).sum()
}
