//! Retaining both sets of a promotion: what goes there, and what ran there.

use std::sync::Arc;

use snapshot_core::{parts::Document, record::SnapshotRef, snapshot::Metadata};

use super::{prepare::Prepared, promotion::Promotion};
use crate::{
    app::Failure,
    store::{Overwrite, StoreError},
};

/// The digits of a digest that tell one set from another of the same name.
const DIGITS: usize = 8;

impl Promotion<'_> {
    /// The candidate and what it replaces, by the names that they are stored under.
    pub(super) async fn retain(&self, prepared: &Prepared) -> Result<[SnapshotRef; 2], Failure> {
        let number = self.chain.next_number;
        let stage = &self.asked.stage;
        let message = format!("promoted to {stage} by record {number}");
        let name = format!("{stage}-{number}");
        let candidate = self.retained(&prepared.candidate.document, &name, message).await?;
        let message = format!("what ran at {stage} before record {number}");
        let name = format!("{stage}-before-{number}");
        Ok([candidate, self.retained(&prepared.running, &name, message).await?])
    }

    /// A stored name of the set; `name`, where it had none and that is free.
    async fn retained(
        &self,
        document: &Document,
        name: &str,
        message: String,
    ) -> Result<SnapshotRef, Failure> {
        let digest = document.digest();
        // The name that the user gave, or that the last record has, tells more than another.
        let running = self.chain.deployed().map(|deployed| deployed.snapshot);
        let known = running.filter(|one| one.digest == digest).and_then(|one| one.name);
        for known in document.metadata().name.iter().chain(&known) {
            if let Ok(head) = self.store.find(known).await
                && head.digest == digest
            {
                return Ok(SnapshotRef { name: Some(known.clone()), digest });
            }
        }
        match self.store.find(&digest.to_string()).await {
            Ok(head) => return Ok(SnapshotRef { name: Some(head.name.to_string()), digest }),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let metadata = Metadata {
            created: Some(self.app.clock.now()),
            author: Some(self.actor.name.clone()),
            message: Some(message),
            ..document.metadata().clone()
        };
        let mut document = document.clone();
        *document.metadata_mut() = metadata;
        let document = Arc::new(document);
        match self.save(name, &document).await {
            // A run that was stopped before its record has left another set under it.
            Err(StoreError::Taken { .. }) => {
                let name = format!("{name}-{}", &digest.hex()[..DIGITS]);
                Ok(SnapshotRef { name: Some(self.save(&name, &document).await?), digest })
            }
            saved => Ok(SnapshotRef { name: Some(saved?), digest }),
        }
    }

    async fn save(&self, name: &str, document: &Arc<Document>) -> Result<String, StoreError> {
        let name = name.parse().map_err(StoreError::Name)?;
        let progress = self.app.observer.count("storing chunks", None);
        let progress = |done: usize, _total: usize| progress.set(done);
        let head = self.store.save(&name, document, Overwrite::Never, &progress).await?;
        Ok(head.name.to_string())
    }
}
