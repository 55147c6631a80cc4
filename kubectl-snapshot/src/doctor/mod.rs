//! `doctor`: what can be wrong, and what to do about it.

mod environment;
mod health;
mod programs;
mod reach;
mod rights;
mod unfinished;

use std::{collections::BTreeSet, time::Duration};

use crate::{
    advice,
    app::App,
    cluster::{Cluster, GuardState},
    render::{DoctorReport, Finding, Permission},
    store::{Health, Store},
};

/// Longest wait for the cluster, unless --request-timeout says otherwise.
const PATIENCE: Duration = Duration::from_secs(15);

/// Results of the checks of the cluster.
#[derive(Default)]
struct Learned {
    findings: Vec<Finding>,
    permissions: Vec<Permission>,
}

/// Looks at everything, as much of it at once as can be. `variables` are those of the
/// environment that the program reads.
pub async fn examine(app: &App, variables: BTreeSet<String>) -> DoctorReport {
    let (kubectl, learned) = tokio::join!(programs::kubectl(), Box::pin(of_cluster(app)));
    let mut findings = vec![programs::plugin(), kubectl];
    findings.extend(learned.findings);
    findings.push(environment::cache().await);
    findings.extend(environment::variables(variables));
    DoctorReport { findings, permissions: learned.permissions }
}

/// The cluster, and the store in it or beside it.
async fn of_cluster(app: &App) -> Learned {
    let patience = app.connections.request_timeout().unwrap_or(PATIENCE);
    let reached = reach::reach(app, patience).await;
    match reached {
        Ok((cluster, findings)) => {
            let looked = tokio::time::timeout(patience, Box::pin(look_around(app, &cluster)));
            let mut learned = match looked.await {
                Ok(learned) => learned,
                Err(_) => Learned { findings: vec![reach::slow(patience)], ..Learned::default() },
            };
            learned.findings.splice(0..0, findings);
            learned
        }
        Err(finding) => {
            let mut findings = vec![finding];
            if app.connections.store_is_directory() {
                findings.extend(of_directory(app).await);
            }
            Learned { findings, ..Learned::default() }
        }
    }
}

async fn look_around(app: &App, cluster: &Cluster) -> Learned {
    let Some(store) = app.connections.store_namespace() else {
        let (mut findings, lease, permissions) = tokio::join!(
            of_directory(app),
            unfinished::leases(cluster, &[]),
            rights::of(cluster, None, &GuardState::Absent),
        );
        findings.extend(lease);
        return with_permissions(findings, permissions);
    };
    let home = Store::in_cluster(cluster.clone(), store);
    let (place, health, guard) = tokio::join!(
        reach::namespace(cluster, store),
        home.health(health::GRACE),
        crate::cluster::guard_state(cluster, store),
    );
    let state = guard.as_ref().map_or(GuardState::Absent, Clone::clone);
    let stages = health.as_ref().map_or(&[][..], |health| health.ladder.stages());
    let (leases, permissions) = tokio::join!(
        unfinished::leases(cluster, stages),
        rights::of(cluster, Some(store), &state),
    );
    let mut findings = vec![place, reach::guard(guard, store)];
    match health {
        Ok(health) => findings.extend(of_health(&home, health).await),
        Err(error) => findings.push(health::unreadable(&home, &error)),
    }
    findings.extend(leases);
    with_permissions(findings, permissions)
}

fn with_permissions(
    mut findings: Vec<Finding>,
    permissions: Result<Vec<Permission>, Finding>,
) -> Learned {
    match permissions {
        Ok(permissions) => Learned { findings, permissions },
        Err(finding) => {
            findings.push(finding);
            Learned { findings, ..Learned::default() }
        }
    }
}

async fn of_directory(app: &App) -> Vec<Finding> {
    let store = match app.connections.store().await {
        Ok(store) => store,
        Err(failure) => {
            let hints = advice::hints(&failure);
            return vec![Finding::problem("store", failure.message).hints(hints)];
        }
    };
    match store.health(health::GRACE).await {
        Ok(health) => of_health(&store, health).await,
        Err(error) => vec![health::unreadable(&store, &error)],
    }
}

async fn of_health(store: &Store, mut health: Health) -> Vec<Finding> {
    let weighed = match &mut health.garbage {
        Some(garbage) => store.weigh(garbage, &|_, _| ()).await.is_ok(),
        None => false,
    };
    let mut findings = health::findings(store, &health, weighed);
    findings.extend(unfinished::decisions(&health));
    findings
}
