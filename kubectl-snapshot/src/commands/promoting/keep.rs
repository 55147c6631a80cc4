//! Keeping both sets of a promotion: what goes there, and what ran there.

use super::Case;
use crate::{
    commands::failure::Failure,
    domain::{
        record::Named,
        snapshot::{Metadata, Snapshot},
    },
    store::{Overwrite, StoreError},
};

impl Case<'_> {
    /// The names that the candidate, and what it replaces, are stored under.
    pub(super) async fn keep(&self) -> Result<(Named, Named), Failure> {
        let number = self.chain.last().map_or(0, |link| link.record.number) + 1;
        let stage = &self.stage.name;
        let message = format!("promoted to {stage} by record {number}");
        let candidate =
            self.kept(&self.prepared.found.snapshot, &format!("{stage}-{number}"), message).await?;
        let message = format!("what ran at {stage} before record {number}");
        let name = format!("{stage}-before-{number}");
        Ok((candidate, self.kept(&self.prepared.running, &name, message).await?))
    }

    /// A stored name of the set; `name`, where it had none.
    async fn kept(
        &self,
        snapshot: &Snapshot,
        name: &str,
        message: String,
    ) -> Result<Named, Failure> {
        let digest = snapshot.spec.digest();
        // The name that the user gave, or that the last record has, tells more than another.
        let running = self.chain.running().map(|deployed| deployed.snapshot);
        let known = running.filter(|one| one.digest == digest).and_then(|one| one.name);
        for known in snapshot.metadata.name.iter().chain(&known) {
            if let Ok(head) = self.store.find(known).await
                && head.digest == digest
            {
                return Ok(Named { name: Some(known.clone()), digest });
            }
        }
        match self.store.find(&digest.to_string()).await {
            Ok(head) => return Ok(Named { name: Some(head.name.to_string()), digest }),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let metadata = Metadata {
            name: Some(name.to_owned()),
            created: Some(self.session.clock.now()),
            author: Some(self.actor.name.clone()),
            message: Some(message),
            ..snapshot.metadata.clone()
        };
        let snapshot = Snapshot { metadata, spec: snapshot.spec.clone() };
        let own = name.parse().map_err(|error| Failure::new(format!("{error}")))?;
        let progress = self.session.ui.count("storing chunks", None);
        self.store
            .save(&own, &snapshot, Overwrite::Never, &|done, _total| progress.set(done))
            .await?;
        Ok(Named { name: Some(name.to_owned()), digest })
    }
}
