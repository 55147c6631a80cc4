//! Report of a command that creates, changes or deletes stored things.

use serde::Serialize;
use snapshot_core::digest::Digest;

use crate::render::{Page, Report};

/// Changes that a command has made.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeList {
    items: Vec<Change>,
}

/// One thing that a command has made, changed or taken away.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    kind: String,
    name: String,
    /// Action: `deleted`, `tagged`, ….
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    /// Sentence for people.
    #[serde(skip)]
    sentence: String,
}

impl Change {
    /// Change of a thing that has a kind and a name: `snapshot/rel-42 deleted`.
    #[must_use]
    pub fn new(kind: &str, name: impl Into<String>, action: &str) -> Self {
        let name = name.into();
        let sentence = format!("{kind}/{name} {action}");
        Self { kind: kind.to_owned(), name, action: action.to_owned(), digest: None, sentence }
    }

    /// Adds the digest of the content.
    #[must_use]
    pub fn of(self, digest: Digest) -> Self {
        Self { digest: Some(digest), ..self }
    }

    /// Replaces the sentence for people.
    #[must_use]
    pub fn saying(self, sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), ..self }
    }
}

impl ChangeList {
    /// Changes, in order.
    #[must_use]
    pub fn new(items: Vec<Change>) -> Self {
        Self { items }
    }
}

impl From<Change> for ChangeList {
    fn from(change: Change) -> Self {
        Self::new(vec![change])
    }
}

impl Report for ChangeList {
    const KIND: &'static str = "ChangeList";

    fn page(&self, page: &mut Page) {
        for change in &self.items {
            page.line(change.sentence.clone());
        }
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|change| change.name.clone()).collect()
    }
}
