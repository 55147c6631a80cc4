//! One apply at a time: the namespace's Lease.
//!
//! Who is killed while holding it leaves nothing behind: it runs out. Who panics gives it back.

mod held;
mod record;
mod renewal;

use std::time::Duration;

use tokio::{
    sync::{oneshot, watch},
    time::sleep,
};

use self::{
    held::Held,
    record::{Record, path},
    renewal::renew,
};
pub use held::give_back_leases;

use super::{Cluster, ClusterError, clock::Clock};

/// Attempts to take it while others change it; each means that someone else was faster.
const RACES: usize = 3;

/// Pause after an answer that was lost.
const LOST: Duration = Duration::from_millis(300);

/// The namespace's Lease, held and renewed until it is released.
#[derive(Debug)]
pub struct Lease {
    lost: watch::Receiver<Option<String>>,
    release: oneshot::Sender<()>,
    renewal: tokio::task::JoinHandle<Result<(), ClusterError>>,
}

/// Error: the namespace's Lease cannot be acquired.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Lease held by somebody else.
    #[error(
        "namespace {namespace} is being changed by {holder}; wait until that is done (if it was killed, its lock ends in {} s)",
        expires_in.as_secs()
    )]
    Held {
        /// The namespace.
        namespace: String,
        /// Identity of the holder.
        holder: String,
        /// Time until it expires, unless its holder renews it.
        expires_in: Duration,
    },
    /// The user has no right to Leases here. Whether to go on without is the caller's choice.
    #[error("namespace {namespace} cannot be locked against others: {cause}")]
    Forbidden {
        /// The namespace.
        namespace: String,
        /// The server's words.
        #[source]
        cause: ClusterError,
    },
    /// The cluster did not answer as hoped.
    #[error(transparent)]
    Cluster(ClusterError),
}

impl Lease {
    /// Takes the Lease of the cluster's namespace for `holder`, who `brings` a set, and renews
    /// it in the background from then on.
    pub async fn take(cluster: &Cluster, holder: &str, brings: &str) -> Result<Self, LeaseError> {
        let namespace = cluster.namespace().to_owned();
        let clock = Clock::of(cluster).await;
        let record = take(cluster, &clock, holder, brings).await.map_err(|error| match error {
            LeaseError::Cluster(cause @ ClusterError::Forbidden { .. }) => {
                LeaseError::Forbidden { namespace, cause }
            }
            other => other,
        })?;
        let (tell_lost, lost) = watch::channel(None);
        let (release, released) = oneshot::channel();
        let held = Held::new();
        let renewal =
            tokio::spawn(renew(cluster.clone(), clock, record, held, released, tell_lost));
        Ok(Self { lost, release, renewal })
    }

    /// Returns, with the reason, once the Lease is no longer held: others may
    /// write from then on, so the holder has to stop.
    pub async fn lost(&self) -> String {
        let mut lost = self.lost.clone();
        match lost.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => "the lock of the namespace is renewed no longer".to_owned(),
        }
    }

    /// Gives the Lease back. Where that fails it runs out by itself.
    pub async fn release(self) -> Result<(), ClusterError> {
        // A renewal that has ended has lost the Lease: there is nothing to give back.
        let _ = self.release.send(());
        self.renewal.await.unwrap_or(Ok(()))
    }
}

/// Tenure of a namespace's Lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// Identity of the holder.
    pub holder: String,
    /// The set that they bring, in words.
    pub brings: Option<String>,
    /// Time until it expires, unless its holder renews it; none of one that has expired, and that
    /// its holder never gave back: they were killed.
    pub expires_in: Option<Duration>,
}

/// Tenure of the Lease of the cluster's namespace, if nobody gave it back. Nothing is written.
pub async fn tenure(cluster: &Cluster) -> Result<Option<Tenure>, ClusterError> {
    let Some(text) = cluster.get(&path(cluster)).await? else { return Ok(None) };
    let record = Record::parse(cluster, &text)?;
    Ok(record.tenure(Clock::of(cluster).await.now()))
}

async fn take(
    cluster: &Cluster,
    clock: &Clock,
    holder: &str,
    brings: &str,
) -> Result<Record, LeaseError> {
    let mut races = RACES;
    let mut attempted: Option<Record> = None;
    loop {
        let now = clock.now();
        let existing = match cluster.get(&path(cluster)).await.map_err(LeaseError::Cluster)? {
            Some(text) => Some(Record::parse(cluster, &text).map_err(LeaseError::Cluster)?),
            None => None,
        };
        let wanted = match existing {
            None => Record::new(cluster, holder, brings, now),
            // The answer was lost, and the repeated request met its own work.
            Some(existing) if attempted.as_ref().is_some_and(|own| existing.has_holder_of(own)) => {
                return Ok(existing);
            }
            Some(existing) => {
                if let Some((holder, expires_in)) = existing.held(now) {
                    let namespace = cluster.namespace().to_owned();
                    return Err(LeaseError::Held { namespace, holder, expires_in });
                }
                existing.taken_over(holder, brings, now)
            }
        };
        match wanted.write(cluster).await {
            Err(ClusterError::AlreadyExists { .. } | ClusterError::Conflict { .. })
                if races > 0 =>
            {
                races -= 1;
                attempted = Some(wanted);
            }
            // It may be ours already, and nobody else's for as long as it lasts.
            Err(error) if error.is_lost_answer() && races > 0 => {
                races -= 1;
                attempted = Some(wanted);
                sleep(LOST).await;
            }
            written => return written.map_err(LeaseError::Cluster),
        }
    }
}

/// Identity of this process, for those who find the Lease held: `user@host/pid`.
#[must_use]
pub fn identity() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let user = user.filter(|name| !name.is_empty()).unwrap_or_else(|| "someone".to_owned());
    let host = gethostname::gethostname();
    format!("{user}@{}/{}", host.display(), std::process::id())
}
