//! Journals of runs: what was there before the first write is kept where it is written, until the
//! run has come to its end. Who finds one finds a run that was killed, or has left a mixture.

use futures::future::{join_all, try_join_all};
use snapshot_core::{
    outcome::{Conclusion, Outcome, WayBackOutcome},
    plan::{ApprovedPlan, Journal, Removed, Run},
};

use super::target::{Target, TargetPart};
use crate::{
    app::{App, Failure},
    cluster::{self, Cluster, ClusterError, Tenure},
    store::{ConfigMaps, KeptJournal, StoreError},
};

/// Journals of one run, by namespace.
#[derive(Default)]
pub(super) struct Journals(Vec<(ConfigMaps, KeptJournal)>);

impl Journals {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets them: nobody needs them any more.
    pub(super) async fn forget(self, app: &App) {
        let forgotten = self.0.iter().map(|(home, kept)| home.forget_journal(kept));
        for error in join_all(forgotten).await.into_iter().filter_map(Result::err) {
            app.observer.failure("the journal of a run that is over is still there", &error.into());
        }
    }
}

/// Keeps what is there before the first write of a plan, in each of its namespaces. Without the
/// right to, nothing is kept, and that is said.
pub(super) async fn keep(
    app: &App,
    target: &Target,
    approved: &ApprovedPlan,
    run: &Run,
    (removed, unfinished): (&[Removed], &Journals),
) -> Result<Journals, Failure> {
    // Those of one second would have no order.
    let after = unfinished.0.iter().map(|(_, kept)| kept.begun + 1).max().unwrap_or_default();
    let begun = app.clock.unix_seconds().max(after);
    let journals = approved.journals(run, removed);
    let written = target
        .parts
        .iter()
        .zip(&journals)
        .filter(|(_, one)| !one.objects.is_empty() || !one.switches.is_empty());
    let mut kept = Journals::default();
    for (one, journal) in written {
        let home = home(&one.cluster);
        match home.keep_journal(journal, begun).await {
            Ok(of_it) => kept.0.extend(of_it.map(|of_it| (home, of_it))),
            Err(StoreError::Cluster(
                error @ (ClusterError::Forbidden { .. } | ClusterError::NotAdmitted { .. }),
            )) => app.observer.warning(&format!(
                "what is in {} now is not kept, and if this run is killed nothing takes it back: {error}",
                one.cluster.namespace()
            )),
            Err(error) => {
                kept.forget(app).await;
                return Err(Failure::from(error));
            }
        }
    }
    Ok(kept)
}

/// True where nothing is left of a run that anybody would take back.
pub(super) fn is_over(outcome: &Outcome) -> bool {
    match outcome.conclusion() {
        Conclusion::Applied
        | Conclusion::Arrived
        | Conclusion::Unchanged
        | Conclusion::RolledBack
        | Conclusion::Different
        | Conclusion::Unverified => true,
        Conclusion::Failed
        | Conclusion::Conflict
        | Conclusion::TimedOut
        | Conclusion::Interrupted
        | Conclusion::LeaseLost => false,
    }
}

/// True where a run has gone back, and all that it had written is as it was: what is other than
/// before is somebody else's doing.
pub(super) fn is_taken_back(outcome: &Outcome) -> bool {
    let ways = || outcome.parts.iter().filter_map(|one| one.outcome.way_back.as_ref());
    ways().next().is_some() && ways().all(WayBackOutcome::is_through)
}

/// True where the namespaces run what a run was to bring: whatever an earlier one has left half
/// done is ended.
pub(super) fn is_whole(outcome: &Outcome) -> bool {
    is_over(outcome) && outcome.conclusion() != Conclusion::RolledBack
}

/// Unfinished run of a namespace, as the next one finds it.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The namespace's place among those of the target.
    pub(super) at: usize,
    kept: KeptJournal,
}

/// The runs that were killed in the namespaces of a target, or have left a mixture; of each
/// namespace the newest last. What is under way there is none of them.
pub(super) async fn unfinished(parts: &[TargetPart]) -> Vec<Unfinished> {
    let looks = parts.iter().enumerate().map(|(at, one)| async move {
        // Who may not list ConfigMaps cannot read what runs there, and is told so.
        let kept = home(&one.cluster).journals().await.unwrap_or_default();
        if kept.is_empty() || is_held(&one.cluster).await {
            return Vec::new();
        }
        kept.into_iter().map(|kept| Unfinished { at, kept }).collect()
    });
    join_all(looks).await.concat()
}

/// True while somebody holds the namespace's Lease: the run is not over, but under way.
async fn is_held(cluster: &Cluster) -> bool {
    let tenure = cluster::tenure(cluster).await;
    matches!(tenure, Ok(Some(Tenure { expires_in: Some(_), .. })))
}

/// The journals of unfinished runs, the oldest first, as far as they can be read: what was being
/// kept when its run was killed tells of no write.
pub(super) async fn read(
    target: &Target,
    unfinished: &[Unfinished],
) -> Result<Vec<(Unfinished, Journal)>, Failure> {
    let whole = unfinished.iter().filter(|one| one.kept.is_whole());
    let read = whole.map(|one| async move {
        let journal = home(&target.parts[one.at].cluster).journal(&one.kept).await?;
        Ok::<_, StoreError>((one.clone(), journal))
    });
    let mut read = try_join_all(read).await?;
    read.sort_by_key(|(one, _)| one.kept.begun);
    Ok(read)
}

/// Says which run has left something half done there, and what ends it.
pub(super) async fn warn_of_unfinished(app: &App, target: &Target, unfinished: &[Unfinished]) {
    let read = match read(target, unfinished).await {
        Ok(read) => read,
        Err(failure) => {
            let text = "a run has not come to its end here, and what it has written is not known";
            return app.observer.failure(text, &failure);
        }
    };
    let Some((of, Journal { run, .. })) = read.last() else { return };
    let namespace = target.parts[of.at].cluster.namespace();
    app.observer.warning(&format!(
        "{} was bringing {} ({}) to {namespace} at {} and has not come to its end: it may be half \
         done; this plan begins with what is there now, --resume goes on with it, and --undo takes \
         back what it wrote",
        run.writer,
        run.snapshot,
        run.digest.short(),
        run.begun,
    ));
}

/// Journals of unfinished runs, to be forgotten with what ends them.
pub(super) fn of_unfinished(target: &Target, unfinished: &[Unfinished]) -> Journals {
    let kept = unfinished.iter().map(|one| (home(&target.parts[one.at].cluster), one.kept.clone()));
    Journals(kept.collect())
}

fn home(cluster: &Cluster) -> ConfigMaps {
    ConfigMaps::of_namespace(cluster)
}
