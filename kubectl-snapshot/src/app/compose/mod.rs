//! Composing: a candidate made of a base and changes, without touching what runs.

mod error;
mod found;
mod search;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use snapshot_core::{
    compose::{Aim, Composed, Draft, Source, Target, Wanted},
    name::SnapshotName,
    parts::{Aliases, Document},
    reference::Reference,
    snapshot::{Metadata, Snapshot, Spec},
};

pub use error::ImageError;

use super::{
    App, Failure, author,
    capture::refuse_taken,
    history::Histories,
    read::{variable_names, variable_names_if_allowed},
    resolve::resolve_to_compare,
};
use crate::{
    blocking::blocking,
    sources::registry::{Images, RegistryOptions},
    store::{Overwrite, Store},
};
use found::FoundImage;
use search::Search;

/// Number of images that are looked for at once.
const AT_ONCE: usize = 8;

/// A candidate to be made.
#[derive(Clone, Debug)]
pub struct Composition {
    /// The name to store it under; without one it is only made.
    pub name: Option<SnapshotName>,
    /// The set to begin with.
    pub base: Reference,
    /// Services to take whole from other sets.
    pub takes: Vec<(String, Reference)>,
    /// Services to leave out.
    pub removes: Vec<String>,
    /// Images by what gets them.
    pub sets: Vec<(Target, Wanted)>,
    /// Flags with what they are to serve.
    pub flags: Vec<(String, String)>,
    /// The reason, in a sentence.
    pub message: Option<String>,
    /// Replace a snapshot of that name.
    pub force: bool,
    /// Speak HTTP without TLS to registries.
    pub plain_http: bool,
}

/// Makes a candidate; nothing is stored.
pub async fn compose(app: &App, wanted: &Composition) -> Result<Document, Failure> {
    let references: Vec<&Reference> =
        [&wanted.base].into_iter().chain(wanted.takes.iter().map(|(_, from)| from)).collect();
    let only_files = references.iter().all(|reference| reference.is_file());
    let store = match (&wanted.name, only_files && !app.connections.store_is_directory()) {
        (None, true) => app.connections.store_if_any().await.ok().flatten(),
        _ => Some(app.connections.store().await?),
    };
    if let (Some(store), Some(name), false) = (&store, &wanted.name, wanted.force) {
        refuse_taken(store, name).await?;
    }
    let (base, others) = read(app, &wanted.base, &references).await?;
    let variables = match &store {
        Some(store) if wanted.name.is_some() => variable_names(app, store).await?,
        Some(store) => variable_names_if_allowed(app, store).await?,
        None => BTreeSet::new(),
    };
    let histories = if wanted.sets.is_empty() {
        Histories::default()
    } else {
        let specs: Vec<&Spec> = others.values().map(|one| &one.spec).collect();
        Histories::of_store(store.as_ref(), &specs).await?
    };
    let base_digest = base.1.spec.digest();
    let draft = {
        let (takes, removes) = (wanted.takes.clone(), wanted.removes.clone());
        blocking(move || drafted(&base, &others, &takes, &removes, variables)).await?
    };
    let draft = set_images(app, draft, wanted, &histories).await?;
    let flags = wanted.flags.clone();
    let composed = blocking(move || {
        let mut draft = draft;
        for (flag, value) in &flags {
            draft.switch(flag, value).map_err(Failure::of)?;
        }
        draft.finish().map_err(Failure::of)
    });
    let Composed { snapshot, warnings } = composed.await?;
    for warning in &warnings {
        app.observer.warning(warning);
    }
    if snapshot.spec.digest() == base_digest {
        app.observer.warning(&format!("nothing is changed: it is the set of {}", wanted.base));
    }
    let metadata = Metadata {
        name: wanted.name.as_ref().map(ToString::to_string),
        created: Some(app.clock.now()),
        author: if wanted.name.is_some() { author(app).await } else { None },
        source: Some(source(wanted, &base_digest.short())),
        message: wanted.message.clone(),
        ..snapshot.metadata
    };
    Ok(Snapshot { metadata, spec: snapshot.spec }.into())
}

/// Stores a candidate under a name.
pub async fn store(
    app: &App,
    name: &SnapshotName,
    document: &Arc<Document>,
    force: bool,
) -> Result<(), Failure> {
    let store: Store = app.connections.store().await?;
    let overwrite = if force { Overwrite::Force } else { Overwrite::Never };
    let progress = app.observer.count("storing chunks", None);
    store.save(name, document, overwrite, &|done, _total| progress.set(done)).await?;
    Ok(())
}

