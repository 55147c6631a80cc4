//! Versions of a service: what its registry holds, joined with git and with who runs it.

mod known;
mod registry;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    num::NonZero,
};

use snapshot_core::{
    ancestry::{Gap, Software},
    git_repository::GitRepository,
    image::{ImageReference, same_repository},
    name::RepositoryName,
    reference::Reference,
    snapshot::{Container, Spec},
};

pub use known::KnownVersion;

use super::{
    App, AppError, Failure, history::Histories, resolve::resolve, resolved::ResolvedDocument,
};
use crate::{
    sources::{
        git,
        registry::{Images, RegistryOptions},
    },
    store::Store,
};

/// Number of the newest stored snapshots that are looked into.
const SNAPSHOTS: usize = 10;

/// A question for the versions of a service.
#[derive(Clone, Debug)]
pub struct WantedVersions {
    /// The service.
    pub service: String,
    /// Sets to look into, besides those of stages and the newest that are stored.
    pub sets: Vec<Reference>,
    /// Repositories of images, besides those that the sets name.
    pub images: Vec<ImageReference>,
    /// The most versions that are wanted; all where there is no such number.
    pub limit: Option<NonZero<usize>>,
    /// Speak HTTP without TLS to registries.
    pub plain_http: bool,
}

/// The versions of a service, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// The versions, as many as were wanted.
    pub items: Vec<KnownVersion>,
    /// Number of those that there are besides.
    pub omitted: usize,
    /// Reasons why git does not know more.
    pub gaps: Vec<Gap>,
}

/// A container of the service in one of the sets, and what the set is called.
struct Seen {
    set: String,
    container: Container,
}

/// Collects the versions of a service.
pub async fn versions(app: &App, wanted: &WantedVersions) -> Result<Versions, Failure> {
    let store = app.connections.store_if_any().await?;
    let sets = sets(app, store.as_ref(), &wanted.sets).await?;
    let specs: Vec<&Spec> =
        sets.iter().flat_map(|set| set.document.sets()).map(|(_, one)| &one.spec).collect();
    let seen = seen(&sets, &wanted.service);
    let mut repositories: BTreeSet<&str> =
        seen.iter().map(|one| one.container.image.as_str()).collect();
    repositories.extend(wanted.images.iter().map(|image| image.repository.as_str()));
    if repositories.is_empty() {
        let labels: Vec<String> = sets.iter().map(|set| set.label.clone()).collect();
        let service = wanted.service.clone();
        return Err(if labels.is_empty() {
            AppError::NothingRuns { service }.into()
        } else {
            AppError::NoService { service, labels }.into()
        });
    }
    let histories = Histories::of_store(store.as_ref(), &specs).await?;
    let images = Images::new(RegistryOptions {
        plain_http: wanted.plain_http,
        patience: app.connections.request_timeout(),
    });
    let mut found = Versions::default();
    for repository in repositories {
        let software = Software { service: wanted.service.clone(), image: repository.to_owned() };
        let git = histories.repository(&software);
        let of_it: Vec<&Seen> =
            seen.iter().filter(|one| same_repository(&one.container.image, repository)).collect();
        let tagged = match git {
            Some(git) => git::tagged(git).await,
            None => Err(Gap::NoRepository { service: wanted.service.clone() }),
        };
        let tagged = tagged.unwrap_or_else(|gap| {
            found.gaps.push(gap);
            HashMap::new()
        });
        let known = registry::collect(app, &images, repository, &of_it, &tagged).await;
        let known = match git {
            Some(git) => known::ranked(git, known).await,
            None => known,
        };
        found.items.extend(known);
    }
    found.items.sort_by_cached_key(KnownVersion::newest_first);
    if let Some(limit) = wanted.limit {
        found.omitted = found.items.len().saturating_sub(limit.get());
        found.items.truncate(limit.get());
    }
    position(&histories, &wanted.service, &mut found.items).await;
    Ok(found)
}

/// Fills in what git knows of the commits, each repository being asked once.
async fn position(histories: &Histories, service: &str, items: &mut [KnownVersion]) {
    let mut asked: BTreeMap<&RepositoryName, (&GitRepository, Vec<usize>)> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let software = Software { service: service.to_owned(), image: item.repository.clone() };
        if let Some(git) = histories.repository(&software).filter(|_| item.rank.is_some()) {
            asked.entry(&git.name).or_insert_with(|| (git, Vec::new())).1.push(at);
        }
    }
    for (git, places) in asked.into_values() {
        let commits = places.iter().filter_map(|at| items[*at].commit.clone()).collect();
        let positions = git::positions(git, commits).await;
        for (at, position) in places.into_iter().zip(positions) {
            items[at].position = position.ok();
        }
    }
}

/// The sets that may run the service: those that are named, those of stages, and the newest that
/// are stored.
async fn sets(
    app: &App,
    store: Option<&Store>,
    named: &[Reference],
) -> Result<Vec<ResolvedDocument>, Failure> {
    let mut references: Vec<Reference> = named.to_vec();
    if let Some(store) = store {
        let chains = store.chains().await?;
        let deployed = chains.iter().filter(|(_, chain)| chain.deployed().is_some());
        references.extend(deployed.map(|(stage, _)| Reference::Stage(stage.to_string())));
        let newest = store.list().await?.heads.into_iter().take(SNAPSHOTS);
        references.extend(newest.map(|head| Reference::Name(head.name.to_string())));
    }
    let references: Vec<&Reference> = references.iter().collect();
    if references.is_empty() { Ok(Vec::new()) } else { resolve(app, &references).await }
}

/// The service's own containers in these sets.
fn seen(sets: &[ResolvedDocument], service: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for set in sets {
        for (_, one) in set.document.sets() {
            let instances = one.spec.services.get(service).into_iter().flatten();
            let own = instances.filter_map(|(_, instance)| one.spec.main_container(instance));
            seen.extend(
                own.map(|container| Seen { set: set.label.clone(), container: container.clone() }),
            );
        }
    }
    seen
}
