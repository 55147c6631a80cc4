//! The Leases of a target: nobody else applies to its namespaces while they are held.

use futures::future::{join_all, select_all};

use snapshot_core::plan::Plans;

use super::target::TargetPart;
use crate::{
    app::{App, Failure},
    cluster::{self, Cluster, Lease, LeaseError, Tenure},
};

/// A Lease, and the namespace that it is of, where there are several.
pub(super) type Held = (Option<String>, Lease);

/// The Leases of all namespaces, in an order that everybody has; none of them, where somebody
/// else holds one.
pub(super) async fn take_leases(
    app: &App,
    parts: &[TargetPart],
    brings: &str,
) -> Result<Vec<Held>, Failure> {
    let mut ordered: Vec<&TargetPart> = parts.iter().collect();
    ordered.sort_by_key(|one| one.namespace());
    let mut leases = Vec::new();
    for one in ordered {
        match take_lease(app, &one.cluster, brings).await {
            Ok(lease) => {
                let of = one.part.is_some().then(|| one.cluster.namespace().to_owned());
                leases.extend(lease.map(|lease| (of, lease)));
            }
            Err(failure) => {
                release(app, leases).await;
                return Err(failure);
            }
        }
    }
    Ok(leases)
}

/// Gives Leases back.
pub(super) async fn release(app: &App, leases: Vec<Held>) {
    let released = leases.into_iter().map(|(of, lease)| async move { (of, lease.release().await) });
    for (of, released) in join_all(released).await {
        if let Err(error) = released {
            let text =
                format!("the namespace's Lease was not given back and runs out by itself: {error}");
            app.observer.warning(&about(of.as_deref(), text));
        }
    }
}

/// A sentence about a namespace, named where there are several.
fn about(namespace: Option<&str>, text: String) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}: {text}"),
        None => text,
    }
}

/// The namespace's Lease, unless the user may not have one.
async fn take_lease(app: &App, cluster: &Cluster, brings: &str) -> Result<Option<Lease>, Failure> {
    match Lease::take(cluster, &cluster::identity(), brings).await {
        Ok(lease) => Ok(Some(lease)),
        Err(LeaseError::Forbidden { cause, .. }) => {
            app.observer
                .warning(&format!("nothing keeps others from applying at the same time: {cause}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Refuses what somebody is changing.
pub(super) async fn refuse_held(cluster: &Cluster) -> Result<(), Failure> {
    match cluster::tenure(cluster).await? {
        Some(Tenure { holder, expires_in: Some(expires_in), .. }) => {
            let namespace = cluster.namespace().to_owned();
            Err(LeaseError::Held { namespace, holder, expires_in }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Returns, with the reason, once one of the Leases is lost.
pub(super) async fn lost(leases: &[Held]) -> String {
    if leases.is_empty() {
        return std::future::pending().await;
    }
    let lost = leases
        .iter()
        .map(|(of, lease)| Box::pin(async move { about(of.as_deref(), lease.lost().await) }));
    select_all(lost).await.0
}

/// Says of each namespace whose Lease was never given back what was under way there, where
/// anything is to be written.
pub(super) async fn warn_of_killed(app: &App, parts: &[TargetPart], plans: &Plans) {
    if plans.is_empty() {
        return;
    }
    let looks = parts.iter().map(|one| async move { (one, cluster::tenure(&one.cluster).await) });
    for (one, tenure) in join_all(looks).await {
        // Who may not read Leases is told so where one is taken.
        let Ok(Some(tenure)) = tenure else { continue };
        if tenure.expires_in.is_none() {
            app.observer.warning(&killed(one.cluster.namespace(), &tenure));
        }
    }
}

/// The words about a run that was killed.
fn killed(namespace: &str, Tenure { holder, brings, .. }: &Tenure) -> String {
    let (what, how) = match brings {
        Some(brings) => (
            format!("was bringing {brings} to {namespace}"),
            format!("bringing {brings} there once more ends it"),
        ),
        None => (format!("was changing {namespace}"), "doing that once more ends it".to_owned()),
    };
    format!(
        "{holder} {what} and was killed: it may be half done; {how}, and this plan begins with \
         what is there now"
    )
}
