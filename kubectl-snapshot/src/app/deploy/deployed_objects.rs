//! Objects that earlier sets have deployed to a stage, and that a later one may take away.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    manifest::{Kind, Manifest},
    parts::PartName,
    record::Chain,
};

use super::{Request, Target};
use crate::{
    app::{App, Failure, resolved::ResolvedDocument},
    store::{Store, StoreError},
};

/// The objects that earlier sets have deployed, by the part that they belong to.
#[derive(Debug, Default)]
pub(super) struct DeployedObjects {
    parts: BTreeMap<Option<PartName>, BTreeSet<(Kind, String)>>,
    none: BTreeSet<(Kind, String)>,
    /// The field manager whose creations may be taken away as well.
    pub(super) creator: Option<String>,
}

impl DeployedObjects {
    /// Those of a part, or of a set of one namespace.
    pub(super) fn of(&self, part: Option<&PartName>) -> &BTreeSet<(Kind, String)> {
        self.parts.get(&part.cloned()).unwrap_or(&self.none)
    }
}

/// The objects that may be taken away from a place: those of earlier sets, by the records of a
/// stage, and what this tool has created, where it is to prune.
pub(super) async fn find(
    app: &App,
    store: &Store,
    (request, chain): (&Request, Option<&Chain>),
    (target, candidate): (&Target, &ResolvedDocument),
) -> Result<DeployedObjects, Failure> {
    // What the place's own deployer has brought is that deployer's to remove.
    if target.is_awaited {
        return Ok(DeployedObjects::default());
    }
    let prunes = request.prunes();
    let deployed = match (chain, &target.stage) {
        (Some(chain), _) => deployed_objects(app, store, chain, (target, candidate)).await?,
        // Whoever does not promote is told by the stage's records as well.
        (None, Some(stage)) if prunes => {
            let chain = store.chain(&stage.name).await?;
            deployed_objects(app, store, &chain, (target, candidate)).await?
        }
        (None, _) => DeployedObjects::default(),
    };
    let creator = prunes.then(|| request.field_manager.clone());
    Ok(DeployedObjects { creator, ..deployed })
}

/// The objects of the sets that were deployed there, by the records.
pub(super) async fn deployed_objects(
    app: &App,
    store: &Store,
    chain: &Chain,
    (target, candidate): (&Target, &ResolvedDocument),
) -> Result<DeployedObjects, Failure> {
    let mut objects = DeployedObjects::default();
    let mut seen = BTreeSet::from([candidate.document.digest()]);
    for digest in chain.deployed_digests().into_iter().filter(|digest| seen.insert(*digest)) {
        let document = match store.find(&digest.to_string()).await {
            Ok(head) => store.load(&head, &|_, _| ()).await?,
            Err(StoreError::NotFound { .. }) => {
                app.observer.warning(&format!(
                    "what {} deployed to {} is not removed: it is not stored any more",
                    digest.short(),
                    chain.stage
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for (part, set) in document.sets() {
            if !target.parts.iter().any(|one| one.part.as_ref() == part) {
                let what = part.map_or_else(
                    || "as the set of one namespace".to_owned(),
                    |part| format!("as part {part}"),
                );
                app.observer.warning(&format!(
                    "what {} deployed to {} {what} is not removed: the stage has no such namespace \
                     any more",
                    digest.short(),
                    chain.stage
                ));
                continue;
            }
            let of_set = set.spec.objects.values().filter_map(Manifest::identity);
            objects.parts.entry(part.cloned()).or_default().extend(of_set);
        }
    }
    Ok(objects)
}
