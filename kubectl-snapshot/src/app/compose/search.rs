//! The search for the image of a service: by tag, commit or branch.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use snapshot_core::{
    ancestry::{Gap, Software},
    compose::{NewImage, Wanted},
    image::ImageReference,
    version::{commit_id, commit_of, same_commit, semver_of},
};

use super::{error::ImageError, found::FoundImage};
use crate::{
    app::{Failure, FailureKind, history::Histories},
    sources::{
        git::{self, NamedBy, NamedCommit},
        registry::{Images, Labels, RegistryError},
    },
};

/// The most images of a repository whose labels are read to find a commit.
const LABELLED: usize = 64;
/// The most images that may be one commit's, before they are compared by their digests.
const COMPARED: usize = 16;
/// Number of tags that an error lists.
const LISTED: usize = 8;

/// Registries and git repositories, to look for images in.
pub(super) struct Search<'a> {
    /// The registries; none where none is to be asked.
    pub(super) images: Option<&'a Images>,
    /// The git repositories.
    pub(super) histories: &'a Histories,
}

impl Search<'_> {
    /// The image that a service is to run, in place of one of `repository` at a tag.
    pub(super) async fn find(
        &self,
        service: &str,
        repository: &str,
        former: Option<&str>,
        wanted: &Wanted,
    ) -> Result<FoundImage, Failure> {
        let of = |tag: Option<&str>, digest: Option<&str>| ImageReference {
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        };
        let home = Home { service, repository, former };
        match wanted {
            Wanted::Image(text) => {
                let image: ImageReference = text.parse().map_err(Failure::of)?;
                let differs = image.repository != repository;
                let mut found = self.check(service, image).await?;
                if differs {
                    let other = &found.image.reference.repository;
                    let note = format!("service {service} runs {other}, in place of {repository}");
                    found.note = Some(join(found.note, &note));
                }
                Ok(found)
            }
            Wanted::Tag(tag) => self.check(service, of(Some(tag), None)).await,
            Wanted::Digest(digest) => self.check(service, of(None, Some(digest))).await,
            Wanted::Commit(commit) => {
                let known = self.named(&home, commit, &[NamedBy::Id]).await;
                let named = match known {
                    Ok(Some(named)) => named,
                    // The tags of a registry tell a commit without git too.
                    Ok(None) | Err(_) => {
                        NamedCommit { id: commit.clone(), by: NamedBy::Id, tags: Vec::new() }
                    }
                };
                self.built(&home, named).await
            }
            Wanted::Branch(branch) => {
                let named = self.named(&home, branch, &[NamedBy::Branch]).await;
                match named {
                    Ok(Some(named)) => self.built(&home, named).await,
                    other => Err(Failure::of(ImageError::Unnamed {
                        name: branch.clone(),
                        kind: "branch",
                        service: service.to_owned(),
                        gap: other.err(),
                    })),
                }
            }
            Wanted::Word(word) => self.word(&home, word).await,
        }
    }

    /// A word, as the tag that it is, else as a commit or a branch.
    async fn word(&self, home: &Home<'_>, word: &str) -> Result<FoundImage, Failure> {
        let tagged: Option<ImageReference> = format!("{}:{word}", home.repository).parse().ok();
        let Some(images) = self.images else {
            return match tagged {
                Some(image) => self.check(home.service, image).await,
                None => Err(Failure::of(ImageError::Offline { what: word.to_owned() })),
            };
        };
        if let Some(image) = tagged {
            match images.digest(&image).await {
                Ok(_) => return self.check(home.service, image).await,
                Err(RegistryError::NotFound { .. }) => {}
                Err(error) => return Err(home.unasked(error)),
            }
        }
        let kinds = &[NamedBy::Id, NamedBy::Branch, NamedBy::Tag];
        let gap = match self.named(home, word, kinds).await {
            Ok(Some(named)) => return self.built(home, named).await,
            Ok(None) => None,
            Err(gap) => Some(gap),
        };
        if let Some(id) = commit_id(word) {
            let named = NamedCommit { id: id.to_owned(), by: NamedBy::Id, tags: Vec::new() };
            return self.built(home, named).await;
        }
        let tags = images.tags(&home.image()).await.map(|tags| tags.names).unwrap_or_default();
        Err(Failure::of(ImageError::Nothing {
            word: word.to_owned(),
            repository: home.repository.to_owned(),
            service: home.service.to_owned(),
            gap,
            known: alike(word, tags),
        }))
    }

    /// The commit of a name in the service's git repository.
    async fn named(
        &self,
        home: &Home<'_>,
        name: &str,
        kinds: &'static [NamedBy],
    ) -> Result<Option<NamedCommit>, Gap> {
        let software =
            Software { service: home.service.to_owned(), image: home.repository.to_owned() };
        match self.histories.repository(&software) {
            Some(repository) => git::named(repository, name, kinds).await,
            None => Err(Gap::NoRepository { service: home.service.to_owned() }),
        }
    }

    /// An image that is named, which has to be there, with its digest.
    async fn check(&self, service: &str, image: ImageReference) -> Result<FoundImage, Failure> {
        let Some(images) = self.images else {
            let note = (image.digest.is_none()).then(|| {
                format!(
                    "{image} is kept as it is written: no registry was asked whether it is there"
                )
            });
            let image = NewImage { reference: image, commit: None, version: None };
            return Ok(FoundImage { image, note });
        };
        let digest = match images.digest(&image).await {
            Ok(digest) => digest,
            Err(RegistryError::NotFound { .. }) => {
                let service = service.to_owned();
                return Err(Failure::of(ImageError::NotThere {
                    service,
                    image: image.to_string(),
                }));
            }
            Err(error) => return Err(unasked(service, error)),
        };
        let pinned = ImageReference { digest: image.digest.clone().or(Some(digest)), ..image };
        let labels = images.labels(&pinned).await.map_err(|error| unasked(service, error))?;
        Ok(found(pinned, None, &labels))
    }

    /// The image that is built from a commit: by a tag that names it, by a tag of the same name as
    /// one of git's, or by its label.
    async fn built(&self, home: &Home<'_>, commit: NamedCommit) -> Result<FoundImage, Failure> {
        let what = format!("commit {}", commit.id);
        let images = self.images.ok_or_else(|| Failure::of(ImageError::Offline { what }))?;
        let unasked = |error| home.unasked(error);
        let tags = images.tags(&home.image()).await.map_err(unasked)?.names;
        let names = |tag: &&String| {
            commit_of(tag).is_some_and(|id| same_commit(id, &commit.id))
                || commit.tags.iter().any(|name| is_called(tag, name))
        };
        let mut meant: Vec<&String> = tags.iter().filter(names).collect();
        let mut labelled = 0;
        if meant.is_empty() {
            let asked = newest(&tags);
            labelled = asked.len();
            let labels = stream::iter(asked).map(async |tag| {
                // Of a digest the labels are known for ever, once they were asked for.
                let labels = match images.digest(&home.tagged(tag)).await {
                    Ok(digest) => {
                        let digest = Some(digest);
                        images.labels(&ImageReference { digest, ..home.image() }).await
                    }
                    Err(error) => Err(error),
                };
                match labels {
                    Ok(labels) => Ok((tag, labels)),
                    Err(RegistryError::NotFound { .. }) => Ok((tag, Labels::default())),
                    Err(error) => Err(home.unasked(error)),
                }
            });
            let labels: Vec<(&String, Labels)> =
                labels.buffer_unordered(super::AT_ONCE).try_collect().await?;
            let is_built = |labels: &Labels| {
                labels.revision.as_ref().is_some_and(|id| same_commit(id, &commit.id))
            };
            meant.extend(labels.iter().filter(|(_, labels)| is_built(labels)).map(|(tag, _)| *tag));
            meant.sort_unstable();
        }
        let digests = stream::iter(meant.iter().take(COMPARED)).map(async |tag| {
            let digest = images.digest(&home.tagged(tag)).await.map_err(unasked)?;
            Ok::<_, Failure>((tag.as_str(), digest))
        });
        let digests: BTreeMap<&str, String> =
            digests.buffered(super::AT_ONCE).try_collect().await?;
        let distinct: BTreeSet<&String> = digests.values().collect();
        if distinct.len() > 1 || meant.len() > COMPARED {
            return Err(Failure::of(ImageError::SeveralBuilt {
                repository: home.repository.to_owned(),
                commit: commit.id,
                tags: meant.into_iter().take(LISTED).cloned().collect(),
            }));
        }
        let Some(tag) = home.preferred(digests.keys().copied()) else {
            return Err(Failure::of(ImageError::NotBuilt {
                repository: home.repository.to_owned(),
                commit: commit.id,
                tags: tags.len(),
                labelled,
            }));
        };
        let pinned = ImageReference { digest: digests.get(tag).cloned(), ..home.tagged(tag) };
        let labels = images.labels(&pinned).await.map_err(unasked)?;
        Ok(found(pinned, Some(commit.id), &labels))
    }
}

