//! Execution of an approved plan: the only function that writes workloads.

mod answer;
mod back;
mod blocking;
mod moved;
mod outcome;
mod owned;
mod step;

use std::cmp::Reverse;

use futures::{StreamExt, stream::FuturesUnordered};
use snapshot_core::{
    manifest::Wave,
    plan::{ApprovedPart, ObjectName, Step},
};

pub use back::{Back, BackError, go_back, whole};
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
    /// Go on with the others where a write fails.
    pub keep_going: bool,
    /// Writes in flight at most; each is a connection of its own.
    pub concurrency: usize,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { dry_run: false, keep_going: false, concurrency: 32 }
    }
}

/// Whoever is told of each write as its answer comes, with the place of its part among all.
pub type Told<'a> = &'a (dyn Fn(usize, &Result<Written, WriteError>) + Sync);

/// A namespace, and what an approved plan writes to it.
pub type PartWrites<'a> = (&'a Cluster, ApprovedPart<'a>);

/// Writes what a wave of each plan wants to be there into its cluster's namespace, in its order:
/// the kinds that others need in all of them, then the next. The outcomes are in the order of the parts.
///
/// `told` is called after each write. After the first failure, or once `stop` is asked for,
/// no write is started any more, anywhere, and those in flight are waited for, unless the options
/// say to keep going. A dry run leaves nothing half done, so it goes on and finds every failure.
pub async fn apply(
    parts: &[PartWrites<'_>],
    wave: usize,
    options: &WriteOptions,
    stop: &Stop,
    told: Told<'_>,
) -> Vec<WriteOutcome> {
    let mut writes = of_all(parts, |part| part.writes_of(wave).collect());
    // The parts' own orders stay as they are: the sort is stable.
    writes.sort_by_key(Write::wave);
    Writer { options, stop, told }.carry_out(&writes, parts.len()).await
}

/// Removes what each plan wants to be gone: for once all writes have taken effect.
pub async fn remove(
    parts: &[PartWrites<'_>],
    options: &WriteOptions,
    stop: &Stop,
    told: Told<'_>,
) -> Vec<WriteOutcome> {
    let mut writes = of_all(parts, |part| part.removals().iter().collect());
    writes.sort_by_key(|write| Reverse(write.wave()));
    Writer { options, stop, told }.carry_out(&writes, parts.len()).await
}

/// Asks the API server of every plan whether it would take each write, removals included, and has
/// it keep none.
pub async fn rehearse(
    parts: &[PartWrites<'_>],
    options: &WriteOptions,
    stop: &Stop,
    told: Told<'_>,
) -> Vec<WriteOutcome> {
    let writes = of_all(parts, |part| part.writes().iter().chain(part.removals()).collect());
    let mut outcomes: Vec<WriteOutcome> = parts.iter().map(|_| WriteOutcome::default()).collect();
    Writer { options, stop, told }.write(&writes, &mut outcomes).await;
    outcomes
}

/// One write, and the place of its part among all.
#[derive(Clone, Copy)]
struct Write<'a> {
    part: usize,
    cluster: &'a Cluster,
    step: &'a Step,
}

impl Write<'_> {
    fn wave(&self) -> Wave {
        self.step.kind.spec().wave
    }
}

fn of_all<'a>(
    parts: &[PartWrites<'a>],
    steps: impl Fn(ApprovedPart<'a>) -> Vec<&'a Step>,
) -> Vec<Write<'a>> {
    let of_part = |(part, (cluster, approved)): (usize, &PartWrites<'a>)| {
        let cluster = *cluster;
        steps(*approved).into_iter().map(move |step| Write { part, cluster, step })
    };
    parts.iter().enumerate().flat_map(of_part).collect()
}

struct Writer<'a> {
    options: &'a WriteOptions,
    stop: &'a Stop,
    told: Told<'a>,
}

impl Writer<'_> {
    async fn carry_out(&self, writes: &[Write<'_>], parts: usize) -> Vec<WriteOutcome> {
        let mut outcomes: Vec<WriteOutcome> = (0..parts).map(|_| WriteOutcome::default()).collect();
        for wave in writes.chunk_by(|one, next| one.wave() == next.wave()) {
            self.write(wave, &mut outcomes).await;
        }
        outcomes
    }

    async fn write(&self, wave: &[Write<'_>], outcomes: &mut [WriteOutcome]) {
        let most = self.options.concurrency.max(1);
        let mut allowed = most.min(FIRST);
        let mut waiting = wave.iter();
        let mut in_flight = FuturesUnordered::new();
        loop {
            while in_flight.len() < allowed
                && self.goes_on(outcomes)
                && let Some(Write { part, cluster, step }) = waiting.next()
            {
                let dry_run = self.options.dry_run;
                let write = async move { (*part, step::write(cluster, step, dry_run).await) };
                in_flight.push(write);
            }
            let Some((part, result)) = in_flight.next().await else { break };
            allowed = most.min(allowed + 1);
            (self.told)(part, &result);
            match result {
                Ok(written) => outcomes[part].written.push(written),
                Err(error) => outcomes[part].failed.push(error),
            }
        }
        for Write { part, step, .. } in waiting {
            let object = ObjectName { kind: step.kind, name: step.name.clone() };
            outcomes[*part].not_started.push(object);
        }
    }

    fn goes_on(&self, outcomes: &[WriteOutcome]) -> bool {
        let failed = || outcomes.iter().any(|outcome| !outcome.failed.is_empty());
        let WriteOptions { dry_run, keep_going, .. } = *self.options;
        !self.stop.requested() && (dry_run || keep_going || !failed())
    }
}
