//! The versions that a registry holds and sets run.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use futures::{StreamExt as _, stream};
use snapshot_core::{
    image::ImageReference,
    version::{built_from, commit_id, commit_of, semver_of},
};

use super::{KnownVersion, Seen};
use crate::{
    app::{App, Failure},
    sources::registry::{Images, Labels, RegistryError},
};

/// The most images of a repository whose labels are asked for.
const LABELLED: usize = 64;
/// Number of images that are asked for at once.
const AT_ONCE: usize = 8;

/// The versions of a repository: its tags, and what sets run of it. A registry that does not
/// answer leaves the latter.
pub(super) async fn collect(
    app: &App,
    images: &Images,
    repository: &str,
    seen: &[&Seen],
    tagged: &HashMap<String, String>,
) -> Vec<KnownVersion> {
    let mut known: BTreeMap<(Option<String>, Option<String>), KnownVersion> = BTreeMap::new();
    let tags = if app.offline { None } else { tags(app, images, repository).await };
    for tag in tags.iter().flatten() {
        let version = KnownVersion {
            repository: repository.to_owned(),
            tag: Some(tag.clone()),
            commit: commit_of(tag).map(str::to_owned).or_else(|| commit_by_git(tag, tagged)),
            is_there: Some(true),
            ..KnownVersion::default()
        };
        known.insert((Some(tag.clone()), None), version);
    }
    for Seen { set, container } in seen {
        let tag = container.tag.clone();
        let key = (tag.clone(), container.digest.clone().filter(|_| tag.is_none()));
        let one = known.entry(key).or_insert_with(|| KnownVersion {
            repository: repository.to_owned(),
            is_there: tags.as_ref().and_then(|_| tag.as_ref().map(|_| false)),
            commit: tag.as_ref().and_then(|tag| commit_by_git(tag, tagged)),
            tag,
            ..KnownVersion::default()
        });
        one.runs.insert(set.clone());
        one.digest = one.digest.take().or_else(|| container.digest.clone());
        let commit = built_from(container).map(str::to_owned);
        one.commit = commit.or_else(|| one.commit.take());
    }
    let mut versions: Vec<KnownVersion> = known.into_values().collect();
    label(app, images, &mut versions).await;
    versions
}

/// The tags of a repository; none where its registry does not answer, which is said.
async fn tags(app: &App, images: &Images, repository: &str) -> Option<BTreeSet<String>> {
    let image = ImageReference { repository: repository.to_owned(), tag: None, digest: None };
    match images.tags(&image).await {
        Ok(tags) => {
            if tags.is_cut {
                app.observer.warning(&format!(
                    "{repository} has more than {} tags; the rest was not read",
                    tags.names.len()
                ));
            }
            Some(tags.names)
        }
        Err(error) => {
            let failure = Failure::from(error);
            let what = format!("what {repository} holds is not known, only what sets run of it");
            app.observer.failure(&what, &failure);
            None
        }
    }
}

/// Asks for the labels of versions whose commit nothing else tells, the newest first.
async fn label(app: &App, images: &Images, versions: &mut [KnownVersion]) {
    let mut wanted: Vec<usize> = (0..versions.len())
        .filter(|at| versions[*at].commit.is_none() && versions[*at].is_there != Some(false))
        .collect();
    wanted.sort_by_cached_key(|at| {
        let one = &versions[*at];
        // What runs somewhere is asked for in any case.
        Reverse((!one.runs.is_empty(), one.tag.as_deref().and_then(semver_of), one.tag.clone()))
    });
    wanted.truncate(LABELLED);
    let questions = wanted.into_iter().map(|at| {
        let one = &versions[at];
        let (repository, digest) = (one.repository.clone(), one.digest.clone());
        (at, ImageReference { repository, tag: one.tag.clone(), digest })
    });
    let questions: Vec<(usize, ImageReference)> = questions.collect();
    let answers = stream::iter(questions).map(async |(at, image)| {
        let labels = labels(app, images, &image).await;
        (at, labels)
    });
    let answers: Vec<_> = answers.buffer_unordered(AT_ONCE).collect().await;
    for (at, answer) in answers {
        match answer {
            Ok((digest, labels)) => {
                let one = &mut versions[at];
                one.digest = one.digest.take().or(digest);
                let commit = labels.revision.as_deref().and_then(commit_id);
                one.commit = commit.map(str::to_ascii_lowercase);
                one.created = labels.created;
            }
            Err(RegistryError::NotFound { .. } | RegistryError::GivenUp { .. }) => {}
            Err(error) => {
                let failure = Failure::from(error);
                app.observer.failure("the commit of an image is not known", &failure);
            }
        }
    }
}

/// Labels of an image, with its digest: of a digest they are known for ever once asked for.
async fn labels(
    app: &App,
    images: &Images,
    image: &ImageReference,
) -> Result<(Option<String>, Labels), RegistryError> {
    if app.offline {
        return Ok((None, images.known_labels(image).await.unwrap_or_default()));
    }
    let digest = match &image.digest {
        Some(digest) => digest.clone(),
        None => images.digest(image).await?,
    };
    let pinned = ImageReference { digest: Some(digest.clone()), ..image.clone() };
    Ok((Some(digest), images.labels(&pinned).await?))
}

/// The commit that a tag of git's of the same name is on, with a `v` or without.
fn commit_by_git(tag: &str, tagged: &HashMap<String, String>) -> Option<String> {
    let bare = tag.strip_prefix('v').unwrap_or(tag);
    // A word that is no version names too many things.
    semver_of(tag)?;
    [tag.to_owned(), format!("v{bare}"), bare.to_owned()]
        .iter()
        .find_map(|name| tagged.get(name).cloned())
}
