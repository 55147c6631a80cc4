//! Header of a document: `apiVersion` and `kind`, checked before anything else is read.

use serde::Deserialize;
use serde_json::Value;

use super::{DocumentError, KIND, fault};

/// API group, up to the version in `apiVersion`.
const GROUP: &str = "kubectl-snapshot.dev/";
/// The shape of a document, by its major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Version 1: the set of one namespace.
    One,
    /// Version 2: a set in parts.
    Parts,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
}

/// True if a tree is a snapshot document, of whatever version.
#[must_use]
pub fn is_document(value: &Value) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    text("apiVersion").starts_with(GROUP) && text("kind") == KIND
}

/// The shape of a document. Refuses what is not a snapshot of a version that can be read.
///
/// It passes over the whole text once, because another major version may have
/// a shape of its own, and the header need not come first.
pub(super) fn check(text: &str) -> Result<Shape, DocumentError> {
    let header: Header = serde_json::from_str(text).map_err(|error| fault::in_text(&error))?;
    let version = header.api_version.as_deref().and_then(|version| version.strip_prefix(GROUP));
    let (Some(version), Some(KIND)) = (version, header.kind.as_deref()) else {
        return Err(DocumentError::Foreign(header.describe()));
    };
    match major(version) {
        Some("1") => Ok(Shape::One),
        Some("2") => Ok(Shape::Parts),
        Some("0") | None => Err(DocumentError::Foreign(header.describe())),
        Some(_) => Err(DocumentError::Newer(version.to_owned())),
    }
}

impl Header {
    fn describe(&self) -> String {
        let part = |name: &str, text: &Option<String>| match text {
            Some(text) => format!("{name} {}", text.chars().take(80).collect::<String>()),
            None => format!("no {name}"),
        };
        format!("{} and {}", part("apiVersion", &self.api_version), part("kind", &self.kind))
    }
}

/// The `1` of `v1`, `v1alpha1` and `v1beta2`.
fn major(version: &str) -> Option<&str> {
    let rest = version.strip_prefix('v')?;
    let (major, stage) =
        rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    let known = stage.is_empty() || stage.starts_with("alpha") || stage.starts_with("beta");
    (known && !major.is_empty()).then_some(major)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{API_VERSION, PARTS_API_VERSION};

    fn checked(api_version: &str, kind: &str) -> Result<Shape, DocumentError> {
        check(&serde_json::json!({"spec": {}, "kind": kind, "apiVersion": api_version}).to_string())
    }

    #[test]
    fn reads_every_minor_of_its_major() {
        for api_version in [API_VERSION, "kubectl-snapshot.dev/v1beta1", "kubectl-snapshot.dev/v1"]
        {
            assert_eq!(checked(api_version, KIND), Ok(Shape::One), "{api_version}");
        }
        assert_eq!(checked(PARTS_API_VERSION, KIND), Ok(Shape::Parts));
    }

    #[test]
    fn refuses_a_newer_major() {
        for version in ["v3", "v3alpha1", "v10beta3"] {
            let error = checked(&format!("kubectl-snapshot.dev/{version}"), KIND).unwrap_err();
            assert_eq!(error, DocumentError::Newer(version.to_owned()));
            assert!(error.to_string().contains("upgrade"), "{error}");
        }
    }

    #[test]
    fn says_what_it_found_instead() {
        let error = checked("apps/v1", "Deployment").unwrap_err().to_string();
        assert!(error.ends_with("found apiVersion apps/v1 and kind Deployment"), "{error}");
        for (api_version, kind) in
            [(API_VERSION, "Stage"), ("v2", KIND), ("kubectl-snapshot.dev/vx", KIND)]
        {
            assert!(
                matches!(checked(api_version, kind), Err(DocumentError::Foreign(_))),
                "{api_version} {kind}"
            );
        }
        let error = check("{}").unwrap_err().to_string();
        assert!(error.ends_with("found no apiVersion and no kind"), "{error}");
    }

    #[test]
    fn recognises_documents_of_any_version() {
        assert!(is_document(
            &serde_json::json!({"apiVersion": "kubectl-snapshot.dev/v7", "kind": "Snapshot"})
        ));
        assert!(!is_document(&serde_json::json!({"apiVersion": "v1", "kind": "List"})));
        assert!(!is_document(&serde_json::json!([])));
    }
}
