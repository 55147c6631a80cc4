//! Stages by their names.

use std::collections::BTreeMap;

use snapshot_core::{environment::PlaceValues, name::StageName, stage::Stage};

use super::{App, AppError, Failure};
use crate::store::{Stages, Store};

/// The stage of that name.
pub async fn stage(app: &App, name: &StageName) -> Result<Stage, Failure> {
    let store = app.connections.store().await?;
    named(store.stages().await?, name, &store)
}

/// The values that a stage's variable set chooses.
pub async fn values(app: &App, name: &StageName) -> Result<PlaceValues, Failure> {
    let chosen = match stage(app, name).await?.variables {
        Some(set) => app.connections.store().await?.variable_set(&set).await?.values,
        None => BTreeMap::new(),
    };
    Ok(PlaceValues { chosen, here: BTreeMap::new() })
}

/// The stage of that name, of those that there are.
pub fn named(mut stages: Stages, name: &StageName, store: &Store) -> Result<Stage, Failure> {
    if let Some(place) = stages.broken.iter().position(|one| one.name == name.as_ref()) {
        return Err(stages.broken.swap_remove(place).error.into());
    }
    let found = stages.readable.iter().find(|stage| stage.name == *name).cloned();
    found.ok_or_else(|| {
        let known = stages.ladder().stages().iter().map(|stage| stage.name.clone()).collect();
        AppError::NoStage { stage: name.clone(), place: store.place(), known }.into()
    })
}

/// Says of each stage that it cannot be read; whoever needs it is told again.
pub fn warn_of_broken(app: &App, stages: &mut Stages) {
    for broken in stages.broken.drain(..) {
        let text = "it is left out";
        app.observer.failure(text, &broken.error.into());
    }
}
