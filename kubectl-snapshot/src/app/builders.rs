//! Builders of images, asked in their registries which commit they built.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use futures::{StreamExt as _, stream};
use snapshot_core::{
    ancestry::{Built, Software},
    image::ImageReference,
    snapshot::Spec,
    version::{built_from, commit_id},
};
use tokio::time::{Instant, timeout_at};

use super::{App, Failure};
use crate::sources::registry::{Images, RegistryError, RegistryOptions};

/// The time that all registries together may take. What is known by then is kept for the next time.
const PATIENCE: Duration = Duration::from_secs(5);
/// The time that one answer may take, unless the user says.
const ONE_ANSWER: Duration = Duration::from_secs(3);
/// Number of images that are asked for at once.
const AT_ONCE: usize = 16;

/// Labels of images, as their builders wrote them.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The commits that images are built from.
    pub(super) built: Built,
    /// The addresses of the git repositories of software.
    pub(super) sources: HashMap<Software, String>,
}

/// Labels of images that sets name by digest.
///
/// Registries are asked once for each digest; whatever they do, nothing fails for it. `is_wanted`
/// tells of some software whether it matters, where the set says its commit or does not.
pub(super) async fn ask(
    app: &App,
    sets: &[&Spec],
    mut is_wanted: impl FnMut(&Software, bool) -> bool,
) -> Said {
    let mut owners: HashMap<String, Vec<Software>> = HashMap::new();
    let mut wanted: BTreeMap<String, ImageReference> = BTreeMap::new();
    for one in sets.iter().flat_map(|spec| spec.instances()) {
        for container in one.instance.containers.values() {
            let Some(digest) = &container.digest else { continue };
            let software =
                Software { service: one.service.to_owned(), image: container.image.clone() };
            if !is_wanted(&software, built_from(container).is_some()) {
                continue;
            }
            owners.entry(digest.clone()).or_default().push(software);
            if !wanted.contains_key(digest) {
                let (repository, digest) = (container.image.clone(), digest.clone());
                let image = ImageReference { repository, tag: None, digest: Some(digest.clone()) };
                wanted.insert(digest, image);
            }
        }
    }
    if wanted.is_empty() {
        return Said::default();
    }
    let images = Images::new(RegistryOptions {
        plain_http: false,
        patience: Some(app.connections.request_timeout().unwrap_or(ONE_ANSWER)),
    });
    let total = wanted.len();
    let deadline = Instant::now() + PATIENCE;
    let images = images.by(deadline);
    let mut found = Vec::new();
    let mut sources = HashMap::new();
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut answers = stream::iter(wanted)
        .map(async |(digest, image)| {
            if app.offline {
                return (digest, Ok(images.known_labels(&image).await.unwrap_or_default()));
            }
            let labels = images.labels(&image).await;
            (digest, labels)
        })
        .buffer_unordered(AT_ONCE);
    let mut answered = 0;
    loop {
        match timeout_at(deadline, answers.next()).await {
            Ok(None) => break,
            Ok(Some((digest, Ok(labels)))) => {
                answered += 1;
                if let Some(source) = labels.source {
                    let of_it = owners.remove(&digest).unwrap_or_default().into_iter();
                    sources.extend(of_it.map(|software| (software, source.clone())));
                }
                let commit = labels.revision.as_deref().and_then(commit_id);
                found.extend(commit.map(|commit| (digest, commit.to_ascii_lowercase())));
            }
            Ok(Some((_, Err(error)))) => {
                answered += 1;
                // The first failure of the host has been told.
                if !matches!(error, RegistryError::GivenUp { .. }) {
                    failed.insert(Failure::from(error).message);
                }
            }
            Err(_) => {
                app.observer.warning(&format!(
                    "of {total} images, {} were not looked into within {} s, and no commit is known of \
                     them; what is known is kept for the next time",
                    total - answered,
                    PATIENCE.as_secs()
                ));
                break;
            }
        }
    }
    drop(answers);
    if let Some(first) = failed.iter().next() {
        let more = match failed.len() {
            1 => String::new(),
            more => format!(" (and {} more)", more - 1),
        };
        app.observer.warning(&format!("the commits of some images are not known: {first}{more}"));
    }
    Said { built: found.into_iter().collect(), sources }
}
