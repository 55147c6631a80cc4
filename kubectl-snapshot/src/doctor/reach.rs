//! The cluster, who it takes the user for, the store's namespace, and the guard.

use std::time::Duration;

use tokio::time::timeout;

use crate::{
    advice,
    app::App,
    cluster::{Cluster, ClusterError, GuardState},
    render::Finding,
};

/// The first minor version with what the guard is made of.
const GUARDED_FROM: u32 = 30;

/// The cluster, or why there is none.
pub(super) async fn reach(
    app: &App,
    patience: Duration,
) -> Result<(Cluster, Vec<Finding>), Finding> {
    // Without a cluster a store of files is whole.
    let unreached = |message: String, hints: Vec<String>| {
        if app.connections.store_is_directory() {
            Finding::warning("cluster", message)
                .hints(hints)
                .hint("the store needs none; live, apply and promote do")
        } else {
            Finding::problem("cluster", message)
                .hints(hints)
                .hint("a store of files needs no cluster: --store DIR")
        }
    };
    let asking = async {
        let cluster = app.connections.connected().await?;
        let (version, caller) = tokio::join!(cluster.version(), cluster.whoami());
        Ok::<_, ClusterError>((cluster, version?, caller?))
    };
    let (cluster, version, caller) = match timeout(patience, asking).await {
        Ok(Ok(reached)) => reached,
        Ok(Err(error)) => {
            return Err(unreached(error.to_string(), advice::hints_for(&error)));
        }
        Err(_) => {
            let seconds = patience.as_secs();
            let says = format!("it does not answer within {seconds} s");
            return Err(unreached(says, Vec::new()));
        }
    };
    let (context, server) = (cluster.context(), cluster.server());
    let says = format!("{context} at {server} is Kubernetes {}", version.git_version);
    let reached = match version.is_at_least(GUARDED_FROM) {
        Some(false) => Finding::warning("cluster", says)
            .hint(format!("the guard needs 1.{GUARDED_FROM} or later; all else works")),
        Some(true) | None => Finding::ok("cluster", says),
    };
    let caller = Finding::ok("user", format!("the API server knows you as {caller}"));
    Ok((cluster, vec![reached, caller]))
}

/// Finding that the rest takes too long.
pub(super) fn slow(patience: Duration) -> Finding {
    Finding::problem("store", format!("it was not read within {} s", patience.as_secs()))
        .hint("give it longer with --request-timeout")
}

/// The store's namespace.
pub(super) async fn namespace(cluster: &Cluster, store: &str) -> Finding {
    match cluster.get(&format!("/api/v1/namespaces/{store}")).await {
        Ok(Some(_)) => Finding::ok("namespace", format!("{store} is where snapshots are stored")),
        Ok(None) => {
            Finding::warning("namespace", format!("{store}, for the store, does not exist yet"))
                .hint("kubectl snapshot init makes it with roles, and capture makes it alone")
        }
        // Who may use the store need not be allowed to read namespaces.
        Err(ClusterError::Forbidden { .. }) => Finding::ok(
            "namespace",
            format!("{store} is where snapshots are stored; you may not read the namespace itself"),
        ),
        Err(error) => {
            Finding::problem("namespace", error.to_string()).hints(advice::hints_for(&error))
        }
    }
}

/// The guard of the store.
pub(super) fn guard(state: Result<GuardState, ClusterError>, store: &str) -> Finding {
    match state {
        Ok(GuardState::InForce) => Finding::ok("guard", format!("it is in force for {store}")),
        Ok(GuardState::Old) => Finding::warning(
            "guard",
            "it is in force, and an older one: it lets in what this program does not believe",
        )
        .hint("kubectl snapshot init --guard installs this version's; what is there stays"),
        Ok(GuardState::Absent) => Finding::ok(
            "guard",
            "there is none: whoever may write ConfigMaps there may change records",
        )
        .hint("kubectl snapshot init --guard installs it"),
        Ok(GuardState::Idle) => Finding::problem(
            "guard",
            "it is installed, and not in force: the API server accepts a forged record",
        )
        .hint("kubectl snapshot init --guard mends it, and waits until it is in force"),
        Ok(GuardState::Hidden(why)) => {
            Finding::warning("guard", format!("you may not see whether there is one: {why}"))
        }
        Err(error) => {
            Finding::warning("guard", format!("it cannot be seen whether there is one: {error}"))
                .hints(advice::hints_for(&error))
        }
    }
}
