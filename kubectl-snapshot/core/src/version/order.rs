//! Order of two versions.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{
    commit::same_commit,
    commit_of,
    recognise::{Recognised, recognise},
    release::Release,
};
use crate::{
    image::{base_name, digests_differ, same_repository},
    snapshot::Container,
};

/// Order of one version relative to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Same version.
    Same,
    /// Newer than the other.
    Newer,
    /// Older than the other.
    Older,
    /// Diverged: each has commits that the other lacks.
    Diverged,
    /// The facts at hand do not tell.
    Unknown,
}

impl Order {
    /// Order with the sides exchanged.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Newer => Self::Older,
            Self::Older => Self::Newer,
            same => same,
        }
    }

    /// Equal numbers do not make two texts one version: the rest of them may matter.
    fn of(after_to_before: Ordering) -> Self {
        match after_to_before {
            Ordering::Greater => Self::Newer,
            Ordering::Less => Self::Older,
            Ordering::Equal => Self::Unknown,
        }
    }
}

/// Order of `after` relative to `before`, as far as tags, digests and version labels tell.
///
/// Commits that differ have no order here: only a repository knows it, and
/// whoever can ask one does so first. Tags go before version labels and
/// commits, for these can be left behind when an image is changed in haste.
#[must_use]
pub fn compare(before: &Container, after: &Container) -> Order {
    if before.digest.is_some() && before.digest == after.digest {
        return Order::Same;
    }
    let same_repository = same_repository(&before.image, &after.image);
    // Another registry may mirror it under its name; another name is other software.
    if !same_repository && base_name(&before.image) != base_name(&after.image) {
        return Order::Unknown;
    }
    let rebuilt = digests_differ(before, after);
    let tags =
        [before, after].map(|container| recognise(container.tag.as_deref().unwrap_or_default()));
    if before.tag == after.tag {
        let same = !rebuilt && (same_repository || tags[0].names_a_version());
        return if same { Order::Same } else { Order::Unknown };
    }
    let by_tags = by_scheme(&tags[0], &tags[1]);
    if by_tags != Order::Unknown {
        return by_tags;
    }
    let [old, new] = tags;
    match by_scheme(&labelled(old, before), &labelled(new, after)) {
        Order::Unknown if !rebuilt && one_commit(before, after) => Order::Same,
        order => order,
    }
}

/// The version label, where the tag is no version: where it is one, the label only repeats it, rounded.
fn labelled<'a>(tag: Recognised<'a>, container: &'a Container) -> Recognised<'a> {
    match (&container.version, tag.release()) {
        (Some(version), None) => recognise(version),
        _ => tag,
    }
}

/// The order that two texts of one scheme have.
fn by_scheme(before: &Recognised<'_>, after: &Recognised<'_>) -> Order {
    if let (Some(before), Some(after)) = (before.release(), after.release()) {
        return by_release(before, after);
    }
    match (before, after) {
        (Recognised::Counter(before), Recognised::Counter(after)) => Order::of(after.cmp(before)),
        (Recognised::Timestamped(before), Recognised::Timestamped(after))
            if before.line == after.line && before.clock == after.clock =>
        {
            Order::of(after.numbers.cmp(&before.numbers))
        }
        _ => Order::Unknown,
    }
}

fn by_release(before: &Release<'_>, after: &Release<'_>) -> Order {
    if before.is_calendar() != after.is_calendar() {
        return Order::Unknown;
    }
    match after.precedence(before) {
        // Commits past a version come after it: the more there are, the newer.
        Some(Ordering::Equal) => match (distance(before), distance(after)) {
            (Some(before), Some(after)) => Order::of(after.cmp(&before)),
            _ => Order::Unknown,
        },
        Some(order) => Order::of(order),
        None => Order::Unknown,
    }
}

/// Number of commits past the version; none of a build that is somewhere around it.
fn distance(release: &Release<'_>) -> Option<u64> {
    release.distance.or_else(|| release.commit.is_none().then_some(0))
}

