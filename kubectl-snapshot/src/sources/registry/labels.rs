//! Labels of images: what their builders say of them.

use std::collections::HashMap;

use oci_client::manifest::OciImageManifest;
use serde::{Deserialize, Serialize};

/// Labels in which an image's builder says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// `org.opencontainers.image.revision`: the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// `org.opencontainers.image.version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `org.opencontainers.image.source`: the address of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `org.opencontainers.image.created`, else the time that the image itself has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// Labels of a configuration, or else annotations of the manifest.
pub(super) fn said(manifest: &OciImageManifest, config: &[u8]) -> Labels {
    #[derive(Default, Deserialize)]
    struct Config {
        #[serde(default)]
        config: Option<Inner>,
        #[serde(default)]
        created: Option<String>,
    }
    #[derive(Default, Deserialize)]
    struct Inner {
        #[serde(default, rename = "Labels")]
        labels: Option<HashMap<String, String>>,
    }
    // What is no image, a chart or a policy, has a configuration of another kind.
    let config: Config = serde_json::from_slice(config).unwrap_or_default();
    let labels = config.config.and_then(|inner| inner.labels).unwrap_or_default();
    let annotations = manifest.annotations.as_ref();
    let text = |name: &str| {
        let name = format!("org.opencontainers.image.{name}");
        let text = labels.get(&name).or_else(|| annotations?.get(&name));
        text.map(|text| text.trim().to_owned()).filter(|text| is_plain(text))
    };
    Labels {
        revision: text("revision"),
        version: text("version"),
        source: text("source"),
        created: text("created").or(config.created.filter(|text| is_plain(text))),
    }
}

/// True of a text that can be shown and kept: builders write what they like.
fn is_plain(text: &str) -> bool {
    (1..=1024).contains(&text.len()) && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_go_before_annotations_and_nonsense_is_nothing() {
        let manifest: OciImageManifest = serde_json::from_value(json!({
            "schemaVersion": 2,
            "config": {"mediaType": "x", "digest": "sha256:x", "size": 2},
            "layers": [],
            "annotations": {
                "org.opencontainers.image.revision": "7d1f0c9",
                "org.opencontainers.image.version": "1.4.0",
            },
        }))
        .unwrap();
        let config = json!({"created": "2024-01-15T10:30:00Z", "config": {"Labels": {
            "org.opencontainers.image.revision": "3f2a91c",
            "org.opencontainers.image.source": "a\u{1b}b",
        }}});
        let labels = said(&manifest, config.to_string().as_bytes());
        let text = |text: &str| Some(text.to_owned());
        let expected = Labels {
            revision: text("3f2a91c"),
            version: text("1.4.0"),
            source: None,
            created: text("2024-01-15T10:30:00Z"),
        };
        assert_eq!(labels, expected);
        for nonsense in [&b"\xff"[..], b"[]", b"{\"config\": 1}", b""] {
            assert_eq!(said(&manifest, nonsense).revision, text("7d1f0c9"));
        }
    }
}
