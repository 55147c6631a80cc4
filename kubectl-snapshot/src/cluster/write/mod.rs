//! Execution of an approved plan: the only function that writes workloads.

mod moved;
mod outcome;
mod step;

use futures::{StreamExt, stream::FuturesUnordered};
use snapshot_core::plan::{ApprovedPlan, ObjectName, Step};

pub use moved::Moved;
pub use outcome::{WriteError, WriteOutcome, Written};

use super::{Cluster, Stop};

/// Writes in flight at first. Each answer allows one more, so that a server
/// that queues is not asked for more than it can do.
const FIRST: usize = 16;

/// Options of carrying out a plan.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    /// Let the server check every write and keep none.
    pub dry_run: bool,
    /// Writes in flight at most; each is a connection of its own.
    pub concurrency: usize,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { dry_run: false, concurrency: 32 }
    }
}

/// Writes what `plan` wants to be there into the cluster's namespace, in its order.
///
/// `progress` is called after each write. After the first failure, or once `stop` is asked for, no write is started
/// any more and those in flight are waited for. A dry run leaves nothing half
/// done, so it goes on and finds every failure.
pub async fn apply(
    cluster: &Cluster,
    plan: &ApprovedPlan,
    options: &WriteOptions,
    stop: &Stop,
    progress: &(dyn Fn() + Sync),
) -> WriteOutcome {
    Writer { cluster, options, stop, progress }.carry_out(plan.writes()).await
}

/// Removes what `plan` wants to be gone: for once its writes have taken effect.
pub async fn remove(
    cluster: &Cluster,
    plan: &ApprovedPlan,
    options: &WriteOptions,
    stop: &Stop,
    progress: &(dyn Fn() + Sync),
) -> WriteOutcome {
    Writer { cluster, options, stop, progress }.carry_out(plan.removals()).await
}

struct Writer<'a> {
    cluster: &'a Cluster,
    options: &'a WriteOptions,
    stop: &'a Stop,
    progress: &'a (dyn Fn() + Sync),
}

impl Writer<'_> {
    async fn carry_out(&self, steps: &[Step]) -> WriteOutcome {
        let mut outcome = WriteOutcome::default();
        for wave in steps.chunk_by(|one, next| one.kind.spec().wave == next.kind.spec().wave) {
            self.write(wave, &mut outcome).await;
        }
        outcome
    }

    async fn write(&self, wave: &[Step], outcome: &mut WriteOutcome) {
        let most = self.options.concurrency.max(1);
        let mut allowed = most.min(FIRST);
        let mut waiting = wave.iter();
        let mut in_flight = FuturesUnordered::new();
        loop {
            while in_flight.len() < allowed
                && self.goes_on(outcome)
                && let Some(step) = waiting.next()
            {
                in_flight.push(step::write(self.cluster, step, self.options.dry_run));
            }
            let Some(result) = in_flight.next().await else { break };
            allowed = most.min(allowed + 1);
            match result {
                Ok(written) => {
                    (self.progress)();
                    outcome.written.push(written);
                }
                Err(error) => outcome.failed.push(error),
            }
        }
        outcome
            .not_started
            .extend(waiting.map(|step| ObjectName { kind: step.kind, name: step.name.clone() }));
    }

    fn goes_on(&self, outcome: &WriteOutcome) -> bool {
        !self.stop.requested() && (outcome.failed.is_empty() || self.options.dry_run)
    }
}
