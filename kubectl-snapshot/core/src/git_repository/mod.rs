//! Git repositories: whose commits order whose versions.

mod pattern;
mod url;

use std::path::{Component, Path, PathBuf};

use serde::Serialize;

pub use pattern::{NotAPattern, Pattern};
pub use url::{GitUrl, NotAGitUrl};

use crate::{ancestry::Software, name::RepositoryName};

/// The part of a path that stands for the service's name.
const SERVICE: &str = "{service}";

/// A git repository, and the software whose commits are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GitRepository {
    /// Name of the repository.
    pub name: RepositoryName,
    /// The services, or the images, that are built from it.
    #[serde(rename = "for")]
    pub patterns: Vec<Pattern>,
    /// Origin of the commits.
    #[serde(flatten)]
    pub home: Home,
    /// Path of a service in it: `services/{service}`; none where all of it is one service's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<ServicePath>,
    /// The branch that releases come from; the repository's own default where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// Origin of a repository's commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Home {
    /// Fetched from elsewhere, into a mirror of this user's.
    Url(GitUrl),
    /// A clone on this machine, which is only read.
    Clone(PathBuf),
}

/// Path of a service in a repository that several share: `services/{service}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServicePath(String);

/// Error: a text is no path in a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no path in a repository: expected one such as services/{{service}}")]
pub struct NotAServicePath(String);

impl ServicePath {
    /// The path of a service.
    #[must_use]
    pub fn of(&self, service: &str) -> String {
        self.0.replace(SERVICE, service)
    }
}

impl AsRef<str> for ServicePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ServicePath {
    type Err = NotAServicePath;

    fn from_str(text: &str) -> Result<Self, NotAServicePath> {
        let trimmed = text.trim_end_matches('/');
        let inside =
            Path::new(trimmed).components().all(|part| matches!(part, Component::Normal(_)));
        if trimmed.is_empty() || !inside || trimmed.chars().any(char::is_control) {
            return Err(NotAServicePath(text.chars().take(80).collect()));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

/// The repository of some software among `all`: the one that its images name as their source,
/// else that of the pattern that says most.
#[must_use]
pub fn repository_of<'a>(
    software: &Software,
    source: Option<&str>,
    all: &'a [GitRepository],
) -> Option<&'a GitRepository> {
    let by_source = source.and_then(|source| {
        all.iter().find(|one| matches!(&one.home, Home::Url(url) if url.is(source)))
    });
    by_source.or_else(|| {
        let weights = all.iter().filter_map(|one| {
            let weight =
                one.patterns.iter().filter_map(|pattern| pattern.weight(software)).max()?;
            Some((weight, one))
        });
        // Of two that say as much, the first by name.
        weights.rev().max_by_key(|(weight, _)| *weight).map(|(_, one)| one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(name: &str, patterns: &[&str], url: &str) -> GitRepository {
        GitRepository {
            name: name.parse().unwrap(),
            patterns: patterns.iter().map(|pattern| pattern.parse().unwrap()).collect(),
            home: Home::Url(url.parse().unwrap()),
            path: None,
            branch: None,
        }
    }

    #[test]
    fn the_source_goes_first_and_then_the_pattern_that_says_most() {
        let all = [
            repository("everything", &["*"], "https://git.example/all"),
            repository("shop", &["shop/*", "gateway"], "https://git.example/shop.git"),
            repository("tax", &["tax"], "git@git.example:finance/tax.git"),
        ];
        let found = |service: &str, image: &str, source: Option<&str>| {
            let software = Software { service: service.into(), image: image.into() };
            repository_of(&software, source, &all).unwrap().name.to_string()
        };
        assert_eq!(found("cart", "ghcr.io/shop/cart", None), "shop");
        assert_eq!(found("gateway", "edge/gw", None), "shop");
        assert_eq!(found("tax", "ghcr.io/shop/tax", None), "tax");
        assert_eq!(found("redis", "redis", None), "everything");
        let source = Some("https://git.example/finance/tax");
        assert_eq!(found("cart", "ghcr.io/shop/cart", source), "tax");
        assert_eq!(found("cart", "ghcr.io/shop/cart", Some("https://elsewhere/x")), "shop");
    }

    #[test]
    fn a_path_stays_in_the_repository() {
        let path: ServicePath = "services/{service}/".parse().unwrap();
        assert_eq!(path.of("tax"), "services/tax");
        for text in ["", "/", "/etc", "../x", "a/../b", "."] {
            assert!(text.parse::<ServicePath>().is_err(), "{text}");
        }
    }
}
