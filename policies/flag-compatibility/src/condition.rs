//! Comparison of a running container with a condition, by its version and commit alone.
//!
//! The plugin judges the candidate, with git at hand. For what runs beside it
//! during the rollout, the question holds only the containers. So this says
//! "unknown" wherever more would be needed, and never guesses.

use semver::{Version, VersionReq};
use snapshot_policy::{Container, Fulfilment, ImageChange, Order};

/// State of the condition before `change`, if `change` is what makes the condition hold.
///
/// `None` where it is not: a proxy beside the service is updated too, and its
/// versions say nothing about the service's.
pub(crate) fn before(change: &ImageChange, condition: &str) -> Option<Fulfilment> {
    match condition.strip_prefix('@') {
        Some(commit) => before_commit(change, commit),
        None => before_version(change, condition),
    }
}

fn before_commit(change: &ImageChange, commit: &str) -> Option<Fulfilment> {
    let is_it = |container: &Container| {
        container
            .commit
            .as_ref()
            .is_some_and(|id| id.starts_with(commit) || commit.starts_with(id.as_str()))
    };
    change.after.commit.as_ref()?;
    Some(match change.order {
        _ if is_it(&change.before) => Fulfilment::Met,
        // What is older than the commit that is asked for does not contain it.
        Order::Newer if is_it(&change.after) => Fulfilment::Unmet,
        Order::Same => Fulfilment::Met,
        _ => Fulfilment::Unknown,
    })
}

fn before_version(change: &ImageChange, condition: &str) -> Option<Fulfilment> {
    let range = VersionReq::parse(condition).ok();
    let meets = |container: &Container| match (&range, release(container)) {
        (Some(range), Some(version)) if range.matches(&version) => Fulfilment::Met,
        (Some(_), Some(_)) => Fulfilment::Unmet,
        _ => Fulfilment::Unknown,
    };
    // The set meets the condition; a container that does not is not what meets it.
    (meets(&change.after) != Fulfilment::Unmet).then(|| meets(&change.before))
}

/// A version with a suffix is left alone: whether `1.4.0-alpine` is a flavour or
/// comes before 1.4.0 is for the plugin to know.
fn release(container: &Container) -> Option<Version> {
    let version = Version::parse(container.version.as_deref()?).ok()?;
    version.pre.is_empty().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{commit, update, version};
    use Fulfilment::{Met, Unknown, Unmet};

    #[test]
    fn a_version_is_judged_by_its_range() {
        let change = update(version("1.3.9"), version("1.4.1"));
        assert_eq!(before(&change, ">=1.4.0"), Some(Unmet));
        assert_eq!(before(&change, ">=1.3, <2"), Some(Met));
        assert_eq!(before(&change, ">=1.5"), None);
    }

    #[test]
    fn what_is_no_plain_release_is_not_judged() {
        let change = update(version("1.3.9-alpine"), version("1.4.1"));
        assert_eq!(before(&change, ">=1.4.0"), Some(Unknown));
        let change = update(Container::default(), version("1.4.1"));
        assert_eq!(before(&change, ">=1.4.0"), Some(Unknown));
        let change = update(version("1.3.9"), version("1.4.1"));
        assert_eq!(before(&change, "after lunch"), Some(Unknown));
    }

    #[test]
    fn a_commit_is_judged_by_ancestry_alone() {
        let change = update(commit("aaaaaaa1"), commit("3f2a91c8"));
        assert_eq!(before(&change, "@3f2a91c"), Some(Unmet));
        assert_eq!(before(&change, "@aaaaaaa"), Some(Met));
        assert_eq!(before(&change, "@bbbbbbb"), Some(Unknown));
        let diverged = ImageChange { order: Order::Diverged, ..change };
        assert_eq!(before(&diverged, "@3f2a91c"), Some(Unknown));
    }
}
