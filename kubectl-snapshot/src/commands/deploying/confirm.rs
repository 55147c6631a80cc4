//! Confirmation of a plan.

use snapshot_core::plan::Plan;

use crate::commands::{exit::Exit, failure::Failure, session::Session};

/// Refuses a plan of which the API server would refuse a part.
pub fn refuse_blocked(plan: &Plan) -> Result<(), Failure> {
    if plan.blocked.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(format!(
        "{} of the changes cannot be made, so nothing was written",
        plan.blocked.len()
    ));
    Err(plan.blocked.iter().fold(failure, |failure, blocked| {
        failure.hint(format!("{} {}: {}", blocked.kind, blocked.name, blocked.reason))
    }))
}

/// Asks on a thread of its own, so that Ctrl-C is heard while a person thinks.
pub async fn confirm(plan: &Plan, session: &Session) -> Result<bool, Failure> {
    let question = format!("Make these {} writes to {}?", plan.steps.len(), plan.target);
    let ui = session.ui.clone();
    let asked = tokio::task::spawn_blocking(move || ui.confirm(&question));
    tokio::select! {
        answer = asked => answer
            .map_err(|error| Failure::new(error.to_string()))?
            .map_err(|error| Failure::usage(error.to_string())),
        () = session.stop.wait() => Err(Failure::new("interrupted, nothing was written").with_exit(Exit::Interrupted)),
    }
}
