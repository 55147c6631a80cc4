//! Objects that earlier sets have deployed to a stage, and that a later one may take away.

use std::collections::BTreeSet;

use snapshot_core::{
    manifest::{Kind, Manifest},
    record::Chain,
};

use crate::{
    app::{App, Failure, resolved::ResolvedSnapshot},
    store::{Store, StoreError},
};

/// The objects of the sets that were deployed there, by the records.
pub(super) async fn deployed_objects(
    app: &App,
    store: &Store,
    chain: &Chain,
    candidate: &ResolvedSnapshot,
) -> Result<BTreeSet<(Kind, String)>, Failure> {
    let mut objects = BTreeSet::new();
    let mut seen = BTreeSet::from([candidate.snapshot.spec.digest()]);
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
        let sets = document.sets().map(|(_, set)| &set.spec);
        objects.extend(sets.flat_map(|set| set.objects.values().filter_map(Manifest::identity)));
    }
    Ok(objects)
}
