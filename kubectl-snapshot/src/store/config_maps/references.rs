//! References to chunks, by the object that holds them.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use snapshot_core::{assembly::STORE_LABEL, digest::Digest};

use super::{
    CONCURRENCY, ConfigMaps,
    list::Page,
    object::{ConfigMap, Part, chunk_digest, snapshot_name},
};
use crate::{
    cluster::Query,
    store::{StoreError, entry::Section, pack::PackList},
};

/// Key of a list of chunks in an object's data, alone or as an ending.
const CHUNKS: &str = "chunks";
/// Heads carry their metadata: a page of them is much larger than one of chunks.
const PAGE: &str = "100";

/// References to chunks, as they were when they were read last.
#[derive(Clone, Debug, Default)]
pub struct References(BTreeMap<String, Referrer>);

/// An object that refers to chunks.
#[derive(Clone, Debug)]
struct Referrer {
    /// Resource version that was read.
    version: String,
    /// Chunks that it refers to, or the reason why that is unknown.
    chunks: Result<BTreeSet<Digest>, String>,
    /// The reason why it cannot be used, though it is known what it refers to.
    fault: Option<String>,
}

/// An object's metadata, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stub {
    /// The object's name.
    pub(super) name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    /// Tells it from another of that name.
    pub(super) uid: String,
    resource_version: String,
    /// RFC 3339 in UTC.
    pub(super) creation_timestamp: String,
}

#[derive(Deserialize)]
struct Item {
    metadata: Stub,
}

impl References {
    /// True if anything refers to that chunk.
    pub(super) fn name(&self, chunk: Digest) -> bool {
        let names = |one: &Referrer| one.chunks.as_ref().is_ok_and(|it| it.contains(&chunk));
        self.0.values().any(names)
    }

    /// Every chunk that something refers to.
    pub(super) fn chunks(&self) -> BTreeSet<Digest> {
        self.0.values().filter_map(|one| one.chunks.as_ref().ok()).flatten().copied().collect()
    }

    /// Every reference: the object, and the chunk.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.0.iter().flat_map(|(name, one)| {
            one.chunks.iter().flatten().map(move |chunk| (name.as_str(), *chunk))
        })
    }

    /// The objects whose references cannot be told, with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(name, one)| Some((name.as_str(), one.chunks.as_ref().err()?.as_str())))
    }

    /// The objects that cannot be used though their references can be told, with the reason.
    pub(super) fn unusable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, one)| Some((name.as_str(), one.fault.as_deref()?)))
    }
}

impl ConfigMaps {
    /// Reads who refers to which chunks.
    pub(super) async fn references(&self) -> Result<References, StoreError> {
        let parts = [Part::Snapshot, Part::Entry(Section::Policies), Part::Entry(Section::Records)];
        let parts = parts.map(Part::label).join(",");
        let selector = format!("{STORE_LABEL} in ({parts})");
        let first = Query::default().with("limit", PAGE).with("labelSelector", &selector);
        let path = self.cluster.core_path("configmaps");
        let mut references = References::default();
        let mut next = Some(first.clone());
        while let Some(query) = next {
            let text = self.cluster.list(&path, &query).await?;
            let (page, more) = Page::<ConfigMap>::read(&text, &first)?;
            let referrers = page.items.into_iter().flatten();
            references.0.extend(referrers.map(|object| self.referrer(&object)));
            next = more;
        }
        // Who has lost its label is still found by its name, and refers as before.
        self.read_again(references).await
    }

    /// Reads what was written since `known` was read.
    pub(super) async fn read_again(&self, known: References) -> Result<References, StoreError> {
        let stubs = self.stubs(&format!("{STORE_LABEL}!={}", Part::Chunk.label())).await?;
        let mut now = References::default();
        let mut unknown = Vec::new();
        for stub in stubs.into_iter().filter(may_refer) {
            match known.0.get(&stub.name) {
                Some(one) if one.version == stub.resource_version => {
                    now.0.insert(stub.name, one.clone());
                }
                _ => unknown.push(stub.name),
            }
        }
        let read = stream::iter(unknown).map(|name| async move { self.get(&name).await });
        let read: Vec<_> = read.buffer_unordered(CONCURRENCY).try_collect().await?;
        now.0.extend(read.iter().flatten().map(|object| self.referrer(object)));
        Ok(now)
    }

    /// The chunks that there are.
    pub(super) async fn stored_chunks(&self) -> Result<BTreeMap<Digest, Stub>, StoreError> {
        let stubs = self.stubs(&Part::Chunk.selector()).await?;
        Ok(stubs.into_iter().filter_map(|stub| Some((chunk_digest(&stub.name)?, stub))).collect())
    }

    pub(super) async fn stubs(&self, selector: &str) -> Result<Vec<Stub>, StoreError> {
        let first = Self::selected(selector);
        let path = self.cluster.core_path("configmaps");
        let mut stubs = Vec::new();
        let mut next = Some(first.clone());
        while let Some(query) = next {
            let text = self.cluster.list_metadata(&path, &query).await?;
            let (page, more) = Page::<Item>::read(&text, &first)?;
            stubs.extend(page.items.into_iter().flatten().map(|item| item.metadata));
            next = more;
        }
        Ok(stubs)
    }

