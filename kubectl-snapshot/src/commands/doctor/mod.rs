//! `doctor`: what can be wrong, and what to do about it.

mod environment;
mod health;
mod programs;
mod reach;
mod rights;
mod unfinished;

use std::time::Duration;

use clap::Args;

use super::{exit::Exit, failure::Failure, session::Session};
use crate::commands::complete;
use crate::{
    cluster::{Cluster, GuardState},
    render::{DoctorReport, Finding, Format, Permission},
    store::{Health, Store},
};

/// Longest wait for the cluster, unless --request-timeout says otherwise.
const PATIENCE: Duration = Duration::from_secs(15);

/// See what can be wrong, and what to do about it
///
/// Looks at the versions, the cluster, what you may do, the guard, the store and
/// every part of it, work that nobody has finished, the cache of compiled policies,
/// and the environment. Changes nothing, and reads no Secret. Exits 1 where
/// something does not work.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What is wrong?
  kubectl snapshot doctor

  # With a store of files, and without a cluster
  kubectl snapshot doctor --store ./snapshots

  # May a colleague promote?
  kubectl snapshot doctor --as anna -n shop")]
pub(super) struct DoctorArgs {
    /// How to print it: table, json, yaml, name, jsonpath=TEMPLATE, markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "table", hide_default_value = true, add = complete::format())]
    output: Format,
}

/// Results of the checks of the cluster.
#[derive(Default)]
struct Learned {
    findings: Vec<Finding>,
    permissions: Vec<Permission>,
}

/// Looks at everything, as much of it at once as can be.
pub(super) async fn run(args: DoctorArgs, session: &Session) -> Result<Exit, Failure> {
    let (kubectl, learned) = tokio::join!(programs::kubectl(), Box::pin(examine(session)));
    let mut findings = vec![programs::plugin(), kubectl];
    findings.extend(learned.findings);
    findings.push(environment::cache().await);
    findings.extend(environment::variables());
    let report = DoctorReport { findings, permissions: learned.permissions };
    session.show(&report, &args.output)?;
    Ok(if report.has_problems() { Exit::Failed } else { Exit::Done })
}

/// The cluster, and the store in it or beside it.
async fn examine(session: &Session) -> Learned {
    let patience = session.request_timeout().unwrap_or(PATIENCE);
    let reached = reach::reach(session, patience).await;
    match reached {
        Ok((cluster, findings)) => {
            let looked = tokio::time::timeout(patience, look_around(session, &cluster));
            let mut learned = match looked.await {
                Ok(learned) => learned,
                Err(_) => Learned { findings: vec![reach::slow(patience)], ..Learned::default() },
            };
            learned.findings.splice(0..0, findings);
            learned
        }
        Err(finding) => {
            let mut findings = vec![finding];
            if session.store_is_directory() {
                findings.extend(of_directory(session).await);
            }
            Learned { findings, ..Learned::default() }
        }
    }
}

async fn look_around(session: &Session, cluster: &Cluster) -> Learned {
    let Some(store) = session.store_namespace() else {
        let (mut findings, lease, permissions) = tokio::join!(
            of_directory(session),
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
    let stages = health.as_ref().map_or(&[][..], |health| &health.stages);
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

async fn of_directory(session: &Session) -> Vec<Finding> {
    let store = match session.store().await {
        Ok(store) => store,
        Err(failure) => return vec![Finding::problem("store", failure.message)],
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
