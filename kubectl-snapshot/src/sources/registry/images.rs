//! Images in registries: their digests, their tags, and what their builders say of them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use oci_client::{
    Reference, RegistryOperation,
    errors::OciDistributionError,
    manifest::{ImageIndexEntry, OciImageIndex, OciImageManifest, OciManifest},
    secrets::RegistryAuth,
};
use serde::{Deserialize, Serialize};
use snapshot_core::{artifact::ArtifactReference, image::ImageReference};
use tokio::{
    sync::{OnceCell, Semaphore},
    time::timeout,
};

use super::{
    RegistryError, RegistryOptions,
    connection::{Connection, place},
    error::Asked,
    trace::traced,
};

/// Time without an answer after which a registry is given up, unless the user sets another.
const SILENCE: Duration = Duration::from_secs(30);
/// Number of requests to all registries at once.
const AT_ONCE: usize = 16;
/// Number of tags that are asked for at once.
const PAGE: usize = 1000;
/// The most tags of a repository that are read.
const MOST_TAGS: usize = 50_000;
/// The largest configuration of an image that is read, in bytes.
const LARGEST_CONFIG: i64 = 4 << 20;

/// The registries of images, each asked as whoever the user is there.
pub struct Images {
    options: RegistryOptions,
    repositories: Mutex<HashMap<String, Arc<OnceCell<Arc<Connection>>>>>,
    room: Semaphore,
}

/// The tags of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// The tags, sorted.
    pub names: BTreeSet<String>,
    /// True where there are more than were read.
    pub is_cut: bool,
}

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

impl Images {
    /// Registries, asked with these options.
    #[must_use]
    pub fn new(options: RegistryOptions) -> Self {
        Self { options, repositories: Mutex::default(), room: Semaphore::new(AT_ONCE) }
    }

    /// The digest of an image: of the index, where it is for several platforms.
    pub async fn digest(&self, image: &ImageReference) -> Result<String, RegistryError> {
        let asked = self.ask(image).await?;
        let digest = asked.connection.client.fetch_manifest_digest(&asked.place, asked.auth());
        self.answer("ask for image", &asked, digest).await
    }

    /// The tags of an image's repository, whatever the registry makes of pages.
    pub async fn tags(&self, image: &ImageReference) -> Result<Tags, RegistryError> {
        let asked = self.ask(image).await?;
        let mut tags = Tags::default();
        let mut last: Option<String> = None;
        loop {
            let client = &asked.connection.client;
            let page = client.list_tags(&asked.place, asked.auth(), Some(PAGE), last.as_deref());
            let page = self.answer("list tags", &asked, page).await?.tags;
            let whole = page.len() > PAGE;
            last = page.last().cloned();
            let known = tags.names.len();
            tags.names.extend(page);
            // Some registries give all tags, whatever is asked for; some give fewer than that.
            if whole || tags.names.len() == known {
                return Ok(tags);
            }
            if tags.names.len() >= MOST_TAGS {
                tags.is_cut = true;
                return Ok(tags);
            }
        }
    }

    /// Labels of an image, in its configuration or on its manifest.
    ///
    /// Builders say the same of each platform: of several, that of Linux on amd64 is asked, else
    /// the first that is one.
    pub async fn labels(&self, image: &ImageReference) -> Result<Labels, RegistryError> {
        let asked = self.ask(image).await?;
        let client = &asked.connection.client;
        let manifest = client.pull_manifest(&asked.place, asked.auth());
        let (manifest, _) = self.answer("pull manifest", &asked, manifest).await?;
        let manifest = match manifest {
            OciManifest::Image(manifest) => manifest,
            OciManifest::ImageIndex(index) => {
                let Some(digest) = platform(&index) else { return Ok(Labels::default()) };
                let (registry, repository) = (asked.place.registry(), asked.place.repository());
                let place =
                    Reference::with_digest(registry.to_owned(), repository.to_owned(), digest);
                let one = client.pull_manifest(&place, asked.auth());
                match self.answer("pull manifest", &asked, one).await?.0 {
                    OciManifest::Image(manifest) => manifest,
                    OciManifest::ImageIndex(_) => return Ok(Labels::default()),
                }
            }
        };
        if !(0..=LARGEST_CONFIG).contains(&manifest.config.size) {
            return Ok(said(&manifest, b"{}"));
        }
        let mut config = Vec::new();
        let pulled = client.pull_blob(&asked.place, &manifest.config, &mut config);
        self.answer("pull config", &asked, pulled).await?;
        Ok(said(&manifest, &config))
    }

