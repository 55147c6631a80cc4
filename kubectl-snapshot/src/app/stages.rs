//! Stages by their names.

use snapshot_core::{name::StageName, stage::Stage};

use super::{App, AppError, Failure};
use crate::store::Store;

/// The stage of that name.
pub async fn stage(app: &App, name: &StageName) -> Result<Stage, Failure> {
    let store = app.connections.store().await?;
    named(&store.stages().await?, name, &store)
}

/// The stage of that name, of those that there are.
pub fn named(stages: &[Stage], name: &StageName, store: &Store) -> Result<Stage, Failure> {
    let found = stages.iter().find(|stage| stage.name == *name).cloned();
    found.ok_or_else(|| {
        let known = stages.iter().map(|stage| stage.name.clone()).collect();
        AppError::NoStage { stage: name.clone(), place: store.place(), known }.into()
    })
}
