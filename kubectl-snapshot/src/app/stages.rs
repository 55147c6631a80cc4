//! Stages by their names.

use snapshot_core::{
    name::StageName,
    stage::{LadderError, Stage},
};

use super::{App, Failure};
use crate::store::Store;

/// The stage of that name.
pub async fn stage(app: &App, name: &StageName) -> Result<Stage, Failure> {
    let store = app.connections.store().await?;
    named(&store.stages().await?, name, &store)
}

/// The stage of that name, of those that there are.
pub fn named(stages: &[Stage], name: &StageName, store: &Store) -> Result<Stage, Failure> {
    if let Some(stage) = stages.iter().find(|stage| stage.name == *name) {
        return Ok(stage.clone());
    }
    let failure = Failure::usage(format!("there is no stage {name} in {}", store.place()));
    Err(if stages.is_empty() {
        failure.hint("make one with: kubectl snapshot stage set STAGE --at NAMESPACE")
    } else {
        let known: Vec<&str> = stages.iter().map(|stage| stage.name.as_ref()).collect();
        failure.hint(format!("there are: {}", known.join(", ")))
    })
}

impl From<LadderError> for Failure {
    fn from(error: LadderError) -> Self {
        Self::usage(error.to_string())
            .hint("kubectl snapshot stage list shows those that there are")
    }
}