    /// A way to the repository of an image, the same for all images of it.
    async fn ask(&self, image: &ImageReference) -> Result<Question, RegistryError> {
        let reference = ArtifactReference::of_image(image)
            .map_err(|cause| RegistryError::Unnameable { image: image.to_string(), cause })?;
        let key = format!("{}/{}", reference.registry(), reference.repository());
        let cell = {
            let mut known = self.repositories.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(key).or_default().clone()
        };
        let opened = cell.get_or_try_init(|| async {
            let operations = [RegistryOperation::Pull];
            let connection = Connection::open(&reference, &self.options, &operations, SILENCE);
            connection.await.map(Arc::new)
        });
        let connection = opened.await?.clone();
        let place = place(&reference);
        let asked = Asked { reference, ..connection.asked.clone() };
        Ok(Question { connection, place, asked })
    }

    /// The answer to one request, in its turn and in time.
    async fn answer<T>(
        &self,
        what: &str,
        question: &Question,
        request: impl Future<Output = Result<T, OciDistributionError>>,
    ) -> Result<T, RegistryError> {
        let _turn = self.room.acquire().await;
        let Question { connection, asked, .. } = question;
        let request = traced(what, &asked.reference, 0, request);
        let answer = timeout(connection.patience, request).await.map_err(|_| asked.timed_out())?;
        answer.map_err(|error| asked.failed(error))
    }
}

/// An image, and the way to it.
struct Question {
    connection: Arc<Connection>,
    place: Reference,
    asked: Asked,
}

impl Question {
    fn auth(&self) -> &RegistryAuth {
        &self.connection.auth
    }
}

/// The manifest of the platform that speaks for all; attestations have none.
fn platform(index: &OciImageIndex) -> Option<String> {
    let platform = |entry: &ImageIndexEntry| {
        let platform = entry.platform.as_ref()?;
        Some((platform.os.to_string(), platform.architecture.to_string()))
    };
    let usual = |entry: &&ImageIndexEntry| {
        platform(entry).is_some_and(|(os, architecture)| os == "linux" && architecture == "amd64")
    };
    let known = |entry: &&ImageIndexEntry| platform(entry).is_none_or(|(os, _)| os != "unknown");
    let entries = &index.manifests;
    let chosen = entries.iter().find(usual).or_else(|| entries.iter().find(known));
    chosen.map(|entry| entry.digest.clone())
}

/// Labels of a configuration, or else annotations of the manifest.
fn said(manifest: &OciImageManifest, config: &[u8]) -> Labels {
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

    #[test]
    fn the_usual_platform_speaks_for_all_and_an_attestation_for_none() {
        let entry = |digest: &str, os: &str, architecture: &str| {
            json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 1,
                "platform": {"os": os, "architecture": architecture},
            })
        };
        let index = |entries: &[serde_json::Value]| -> OciImageIndex {
            serde_json::from_value(json!({"schemaVersion": 2, "manifests": entries})).unwrap()
        };
        let (unknown, arm, amd) = (
            entry("sha256:u", "unknown", "unknown"),
            entry("sha256:a", "linux", "arm64"),
            entry("sha256:b", "linux", "amd64"),
        );
        let chosen = |entries: &[serde_json::Value]| platform(&index(entries));
        assert_eq!(chosen(&[unknown.clone(), arm.clone(), amd]).as_deref(), Some("sha256:b"));
        assert_eq!(chosen(&[unknown.clone(), arm]).as_deref(), Some("sha256:a"));
        assert_eq!(chosen(&[unknown]), None);
    }
}
