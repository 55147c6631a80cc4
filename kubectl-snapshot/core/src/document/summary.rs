//! Summary of a document for lists, read without making trees of its set.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    DocumentError, fault,
    header::{self, Shape},
    metadata::{MetadataText, PartsMetadataText},
    read::as_text,
};
use crate::{digest::Digest, parts::PartName, snapshot::Metadata};

/// A document without its set.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Name, origin and time.
    pub metadata: Metadata,
    /// The digest that the document states; it is not verified here.
    pub digest: Option<Digest>,
    /// The aliases of its parts; none where the set is of one namespace.
    pub parts: Vec<PartName>,
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
struct DocumentText<'a, M> {
    #[serde(default)]
    metadata: M,
    #[serde(borrow)]
    spec: &'a RawValue,
}

#[derive(Deserialize)]
struct CountedParts {
    parts: BTreeMap<PartName, Counted>,
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
    let (whole, spec, counted) = match header::check(text)? {
        Shape::One => {
            let DocumentText::<MetadataText> { metadata, spec } =
                serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
            (metadata, spec, vec![(None, in_tree(spec.get())?)])
        }
        Shape::Parts => {
            let DocumentText::<PartsMetadataText> { metadata, spec } =
                serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
            let CountedParts { parts } = in_tree(spec.get())?;
            let parts = parts.into_iter().map(|(name, counted)| (Some(name), counted));
            (metadata.whole, spec, parts.collect())
        }
    };
    let MetadataText { digest, metadata } = whole;
    let sets = || counted.iter().map(|(_, counted): &(Option<PartName>, Counted)| counted);
    Ok(Summary {
        metadata,
        digest,
        services: sets().map(|set| set.services.len()).sum(),
        instances: sets().flat_map(|set| set.services.values()).map(|members| members.0).sum(),
        flags: sets().map(|set| set.flags.0).sum(),
        bytes: spec.get().len() as u64,
        parts: counted.into_iter().filter_map(|(name, _)| name).collect(),
    })
}

fn in_tree<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, DocumentError> {
    serde_json::from_str(text).map_err(|error| fault::in_tree(fault::in_text(&error)))
}
