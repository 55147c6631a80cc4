//! The store: its parts, its records, and its garbage.

use std::{collections::BTreeSet, time::Duration};

use snapshot_core::name::StageName;

use crate::{
    advice,
    render::{Finding, byte_count},
    store::{Fault, Health, Removal, Store, StoreError},
};

/// Grace period: younger chunks may belong to a capture under way; `gc` leaves them as
/// well.
pub(super) const GRACE: Duration = Duration::from_hours(24);

/// Number of faults that are listed.
const SHOWN: usize = 20;

/// A store that cannot be read.
pub(super) fn unreadable(store: &Store, error: &StoreError) -> Finding {
    let says = format!("{} cannot be read: {error}", store.place());
    Finding::problem("store", says).hints(advice::hints_for(error))
}

fn of_fault(fault: &Fault) -> Finding {
    let finding = Finding::problem("store", fault.to_string());
    match fault {
        Fault::Error(error) => finding.hints(advice::hints_for(error)),
        // It says what to do itself.
        Fault::Other(_) => finding,
    }
}

/// Findings about a store's contents.
pub(super) fn findings(store: &Store, health: &Health, weighed: bool) -> Vec<Finding> {
    let mut findings = parts(store, health);
    findings.extend(ladder(health));
    findings.extend(records(health));
    findings.extend(removals(health));
    findings.push(garbage(health, weighed));
    findings
}

fn parts(store: &Store, health: &Health) -> Vec<Finding> {
    let records: usize = health.chains.values().map(|chain| chain.links.len()).sum();
    let holds = format!(
        "{} holds snapshots: {}, chunks: {}, bound policies: {}, stages: {}, variable sets: {}, evidence: {}, records: {records}",
        store.place(),
        health.snapshots,
        health.chunks,
        health.bindings.len(),
        health.ladder.stages().len(),
        health.sets.len(),
        health.evidence,
    );
    let mut findings = vec![Finding::ok("store", holds)];
    findings.extend(health.faults.iter().take(SHOWN).map(of_fault));
    let more = health.faults.len().saturating_sub(SHOWN);
    if more > 0 {
        findings.push(Finding::problem("store", format!("{more} more parts are broken")));
    }
    findings
}

/// The stages, and what they name.
fn ladder(health: &Health) -> Vec<Finding> {
    let mut findings = Vec::new();
    let faults: BTreeSet<String> =
        health.ladder.faults().map(|(_, fault)| fault.to_string()).collect();
    for fault in faults {
        findings
            .push(Finding::problem("stages", fault).hint(
                "set it anew: kubectl snapshot stage set STAGE --at NAMESPACE --after STAGE",
            ));
    }
    let stages = health.ladder.stages();
    for stage in stages {
        if let Some(set) = stage.variables.as_ref().filter(|set| !health.sets.contains(set)) {
            let says = format!(
                "stage {} takes the variables of {set}, and there is no set {set}",
                stage.name
            );
            findings.push(
                Finding::problem("stages", says)
                    .hint(format!("make it: kubectl snapshot variables set {set} NAME=VALUE")),
            );
        }
    }
    for binding in &health.bindings {
        let is_there = |name: &StageName| stages.iter().any(|stage| stage.name == *name);
        for stage in binding.stages.iter().filter(|name| !is_there(name)) {
            let says = format!(
                "policy {} is bound to stage {stage}, and there is no such stage",
                binding.name
            );
            findings.push(
                Finding::warning("policies", says)
                    .hint("kubectl snapshot policy list shows what is bound"),
            );
        }
    }
    if findings.is_empty() && !stages.is_empty() {
        let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_ref()).collect();
        findings.push(Finding::ok("stages", names.join(", ")));
    }
    findings
}

/// Findings about the records.
fn records(health: &Health) -> Vec<Finding> {
    let broken = health.chains.values().filter(|chain| !chain.faults.is_empty());
    let mut findings: Vec<Finding> = broken
        .map(|chain| {
            let faults: Vec<String> =
                chain.faults.iter().take(SHOWN).map(ToString::to_string).collect();
            let says = format!(
                "the chain of records of {} is invalid: {}",
                chain.stage,
                faults.join("; ")
            );
            let finding = Finding::problem("records", says).hint(format!(
                "kubectl snapshot history {} --verify says it too; find out who has changed them",
                chain.stage
            ));
            if chain.removable.is_empty() {
                finding
            } else {
                finding.hint("kubectl snapshot gc --broken removes what is no record")
            }
        })
        .collect();
    if findings.is_empty() && !health.chains.is_empty() {
        findings.push(Finding::ok("records", "every stage's chain is valid"));
    }
    for chain in health.chains.values().filter(|chain| !chain.passed_over.is_empty()) {
        let apart: Vec<String> =
            chain.passed_over.iter().take(SHOWN).map(ToString::to_string).collect();
        let says = format!("no part of the chain of {}: {}", chain.stage, apart.join("; "));
        let finding = Finding::warning("records", says);
        findings.push(if chain.removable.is_empty() {
            finding
        } else {
            finding.hint("kubectl snapshot gc --broken removes what is no record")
        });
    }
    findings
}

/// Broken parts that somebody has removed, the latest of them.
fn removals(health: &Health) -> Vec<Finding> {
    let latest = health.removals.iter().rev().take(SHOWN);
    let found = latest.map(|removed| {
        let Removal { actor, at } = &removed.removal;
        let says = format!("{} was removed by {actor} at {at}: {}", removed.object, removed.cause);
        Finding::ok("removed", says)
    });
    found.collect()
}

fn garbage(health: &Health, weighed: bool) -> Finding {
    let Some(garbage) = &health.garbage else {
        return Finding::warning(
            "garbage",
            "it cannot be told from what is needed, as long as parts of the store cannot be read",
        );
    };
    let bytes: u64 = garbage.items.iter().map(|item| item.bytes).sum();
    let size = if weighed { format!(", {}", byte_count(bytes)) } else { String::new() };
    match (garbage.items.len(), garbage.young) {
        (0, 0) => Finding::ok("garbage", "something refers to every chunk"),
        (0, young) => Finding::ok(
            "garbage",
            format!("nothing refers to {young} of the chunks yet; they are younger than a day"),
        ),
        (old, _) => {
            Finding::warning("garbage", format!("unreferenced for a day or more: {old}{size}"))
                .hint("kubectl snapshot gc deletes them")
        }
    }
}
