//! Objects that earlier sets have deployed to a stage, and a later one may remove.

use std::collections::BTreeSet;

use snapshot_core::{
    manifest::{Kind, Manifest},
    record::Chain,
};

use crate::{
    commands::{failure::Failure, resolve::Found, session::Session},
    store::{Store, StoreError},
};

/// The objects of the sets that were brought there, by the records.
pub(super) async fn objects(
    session: &Session,
    store: &Store,
    chain: &Chain,
    found: &Found,
) -> Result<BTreeSet<(Kind, String)>, Failure> {
    let mut objects = BTreeSet::new();
    let mut seen = BTreeSet::from([found.snapshot.spec.digest()]);
    for digest in chain.brought().into_iter().filter(|digest| seen.insert(*digest)) {
        let snapshot = match store.find(&digest.to_string()).await {
            Ok(head) => store.load(&head, &|_, _| ()).await?,
            Err(StoreError::NotFound { .. }) => {
                session.ui.warning(&format!(
                    "what {} brought to {} is not removed: it is not stored any more",
                    digest.short(),
                    chain.stage
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        objects.extend(snapshot.spec.objects.values().filter_map(Manifest::identity));
    }
    Ok(objects)
}
