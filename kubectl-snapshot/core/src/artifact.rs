//! References to policies in an OCI registry: `oci://HOST/REPOSITORY:TAG@DIGEST`.

use std::{fmt, str::FromStr};

use super::{
    digest::Digest,
    image::{ImageReference, Parts, is_tag, located},
};

/// URL scheme of a reference; tells it from the name of a file.
pub const SCHEME: &str = "oci://";

/// The tag that is meant where neither a tag nor a digest is named.
const DEFAULT_TAG: &str = "latest";

/// The registry of images that name none.
const DOCKER_HUB: &str = "docker.io";

/// A policy in a registry: `oci://registry.example:5000/policies/tax:1.4@sha256:…`.
///
/// A tag may be moved to other bytes by whoever may push; a digest cannot.
/// Where both are named, the digest decides and the tag is for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Error: a text is not an [`ArtifactReference`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a reference to a policy in a registry: {problem}")]
pub struct NotAnArtifact {
    /// The text, at most 200 characters of it.
    text: String,
    /// Description of the problem and of the text expected.
    problem: &'static str,
}

impl ArtifactReference {
    /// The registry's host, with its port where one is named.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path within the registry.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The last word of the path: what the policy is called there.
    #[must_use]
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// The tag, `latest` where none is named.
    #[must_use]
    pub fn tag(&self) -> &str {
        self.tag.as_deref().unwrap_or(DEFAULT_TAG)
    }

    /// The digest of the manifest, where one is named.
    #[must_use]
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// The place of an image in its registry, Docker Hub where none is named.
    ///
    /// # Errors
    /// No registry can be asked for it: its host or path is none.
    pub fn of_image(image: &ImageReference) -> Result<Self, NotAnArtifact> {
        let (host, path) = located(&image.repository);
        let library = if host.is_none() && !path.contains('/') { "library/" } else { "" };
        let host = host.unwrap_or_else(|| DOCKER_HUB.to_owned());
        let repository = format!("{host}/{library}{path}");
        let place = ImageReference { repository, ..image.clone() };
        format!("{SCHEME}{place}").parse()
    }

    /// Copy of the reference that names a tag.
    #[must_use]
    pub fn at_tag(&self, tag: &str) -> Self {
        Self { tag: Some(tag.to_owned()), digest: None, ..self.clone() }
    }

    /// Copy of the reference with a digest: it names these bytes for ever.
    #[must_use]
    pub fn pinned(&self, digest: Digest) -> Self {
        Self { digest: Some(digest), ..self.clone() }
    }

    /// True if the registry is on this machine, by the host names that mean that without a
    /// resolver.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.registry.split(':').next().unwrap_or_default();
        matches!(host, "localhost" | "127.0.0.1")
    }
}

impl FromStr for ArtifactReference {
    type Err = NotAnArtifact;

    fn from_str(text: &str) -> Result<Self, NotAnArtifact> {
        read(text)
            .map_err(|problem| NotAnArtifact { text: text.chars().take(200).collect(), problem })
    }
}

fn read(text: &str) -> Result<ArtifactReference, &'static str> {
    let rest =
        text.strip_prefix(SCHEME).ok_or("expected oci://HOST/PATH, with :TAG or @sha256:DIGEST")?;
    let Parts { repository: name, tag, digest } = Parts::of(rest);
    let digest = digest
        .map(str::parse::<Digest>)
        .transpose()
        .map_err(|_| "expected sha256: and 64 hexadecimal digits after '@'")?;
    let (registry, repository) =
        name.split_once('/').ok_or("expected a path after the host, such as /policies/tax")?;
    if !is_registry(registry) {
        return Err("expected a host such as registry.example or localhost:5000 after oci://");
    }
    if repository.len() > 255 || !repository.split('/').all(is_path_component) {
        return Err("expected a path of lower-case letters and digits, with '.', '_' or '-' \
                    between them and '/' between its parts");
    }
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Err("expected a tag of 1 to 128 letters, digits, '_', '.' and '-' after ':'");
    }
    Ok(ArtifactReference {
        registry: registry.to_owned(),
        repository: repository.to_owned(),
        tag: tag.map(str::to_owned),
        digest,
    })
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        label.bytes().all(inner)
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    host.len() <= 253 && host.split('.').all(is_label) && port.is_none_or(is_port)
}

