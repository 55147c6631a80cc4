//! The wait itself: what is seen, what is looked at, and when it is over.

use std::time::Duration;

use futures::future::select_all;
use tokio::{
    sync::mpsc::{self, Receiver},
    time::{Instant, sleep, sleep_until},
};

use super::{
    Rollout, RolloutEvent, RolloutTarget,
    follow::{Observation, follow},
    inspection::inspect_pods,
    tracker::RolloutTracker,
};
use crate::cluster::{Cluster, ClusterError, Stop};

/// Delay before the first look at pods: most rollouts that need none are over then.
const FIRST_INSPECTION: Duration = Duration::from_secs(2);

/// Between two looks at pods.
const NEXT_INSPECTION: Duration = Duration::from_secs(3);

/// The share of the time that looks may take, as its divisor.
const INSPECTION_SHARE: u32 = 10;

/// Observations on their way. What follows the cluster waits when there are more.
const OBSERVATIONS: usize = 64;

/// Options of waiting for rollouts.
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// Timeout.
    pub timeout: Duration,
}

/// The end of a wait.
#[derive(Debug)]
pub struct RolloutsEnd {
    /// The end of each rollout, by kind and name.
    pub rollouts: Vec<Rollout>,
    /// The reason for which the wait broke off, if it did.
    pub broken_off: Option<ClusterError>,
}

/// Waits until each target runs what was written, fails, or the time is over.
///
/// Images that cannot be pulled, crashes and refused pods end a rollout early.
/// One failure does not end the wait for the others: a caller who wants that
/// flips the switch of `stop` when `progress` tells of it.
///
/// Where the workloads may not be listed, or the credentials end, the wait
/// breaks off, and what was known by then is returned with the reason.
pub async fn watch(
    cluster: &Cluster,
    targets: Vec<RolloutTarget>,
    options: &WatchOptions,
    stop: &Stop,
    progress: &(dyn Fn(RolloutEvent<'_>) + Sync),
) -> RolloutsEnd {
    let mut broken_off = None;
    let mut tracker = RolloutTracker::new(targets, progress);
    let (report, observations) = mpsc::channel(OBSERVATIONS);
    let names = tracker.names().into_iter();
    let followers: Vec<_> =
        names.map(|(kind, names)| Box::pin(follow(cluster, kind, names, report.clone()))).collect();
    if !followers.is_empty() {
        tokio::select! {
            (error, ..) = select_all(followers) => broken_off = Some(error),
            () = settle(cluster, &mut tracker, observations) => {}
            () = sleep(options.timeout) => tracker.time_out(options.timeout),
            () = stop.wait() => tracker.stop(),
        }
    }
    if broken_off.is_some() {
        tracker.lose();
    }
    RolloutsEnd { rollouts: tracker.into_rollouts(), broken_off }
}

/// Takes in what is seen, and looks at pods, until nothing is waited for.
async fn settle(
    cluster: &Cluster,
    tracker: &mut RolloutTracker<'_>,
    mut observations: Receiver<Observation>,
) {
    let mut next_inspection = Instant::now() + FIRST_INSPECTION;
    while !tracker.is_settled() {
        tokio::select! {
            Some(observation) = observations.recv() => tracker.observe(observation),
            () = sleep_until(next_inspection) => {
                let start = Instant::now();
                // A look that failed says nothing: what was known stays so until the next.
                if let Ok(found) = inspect_pods(cluster, &tracker.waiting_for_pods()).await {
                    tracker.apply(found.problems, Instant::now());
                }
                next_inspection = Instant::now() + NEXT_INSPECTION.max(start.elapsed() * INSPECTION_SHARE);
            }
        }
    }
}
