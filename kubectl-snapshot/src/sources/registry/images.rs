//! Images in registries: their digests, their tags, and what their builders say of them.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use oci_client::{
    Reference, RegistryOperation,
    errors::OciDistributionError,
    manifest::{ImageIndexEntry, OciImageIndex, OciManifest},
    secrets::RegistryAuth,
};
use snapshot_core::{artifact::ArtifactReference, image::ImageReference};
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout},
};

use super::{
    RegistryError, RegistryOptions,
    connection::{Connection, place},
    credentials::Credentials,
    error::Asked,
    hosts::{Host, Hosts},
    label_cache,
    labels::{Labels, said},
    limit,
    trace::traced,
};

/// Time without an answer after which a registry is given up, unless the user sets another.
const SILENCE: Duration = Duration::from_secs(30);
/// Number of tags that are asked for at once.
const PAGE: usize = 1000;
/// The most tags of a repository that are read.
const MOST_TAGS: usize = 50_000;
/// Number of times that one thing is asked for.
const ATTEMPTS: usize = 3;
/// The largest configuration of an image that is read, in bytes.
const LARGEST_CONFIG: i64 = 4 << 20;

/// The registries of images, each asked as whoever the user is there.
pub struct Images {
    options: RegistryOptions,
    credentials: Credentials,
    repositories: Mutex<HashMap<String, Arc<OnceCell<Arc<Connection>>>>>,
    hosts: Hosts,
}

/// The tags of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// The tags, sorted.
    pub names: BTreeSet<String>,
    /// True where there are more than were read.
    pub is_cut: bool,
}

impl Images {
    /// Registries, asked with these options.
    #[must_use]
    pub fn new(options: RegistryOptions) -> Self {
        Self {
            options,
            credentials: Credentials::default(),
            repositories: Mutex::default(),
            hosts: Hosts::default(),
        }
    }

    /// The registries, of which none is waited for beyond this time.
    #[must_use]
    pub fn by(self, deadline: Instant) -> Self {
        Self { hosts: self.hosts.by(deadline), ..self }
    }

    /// The digest of an image: of the index, where it is for several platforms.
    pub async fn digest(&self, image: &ImageReference) -> Result<String, RegistryError> {
        let asked = self.ask(image).await?;
        let client = &asked.connection.client;
        let digest = || client.fetch_manifest_digest(&asked.place, asked.auth());
        self.answer("ask for image", &asked, digest).await
    }

