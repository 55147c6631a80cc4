//! What a list shows of a document, read without making trees of its set.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{
    DocumentError, fault, header,
    read::{MetadataText, as_text},
};
use crate::domain::{digest::Digest, snapshot::Metadata};

/// A document without its set.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Name, origin and time.
    pub metadata: Metadata,
    /// The digest that the document states; it is not verified here.
    pub digest: Option<Digest>,
    /// How many services the set has.
    pub services: usize,
    /// How many workloads.
    pub instances: usize,
    /// How many flags.
    pub flags: usize,
    /// The length of `spec` in bytes.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct DocumentText<'a> {
    #[serde(default)]
    metadata: MetadataText,
    #[serde(borrow)]
    spec: &'a RawValue,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    services: BTreeMap<String, BTreeMap<String, IgnoredAny>>,
    #[serde(default)]
    flags: BTreeMap<String, IgnoredAny>,
}

/// Reads what a list shows; the set is skipped, not verified.
pub fn summarise(text: impl AsRef<[u8]>) -> Result<Summary, DocumentError> {
    let text = as_text(text.as_ref())?;
    header::check(text)?;
    let document: DocumentText<'_> = serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
    let spec = document.spec.get();
    let counted: Counted = serde_json::from_str(spec).map_err(|error| fault::in_tree(fault::in_text(&error)))?;
    Ok(Summary {
        metadata: document.metadata.metadata,
        digest: document.metadata.digest,
        services: counted.services.len(),
        instances: counted.services.values().map(BTreeMap::len).sum(),
        flags: counted.flags.len(),
        bytes: spec.len() as u64,
    })
}
