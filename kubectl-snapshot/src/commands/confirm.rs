//! The question before the first write.

use snapshot_core::{parts::listed, plan::Plans};

use super::session::Session;
use crate::app::{Failure, FailureKind};

/// Asks on a thread of its own, so that Ctrl-C is heard while a person thinks.
pub async fn confirm(plans: &Plans, session: &Session) -> Result<bool, Failure> {
    let targets = listed(plans.targets());
    let question = match (plans.writes(), plans.switches()) {
        (writes, 0) => format!("Make these {writes} writes to {targets}?"),
        (0, 1) => format!("Switch this flag of {targets}?"),
        (0, switches) => format!("Switch these {switches} flags of {targets}?"),
        (writes, switches) => {
            format!("Make these {writes} writes to {targets}, and switch {switches} flags?")
        }
    };
    let ui = session.ui.clone();
    let asked = tokio::task::spawn_blocking(move || ui.confirm(&question));
    tokio::select! {
        answer = asked => answer
            .map_err(Failure::of)?
            .map_err(|error| Failure::of(error).with_kind(FailureKind::Usage)),
        () = session.app.stop.wait() => {
            Err(Failure::new("interrupted, nothing was written").with_kind(FailureKind::Interrupted))
        }
    }
}
