//! Journals of runs, in the namespace that each run writes to: its pieces as immutable ConfigMaps.
//!
//! ```text
//! kubectl-snapshot-journal.1764480000.1f3a….1-of-2
//! ```
//!
//! The name says when the run began, the digest of the journal's text, and which of its pieces it
//! is: a journal of which a piece is missing was being kept when its run was killed, before the
//! first write.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use snapshot_core::{digest::Digest, plan::Journal};
use tokio::time::sleep;

use super::{
    CONCURRENCY, ConfigMaps,
    object::{Blob, ConfigMap, Part},
};
use crate::{
    cluster::{AGAIN, ClusterError, Query},
    store::{
        StoreError,
        chunk::{self, LARGEST},
    },
};

const PREFIX: &str = "kubectl-snapshot-journal.";

/// The most pieces of a journal: whoever may write ConfigMaps says how much memory one takes.
const MOST_PIECES: usize = 400;

/// A journal that is kept, by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptJournal {
    /// Start of its run, in seconds since 1970.
    pub begun: u64,
    digest: Digest,
    pieces: usize,
    /// The pieces that are there.
    there: Vec<usize>,
}

impl KeptJournal {
    /// True if every piece is there: before that, its run has written nothing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.there.len() == self.pieces
    }

    fn name(&self, piece: usize) -> String {
        let Self { begun, digest, pieces, .. } = self;
        format!("{PREFIX}{begun}.{}.{piece}-of-{pieces}", digest.hex())
    }

    /// The journal, and the piece of it, that a ConfigMap's name tells of.
    fn of_name(name: &str) -> Option<(u64, Digest, usize, usize)> {
        let mut words = name.strip_prefix(PREFIX)?.split('.');
        let begun = words.next()?.parse().ok()?;
        let digest = format!("sha256:{}", words.next()?).parse().ok()?;
        let (piece, pieces) = words.next()?.split_once("-of-")?;
        let (piece, pieces) = (piece.parse().ok()?, pieces.parse().ok()?);
        let makes_sense = (1..=MOST_PIECES).contains(&pieces) && (1..=pieces).contains(&piece);
        (words.next().is_none() && makes_sense).then_some((begun, digest, pieces, piece))
    }

    /// The journals that the names of ConfigMaps tell of, the oldest first.
    fn of_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut journals: BTreeMap<(u64, String, usize), Self> = BTreeMap::new();
        for (begun, digest, pieces, piece) in names.filter_map(Self::of_name) {
            let kept = journals.entry((begun, digest.hex(), pieces));
            let kept = kept.or_insert(Self { begun, digest, pieces, there: Vec::new() });
            kept.there.push(piece);
        }
        journals.into_values().collect()
    }
}

