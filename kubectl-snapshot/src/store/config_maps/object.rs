//! ConfigMaps as JSON.

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use snapshot_core::{
    assembly::STORE_LABEL,
    digest::Digest,
    name::SnapshotName,
    parts::{PartName, PartNameError},
};

use crate::{cluster::ClusterError, store::entry::Section};

const SNAPSHOT_PREFIX: &str = "snapshot.";
const PIECES_PREFIX: &str = "pieces.";

/// Role of a ConfigMap in the store: the value of the label `kubectl-snapshot.dev/part`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Chunk,
    Snapshot,
    Entry(Section),
    /// Of no store: it lies where its run writes.
    Journal,
}

/// The name of a snapshot's head.
pub(super) fn head_name(name: &SnapshotName) -> String {
    format!("{SNAPSHOT_PREFIX}{name}")
}

/// The name of the snapshot whose head has this name.
pub(super) fn snapshot_name(object: &str) -> Option<&str> {
    object.strip_prefix(SNAPSHOT_PREFIX)
}

/// The key of the pieces of a part in the data of a head: `pieces.shop`.
pub(super) fn pieces_key(part: &PartName) -> String {
    format!("{PIECES_PREFIX}{part}")
}

/// The part whose pieces have this key.
pub(super) fn part_of_key(key: &str) -> Option<Result<PartName, PartNameError>> {
    key.strip_prefix(PIECES_PREFIX).map(str::parse)
}

/// The name of a chunk.
pub(super) fn chunk_name(digest: Digest) -> String {
    format!("chunk.{}", digest.hex())
}

/// The digest of the chunk whose ConfigMap has this name.
pub(super) fn chunk_digest(object: &str) -> Option<Digest> {
    format!("sha256:{}", object.strip_prefix("chunk.")?).parse().ok()
}

/// The name of an entry's ConfigMap: `variables.prod`.
pub(super) fn entry_name(section: Section, name: &str) -> String {
    format!("{}.{name}", section.word())
}

/// The name of the entry whose ConfigMap has this name.
pub(super) fn name_of_entry(section: Section, object: &str) -> Option<&str> {
    object.strip_prefix(section.word())?.strip_prefix('.')
}

impl Part {
    /// The value of the label.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Chunk => "chunk",
            Self::Snapshot => "snapshot",
            Self::Entry(section) => section.word(),
            Self::Journal => "journal",
        }
    }

    /// The selector for all of them.
    pub(super) fn selector(self) -> String {
        format!("{STORE_LABEL}={}", self.label())
    }
}

/// A ConfigMap; what is not looked into is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfigMap {
    pub(super) metadata: ObjectMeta,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) data: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) binary_data: BTreeMap<String, Blob>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The metadata of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectMeta {
    pub(super) name: String,
    #[serde(default)]
    pub(super) labels: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resource_version: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Bytes, which JSON carries as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob(pub(super) Vec<u8>);

impl ConfigMap {
    /// An empty one, labelled as a part of the store.
    pub(super) fn new(name: String, part: Part) -> Self {
        let labels =
            [("app.kubernetes.io/managed-by", "kubectl-snapshot"), (STORE_LABEL, part.label())];
        let labels = labels.map(|(label, value)| (label.to_owned(), value.to_owned())).into();
        Self { metadata: ObjectMeta { name, labels, ..ObjectMeta::default() }, ..Self::default() }
    }

    /// One that nobody may change.
    pub(super) fn written_once(name: String, part: Part) -> Self {
        let mut object = Self::new(name, part);
        object.rest.insert("immutable".to_owned(), Value::Bool(true));
        object
    }

    /// A chunk's.
    pub(super) fn chunk(digest: Digest, blob: Vec<u8>) -> Self {
        let mut object = Self::written_once(chunk_name(digest), Part::Chunk);
        object.binary_data.insert("chunk".to_owned(), Blob(blob));
        object
    }

    /// The bytes of a chunk, if it is one.
    pub(super) fn blob(mut self) -> Option<Vec<u8>> {
        self.binary_data.remove("chunk").map(|blob| blob.0)
    }

    /// Reads what the API server sent for an object of that name.
    pub(super) fn read(text: &str, name: &str) -> Result<Self, ClusterError> {
        serde_json::from_str(text)
            .map_err(|error| ClusterError::answer(format!("ConfigMap {name}"), error))
    }

    pub(super) fn name(&self) -> &str {
        &self.metadata.name
    }

    /// True if the API server lets nobody change what it holds.
    pub(super) fn is_immutable(&self) -> bool {
        self.rest.get("immutable") == Some(&Value::Bool(true))
    }

    /// Body of the request.
    pub(super) fn to_json(&self) -> String {
        let mut object = json!(self);
        // Items of a list come without.
        object["apiVersion"] = json!("v1");
        object["kind"] = json!("ConfigMap");
        object.to_string()
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_looked_into_is_kept() {
        let text = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "variables.prod", "uid": "7", "resourceVersion": "12", "labels": {}, "annotations": {}},
            "data": {"DB_HOST": "db.prod"},
            "binaryData": {"seal": "AP8="},
            "immutable": false,
        });
        let object = ConfigMap::read(&text.to_string(), "variables.prod").unwrap();
        assert_eq!(object.binary_data["seal"], Blob(vec![0, 255]));
        assert_eq!(serde_json::from_str::<Value>(&object.to_json()).unwrap(), text);
    }

    #[test]
    fn a_chunk_is_immutable_and_labelled() {
        let digest = Digest::of(b"tax");
        let object: Value =
            serde_json::from_str(&ConfigMap::chunk(digest, vec![1]).to_json()).unwrap();
        assert_eq!(object["immutable"], true);
        assert_eq!(object["metadata"]["name"], format!("chunk.{}", digest.hex()));
        assert_eq!(object["metadata"]["labels"]["kubectl-snapshot.dev/part"], "chunk");
        assert_eq!(Part::Chunk.selector(), "kubectl-snapshot.dev/part=chunk");
    }
}
