//! Commits of images, where neither their tag nor their workload says them.

use std::collections::HashMap;

use crate::{snapshot::Container, version::built_from};

/// Commits by the digest of an image, as builders said in labels that a registry has.
///
/// They are no part of a set: what a set is must not depend on whether a registry answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built(HashMap<String, String>);

impl Built {
    /// The commit that a container's image is built from: as the set says, else as its builder did.
    #[must_use]
    pub fn commit<'a>(&'a self, container: &'a Container) -> Option<&'a str> {
        built_from(container)
            .or_else(|| self.0.get(container.digest.as_deref()?).map(String::as_str))
    }
}

impl FromIterator<(String, String)> for Built {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(commits: I) -> Self {
        Self(commits.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container;

    #[test]
    fn what_the_set_says_goes_first() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let built: Built = [(digest.clone(), "7d1f0c9".to_owned())].into_iter().collect();
        for (image, commit) in [
            (format!("shop/tax:1.4.0@{digest}"), Some("7d1f0c9")),
            (format!("shop/tax:3f2a91c@{digest}"), Some("3f2a91c")),
            ("shop/tax:1.4.0".to_owned(), None),
        ] {
            assert_eq!(built.commit(&container::of_text(&image)), commit, "{image}");
        }
    }
}