    fn referrer(&self, object: &ConfigMap) -> (String, Referrer) {
        let chunks = match chunks_of(object) {
            // What nobody could change since it was written never named any.
            Err(_) if object.is_immutable() => Ok(BTreeSet::new()),
            chunks => chunks,
        };
        let fault = snapshot_name(object.name()).and_then(|_| self.fault_of_head(object));
        let version = object.metadata.resource_version.clone().unwrap_or_default();
        (object.name().to_owned(), Referrer { version, chunks, fault })
    }

    /// The reason why the snapshot of a head cannot be loaded, chunks aside.
    fn fault_of_head(&self, object: &ConfigMap) -> Option<String> {
        let cause = |error: StoreError| match error {
            StoreError::Corrupted { cause, .. } => cause.to_string(),
            other => other.to_string(),
        };
        let has_metadata =
            ["metadata", "metadata.chunks"].iter().any(|member| object.data.contains_key(*member));
        (self.read_head(object).map_err(cause).err())
            .or_else(|| self.packs(object).map_err(cause).err())
            .or_else(|| self.parts(object).map_err(cause).err())
            .or_else(|| (!has_metadata).then(|| "has no data.metadata".to_owned()))
    }
}

/// True if an object may refer to chunks: by its name, by its label, or because a later
/// version of this program has put it there.
fn may_refer(stub: &Stub) -> bool {
    let silent = [
        Section::Variables,
        Section::Stages,
        Section::Repositories,
        Section::FlagSources,
        Section::Chains,
        Section::Evidence,
        Section::Removals,
    ];
    let is_of = |section: &Section| {
        let word = section.word();
        stub.name.strip_prefix(word).is_some_and(|rest| rest.starts_with('.'))
    };
    if snapshot_name(&stub.name).is_some()
        || [Section::Policies, Section::Records].iter().any(is_of)
    {
        return true;
    }
    stub.labels.contains_key(STORE_LABEL) && !silent.iter().any(is_of)
}

/// The chunks that an object names, whatever else is wrong with it.
fn chunks_of(object: &ConfigMap) -> Result<BTreeSet<Digest>, String> {
    // Where the list is gone, nobody knows what it was.
    if snapshot_name(object.name()).is_some() && !object.data.contains_key(CHUNKS) {
        return Err("has no data.chunks".to_owned());
    }
    let lists = object.data.iter().filter(|(key, _)| {
        key.strip_suffix(CHUNKS).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    let mut chunks = BTreeSet::new();
    for (key, list) in lists {
        chunks.extend(read_list(key, list)?);
    }
    Ok(chunks)
}

fn read_list(key: &str, list: &str) -> Result<Vec<Digest>, String> {
    PackList::named(list)
        .ok_or_else(|| format!("has a data[{key:?}] with a line that names no chunk"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{chunk::ChunkId, pack::Pack};

    fn entry(key: &str, value: &str) -> ConfigMap {
        let mut object = ConfigMap::new("records.prod.000001".to_owned(), Part::Chunk);
        object.data.insert(key.to_owned(), value.to_owned());
        object
    }

    #[test]
    fn every_list_of_chunks_counts_and_nothing_else() {
        let chunks = [b"a", b"b"].map(|text| ChunkId::of(text)).to_vec();
        let list = PackList::write(&[Pack { chunks, used: Vec::new() }]).chunks;
        for key in ["chunks", "policy.1f3a.chunks", "question.promotion.chunks"] {
            let found = chunks_of(&entry(key, &list)).unwrap();
            assert_eq!(found, [Digest::of(b"a"), Digest::of(b"b")].into(), "{key}");
            let error = chunks_of(&entry(key, "half of a li")).unwrap_err();
            assert!(error.starts_with("has a data[") && error.contains("a line that"), "{error}");
        }
        assert_eq!(chunks_of(&entry("record", "{}")), Ok(BTreeSet::new()));
        assert_eq!(chunks_of(&entry("mychunks", "x")), Ok(BTreeSet::new()));
    }

    #[test]
    fn a_head_refers_to_what_it_lists_though_it_is_broken() {
        let mut head = ConfigMap::new("snapshot.rel-42".to_owned(), Part::Snapshot);
        assert!(chunks_of(&head).unwrap_err().contains("no data.chunks"));
        let list = format!("{} many lines\n", Digest::of(b"a").hex());
        head.data.insert(CHUNKS.to_owned(), list);
        assert_eq!(chunks_of(&head), Ok([Digest::of(b"a")].into()));
    }

    #[test]
    fn who_may_refer_is_known_by_name_or_label() {
        let stub = |name: &str, label: Option<&str>| {
            let labels = label.map(|label| (STORE_LABEL.to_owned(), label.to_owned()));
            Stub {
                name: name.to_owned(),
                labels: labels.into_iter().collect(),
                uid: String::new(),
                resource_version: String::new(),
                creation_timestamp: String::new(),
            }
        };
        for (name, label, refers) in [
            ("snapshot.rel-42", None, true),
            ("records.prod.000001", None, true),
            ("policies.ours", Some("policies"), true),
            ("variables.prod", Some("variables"), false),
            ("plans.prod", Some("plans"), true),
            ("kube-root-ca.crt", None, false),
        ] {
            assert_eq!(may_refer(&stub(name, label)), refers, "{name}");
        }
    }
}
