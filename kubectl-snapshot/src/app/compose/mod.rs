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
    compose::{Address, Aim, Drafts, Home, Wanted},
    digest::Digest,
    name::SnapshotName,
    parts::{Aliases, Document, PartName},
    reference::Reference,
    snapshot::{Metadata, Spec},
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
    /// The one part of it that is changed, where it has several and names do not tell.
    pub part: Option<PartName>,
    /// Services to take whole from other sets.
    pub takes: Vec<(String, Reference)>,
    /// Services to leave out.
    pub removes: Vec<String>,
    /// Images by what gets them.
    pub sets: Vec<(Address, Wanted)>,
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
    let found = read(app, &references).await?;
    let label = wanted.base.to_string();
    let Some(base) = found.get(&label).cloned() else {
        return Err(Failure::new(format!("{label} names nothing")));
    };
    let variables = match &store {
        Some(store) if wanted.name.is_some() => variable_names(app, store).await?,
        Some(store) => variable_names_if_allowed(app, store).await?,
        None => BTreeSet::new(),
    };
    let histories = if wanted.sets.is_empty() {
        Histories::default()
    } else {
        let sets = found.values().flat_map(Document::sets);
        let specs: Vec<&Spec> = sets.map(|(_, one)| &one.spec).collect();
        Histories::of_store(store.as_ref(), &specs).await?
    };
    let (whole, changed) = (base.digest(), digest_of(&base, wanted.part.as_ref()));
    let drafts = {
        let (takes, removes) = (wanted.takes.clone(), wanted.removes.clone());
        let part = wanted.part.clone();
        blocking(move || {
            let drafts = Drafts::of(&label, base, part, variables)?;
            drafted(drafts, &found, &takes, &removes)
        })
        .await?
    };
    let drafts = set_images(app, drafts, wanted, &histories).await?;
    let flags = wanted.flags.clone();
    let composed = blocking(move || {
        let mut drafts = drafts;
        for (flag, value) in &flags {
            drafts.switch(flag, value)?;
        }
        drafts.finish()
    });
    let (mut document, warnings) = composed.await?;
    for warning in &warnings {
        app.observer.warning(warning);
    }
    if document.digest() == whole {
        app.observer.warning(&format!("nothing is changed: it is the set of {}", wanted.base));
    }
    let metadata = Metadata {
        name: wanted.name.as_ref().map(ToString::to_string),
        created: Some(app.clock.now()),
        author: if wanted.name.is_some() { author(app).await } else { None },
        source: Some(source(wanted, &changed.short())),
        message: wanted.message.clone(),
        variables: document.metadata().variables.clone(),
        ..Metadata::default()
    };
    *document.metadata_mut() = metadata;
    Ok(document)
}

/// Digest of what is changed: of a part, where one is named, else of the whole.
fn digest_of(base: &Document, part: Option<&PartName>) -> Digest {
    let part = base.as_several().zip(part).and_then(|(several, part)| several.parts.get(part));
    part.map_or_else(|| base.digest(), |part| part.spec.digest())
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

/// Reads the base and the other sets, each once, by what they are called.
async fn read(app: &App, references: &[&Reference]) -> Result<BTreeMap<String, Document>, Failure> {
    let mut once: Vec<&Reference> = Vec::new();
    for reference in references {
        if !once.contains(reference) {
            once.push(reference);
        }
    }
    let found = resolve_to_compare(app, &once, &Aliases::default()).await?;
    Ok(found.into_iter().map(|one| (one.label, one.document)).collect())
}

/// The base without what is removed, and with what is taken.
fn drafted(
    mut drafts: Drafts,
    found: &BTreeMap<String, Document>,
    takes: &[(String, Reference)],
    removes: &[String],
) -> Result<Drafts, Failure> {
    for service in removes {
        drafts.remove(service)?;
    }
    for (service, from) in takes {
        let label = from.to_string();
        if let Some(other) = found.get(&label) {
            drafts.take(service, &label, other)?;
        }
    }
    Ok(drafts)
}

/// A container that gets another image: its part, service, instance and name.
type AimKey = (Home, String, String, String);

/// Finds every image that is wanted before one is set: what a registry lacks is no candidate.
async fn set_images(
    app: &App,
    mut drafts: Drafts,
    wanted: &Composition,
    histories: &Histories,
) -> Result<Drafts, Failure> {
    let mut aims: BTreeMap<AimKey, (Aim, &Wanted)> = BTreeMap::new();
    for (address, image) in &wanted.sets {
        for (home, aim) in drafts.aims(address)? {
            let (service, instance) = (aim.service.clone(), aim.instance.to_string());
            let what = format!("{service}/{instance}/{}", aim.container);
            let key = (home, service, instance, aim.container.clone());
            if aims.insert(key, (aim, image)).is_some() {
                return Err(Failure::usage(format!("{what} is given two images")));
            }
        }
    }
    let options = RegistryOptions {
        plain_http: wanted.plain_http,
        patience: app.connections.request_timeout(),
    };
    let images = (!app.offline).then(|| Images::new(options));
    let search = Search { images: images.as_ref(), histories };
    // What several containers run is looked for once.
    let questions: BTreeSet<(String, String, Option<String>, &Wanted)> = aims
        .values()
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
    for ((home, ..), (aim, image)) in &aims {
        let question =
            (aim.service.clone(), aim.image.repository.clone(), aim.image.tag.clone(), *image);
        if let Some(found) = found.get(&question) {
            drafts.set(home, aim, &found.image);
        }
    }
    Ok(drafts)
}

/// The changes in the words of the command line, for whoever asks later where the set came from.
fn source(wanted: &Composition, base: &str) -> String {
    let mut words = vec![match &wanted.part {
        Some(part) => format!("part {part} of {} ({base})", wanted.base),
        None => format!("{} ({base})", wanted.base),
    }];
    words.extend(wanted.removes.iter().map(|service| format!("without {service}")));
    words.extend(wanted.takes.iter().map(|(service, from)| format!("{service} of {from}")));
    words.extend(wanted.sets.iter().map(|(target, image)| format!("{target}={image}")));
    words.extend(wanted.flags.iter().map(|(flag, value)| format!("flag {flag}={value}")));
    format!("composed of {}", words.join(", "))
}