/// Letters and digits with `.`, `_`, `__` or any number of `-` between them.
fn is_path_component(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_word)
        && text.ends_with(is_word)
        && text.split(is_word).all(|separator| {
            matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-')
        })
}

impl fmt::Display for ArtifactReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> ArtifactReference {
        text.parse().unwrap()
    }

    #[test]
    fn parts_are_told_apart() {
        let digest = Digest::of(b"tax");
        let full = parsed(&format!("oci://localhost:5000/policies/tax:1.4@{digest}"));
        assert_eq!((full.registry(), full.repository()), ("localhost:5000", "policies/tax"));
        assert_eq!((full.name(), full.tag(), full.digest()), ("tax", "1.4", Some(digest)));
        let bare = parsed("oci://ghcr.io/tax");
        assert_eq!((bare.tag(), bare.digest()), ("latest", None));
        assert_eq!(bare.pinned(digest).to_string(), format!("oci://ghcr.io/tax@{digest}"));
    }

    #[test]
    fn only_this_machine_is_local() {
        for local in ["localhost", "localhost:5000", "127.0.0.1:5000"] {
            assert!(parsed(&format!("oci://{local}/tax")).is_local(), "{local}");
        }
        for remote in ["localhost.example", "127.0.0.2", "registry.example:5000"] {
            assert!(!parsed(&format!("oci://{remote}/tax")).is_local(), "{remote}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, problem) in [
            ("ghcr.io/shop/tax", "expected oci://HOST/PATH"),
            ("https://ghcr.io/shop/tax", "expected oci://HOST/PATH"),
            ("oci://", "expected a path after the host"),
            ("oci://ghcr.io", "expected a path after the host"),
            ("oci:///tax", "expected a host"),
            ("oci://user:secret@ghcr.io/tax", "expected sha256:"),
            ("oci://ghcr.io:0/tax", "expected a host"),
            ("oci://ghcr.io:99999/tax", "expected a host"),
            ("oci://-a/tax", "expected a host"),
            ("oci://ghcr.io/", "expected a path of"),
            ("oci://ghcr.io/Tax", "expected a path of"),
            ("oci://ghcr.io/a//tax", "expected a path of"),
            ("oci://ghcr.io/a/../tax", "expected a path of"),
            ("oci://ghcr.io/tax?x=1", "expected a path of"),
            ("oci://ghcr.io/tax:", "expected a tag"),
            ("oci://ghcr.io/tax:1.4:5", "expected a tag"),
            ("oci://ghcr.io/tax@sha256:e3b0", "expected sha256:"),
            ("oci://ghcr.io/tax@sha512:00", "expected sha256:"),
        ] {
            let refused = text.parse::<ArtifactReference>().unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(oci://)?[a-z0-9:/@. _A-Z-]{0,40}|\\PC{0,40}") {
            if let Ok(reference) = text.parse::<ArtifactReference>() {
                prop_assert_eq!(reference.to_string(), text);
            }
        }

        #[test]
        fn text_round_trips(
            host in "[a-z]{1,8}(\\.[a-z]{2})?(:[1-9][0-9]{0,3})?",
            path in "[a-z0-9]{1,8}((/|-|__|\\.)[a-z0-9]{1,8}){0,2}",
            tag in proptest::option::of("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,20}"),
            pinned: bool,
        ) {
            let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
            let digest = if pinned { format!("@{}", Digest::of(b"")) } else { String::new() };
            let text = format!("oci://{host}/{path}{tag}{digest}");
            prop_assert_eq!(parsed(&text).to_string(), text);
        }
    }

    #[test]
    fn images_have_a_place_in_a_registry() {
        for (image, place) in [
            ("redis", "oci://docker.io/library/redis"),
            ("shop/cart:1.4", "oci://docker.io/shop/cart:1.4"),
            ("index.docker.io/shop/cart:1.4", "oci://docker.io/shop/cart:1.4"),
            ("127.0.0.1:5000/shop/cart:1.4", "oci://127.0.0.1:5000/shop/cart:1.4"),
            ("registry.example/a/b/c:x", "oci://registry.example/a/b/c:x"),
        ] {
            let image: ImageReference = image.parse().unwrap();
            assert_eq!(ArtifactReference::of_image(&image).unwrap().to_string(), place);
        }
        let image: ImageReference = "r.example/Shop/cart:1".parse().unwrap();
        assert!(ArtifactReference::of_image(&image).is_err());
    }
}
