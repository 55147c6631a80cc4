//! Work that somebody has begun, and has not ended.

use std::collections::BTreeSet;

use snapshot_core::{cluster_namespace::ClusterNamespace, stage::Stage};

use crate::{
    cluster::{Cluster, holder},
    render::Finding,
    store::Health,
};

/// Findings about the Leases of this namespace, and of the stages in this cluster.
pub(super) async fn leases(cluster: &Cluster, stages: &[Stage]) -> Vec<Finding> {
    let here = |at: &&ClusterNamespace| {
        at.context.as_deref().is_none_or(|context| context == cluster.context())
    };
    let of_stages = stages.iter().flat_map(|stage| stage.namespaces.iter().map(|(_, at)| at));
    let mut namespaces: BTreeSet<&str> =
        of_stages.filter(here).map(|at| at.namespace.as_str()).collect();
    namespaces.insert(cluster.namespace());
    let mut looking = tokio::task::JoinSet::new();
    for namespace in namespaces {
        let place = cluster.in_namespace(namespace);
        looking.spawn(async move {
            let held = holder(&place).await;
            (place.namespace().to_owned(), held)
        });
    }
    let mut findings = Vec::new();
    let mut seen = looking.join_all().await;
    seen.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (namespace, held) in seen {
        // Who may not read Leases cannot apply either, and is told so there.
        if let Ok(Some((holder, left))) = held {
            let says = format!(
                "namespace {namespace} is being changed by {holder}; its lock ends in {} s, unless it is renewed",
                left.as_secs()
            );
            findings.push(Finding::warning("unfinished", says));
        }
    }
    findings
}

/// Decisions that were let through, and of which nobody knows how they ended.
pub(super) fn decisions(health: &Health) -> Vec<Finding> {
    let mut findings = Vec::new();
    for chain in health.chains.values() {
        // A later one has settled what an earlier one left open.
        let Some(last) = chain.last_attempt() else { continue };
        let (stage, number) = (&chain.stage, last.link.record.number);
        let snapshot = &last.decided.snapshot;
        let name = snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short());
        if last.is_unverified() {
            let says = format!(
                "record {stage}/{number} wrote {name}, and whether it runs could not be seen"
            );
            findings.push(Finding::warning("unfinished", says).hint(format!(
                "promote it once more, which waits for it: kubectl snapshot promote {name} --to {stage}"
            )));
        }
        if last.ended.is_some() {
            continue;
        }
        let says = format!(
            "record {stage}/{number} let {name} through, and nobody has recorded how that ended: it is under way, or {} was stopped",
            last.link.record.writer,
        );
        findings.push(Finding::problem("unfinished", says).hint(format!(
            "if it is not under way, promote once more, or go back with: kubectl snapshot rollback {stage}"
        )));
    }
    findings
}
