//! Work that somebody has begun, and has not ended.

use std::collections::BTreeSet;

use snapshot_core::{cluster_namespace::ClusterNamespace, plan::Run, stage::Stage};

use crate::{
    cluster::{Cluster, Tenure, tenure},
    render::Finding,
    store::{ConfigMaps, Health, KeptJournal},
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
            let (held, kept) = tokio::join!(tenure(&place), kept(&place));
            (place.namespace().to_owned(), held, kept)
        });
    }
    let mut findings = Vec::new();
    let mut seen = looking.join_all().await;
    seen.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    for (namespace, held, kept) in seen {
        // Who may not read Leases cannot apply either, and is told so there.
        let Ok(Some(Tenure { holder, brings, expires_in })) = held else {
            findings.extend(kept.map(|kept| left(&namespace, &kept)));
            continue;
        };
        findings.push(match expires_in {
            Some(left) => Finding::warning(
                "unfinished",
                format!(
                    "namespace {namespace} is being changed by {holder}; its lock ends in {} s, unless it is renewed",
                    left.as_secs()
                ),
            ),
            None if kept.is_some() => killed(&namespace, &holder, brings.as_deref()).hint(ends(&namespace)),
            None => killed(&namespace, &holder, brings.as_deref()).hint(
                "apply that snapshot once more, which writes what is missing; a stage goes back \
                 with: kubectl snapshot rollback STAGE",
            ),
        });
    }
    findings
}

/// A run that was killed: the next one that writes there settles it.
fn killed(namespace: &str, holder: &str, brings: Option<&str>) -> Finding {
    let brought = brings.map(|brings| format!(" with {brings}")).unwrap_or_default();
    let says = format!(
        "namespace {namespace} was being changed{brought} by {holder}, who was killed: it may be half done"
    );
    Finding::problem("unfinished", says)
}

/// Runs that have not come to their end in a namespace, by their journals.
struct Kept {
    /// Number of the runs.
    runs: usize,
    /// The newest one, where its journal can be read.
    newest: Option<Run>,
}

/// The runs whose journals are kept in a namespace; none for whoever may not list ConfigMaps, and
/// so cannot read what runs there either.
async fn kept(place: &Cluster) -> Option<Kept> {
    let home = ConfigMaps::of_namespace(place);
    let mut kept = home.journals().await.ok()?;
    kept.retain(KeptJournal::is_whole);
    let newest = home.journal(kept.last()?).await.ok().map(|journal| journal.run);
    Some(Kept { runs: kept.len(), newest })
}

/// A run that has given the lock back, and has not come to its end.
fn left(namespace: &str, Kept { runs, newest }: &Kept) -> Finding {
    let who = match newest {
        Some(Run { writer, snapshot, digest, begun, .. }) => {
            format!("{writer} was bringing {snapshot} ({}) at {begun}, and", digest.short())
        }
        None => "a run".to_owned(),
    };
    let older = match runs - 1 {
        0 => String::new(),
        1 => ", nor has 1 run before it".to_owned(),
        older => format!(", nor have {older} runs before it"),
    };
    let says = format!(
        "{who} has not come to its end in namespace {namespace}{older}: it may be half done"
    );
    Finding::problem("unfinished", says).hint(ends(namespace))
}

/// The commands that end a run by its journal.
fn ends(namespace: &str) -> String {
    format!(
        "kubectl snapshot apply --undo -n {namespace} takes back what it wrote; \
         kubectl snapshot apply --resume -n {namespace} goes on with it"
    )
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