/// The repository of a service's images, and the tag that it has now.
struct Home<'a> {
    service: &'a str,
    repository: &'a str,
    former: Option<&'a str>,
}

impl Home<'_> {
    fn unasked(&self, error: RegistryError) -> Failure {
        unasked(self.service, error)
    }

    fn image(&self) -> ImageReference {
        ImageReference { repository: self.repository.to_owned(), tag: None, digest: None }
    }

    fn tagged(&self, tag: &str) -> ImageReference {
        ImageReference { tag: Some(tag.to_owned()), ..self.image() }
    }

    /// Of tags of one image the one that is written as the former is, else a version, else the
    /// first.
    fn preferred<'t>(&self, tags: impl Iterator<Item = &'t str>) -> Option<&'t str> {
        let kind = |tag: &str| (commit_of(tag).is_some(), semver_of(tag).is_some());
        let former: Option<(bool, bool)> = self.former.map(kind);
        tags.min_by_key(|tag| (Some(kind(tag)) != former, semver_of(tag).is_none(), *tag))
    }
}

/// Failure of a registry, which leaves open what a service is to run.
fn unasked(service: &str, error: RegistryError) -> Failure {
    let kind = match error {
        RegistryError::TimedOut { .. } => FailureKind::TimedOut,
        _ => FailureKind::Failed,
    };
    Failure::of(ImageError::Unasked { service: service.to_owned(), error }).with_kind(kind)
}

