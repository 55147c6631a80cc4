//! Document of a kept plan: read with the distrust that a file deserves.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::KeptPlan;
use crate::{canonical, digest::Digest, snapshot::API_VERSION};

/// Error: a text is no plan that can be held on to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFileError {
    /// Text that is no JSON, or only the beginning of one.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// Something else than a plan.
    #[error("it is no plan: expected kind {kind}, found {found}", kind = KeptPlan::KIND)]
    Foreign {
        /// The kind found.
        found: String,
    },
    /// A plan of another version.
    #[error("it is a plan of version {found:?}, and only {API_VERSION} is read")]
    Version {
        /// The version found.
        found: String,
    },
    /// A plan that has not its own digest.
    #[error("it has been changed: its digest is {stated}, but that of its content is {actual}")]
    Changed {
        /// The digest stated.
        stated: Digest,
        /// The digest of the content.
        actual: Digest,
    },
    /// A plan with something missing, or something that nobody knows.
    #[error("it has not the shape of a plan: {0}")]
    Malformed(String),
}

/// A document before its content is believed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outside<'a> {
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    digest: Option<Digest>,
    #[serde(borrow, default)]
    spec: Option<&'a RawValue>,
}

impl KeptPlan {
    /// The `kind` of such a document.
    pub const KIND: &'static str = "PlanFile";

    /// The digest of all that it says.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(canonical::text(self).as_bytes())
    }

    /// The document: the plan, headed by what it is and by its digest.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "apiVersion": API_VERSION,
            "kind": Self::KIND,
            "digest": self.digest(),
            "spec": self,
        })
    }

    /// Reads a document.
    ///
    /// # Errors
    /// It is no plan, or not as it was written.
    pub fn read(text: &str) -> Result<Self, PlanFileError> {
        let malformed = |error: serde_json::Error| match error.classify() {
            serde_json::error::Category::Data => PlanFileError::Malformed(error.to_string()),
            _ => PlanFileError::NotJson(error.to_string()),
        };
        if !text.trim_start().starts_with('{') {
            // What is no JSON at all is said so; any other value is no document.
            let value: Value = serde_json::from_str(text).map_err(malformed)?;
            let found = if value.is_array() { "a list" } else { "a single value" };
            return Err(PlanFileError::Foreign { found: found.to_owned() });
        }
        let Outside { api_version, kind, digest, spec } =
            serde_json::from_str(text).map_err(malformed)?;
        if kind.as_deref() != Some(Self::KIND) {
            let found = kind.map_or_else(|| "none".to_owned(), |kind| first(&kind));
            return Err(PlanFileError::Foreign { found });
        }
        let version = api_version.unwrap_or_default();
        if version != API_VERSION {
            return Err(PlanFileError::Version { found: first(&version) });
        }
        let lacks = |what: &str| PlanFileError::Malformed(format!("{what} is missing"));
        let stated = digest.ok_or_else(|| lacks("digest"))?;
        let spec = spec.ok_or_else(|| lacks("spec"))?.get();
        let content: Map<String, Value> = serde_json::from_str(spec).map_err(malformed)?;
        let actual = Digest::of(canonical::text(&content).as_bytes());
        if actual != stated {
            return Err(PlanFileError::Changed { stated, actual });
        }
        let plan: Self = serde_json::from_str(spec).map_err(malformed)?;
        // One namespace has no alias; of several each has one of its own.
        let names: BTreeSet<_> = plan.parts.iter().filter_map(|one| one.part.as_ref()).collect();
        let is_place = match plan.parts.len() {
            0 => false,
            1 => names.is_empty(),
            several => names.len() == several,
        };
        if !is_place {
            return Err(PlanFileError::Malformed("parts are no place".to_owned()));
        }
        Ok(plan)
    }
}

/// The beginning of a text of unknown length.
fn first(text: &str) -> String {
    text.chars().take(80).collect()
}