/// The base, and the other sets by what they are called; each is read once.
async fn read(
    app: &App,
    base: &Reference,
    references: &[&Reference],
) -> Result<((String, Snapshot), BTreeMap<String, Snapshot>), Failure> {
    let mut once: Vec<&Reference> = Vec::new();
    for reference in references {
        if !once.contains(reference) {
            once.push(reference);
        }
    }
    let mut sets = BTreeMap::new();
    for found in resolve_to_compare(app, &once, &Aliases::default()).await? {
        let found = found.one()?;
        sets.insert(found.label, found.snapshot);
    }
    let label = base.to_string();
    let snapshot = sets.get(&label).cloned();
    let snapshot = snapshot.ok_or_else(|| Failure::new(format!("{label} names nothing")))?;
    Ok(((label, snapshot), sets))
}

/// The base without what is removed, and with what is taken.
fn drafted(
    (label, base): &(String, Snapshot),
    others: &BTreeMap<String, Snapshot>,
    takes: &[(String, Reference)],
    removes: &[String],
    variables: BTreeSet<String>,
) -> Result<Draft, Failure> {
    let mut draft = Draft::of(label, base, variables);
    for service in removes {
        draft.remove(service).map_err(Failure::of)?;
    }
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for (service, from) in takes {
        let label = from.to_string();
        let Some(other) = others.get(&label) else { continue };
        let source = sources.entry(label.clone()).or_insert_with(|| Source::of(&label, other));
        draft.take(service, source).map_err(Failure::of)?;
    }
    Ok(draft)
}

/// Finds every image that is wanted before one is set: what a registry lacks is no candidate.
async fn set_images(
    app: &App,
    mut draft: Draft,
    wanted: &Composition,
    histories: &Histories,
) -> Result<Draft, Failure> {
    let mut aims: Vec<(Aim, &Wanted)> = Vec::new();
    for (target, image) in &wanted.sets {
        let meant = draft.aims(target).map_err(Failure::of)?;
        if let Some((twice, _)) = aims.iter().find(|(aim, _)| {
            meant.iter().any(|other| {
                (&other.service, &other.instance, &other.container)
                    == (&aim.service, &aim.instance, &aim.container)
            })
        }) {
            let what = format!("{}/{}/{}", twice.service, twice.instance, twice.container);
            return Err(Failure::usage(format!("{what} is given two images")));
        }
        aims.extend(meant.into_iter().map(|aim| (aim, image)));
    }
    let options = RegistryOptions {
        plain_http: wanted.plain_http,
        patience: app.connections.request_timeout(),
    };
    let images = (!app.offline).then(|| Images::new(options));
    let search = Search { images: images.as_ref(), histories };
    // What several containers run is looked for once.
    let questions: BTreeSet<(String, String, Option<String>, &Wanted)> = aims
        .iter()
        .map(|(aim, image)| {
            (aim.service.clone(), aim.image.repository.clone(), aim.image.tag.clone(), *image)
        })
        .collect();
    let progress = app.observer.count("looking for images", Some(questions.len()));
    let answers = stream::iter(questions).map(|question| {
        let (search, progress) = (&search, &progress);
        async move {
            let (service, repository, tag, image) = &question;
            let found = search.find(service, repository, tag.as_deref(), image).await?;
            progress.add(1);
            Ok::<_, Failure>((question, found))
        }
    });
    let found: BTreeMap<_, FoundImage> = answers.buffer_unordered(AT_ONCE).try_collect().await?;
    for note in found.values().filter_map(|found| found.note.as_ref()).collect::<BTreeSet<_>>() {
        app.observer.warning(note);
    }
    for (aim, image) in &aims {
        let question =
            (aim.service.clone(), aim.image.repository.clone(), aim.image.tag.clone(), *image);
        if let Some(found) = found.get(&question) {
            draft.set(aim, &found.image);
        }
    }
    Ok(draft)
}

/// The changes in the words of the command line, for whoever asks later where the set came from.
fn source(wanted: &Composition, base: &str) -> String {
    let mut words = vec![format!("{} ({base})", wanted.base)];
    words.extend(wanted.removes.iter().map(|service| format!("without {service}")));
    words.extend(wanted.takes.iter().map(|(service, from)| format!("{service} of {from}")));
    words.extend(wanted.sets.iter().map(|(target, image)| format!("{target}={image}")));
    words.extend(wanted.flags.iter().map(|(flag, value)| format!("flag {flag}={value}")));
    format!("composed of {}", words.join(", "))
}
