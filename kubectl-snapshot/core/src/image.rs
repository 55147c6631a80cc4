//! Image references: repository, tag and digest.

use std::{fmt, str::FromStr};

use super::snapshot::Container;

/// The hosts under which Docker Hub is known, besides no host at all.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// An image as a manifest names it: `registry:5000/shop/tax:1.4.0@sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReference {
    /// Registry and path, as written.
    pub repository: String,
    /// The tag, where one is given.
    pub tag: Option<String>,
    /// The digest, where one is given: `sha256:…`.
    pub digest: Option<String>,
}

/// Error: a text is not an [`ImageReference`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an image reference: {problem}")]
pub struct NotAnImage {
    /// The text, at most 200 characters of it.
    text: String,
    /// Description of the problem and of the text expected.
    problem: &'static str,
}

impl FromStr for ImageReference {
    type Err = NotAnImage;

    fn from_str(text: &str) -> Result<Self, NotAnImage> {
        read(text).map_err(|problem| NotAnImage { text: text.chars().take(200).collect(), problem })
    }
}

/// The parts of a reference, whether they are valid or not.
pub(crate) struct Parts<'a> {
    /// Registry and path.
    pub(crate) repository: &'a str,
    /// Text behind the colon.
    pub(crate) tag: Option<&'a str>,
    /// Text behind the at sign.
    pub(crate) digest: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Takes a text apart.
    pub(crate) fn of(text: &'a str) -> Self {
        let (name, digest) =
            text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        // A colon before the last slash belongs to the registry's port.
        let path_start = name.rfind('/').map_or(0, |slash| slash + 1);
        let (repository, tag) = match name[path_start..].find(':') {
            Some(colon) => (&name[..path_start + colon], Some(&name[path_start + colon + 1..])),
            None => (name, None),
        };
        Self { repository, tag, digest }
    }
}

fn read(text: &str) -> Result<ImageReference, &'static str> {
    let Parts { repository, tag, digest } = Parts::of(text);
    if !is_repository(repository) {
        return Err("expected a repository such as registry:5000/shop/tax");
    }
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Err("expected a tag of 1 to 128 letters, digits, '_', '.' and '-' after ':'");
    }
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Err("expected a digest such as sha256: and 64 hexadecimal digits after '@'");
    }
    Ok(ImageReference {
        repository: repository.to_owned(),
        tag: tag.map(str::to_owned),
        digest: digest.map(str::to_owned),
    })
}

/// True if `text` can name a repository; upper case is let through, for placeholders that a
/// later step of a pipeline replaces are written so.
fn is_repository(text: &str) -> bool {
    let (host, path) = match text.split_once('/') {
        Some((host, path)) => (Some(host), path),
        None => (None, text),
    };
    let is_component = |part: &str| {
        part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    // The colons of an IPv6 address are no port's: it stands in brackets.
    let is_address = |host: &str| {
        let parts = host.strip_prefix('[').and_then(|host| host.split_once(']'));
        parts.is_some_and(|(address, behind)| {
            address.contains(':')
                && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
                && (behind.is_empty() || behind.strip_prefix(':').is_some_and(is_port))
        })
    };
    let is_host = |host: &str| match host.rsplit_once(':') {
        _ if host.starts_with('[') => is_address(host),
        Some((name, port)) => is_component(name) && is_port(port),
        None => is_component(host),
    };
    host.is_none_or(is_host) && path.split('/').all(is_component)
}

/// True if `text` can be a tag.
pub(crate) fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
        && !text.starts_with(['.', '-'])
}

fn is_digest(text: &str) -> bool {
    let is_hex = |hex: &str| hex.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_once(':').is_some_and(|(algorithm, hex)| match algorithm {
        "sha256" => hex.len() == 64 && is_hex(hex),
        "sha512" => hex.len() == 128 && is_hex(hex),
        _ => false,
    })
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repository)?;
        for (separator, part) in [(':', &self.tag), ('@', &self.digest)] {
            if let Some(part) = part {
                write!(f, "{separator}{part}")?;
            }
        }
        Ok(())
    }
}

/// The image of `container` as a manifest would name it.
#[must_use]
pub fn written(container: &Container) -> String {
    let Container { image, tag, digest, .. } = container;
    ImageReference { repository: image.clone(), tag: tag.clone(), digest: digest.clone() }
        .to_string()
}

/// The image of `container` as a manifest names it that pins no digest.
#[must_use]
pub fn without_digest(container: &Container) -> String {
    let Container { image, tag, .. } = container;
    ImageReference { repository: image.clone(), tag: tag.clone(), digest: None }.to_string()
}

/// True if two containers run one image: one repository, one tag, and no digests that
/// differ.
#[must_use]
pub fn same(one: &Container, other: &Container) -> bool {
    same_repository(&one.image, &other.image) && one.tag == other.tag && !digests_differ(one, other)
}

/// True if both digests are known and differ.
#[must_use]
pub fn digests_differ(one: &Container, other: &Container) -> bool {
    matches!((&one.digest, &other.digest), (Some(one), Some(other)) if one != other)
}

/// True if two texts name one repository.
///
/// `docker.io`, `index.docker.io` and no host are one registry, and its
/// official images are written with `library/` or without.
#[must_use]
pub fn same_repository(one: &str, other: &str) -> bool {
    one == other || located(one) == located(other)
}

/// The last component of a repository's path: what a mirror keeps of its name.
pub(crate) fn base_name(repository: &str) -> &str {
    repository.rsplit('/').next().unwrap_or(repository)
}

