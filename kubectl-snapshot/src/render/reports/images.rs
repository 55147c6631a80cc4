//! Two images of one container.

use snapshot_core::{
    image::{self, ImageReference},
    snapshot::Container,
};

/// Number of digits of a commit or digest that tell it from others.
const SHORT: usize = 12;

/// Common part and different parts of two images.
pub(super) struct Images {
    /// The repository, where both sides have it.
    pub(super) repository: Option<String>,
    pub(super) before: String,
    pub(super) after: String,
}

/// Tells what the images of two containers have in common from what differs.
pub(super) fn compare(before: &Container, after: &Container) -> Images {
    let whole = |container: &Container| shortened(&image::written(container));
    if before.image != after.image {
        return Images { repository: None, before: whole(before), after: whole(after) };
    }
    let with_digest = before.tag == after.tag;
    let (mut left, mut right) = (version(before, with_digest), version(after, with_digest));
    if left == right {
        // Twelve digits were not enough.
        (left, right) = (image::written(before), image::written(after));
    }
    Images { repository: Some(before.image.clone()), before: left, after: right }
}

/// Compares two images as manifests name them; none where one is no image.
pub(super) fn of_texts(before: &str, after: &str) -> Option<Images> {
    let container = |text: &str| {
        let ImageReference { repository, tag, digest } = text.parse().ok()?;
        Some(Container { image: repository, tag, digest, ..Container::default() })
    };
    Some(compare(&container(before)?, &container(after)?))
}

fn version(container: &Container, with_digest: bool) -> String {
    let tag = container.tag.as_deref().map(shortened);
    let digest =
        container.digest.as_deref().filter(|_| with_digest || tag.is_none()).map(shortened);
    match (tag, digest) {
        (Some(tag), Some(digest)) => format!("{tag}@{digest}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "no tag".to_owned(),
    }
}

/// `text` with its commits and digests cut to twelve digits.
pub(super) fn shortened(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !matches!(c, '0'..='9' | 'a'..='f')).unwrap_or(rest.len());
        // A whole commit has 40, a digest 64 or 128; shorter runs may be words.
        let shown = if digits >= 40 { SHORT } else { digits };
        short.push_str(&rest[..shown]);
        let other = rest[digits..].chars().next();
        short.extend(other);
        rest = &rest[digits + other.map_or(0, char::len_utf8)..];
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> (Option<String>, String, String) {
        let images = of_texts(before, after).unwrap();
        (images.repository, images.before, images.after)
    }

    #[test]
    fn a_shared_repository_is_said_once() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            shown("shop/tax:1.3.9", "shop/tax:1.4.0"),
            (some("shop/tax"), "1.3.9".into(), "1.4.0".into())
        );
        assert_eq!(
            shown("shop/tax", "shop/tax:1.4.0"),
            (some("shop/tax"), "no tag".into(), "1.4.0".into())
        );
        assert_eq!(
            shown("dev.io/tax:1.4.0", "prod.io/tax:1.4.0"),
            (None, "dev.io/tax:1.4.0".into(), "prod.io/tax:1.4.0".into())
        );
    }

    #[test]
    fn commits_and_digests_are_cut_to_twelve_digits() {
        let (one, two) = ("a1".repeat(20), "b2".repeat(20));
        assert_eq!(
            shown(&format!("tax:main-{one}"), &format!("tax:main-{two}")),
            (Some("tax".into()), "main-a1a1a1a1a1a1".into(), "main-b2b2b2b2b2b2".into())
        );
        let digest = |letter: &str| format!("tax:latest@sha256:{}", letter.repeat(64));
        assert_eq!(
            shown(&digest("a"), &digest("b")),
            (
                Some("tax".into()),
                "latest@sha256:aaaaaaaaaaaa".into(),
                "latest@sha256:bbbbbbbbbbbb".into()
            )
        );
    }
}
