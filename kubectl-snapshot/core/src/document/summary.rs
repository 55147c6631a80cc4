//! Summary of a document for lists, read without making trees of its set.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    DocumentError, fault, header,
    read::{MetadataText, as_text},
};
use crate::{digest::Digest, snapshot::Metadata};

/// A document without its set.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Name, origin and time.
    pub metadata: Metadata,
    /// The digest that the document states; it is not verified here.
    pub digest: Option<Digest>,
    /// Number of services in the set.
    pub services: usize,
    /// Number of workloads.
    pub instances: usize,
    /// Number of flags.
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
    services: BTreeMap<String, Members>,
    #[serde(default)]
    flags: Members,
}

/// Number of members of a JSON object.
#[derive(Default)]
struct Members(usize);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Counting)
    }
}

struct Counting;

impl<'de> Visitor<'de> for Counting {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut count = 0;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Members(count))
    }
}

/// Reads what a list shows; the set is skipped, not verified.
pub fn summarise(text: impl AsRef<[u8]>) -> Result<Summary, DocumentError> {
    let text = as_text(text.as_ref())?;
    header::check(text)?;
    let document: DocumentText<'_> =
        serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
    let spec = document.spec.get();
    let counted: Counted =
        serde_json::from_str(spec).map_err(|error| fault::in_tree(fault::in_text(&error)))?;
    Ok(Summary {
        metadata: document.metadata.metadata,
        digest: document.metadata.digest,
        services: counted.services.len(),
        instances: counted.services.values().map(|members| members.0).sum(),
        flags: counted.flags.0,
        bytes: spec.len() as u64,
    })
}