impl ConfigMaps {
    /// Keeps a journal of a run that began so many seconds after 1970; `None` where the namespace
    /// is not there, and so nothing is in it.
    pub async fn keep_journal(
        &self,
        journal: &Journal,
        begun: u64,
    ) -> Result<Option<KeptJournal>, StoreError> {
        let text = journal.text();
        let digest = Digest::of(&text);
        let pieces = self
            .compute(move || text.chunks(LARGEST).map(chunk::compress).collect::<Vec<_>>())
            .await;
        let count = pieces.len();
        let kept = KeptJournal { begun, digest, pieces: count, there: (1..=count).collect() };
        let objects = (1..).zip(pieces).map(|(piece, blob)| {
            let mut object = ConfigMap::written_once(kept.name(piece), Part::Journal);
            object.binary_data.insert("journal".to_owned(), Blob(blob));
            object
        });
        let created = stream::iter(objects)
            .map(|object| async move { self.keep_piece(&object).await })
            .buffer_unordered(CONCURRENCY)
            .try_collect::<()>()
            .await;
        match created {
            Ok(()) => Ok(Some(kept)),
            Err(ClusterError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn keep_piece(&self, object: &ConfigMap) -> Result<(), ClusterError> {
        let (path, body) = (self.cluster.core_path("configmaps"), object.to_json());
        let mut pauses = AGAIN.into_iter();
        loop {
            match self.cluster.create(&path, &body, &Query::default()).await {
                // The name holds the digest: a repeated request has met its own work.
                Ok(_) | Err(ClusterError::AlreadyExists { .. }) => return Ok(()),
                Err(error) => match pauses.next().filter(|_| error.is_lost_answer()) {
                    Some(pause) => sleep(pause).await,
                    None => return Err(error),
                },
            }
        }
    }

    /// The journals that are kept here, the oldest first.
    pub async fn journals(&self) -> Result<Vec<KeptJournal>, StoreError> {
        let stubs = self.stubs(&Part::Journal.selector()).await?;
        Ok(KeptJournal::of_names(stubs.iter().map(|stub| stub.name.as_str())))
    }

    /// Reads a journal, and verifies that it is the one that its name tells of.
    pub async fn journal(&self, kept: &KeptJournal) -> Result<Journal, StoreError> {
        let broken = |piece: usize, cause: String| StoreError::BrokenJournal {
            object: self.describe(&kept.name(piece)),
            cause: cause.into(),
        };
        let mut text = Vec::new();
        for piece in 1..=kept.pieces {
            let object = self.get(&kept.name(piece)).await?;
            let mut object = object.ok_or_else(|| broken(piece, "is missing".to_owned()))?;
            let blob = object.binary_data.remove("journal");
            let blob = blob.ok_or_else(|| broken(piece, "has no binaryData.journal".to_owned()))?;
            let bytes = self.compute(move || chunk::decompress_at_most(&blob.0, LARGEST)).await;
            text.extend(bytes.map_err(|damage| broken(piece, damage.to_string()))?);
        }
        let actual = Digest::of(&text);
        if actual != kept.digest {
            return Err(broken(1, format!("and those with it hold bytes of the digest {actual}")));
        }
        let journal = self.compute(move || Journal::read(&text)).await;
        journal.map_err(|error| broken(1, format!("cannot be read: {error}")))
    }

    /// Forgets a journal. The first piece goes first: without it nothing is left to undo.
    pub async fn forget_journal(&self, kept: &KeptJournal) -> Result<(), StoreError> {
        for piece in &kept.there {
            self.remove(&kept.name(*piece)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_which_journals_are_whole() {
        let digest = Digest::of(b"journal");
        let kept =
            |there: &[usize]| KeptJournal { begun: 7, digest, pieces: 2, there: there.to_vec() };
        let names = [kept(&[]).name(1), kept(&[]).name(2)];
        assert_eq!(names[0], format!("kubectl-snapshot-journal.7.{}.1-of-2", digest.hex()));
        let all = || names.iter().map(String::as_str);
        assert_eq!(KeptJournal::of_names(all()), [kept(&[1, 2])]);
        assert!(kept(&[1, 2]).is_whole());
        assert_eq!(KeptJournal::of_names(all().skip(1)), [kept(&[2])]);
        assert!(!kept(&[2]).is_whole());
    }

    #[test]
    fn names_that_make_no_sense_tell_of_none() {
        let hex = Digest::of(b"journal").hex();
        for name in [
            "kube-root-ca.crt".to_owned(),
            format!("kubectl-snapshot-journal.x.{hex}.1-of-1"),
            "kubectl-snapshot-journal.7.12.1-of-1".to_owned(),
            format!("kubectl-snapshot-journal.7.{hex}.2-of-1"),
            format!("kubectl-snapshot-journal.7.{hex}.0-of-1"),
            format!("kubectl-snapshot-journal.7.{hex}.1-of-99999999"),
            format!("kubectl-snapshot-journal.7.{hex}.1-of-1.more"),
        ] {
            assert_eq!(KeptJournal::of_names([name.as_str()].into_iter()), [], "{name}");
        }
    }
}
