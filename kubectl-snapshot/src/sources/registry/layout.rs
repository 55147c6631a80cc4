//! Layout of a policy in a registry: manifest, config and layer.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use snapshot_core::{canonical, digest::Digest, signature::Signature, visible};

use super::Package;
use crate::sources::signature;

/// The manifest's own type.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media types accepted in place of the manifest: asked for, to say what was found.
pub(super) const ACCEPTED: [&str; 4] = [
    MANIFEST,
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
/// The type of a component.
const LAYER: &str = "application/wasm";
/// Annotation that holds the signature.
const SIGNATURE: &str = "dev.kubectl-snapshot.signature";

/// Type of the config, which tells what the artifact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Config {
    /// A Wasm artifact's, as the layout has it.
    Wasm,
    /// A container image's, for registries that know no other.
    Image,
}

impl Config {
    fn media_type(self) -> &'static str {
        match self {
            Self::Wasm => "application/vnd.wasm.config.v0+json",
            Self::Image => "application/vnd.oci.image.config.v1+json",
        }
    }

    /// The config's text. Nothing in it depends on when or where it is written:
    /// the same component has the same manifest digest everywhere.
    pub(super) fn text(self, package: &Package, layer: &Digest) -> String {
        canonical::text(&match self {
            Self::Wasm => json!({
                // Others' tools insist on a time.
                "created": "1970-01-01T00:00:00Z",
                "architecture": "wasm",
                "os": "wasip2",
                "layerDigests": [layer],
                "component": {"exports": package.exports, "imports": package.imports},
            }),
            Self::Image => json!({
                "architecture": "wasm",
                "os": "wasip2",
                "rootfs": {"type": "layers", "diff_ids": [layer]},
            }),
        })
    }

    /// The manifest's text.
    pub(super) fn manifest(self, package: &Package, layer: &Digest, config: &str) -> String {
        let mut annotations = BTreeMap::from([
            ("org.opencontainers.image.title", package.title.clone()),
            ("org.opencontainers.image.version", package.version.clone()),
            ("org.opencontainers.image.description", package.description.clone()),
        ]);
        if let Some(signed) = &package.signature {
            annotations.insert(SIGNATURE, signature::to_base64(signed));
        }
        canonical::text(&json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {
                "mediaType": self.media_type(),
                "digest": Digest::of(config.as_bytes()),
                "size": config.len(),
            },
            "layers": [{"mediaType": LAYER, "digest": layer, "size": package.bytes.len()}],
            "annotations": annotations,
        }))
    }
}

/// Layer of the component, and its signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layer {
    /// The component's digest.
    pub(super) digest: Digest,
    /// Size in bytes.
    pub(super) size: u64,
    /// The signature of whoever pushed it, checked by nobody yet.
    pub(super) signature: Option<Signature>,
}

/// Reads a manifest. Where it is not a policy's, the error says what it is, in
/// words that continue a sentence.
pub(super) fn read(manifest: &[u8]) -> Result<Layer, String> {
    #[derive(Deserialize)]
    struct Manifest {
        manifests: Option<Value>,
        layers: Option<Vec<Descriptor>>,
        #[serde(default)]
        annotations: Option<BTreeMap<String, String>>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Descriptor {
        media_type: String,
        digest: String,
        size: u64,
    }
    let manifest: Manifest = serde_json::from_slice(manifest)
        .map_err(|error| format!("its manifest cannot be read: {}", excerpt(&error.to_string())))?;
    if manifest.manifests.is_some() {
        return Err("it is an index of images for several platforms".to_owned());
    }
    let layers = manifest.layers.unwrap_or_default();
    if let Some(layer) = layers.iter().find(|layer| layer.media_type != LAYER) {
        let kind = excerpt(&layer.media_type);
        return Err(if kind.contains(".tar") {
            format!("it is a container image, with layers of {kind}")
        } else {
            format!("it has a layer of {kind}, and not of {LAYER}")
        });
    }
    let [layer] = layers.as_slice() else {
        return Err(format!("it has {} layers, and a policy has one", layers.len()));
    };
    let digest = layer.digest.parse().map_err(|_| {
        format!("its layer is named by {:?}, not by SHA-256", excerpt(&layer.digest))
    })?;
    let signature = match manifest.annotations.unwrap_or_default().get(SIGNATURE) {
        Some(text) => Some(
            signature::from_base64(text)
                .ok_or_else(|| format!("its annotation {SIGNATURE} is no Ed25519 signature"))?,
        ),
        None => None,
    };
    Ok(Layer { digest, size: layer.size, signature })
}

/// Start of a registry's text, short enough for a message.
fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(120).collect();
    visible::line(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(signature: Option<Signature>) -> Package {
        Package {
            bytes: b"\0asm".to_vec(),
            title: "no-latest".to_owned(),
            version: "0.1.0".to_owned(),
            description: "No container runs `latest`.".to_owned(),
            exports: vec!["snapshot:policy/about@0.1.0".to_owned()],
            imports: Vec::new(),
            signature,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let digest = Digest::of(b"\0asm");
        for signature in [None, Signature::from_bytes(&[7; 64])] {
            let package = package(signature);
            for kind in [Config::Wasm, Config::Image] {
                let manifest = kind.manifest(&package, &digest, &kind.text(&package, &digest));
                assert_eq!(read(manifest.as_bytes()), Ok(Layer { digest, size: 4, signature }));
            }
        }
    }

    #[test]
    fn the_same_component_has_the_same_manifest_for_ever() {
        let (package, digest) = (package(None), Digest::of(b"\0asm"));
        let config = Config::Wasm.text(&package, &digest);
        assert!(config.starts_with(r#"{"architecture":"wasm","component":{"exports":["#));
        let manifest = Config::Wasm.manifest(&package, &digest, &config);
        assert_eq!(
            Digest::of(manifest.as_bytes()).to_string(),
            "sha256:64fcf593bd9443db79e0ece85ed67bbfe68c1cc81819cbe6eec94e4b13cddc27"
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        let layers = |layers: &str| format!(r#"{{"schemaVersion":2,"layers":[{layers}]}}"#);
        let layer = |kind: &str, digest: &str| {
            format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":4}}"#)
        };
        let digest = Digest::of(b"\0asm").to_string();
        let tar = layer("application/vnd.oci.image.layer.v1.tar+gzip", &digest);
        let wasm = layer(LAYER, &digest);
        for (manifest, found) in [
            (String::new(), "its manifest cannot be read"),
            ("[]".to_owned(), "its manifest cannot be read"),
            (r#"{"manifests":[]}"#.to_owned(), "an index of images"),
            (r#"{"schemaVersion":2}"#.to_owned(), "it has 0 layers"),
            (layers(&tar), "it is a container image"),
            (layers(&layer("text/\\u001b[2J", &digest)), "a layer of text/\\u{1b}[2J"),
            (layers(&format!("{wasm},{wasm}")), "it has 2 layers"),
            (layers(&layer(LAYER, "sha512:00")), "is named by"),
            (
                format!(r#"{{"layers":[{wasm}],"annotations":{{"{SIGNATURE}":"AAAA"}}}}"#),
                "is no Ed25519 signature",
            ),
        ] {
            let refused = read(manifest.as_bytes()).unwrap_err();
            assert!(refused.contains(found), "{refused}");
        }
    }
}