/// A repository's host, none for Docker Hub, and its path there.
pub(crate) fn located(repository: &str) -> (Option<String>, &str) {
    let (host, path) = match repository.split_once('/') {
        // Without a dot, a port or a capital it is the first part of a path on Docker Hub.
        Some((host, path))
            if host.contains(['.', ':'])
                || host == "localhost"
                || host.contains(|c: char| c.is_ascii_uppercase()) =>
        {
            (
                Some(host.to_ascii_lowercase()).filter(|host| !DOCKER_HUB.contains(&host.as_str())),
                path,
            )
        }
        _ => (None, repository),
    };
    match (&host, path.strip_prefix("library/")) {
        (None, Some(official)) => (None, official),
        _ => (host, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn parts(text: &str) -> (String, Option<String>, Option<String>) {
        let image: ImageReference = text.parse().unwrap();
        (image.repository, image.tag, image.digest)
    }

    #[test]
    fn parts_are_told_apart() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("mongo"), ("mongo".into(), None, None));
        assert_eq!(parts("registry:5000/a/b"), ("registry:5000/a/b".into(), None, None));
        assert_eq!(parts("registry:5000/a/b:1.4"), ("registry:5000/a/b".into(), some("1.4"), None));
        assert_eq!(
            parts(&format!("localhost:5000/tax:v1@{DIGEST}")),
            ("localhost:5000/tax".into(), some("v1"), some(DIGEST))
        );
        assert_eq!(
            parts(&format!("gcr.io/a/b@{DIGEST}")),
            ("gcr.io/a/b".into(), None, some(DIGEST))
        );
    }

    #[test]
    fn a_registry_may_be_an_ipv6_address() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts("[fd00::1]:5000/shop/cart:1.4.0"),
            ("[fd00::1]:5000/shop/cart".into(), some("1.4.0"), None)
        );
        assert_eq!(
            parts(&format!("[2001:DB8::7]/cart@{DIGEST}")),
            ("[2001:DB8::7]/cart".into(), None, some(DIGEST))
        );
        assert!(!same_repository("[fd00::1]:5000/cart", "[fd00::2]:5000/cart"));
        assert!(!same_repository("[fd00::1]/redis", "redis"));
        for text in [
            "[fd00::1]:5000",
            "[fd00::1/cart",
            "[]/cart",
            "[fd00::1]x/cart",
            "[fd00::1]:/cart",
            "[1]/cart",
            "a/[fd00::1]/b",
        ] {
            assert!(text.parse::<ImageReference>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_host_in_capitals_is_no_path_on_docker_hub() {
        assert!(!same_repository("REGISTRY/cart", "docker.io/REGISTRY/cart"));
        assert!(same_repository("REGISTRY/cart", "REGISTRY/cart"));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "",
            " ",
            ":",
            "@",
            "a:",
            "a@",
            "/a",
            "a/",
            "a//b",
            "a b",
            "a:b:c",
            "a:b/c/",
            "a:x/b",
            "https://a/b",
            "{{ image }}",
            "$IMAGE",
            "a@sha256:e3b0",
            "a:-x",
            "tax:1.4 ",
        ] {
            let refused = text.parse::<ImageReference>().expect_err(text);
            assert!(
                refused.to_string().contains("is not an image reference: expected"),
                "{refused}"
            );
        }
    }

    #[test]
    fn docker_hub_has_many_names() {
        for name in [
            "redis",
            "library/redis",
            "docker.io/redis",
            "docker.io/library/redis",
            "index.docker.io/library/redis",
        ] {
            assert!(
                same_repository("redis", name) && same_repository(name, "docker.io/redis"),
                "{name}"
            );
        }
        assert!(same_repository("shop/tax", "docker.io/shop/tax"));
        assert!(!same_repository("shop/tax", "quay.io/shop/tax"));
        assert!(!same_repository("library/redis", "quay.io/redis"));
        assert!(!same_repository("quay.io/library/redis", "quay.io/redis"));
        assert!(!same_repository("localhost/tax", "tax"));
    }

    #[test]
    fn one_image_has_one_tag_and_no_two_digests() {
        let container = |image: &str, tag: &str, digest: Option<&str>| Container {
            image: image.into(),
            tag: Some(tag.into()),
            digest: digest.map(str::to_owned),
            ..Container::default()
        };
        let plain = container("tax", "1.4", None);
        assert!(same(&plain, &container("docker.io/library/tax", "1.4", Some("sha256:a"))));
        assert!(!same(&plain, &container("tax", "1.5", None)));
        assert!(!same(
            &container("tax", "1.4", Some("sha256:b")),
            &container("tax", "1.4", Some("sha256:a"))
        ));
        assert_eq!(written(&container("tax", "1.4", Some("sha256:a"))), "tax:1.4@sha256:a");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z0-9:/@. _A-Z-]{0,40}|\\PC{0,40}") {
            if let Ok(image) = text.parse::<ImageReference>() {
                prop_assert_eq!(image.to_string(), text);
            }
        }

        #[test]
        fn text_round_trips(
            host in "((\\[[0-9a-f]{1,4}::[0-9a-f]{1,4}\\]|[a-z]{1,8}(\\.[a-z]{2})?)(:[0-9]{1,5})?/)?",
            path in "[a-z0-9]{1,8}(/[a-z0-9]{1,8}){0,2}",
            tag in proptest::option::of("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,20}"),
            pinned: bool,
        ) {
            let image = ImageReference {
                repository: format!("{host}{path}"),
                tag,
                digest: pinned.then(|| DIGEST.to_owned()),
            };
            prop_assert_eq!(image.to_string().parse(), Ok(image));
        }
    }
}
