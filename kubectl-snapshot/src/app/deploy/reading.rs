//! Reading of the namespaces that a set goes to: all of them, or none.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures::{StreamExt, stream};
use snapshot_core::assembly::CaptureOptions;

use super::{Target, target::TargetPart};
use crate::{
    app::{
        App, AppError, Demand, Failure,
        flag_systems::{observe, observe_within},
        live::{LISTS, NAMESPACES},
    },
    cluster::{ClusterError, ListRoom, NamespaceState, Observed},
};

/// Reads each namespace of a target, some at a time, in its order.
pub(super) async fn read_all(
    app: &App,
    target: &Target,
    options: &CaptureOptions,
) -> Result<Vec<Observed>, Failure> {
    let observed = read_silently(app, target, options).await?;
    for (one, observed) in target.parts.iter().zip(&observed) {
        for warning in &observed.warnings {
            match &one.part {
                None => app.observer.warning(warning),
                Some(part) => app.observer.warning(&format!("{part}: {warning}")),
            }
        }
    }
    Ok(observed)
}

/// Reads each namespace of a target as [`read_all`] does, and keeps its warnings to itself.
pub(super) async fn read_silently(
    app: &App,
    target: &Target,
    options: &CaptureOptions,
) -> Result<Vec<Observed>, Failure> {
    match target.parts.as_slice() {
        [one] => {
            let what = format!("reading {}", one.cluster.namespace());
            let progress = app.observer.count(&what, None);
            let options = options.clone();
            let (cluster, demand) = (&one.cluster, Demand::default());
            let counted = |count: usize| progress.set(count);
            Ok(vec![observe(app, cluster, options, demand, &counted).await?])
        }
        several => read_several(app, several, options).await,
    }
}

/// The reason why a namespace cannot be written to.
enum Unread {
    Ending,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Unread {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

async fn read_several(
    app: &App,
    parts: &[TargetPart],
    options: &CaptureOptions,
) -> Result<Vec<Observed>, Failure> {
    let room = ListRoom::of(LISTS);
    let total = AtomicUsize::new(0);
    let progress = app.observer.count(&format!("reading {} namespaces", parts.len()), None);
    let counted = |more: usize| progress.set(total.fetch_add(more, Ordering::Relaxed) + more);
    let reads = parts.iter().map(|one| read_one(app, one, options, &room, &counted));
    let read: Vec<Result<Observed, Unread>> =
        stream::iter(reads).buffered(NAMESPACES).collect().await;
    drop(progress);
    let (mut observed, mut there, mut ending, mut failed) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (one, result) in parts.iter().zip(read) {
        let name = one.cluster.namespace().to_owned();
        match result {
            Ok(one) => {
                observed.push(one);
                there.push(name);
            }
            Err(Unread::Ending) => ending.push(name),
            Err(Unread::Failed(failure)) => failed.push((name, failure)),
        }
    }
    if failed.is_empty() && ending.is_empty() {
        return Ok(observed);
    }
    if failed.is_empty() {
        return Err(AppError::NoTarget { ending }.into());
    }
    let (unread, mut failures): (Vec<String>, Vec<Failure>) = failed.into_iter().unzip();
    let first = failures.swap_remove(0);
    let error = AppError::UnreadTarget { unread, read: there, first: first.message.clone() };
    Err(Failure::from(error).with_kind(first.kind))
}

async fn read_one(
    app: &App,
    one: &TargetPart,
    options: &CaptureOptions,
    room: &ListRoom,
    counted: &(dyn Fn(usize) + Send + Sync),
) -> Result<Observed, Unread> {
    let known = AtomicUsize::new(0);
    let progress = |count: usize| counted(count - known.swap(count, Ordering::Relaxed).min(count));
    let cluster = &one.cluster;
    let (options, demand) = (options.clone(), Demand::default());
    let observed = observe_within(app, cluster, options, demand, room, &progress).await?;
    // Nothing can be made in one that is ending: said before the others are changed.
    match cluster.namespace_state().await? {
        // Whoever may not see it is told at the write, as in one namespace alone.
        NamespaceState::There | NamespaceState::Hidden(_) => Ok(observed),
        NamespaceState::Ending => Err(Unread::Ending),
        NamespaceState::Missing => {
            let message = format!("namespaces \"{}\" not found", cluster.namespace());
            Err(ClusterError::NotFound { message }.into())
        }
    }
}
