//! Renewal of a Lease in the background, while it is needed.

use std::time::Duration;

use tokio::{
    sync::{oneshot, watch},
    time::{Instant, sleep, timeout},
};

use super::{
    held::Held,
    record::{Record, path},
};
use crate::cluster::{Cluster, ClusterError, clock::Clock, request};

/// Between renewals: two may fail until the Lease runs out.
const EVERY: Duration = Duration::from_secs(20);

/// Pause after a renewal that failed.
const AGAIN: Duration = Duration::from_secs(2);

/// Counted from the last renewal, the Lease is given up then: a little before
/// others may take it.
const GIVE_UP: Duration = Duration::from_secs(50);

/// Renews the Lease until it is to be released, then gives it back.
///
/// Says so where it is lost before. That the sender of `released` is dropped
/// means the same as its word: nobody waits for an answer, that is all.
pub(super) async fn renew(
    cluster: Cluster,
    clock: Clock,
    mut record: Record,
    mut held: Held,
    mut released: oneshot::Receiver<()>,
    tell_lost: watch::Sender<Option<String>>,
) -> Result<(), ClusterError> {
    let mut renewed = Instant::now();
    let mut pause = EVERY;
    loop {
        tokio::select! {
            _ = &mut released => return give_back(&cluster, record).await,
            () = held.returned_on_fault() => return give_back(&cluster, record).await,
            () = sleep(pause) => {}
        }
        let left = GIVE_UP.saturating_sub(renewed.elapsed());
        let start = Instant::now();
        // A request that hangs must not outlast the Lease.
        let failure = match timeout(left, renew_once(&cluster, &clock, &record)).await {
            Ok(Ok(Some(written))) => {
                (record, renewed, pause) = (written, start, EVERY);
                continue;
            }
            Ok(Ok(None)) => {
                tell_lost.send_replace(Some(
                    "someone else has taken the lock of the namespace".to_owned(),
                ));
                return Ok(());
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the server does not answer".to_owned(),
        };
        if renewed.elapsed() + AGAIN >= GIVE_UP {
            tell_lost.send_replace(Some(format!(
                "the lock of the namespace could not be renewed: {failure}"
            )));
            return Ok(());
        }
        pause = AGAIN;
    }
}

/// Renews the Lease; `None` where someone else has it.
async fn renew_once(
    cluster: &Cluster,
    clock: &Clock,
    record: &Record,
) -> Result<Option<Record>, ClusterError> {
    match record.renewed(clock.now()).write(cluster).await {
        Err(ClusterError::Conflict { .. } | ClusterError::NotFound { .. }) => {}
        result => return result.map(Some),
    }
    // Someone wrote it: a person who added a label, or this process whose answer was lost.
    let Some(text) = cluster.get(&path(cluster)).await? else { return Ok(None) };
    let current = Record::parse(cluster, &text)?;
    if !current.has_holder_of(record) {
        return Ok(None);
    }
    current.renewed(clock.now()).write(cluster).await.map(Some)
}

/// Gives the Lease back, if it is still this process's.
async fn give_back(cluster: &Cluster, record: Record) -> Result<(), ClusterError> {
    let mut current = record.clone();
    for pause in request::AGAIN {
        match current.released().write(cluster).await {
            Err(ClusterError::Conflict { .. }) => {}
            Err(error) if error.is_lost_answer() => sleep(pause).await,
            result => return result.map(drop),
        }
        let Some(text) = cluster.get(&path(cluster)).await? else { return Ok(()) };
        current = Record::parse(cluster, &text)?;
        if !current.has_holder_of(&record) {
            return Ok(());
        }
    }
    current.released().write(cluster).await.map(drop)
}
