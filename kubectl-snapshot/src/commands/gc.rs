//! `gc`: delete what nothing in the store refers to any more.

use std::time::Duration;

use clap::Args;

use super::{exit::Exit, global::duration, output::OutputArgs, session::Session};
use crate::{
    app::Failure,
    cluster::ClusterError,
    render::{GarbageReport, GarbageRow},
    store::{Collected, GarbageItem, GarbageKind, StoreError},
};

/// Delete what nothing in the store refers to any more
///
/// Snapshots, policies and the questions that records rest on are kept in chunks,
/// which they share. Deleting a snapshot leaves its chunks, and so does a capture
/// that was killed. This deletes those that no snapshot, no bound policy and no
/// record refers to, once they are older than the grace period: a capture under
/// way writes its chunks before anything refers to them.
///
/// In a directory (--store) it deletes files that were never finished as well.
/// Where something that refers to chunks cannot be read, nothing is deleted.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What would go?
  kubectl snapshot gc --dry-run

  # Delete it
  kubectl snapshot gc

  # Also what is younger, where nobody captures right now
  kubectl snapshot gc --grace 10m")]
pub(super) struct GcArgs {
    /// Say what would be deleted, and delete nothing
    #[arg(long)]
    dry_run: bool,
    /// How old it has to be: 24h, 30m
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    grace: Duration,
    #[command(flatten)]
    output: OutputArgs,
}

/// Finds garbage, and deletes it.
pub(super) async fn run(args: &GcArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let mut garbage = store.garbage(args.grace).await.map_err(untouched)?;
    let (needed, young, found) = (garbage.needed, garbage.young, garbage.items.len());
    let counted = session.ui.count("chunks", Some(found));
    let progress = |done: usize, _total: usize| counted.set(done);
    let collected = if args.dry_run {
        store.weigh(&mut garbage, &progress).await.map_err(untouched)?;
        Collected { deleted: garbage.items, ..Collected::default() }
    } else {
        let _hold = session.app.signals.hold()?;
        store.collect(garbage, &session.app.stop, &progress).await
    };
    drop(counted);
    let Collected { deleted, re_referenced, failure } = collected;
    let left = found.saturating_sub(deleted.len() + re_referenced);
    let (chunks, unfinished): (Vec<_>, Vec<_>) =
        deleted.into_iter().partition(|item| item.kind == GarbageKind::Chunk);
    let report = GarbageReport {
        dry_run: args.dry_run,
        grace_seconds: args.grace.as_secs(),
        bytes: chunks.iter().map(|item| item.bytes).sum(),
        chunks: chunks.into_iter().map(row).collect(),
        unfinished: unfinished.into_iter().map(row).collect(),
        kept: needed + young + re_referenced,
        young,
    };
    if let Some(error) = failure {
        let deleted = report.chunks.len() + report.unfinished.len();
        if deleted == 0 {
            return Err(untouched(error));
        }
        session.show(&report, &args.output.format)?;
        return Err(refused(error).hint(format!("{left} more could not be deleted")));
    }
    session.show(&report, &args.output.format)?;
    if let Some(signal) = session.app.signals.first().filter(|_| left > 0) {
        let hint = format!("{left} more are left; the next gc deletes them");
        return Err(signal.failure().hint(hint));
    }
    Ok(Exit::Done)
}

fn row(item: GarbageItem) -> GarbageRow {
    GarbageRow { name: item.name, bytes: item.bytes }
}

/// A failure before anything was deleted.
fn untouched(error: StoreError) -> Failure {
    refused(error).hint("nothing was deleted")
}

fn refused(error: StoreError) -> Failure {
    let by_admission = matches!(&error, StoreError::Cluster(ClusterError::NotAdmitted { .. }));
    let failure = Failure::from(error);
    if by_admission {
        failure.hint("the guard of the store lets those delete chunks who may delete every snapshot; snapshot-administrator is a role that may")
    } else {
        failure
    }
}