/// The commit that a container was built from: as it is marked, else as its tag has it.
#[must_use]
pub fn built_from(container: &Container) -> Option<&str> {
    container.commit.as_deref().or_else(|| commit_of(container.tag.as_deref()?))
}

fn one_commit(before: &Container, after: &Container) -> bool {
    matches!((built_from(before), built_from(after)), (Some(before), Some(after)) if same_commit(before, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Order::{Newer, Older, Same, Unknown};
    use proptest::prelude::*;

    fn tagged(tag: &str) -> Container {
        Container {
            image: "shop/tax".into(),
            tag: (!tag.is_empty()).then(|| tag.into()),
            ..Container::default()
        }
    }

    #[test]
    fn one_scheme_is_ordered_by_its_numbers() {
        for (before, after, expected) in [
            ("1.4.0", "1.4.1", Newer),
            ("1.10.0", "1.9.0", Older),
            ("1.4.0", "v1.5.0", Newer),
            ("1.4", "1.5.0", Newer),
            ("1.4", "1.4.1", Unknown),
            ("1.4.0", "1.4.0", Same),
            ("1.4.0", "v1.4.0", Unknown),
            ("1.4.0+a", "1.4.0+b", Unknown),
            ("1.4.0-rc9", "1.4.0-rc10", Newer),
            ("1.4.0-rc.1", "1.4.0", Newer),
            ("8.1.3-alpine", "8.1.4-debian", Newer),
            ("8.1.3-alpine", "8.1.3-debian", Unknown),
            ("1.2.3.4", "1.2.3.5", Newer),
            ("1.4.0", "1.4.0-3-gabc1234", Newer),
            ("1.4.0-3-gabc1234", "1.5.0", Newer),
            ("1.4.0-3-gabc1234", "1.4.0-10-gdef5678", Newer),
            ("1.4.0-10-gabc1234", "v1.4.0-3-gdef5678", Older),
            ("1.4.0-3-gabc1234", "1.4.0-3-gdef5678", Unknown),
            ("1.4.0-0-gabc1234", "1.4.0", Unknown),
            ("1.4.0-rc.1-3-gabc1234", "1.4.0-rc.1", Older),
            ("1.4.0-3-gabc1234", "1.4.0-def5678", Unknown),
            ("1.4.0-3-gabc1234", "1.4.0-3-gabc12345", Same),
            ("2024.01.15", "2024.02.01", Newer),
            ("1.4.0", "2024.01.15", Unknown),
            ("512", "498", Older),
            ("main-20240115", "main-20240116-abc1234", Newer),
            ("main-20240115", "dev-20240116", Unknown),
            ("20240115", "20240115-1030", Unknown),
            ("20240115-9", "20240115-10", Newer),
            ("20240115-42", "20240115-1030", Unknown),
            ("20240115", "1705312345", Unknown),
        ] {
            assert_eq!(compare(&tagged(before), &tagged(after)), expected, "{before} → {after}");
        }
    }

    #[test]
    fn commits_and_names_are_the_same_or_unknown() {
        for (before, after, expected) in [
            ("abc1234", "abc1234", Same),
            ("abc1234", "sha-abc1234def", Same),
            ("abc1234", "def5678", Unknown),
            ("abc1234", "1.4.0", Unknown),
            ("latest", "latest", Same),
            ("latest", "main", Unknown),
            ("", "", Same),
            ("", "1.4.0", Unknown),
        ] {
            assert_eq!(compare(&tagged(before), &tagged(after)), expected, "{before} → {after}");
        }
    }

    #[test]
    fn digests_confirm_and_contradict() {
        let pinned = |tag, digest: &str| Container { digest: Some(digest.into()), ..tagged(tag) };
        assert_eq!(compare(&pinned("1.4.0", "sha256:a"), &pinned("1.4.0", "sha256:b")), Unknown);
        assert_eq!(
            compare(&pinned("abc1234", "sha256:a"), &pinned("abc1234", "sha256:b")),
            Unknown
        );
        assert_eq!(compare(&pinned("1.4.0", "sha256:a"), &pinned("latest", "sha256:a")), Same);
        assert_eq!(compare(&pinned("1.4.0", "sha256:a"), &tagged("1.4.0")), Same);
        assert_eq!(compare(&pinned("1.4.0", "sha256:a"), &pinned("1.4.1", "sha256:b")), Newer);
    }

    #[test]
    fn a_mirror_keeps_the_name_and_another_name_is_other_software() {
        let from = |image: &str, tag| Container { image: image.into(), ..tagged(tag) };
        assert_eq!(compare(&from("dev.io/tax", "1.4.0"), &from("prod.io/tax", "1.4.1")), Newer);
        assert_eq!(compare(&from("dev.io/tax", "1.4.0"), &from("prod.io/tax", "1.4.0")), Same);
        assert_eq!(compare(&from("dev.io/tax", "latest"), &from("prod.io/tax", "latest")), Unknown);
        assert_eq!(compare(&from("redis", "7.2"), &from("valkey", "8.0")), Unknown);
    }

    #[test]
    fn labels_tell_where_tags_do_not() {
        let labelled =
            |tag, version: &str| Container { version: Some(version.into()), ..tagged(tag) };
        assert_eq!(compare(&labelled("abc1234", "1.4.0"), &labelled("def5678", "1.4.1")), Newer);
        assert_eq!(compare(&labelled("1.4.1", "1.4.0"), &labelled("1.4.0", "1.4.1")), Older);
        assert_eq!(compare(&labelled("1.4", "1.4.0"), &labelled("1.4.1", "1.4.1")), Unknown);
        assert_eq!(compare(&tagged("1.4.0"), &labelled("abc1234", "1.4.1")), Newer);
    }

    fn tags() -> impl Strategy<Value = String> {
        prop_oneof![
            "v?[0-3]\\.[0-3](\\.[0-3])?(-rc[0-9]{1,2}|-alpine|-[1-3]-gabc123[0-9]|\\+[ab])?",
            "2024\\.0[1-3]\\.0[1-3]",
            "(main-)?2024010[1-9](-[0-9]{4})?",
            "[0-9a-f]{7,9}",
            "latest|main|[0-9]{3}|",
            "\\PC{0,12}",
        ]
    }

    /// Three tags of one scheme, so few that two steps in one direction are common.
    fn of_one_scheme() -> impl Strategy<Value = [String; 3]> {
        let three = |scheme: &'static str| [scheme, scheme, scheme];
        prop_oneof![
            three(
                "v?1\\.[0-2](\\.[0-2])?(\\.[0-1])?(-rc\\.?[0-2]|-alpine|(-rc1)?-[0-3]-gabc123[0-3]|-abc123[0-3])?"
            ),
            three("202[45]\\.0[1-3](\\.0[1-3])?"),
            three("(main-)?2024010[1-4](-0[0-3]30|\\.[1-3])?(-abc123[0-3])?"),
            three("10[0-9]"),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_antisymmetric(before in tags(), after in tags(), digests in "[ab-][ab-]", labels in [tags(), tags()]) {
            let pin = |tag: &str, digest: &str, label: &str| Container {
                digest: (digest != "-").then(|| digest.into()),
                version: Some(label.into()),
                ..tagged(tag)
            };
            let (before, after) = (pin(&before, &digests[..1], &labels[0]), pin(&after, &digests[1..], &labels[1]));
            prop_assert_eq!(compare(&before, &after), compare(&after, &before).reversed());
        }

        #[test]
        fn the_order_of_tags_is_transitive(tags in of_one_scheme()) {
            let [one, two, three] = tags.map(|tag| tagged(&tag));
            if compare(&one, &two) == Newer && compare(&two, &three) == Newer {
                prop_assert_eq!(compare(&one, &three), Newer);
            }
        }

        #[test]
        fn everything_is_the_same_as_itself(tag in tags()) {
            prop_assert_eq!(compare(&tagged(&tag), &tagged(&tag)), Same);
        }
    }
}