    /// The tags of an image's repository, whatever the registry makes of pages.
    pub async fn tags(&self, image: &ImageReference) -> Result<Tags, RegistryError> {
        let asked = self.ask(image).await?;
        let mut tags = Tags::default();
        let mut last: Option<String> = None;
        loop {
            let client = &asked.connection.client;
            let page = || client.list_tags(&asked.place, asked.auth(), Some(PAGE), last.as_deref());
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
    /// the first that is one. Of a digest they are asked for once, and kept in the user's cache.
    pub async fn labels(&self, image: &ImageReference) -> Result<Labels, RegistryError> {
        if let Some(known) = self.known_labels(image).await {
            return Ok(known);
        }
        let labels = self.ask_for_labels(image).await?;
        if let Some(digest) = &image.digest {
            label_cache::keep(digest, &labels).await;
        }
        Ok(labels)
    }

    /// Labels of an image that was asked for before, by its digest.
    pub async fn known_labels(&self, image: &ImageReference) -> Option<Labels> {
        label_cache::read(image.digest.as_deref()?).await
    }

    async fn ask_for_labels(&self, image: &ImageReference) -> Result<Labels, RegistryError> {
        let asked = self.ask(image).await?;
        let client = &asked.connection.client;
        let manifest = || client.pull_manifest(&asked.place, asked.auth());
        let (manifest, _) = self.answer("pull manifest", &asked, manifest).await?;
        let manifest = match manifest {
            OciManifest::Image(manifest) => manifest,
            OciManifest::ImageIndex(index) => {
                let Some(digest) = platform(&index) else { return Ok(Labels::default()) };
                let (registry, repository) = (asked.place.registry(), asked.place.repository());
                let place =
                    Reference::with_digest(registry.to_owned(), repository.to_owned(), digest);
                let one = || client.pull_manifest(&place, asked.auth());
                match self.answer("pull manifest", &asked, one).await?.0 {
                    OciManifest::Image(manifest) => manifest,
                    OciManifest::ImageIndex(_) => return Ok(Labels::default()),
                }
            }
        };
        if !(0..=LARGEST_CONFIG).contains(&manifest.config.size) {
            return Ok(said(&manifest, b"{}"));
        }
        let pulled = async || {
            let mut config = Vec::new();
            client.pull_blob(&asked.place, &manifest.config, &mut config).await.map(|()| config)
        };
        let config = self.answer("pull config", &asked, pulled).await?;
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
        let host = self.hosts.of(reference.registry());
        host.refuse_given_up()?;
        let opened = cell.get_or_try_init(|| async {
            let _turn = host.turn().await?;
            let operations = [RegistryOperation::Pull];
            let credentials = &self.credentials;
            let connection =
                Connection::open(&reference, &self.options, credentials, &operations, SILENCE);
            connection.await.map(Arc::new)
        });
        let connection = opened.await.map_err(|error| host.note(error))?.clone();
        let place = place(&reference);
        let asked = Asked { reference, ..connection.asked.clone() };
        Ok(Question { host, connection, place, asked })
    }

    /// The answer to one request, in its turn and in time; asked for again where the registry
    /// says that it takes more requests soon.
    async fn answer<T, F: Future<Output = Result<T, OciDistributionError>>>(
        &self,
        what: &str,
        question: &Question,
        request: impl Fn() -> F,
    ) -> Result<T, RegistryError> {
        let Question { host, connection, asked, .. } = question;
        let mut attempts = 1;
        loop {
            let turn = host.turn().await?;
            let sent = Instant::now();
            let request = traced(what, &asked.reference, 0, request());
            let answer = timeout(connection.patience, request).await;
            drop(turn);
            let answer = answer.map_err(|_| asked.timed_out());
            let error = match answer.and_then(|answer| answer.map_err(|error| asked.failed(error)))
            {
                Err(RegistryError::TooMany { .. }) => {
                    match host.pause(sent, question.limit()).await {
                        Ok(()) if attempts < ATTEMPTS => {
                            attempts += 1;
                            continue;
                        }
                        Ok(()) => host.too_many(limit::Limit::default()),
                        Err(error) => error,
                    }
                }
                Err(error) => error,
                Ok(answer) => return Ok(answer),
            };
            return Err(host.note(error));
        }
    }
}

/// An image, and the way to it.
struct Question {
    host: Arc<Host>,
    connection: Arc<Connection>,
    place: Reference,
    asked: Asked,
}

impl Question {
    fn auth(&self) -> &RegistryAuth {
        &self.connection.auth
    }

    /// Asks what the registry says of its limit.
    async fn limit(&self) -> limit::Limit {
        let Self { connection, place, asked, .. } = self;
        let request = limit::ask(place, connection.plain, connection.token.as_deref());
        let request = async { Ok::<_, Infallible>(request.await) };
        let Ok(limit) = traced("ask for the limit", &asked.reference, 0, request).await;
        limit
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

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    use serde_json::json;

    use super::*;

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

    /// Answers every request with 429, as a registry does that has had enough; returns its address,
    /// and what counts the requests.
    fn busy() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut request = [0; 4096];
                if stream.read(&mut request).is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(
                        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\n\
                          Content-Length: 0\r\nConnection: close\r\n\r\n",
                    );
                }
            }
        });
        (address, asked)
    }

    #[tokio::test]
    async fn a_registry_that_wants_no_more_requests_gets_no_more() {
        let (address, asked) = busy();
        let images = Images::new(RegistryOptions::default());
        let image = |tag: &str| format!("{address}/shop/web:{tag}").parse().unwrap();
        let refused = images.digest(&image("1")).await.unwrap_err();
        assert!(matches!(refused, RegistryError::TooMany { .. }), "{refused}");
        assert!(refused.to_string().ends_with("; it says to ask again in 60 min"), "{refused}");
        let before = asked.load(Ordering::SeqCst);
        assert!(before > 0);
        for tag in ["1", "2"] {
            let refused = images.digest(&image(tag)).await.unwrap_err();
            assert!(matches!(refused, RegistryError::GivenUp { .. }), "{refused}");
            assert!(images.tags(&image(tag)).await.is_err());
        }
        assert_eq!(asked.load(Ordering::SeqCst), before);
    }
}
