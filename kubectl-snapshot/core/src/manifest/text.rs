//! A cleaned manifest, kept as its canonical text.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

use crate::{canonical, digest::Digest};

use super::Kind;

/// A cleaned manifest.
///
/// Ten thousand of them are held at once, so each is its canonical text and no
/// tree; it is parsed where it is looked into. Clones share the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest(Arc<str>);

impl Manifest {
    /// Takes a cleaned object.
    #[must_use]
    pub fn new(object: &Value) -> Self {
        Self(canonical::tree_text(object).into())
    }

    /// Takes text that is already canonical, as [`Manifest::text`] gave it.
    #[must_use]
    pub fn from_canonical(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The canonical text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The digest of the canonical text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// The object as a tree.
    ///
    /// # Panics
    /// Never: the text was made from a tree, or parsed when it was read.
    #[must_use]
    pub fn tree(&self) -> Value {
        serde_json::from_str(&self.0).expect("a manifest is JSON")
    }

    /// The object's kind and name, where it is of a kind that a set carries.
    #[must_use]
    pub fn identity(&self) -> Option<(Kind, String)> {
        #[derive(serde::Deserialize)]
        struct Identity<'a> {
            #[serde(borrow)]
            kind: Cow<'a, str>,
            metadata: Named,
        }
        #[derive(serde::Deserialize)]
        struct Named {
            name: String,
        }
        let identity: Identity<'_> = serde_json::from_str(&self.0).ok()?;
        Some((Kind::named(&identity.kind)?, identity.metadata.name))
    }
}
