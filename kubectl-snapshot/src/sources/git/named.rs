//! Commits by what people call them: an id, a branch, a tag.

use std::collections::HashMap;

use gix::{ObjectId, Repository};
use snapshot_core::{
    ancestry::Gap,
    git_repository::{GitRepository, Home},
};

use super::opened::Opened;
use crate::blocking::blocking;

/// Kind of name that a commit was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// An id, whole or abbreviated.
    Id,
    /// A branch, whose head it is.
    Branch,
    /// A tag.
    Tag,
}

/// A commit that was found by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCommit {
    /// The whole id.
    pub id: String,
    /// Kind of the name.
    pub by: NamedBy,
    /// The tags that are on it.
    pub tags: Vec<String>,
}

/// The commit of a name, of one of these kinds, the first of them first; none where there is none.
pub async fn named(
    config: &GitRepository,
    name: &str,
    kinds: &'static [NamedBy],
) -> Result<Option<NamedCommit>, Gap> {
    let (config, name) = (config.clone(), name.to_owned());
    blocking(move || named_here(&config, &name, kinds)).await
}

/// The commits that the tags of a repository are on, by name; none where references cannot be
/// read.
pub async fn tagged(config: &GitRepository) -> Result<HashMap<String, String>, Gap> {
    let config = config.clone();
    blocking(move || {
        let opened = Opened::open(&config)?;
        let tags = tags(&opened.repository);
        Ok(tags.into_iter().map(|(name, id)| (name, id.to_string())).collect())
    })
    .await
}

fn named_here(
    config: &GitRepository,
    name: &str,
    kinds: &[NamedBy],
) -> Result<Option<NamedCommit>, Gap> {
    let opened = Opened::open(config)?;
    for by in kinds {
        let found = match by {
            NamedBy::Id => match opened.commit(name) {
                Ok(id) => Some(id),
                Err(Gap::NotFound { .. }) => None,
                Err(gap) => return Err(gap),
            },
            // In a clone of the user's, the server's branch goes before the user's own.
            NamedBy::Branch => {
                let of_server = matches!(config.home, Home::Clone(_));
                let places = [format!("refs/remotes/origin/{name}"), format!("refs/heads/{name}")];
                let mut places = places.iter().skip(usize::from(!of_server));
                places.find_map(|place| commit_at(&opened.repository, place))
            }
            NamedBy::Tag => commit_at(&opened.repository, &format!("refs/tags/{name}")),
        };
        if let Some(id) = found {
            let tags = tags_on(&opened.repository, id);
            return Ok(Some(NamedCommit { id: id.to_string(), by: *by, tags }));
        }
    }
    Ok(None)
}

/// The commit that a reference leads to; none where there is no such reference.
fn commit_at(repository: &Repository, reference: &str) -> Option<ObjectId> {
    let mut reference = repository.try_find_reference(reference).ok()??;
    let id = reference.peel_to_id().ok()?.detach();
    repository.find_commit(id).ok().map(|commit| commit.id)
}

/// Every tag with its commit; none where references cannot be read.
fn tags(repository: &Repository) -> Vec<(String, ObjectId)> {
    let Ok(references) = repository.references() else { return Vec::new() };
    let Ok(tags) = references.tags() else { return Vec::new() };
    let tags = tags.filter_map(|tag| {
        let mut tag = tag.ok()?;
        let name = tag.name().shorten().to_string();
        Some((name, tag.peel_to_id().ok()?.detach()))
    });
    tags.collect()
}

/// The tags on a commit, sorted; none where references cannot be read.
fn tags_on(repository: &Repository, id: ObjectId) -> Vec<String> {
    let on_it = tags(repository).into_iter().filter(|(_, commit)| *commit == id);
    let mut names: Vec<String> = on_it.map(|(name, _)| name).collect();
    names.sort_unstable();
    names
}
