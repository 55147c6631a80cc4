//! Conversion of the plugin's types into the contract's records: the one place where both
//! meet.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use snapshot_core::{
    canonical,
    evidence::Measure,
    flag::Flag,
    promotion::{Actor, Deployment, Evidence, Outcome, StageRef},
    requirement::{Fulfilment, Resolved, Subject},
    snapshot::{Container, EnvValue, InstanceRef, Snapshot, Spec},
    verdict::{Finding, MayPass, Severity},
    version::Order,
};
use snapshot_policy_host::records;

/// A set as policies see it.
pub(super) fn snapshot(name: &str, snapshot: &Snapshot) -> Arc<records::Snapshot> {
    Arc::new(records::Snapshot {
        name: name.to_owned(),
        digest: snapshot.spec.digest().to_string(),
        instances: snapshot.spec.instances().map(|one| instance(&snapshot.spec, one)).collect(),
        feature_flags: snapshot
            .spec
            .flags
            .iter()
            .map(|(key, flag)| feature_flag(key, flag))
            .collect(),
    })
}

/// An instance as policies see it.
pub(super) fn instance(spec: &Spec, one: InstanceRef<'_>) -> records::Instance {
    let marks = spec
        .objects
        .get(&one.instance.manifest)
        .map(|manifest| marks(manifest.text()))
        .unwrap_or_default();
    let literals =
        one.instance.containers.values().flat_map(|container| &container.env).filter_map(
            |(name, value)| match value {
                EnvValue::Literal(value) => Some(entry(name, value)),
                EnvValue::Variable { .. } | EnvValue::Reference(_) => None,
            },
        );
    records::Instance {
        service: one.service.to_owned(),
        name: one.name.to_string(),
        kind: one.instance.kind.name().to_owned(),
        containers: one
            .instance
            .containers
            .iter()
            .map(|(name, one)| container(name, one))
            .collect(),
        labels: marks.labels.iter().map(|(key, value)| entry(key, value)).collect(),
        annotations: marks.annotations.iter().map(|(key, value)| entry(key, value)).collect(),
        environment: literals.collect(),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Marks {
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

/// The labels and annotations of a manifest; the rest is passed over unparsed.
fn marks(manifest: &str) -> Marks {
    #[derive(Deserialize)]
    struct Marked {
        metadata: Marks,
    }
    serde_json::from_str::<Marked>(manifest).map(|marked| marked.metadata).unwrap_or_default()
}

pub(super) fn entry(key: &str, value: &str) -> records::Entry {
    records::Entry { key: key.to_owned(), value: value.to_owned() }
}

/// A container as policies see it.
pub(super) fn container(name: &str, container: &Container) -> records::Container {
    records::Container {
        name: name.to_owned(),
        image: container.image.clone(),
        tag: container.tag.clone(),
        digest: container.digest.clone(),
        commit: container.commit.clone(),
        version: container.version.clone(),
    }
}

fn feature_flag(key: &str, flag: &Flag) -> records::FeatureFlag {
    records::FeatureFlag {
        key: key.to_owned(),
        enabled: flag.enabled,
        value: canonical::text(&flag.value),
        service: flag.service.clone(),
        source: flag.source.clone(),
    }
}

/// A requirement and its state as policies see them.
pub(super) fn requirement(resolved: Resolved) -> records::Requirement {
    records::Requirement {
        dependent: subject(resolved.dependent),
        dependency: subject(resolved.dependency),
        condition: resolved.condition,
        active: resolved.active,
        state: match resolved.state {
            Fulfilment::Met => records::Fulfilment::Met,
            Fulfilment::Unmet => records::Fulfilment::Unmet,
            Fulfilment::Unknown => records::Fulfilment::Unknown,
        },
        found: resolved.found,
    }
}

fn subject(subject: Subject) -> records::Subject {
    match subject {
        Subject::Service(name) => records::Subject::Service(name),
        Subject::Instance(key) => records::Subject::Instance(key),
        Subject::Flag(key) => records::Subject::FeatureFlag(key),
    }
}

/// An order as policies see it.
pub(super) fn order(order: Order) -> records::Order {
    match order {
        Order::Same => records::Order::Same,
        Order::Newer => records::Order::Newer,
        Order::Older => records::Order::Older,
        Order::Diverged => records::Order::Diverged,
        Order::Unknown => records::Order::Unknown,
    }
}

/// A policy's findings in the plugin's words, with its remarks about them.
pub(super) fn findings(
    findings: Vec<records::Finding>,
    may_pass: &BTreeMap<usize, Option<u64>>,
) -> Vec<Finding> {
    let remark = |place: usize| may_pass.get(&place).map(|at| MayPass { at: *at });
    let remarked = findings.into_iter().enumerate();
    remarked.map(|(place, one)| Finding { may_pass: remark(place), ..finding(one) }).collect()
}

fn finding(finding: records::Finding) -> Finding {
    Finding {
        severity: match finding.severity {
            records::Severity::Info => Severity::Info,
            records::Severity::Warning => Severity::Warning,
            records::Severity::Deny => Severity::Deny,
            records::Severity::Undecided => Severity::Undecided,
        },
        code: finding.code,
        message: finding.message,
        subjects: finding
            .subjects
            .into_iter()
            .map(|subject| match subject {
                records::Subject::Service(name) => Subject::Service(name),
                records::Subject::Instance(key) => Subject::Instance(key),
                records::Subject::FeatureFlag(key) => Subject::Flag(key),
            })
            .collect(),
        hint: finding.hint,
        may_pass: None,
    }
}

/// A stage as policies see it.
pub(super) fn stage(stage: &StageRef) -> records::Stage {
    records::Stage {
        name: stage.name.to_string(),
        after: stage.after.iter().map(ToString::to_string).collect(),
    }
}

/// A deployment as policies see it.
pub(super) fn deployment(deployment: &Deployment) -> records::Deployment {
    records::Deployment {
        stage: deployment.stage.to_string(),
        snapshot_digest: deployment.snapshot.to_string(),
        since: deployment.since,
        until: deployment.until,
    }
}

/// A recorded fact as policies see it.
pub(super) fn evidence(evidence: &Evidence) -> records::Evidence {
    records::Evidence {
        kind: evidence.kind.clone(),
        name: evidence.name.clone(),
        outcome: match evidence.outcome {
            Outcome::Passed => records::Outcome::Passed,
            Outcome::Failed => records::Outcome::Failed,
        },
        value: evidence.value.as_ref().map(Measure::number),
        stage: evidence.stage.as_ref().map(ToString::to_string),
        actor: evidence.actor.clone(),
        at: evidence.at,
    }
}

/// User who asks, in the contract's record.
pub(super) fn actor(actor: &Actor) -> records::Actor {
    records::Actor { name: actor.name.clone(), groups: actor.groups.clone() }
}