/// An image with what its builder says of it, and what git knows.
fn found(reference: ImageReference, commit: Option<String>, labels: &Labels) -> FoundImage {
    let said = labels.revision.as_deref().and_then(commit_id).map(str::to_owned);
    let tagged = reference.tag.as_deref().and_then(commit_of);
    let contradicted = said.as_deref().zip(commit.as_deref().or(tagged));
    let note = contradicted.filter(|(said, named)| !same_commit(said, named)).map(
        |(said, named)| {
            format!("{reference} is called by commit {named}, and its label says that it is built from {said}")
        },
    );
    let version = labels.version.as_deref().and_then(semver_of).map(|version| version.to_string());
    FoundImage { image: NewImage { reference, commit: commit.or(said), version }, note }
}

/// True if a tag of a registry is called as one of git's, with a `v` or without, and without
/// the folder that git's may have before it.
fn is_called(tag: &str, git: &str) -> bool {
    let bare = |name: &'_ str| name.strip_prefix('v').unwrap_or(name).to_owned();
    let last = git.rsplit('/').next().unwrap_or(git);
    bare(tag) == bare(last)
}

/// Some of a repository's tags, whose labels are read: versions from the highest down, then others.
fn newest(tags: &BTreeSet<String>) -> Vec<&String> {
    let mut sorted: Vec<&String> = tags.iter().collect();
    sorted.sort_by_cached_key(|tag| Reverse((semver_of(tag), (*tag).clone())));
    sorted.truncate(LABELLED);
    sorted
}

/// Some of the tags, those that begin most alike first.
fn alike(word: &str, tags: BTreeSet<String>) -> Vec<String> {
    let shared = |tag: &str| tag.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
    let mut tags: Vec<String> = tags.into_iter().collect();
    tags.sort_by_cached_key(|tag| (Reverse(shared(tag)), Reverse(tag.clone())));
    tags.truncate(LISTED);
    tags
}

fn join(first: Option<String>, second: &str) -> String {
    first.map_or_else(|| second.to_owned(), |first| format!("{first}; {second}"))
}
