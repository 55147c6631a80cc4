//! Rehearsal: the API server is asked whether it takes every write of a plan, before the first is
//! made.

use snapshot_core::plan::ApprovedPlan;

use super::{
    Target,
    options::{ExecuteOptions, OnFailure, Waiting},
    switching::try_out,
};
use crate::{
    app::{App, AppError, Failure},
    cluster::{self, WriteError, WriteOptions, stop},
};

/// Refuses a plan of which the API server would not take a write: for its admission policies, a
/// quota, a missing right, or because an object has moved.
///
/// Whoever does not wait for rollouts does not wait for this either, and who goes on without what
/// fails learns of it as it comes. What a server cannot try out is left to the write itself.
pub(super) async fn rehearse(
    app: &App,
    target: &Target,
    approved: &ApprovedPlan,
    options: ExecuteOptions,
) -> Result<(), Failure> {
    let is_wanted = options.waiting != Waiting::No && options.on_failure != OnFailure::KeepGoing;
    let writes = approved.plans().writes();
    if is_wanted && !options.trial {
        try_out(app, target, approved.plans()).await?;
    }
    if options.trial || !is_wanted || writes == 0 {
        return Ok(());
    }
    let parts: Vec<_> = target.parts.iter().map(|one| &one.cluster).zip(approved.parts()).collect();
    let progress = app.observer.count("asking whether the writes are taken", Some(writes));
    let told = |_: usize, _: &Result<_, _>| progress.add(1);
    let (_switch, stop) = stop();
    let options = WriteOptions { dry_run: true, ..WriteOptions::default() };
    let answers = cluster::rehearse(&parts, &options, &stop, &told).await;
    drop(progress);
    let of_parts = target.parts.iter().zip(answers);
    let refused: Vec<_> = of_parts
        .flat_map(|(one, answer)| {
            let failed = answer.failed.into_iter().filter(|error| !cannot_be_tried(error));
            failed.map(|error| (one.part.clone(), error))
        })
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(AppError::NotTaken { refused, writes }.into()) }
}

/// True if the server has not judged the write: an admission webhook that has side effects is
/// asked about no trial.
fn cannot_be_tried(error: &WriteError) -> bool {
    matches!(error, WriteError::Refused { cause, .. } if cause.is_bad_request())
}
