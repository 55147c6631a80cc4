//! `gc`: delete what nothing in the store refers to any more.

use std::time::Duration;

use clap::Args;

use super::{exit::Exit, global::duration, output::OutputArgs, session::Session};
use crate::{
    app::{Failure, recorder},
    cluster::ClusterError,
    render::{BrokenRow, GarbageReport, GarbageRow},
    store::{BrokenPart, Collected, Garbage, GarbageItem, GarbageKind, Removal, Store, StoreError},
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
/// Where nobody can tell what a snapshot refers to, nothing is deleted.
///
/// With --broken, it first removes what no command believes: evidence and records
/// that contradict themselves, the end of a chain that no record is at, snapshots
/// that cannot be read, chunks that hold other bytes than their names say. Each
/// removal is recorded in the store, with what was there.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What would go?
  kubectl snapshot gc --dry-run

  # Delete it
  kubectl snapshot gc

  # Also what is younger, where nobody captures right now
  kubectl snapshot gc --grace 10m

  # What is broken, and would be removed?
  kubectl snapshot gc --broken --dry-run")]
pub(super) struct GcArgs {
    /// Say what would be deleted, and delete nothing
    #[arg(long)]
    dry_run: bool,
    /// How old it has to be: 24h, 30m
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    grace: Duration,
    /// Remove what is broken as well, and record that
    #[arg(long)]
    broken: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Finds garbage, and deletes it.
pub(super) async fn run(args: &GcArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let broken = if args.broken { remove_broken(args, &store, session).await? } else { Vec::new() };
    let mut garbage = match store.garbage(args.grace).await {
        // What would be removed is still there.
        Err(StoreError::UnreadableReferrer { .. }) if args.broken && args.dry_run => {
            Garbage::default()
        }
        garbage => garbage.map_err(untouched)?,
    };
    for unusable in garbage.unusable.iter().filter(|_| !args.broken) {
        session.ui.warning(unusable);
    }
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
        broken,
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

/// Removes what no reader believes, or says what would be removed.
async fn remove_broken(
    args: &GcArgs,
    store: &Store,
    session: &Session,
) -> Result<Vec<BrokenRow>, Failure> {
    let parts = store.broken().await?;
    if args.dry_run {
        return Ok(parts.into_iter().map(broken_row).collect());
    }
    let _hold = session.app.signals.hold()?;
    let actor = recorder(&session.app).await?.name;
    let mut removed = Vec::new();
    for part in parts {
        let removal = Removal { actor: actor.clone(), at: session.app.clock.now() };
        let gone = match store.remove_broken(&part, &removal).await {
            Ok(gone) => gone,
            Err(error) => {
                let failure = Failure::from(error).about(&part.object);
                return Err(failure.hint(format!("broken parts removed before: {}", removed.len())));
            }
        };
        if gone {
            removed.push(broken_row(part));
        } else {
            session.ui.warning(&format!(
                "{} stays: the guard keeps it, and nobody believes it ({}); an older guard keeps more \
                 than this version's: kubectl snapshot init --guard",
                part.object, part.cause
            ));
        }
    }
    Ok(removed)
}

fn broken_row(part: BrokenPart) -> BrokenRow {
    BrokenRow { kind: part.kind, object: part.object, cause: part.cause }
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
