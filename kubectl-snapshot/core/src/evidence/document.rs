//! Evidence as it is stored: a document that names its snapshot.

use serde::{Deserialize, Serialize};

use super::{Evidence, EvidenceError};
use crate::{
    canonical,
    digest::Digest,
    snapshot::{API_VERSION, is_known_version},
};

/// The `apiVersion` that is read here, for messages.
const KNOWN: &str = "kubectl-snapshot.dev/v1";
const KIND: &str = "Evidence";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    /// Digest of the snapshot that the fact is about.
    snapshot: Digest,
    fact: Evidence,
}

/// Error: a text is not evidence that can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    /// The text has not the shape of evidence.
    #[error("its document cannot be read: {0}")]
    Malformed(String),
    /// Document of another kind, or of a version that is not known here.
    #[error("its document is {kind} of {version}, not {KIND} of {KNOWN}…")]
    Foreign {
        /// Value of its `kind`.
        kind: String,
        /// Value of its `apiVersion`.
        version: String,
    },
    /// Content that evidence cannot have.
    #[error(transparent)]
    Content(#[from] EvidenceError),
}

/// The canonical text of a fact about the snapshot of that digest.
#[must_use]
pub fn write(snapshot: &Digest, fact: &Evidence) -> String {
    canonical::text(&Document {
        api_version: API_VERSION.to_owned(),
        kind: KIND.to_owned(),
        snapshot: *snapshot,
        fact: fact.clone(),
    })
}

/// Reads what [`write`] wrote; members of a newer minor version are passed over.
pub fn read(text: &str) -> Result<(Digest, Evidence), EvidenceFault> {
    let found: Document =
        serde_json::from_str(text).map_err(|error| EvidenceFault::Malformed(error.to_string()))?;
    if found.kind != KIND || !is_known_version(&found.api_version) {
        return Err(EvidenceFault::Foreign {
            kind: found.kind.chars().take(80).collect(),
            version: found.api_version.chars().take(80).collect(),
        });
    }
    found.fact.check()?;
    Ok((found.snapshot, found.fact))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{METRIC, check::tests::fact};

    #[test]
    fn what_is_written_is_read() {
        let snapshot = Digest::of(b"rel-42");
        let p95 = Evidence { value: Some("120ms".parse().unwrap()), ..fact(METRIC, "p95") };
        let text = write(&snapshot, &p95);
        assert_eq!(read(&text), Ok((snapshot, p95)));
        let newer = text.replacen('{', r#"{"severity":"high","#, 1).replace("v1alpha1", "v1beta2");
        assert!(read(&newer).is_ok(), "{newer}");
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let text = write(&Digest::of(b""), &fact("test", "e2e"));
        for (from, to) in [
            ("\"Evidence\"", "\"Snapshot\""),
            ("dev/v1alpha1", "dev/v2"),
            ("dev/v1alpha1", "dev/v10"),
        ] {
            let error = read(&text.replace(from, to)).unwrap_err();
            assert!(matches!(error, EvidenceFault::Foreign { .. }), "{error}");
        }
        assert!(matches!(read("{}"), Err(EvidenceFault::Malformed(_))));
        assert!(matches!(read(&text.replace("e2e", "")), Err(EvidenceFault::Content(_))));
    }
}
