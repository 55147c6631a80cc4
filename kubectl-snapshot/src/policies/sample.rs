//! Questions of any size, to measure policies with: a chain of services of about
//! a kilobyte each, of which one in a hundred changes.

use std::sync::Arc;

use snapshot_policy_host::records::{
    self, Actor, Beside, Capture, Captures, Change, ChangeKind, CompatibilityQuestion, Container,
    ContainerDetails, Deployed, Deployment, Details, Entry, Evidence, Fact, FeatureFlag, FlagState,
    Fulfilment, Image, ImageChange, Instance, InstanceDetails, InstanceImages, InstanceVariables,
    Instances, Order, Outcome, PromotionQuestion, Requirement, Snapshot, Stage, StageState,
    Subject, Topic, Variable, Variables,
};

/// The version that would run.
const AFTER: &str = "1.4.1";

/// Time of the questions, in seconds since 1970: a Thursday in October 2025.
const NOW: u64 = 1_760_000_000;
const DAY: u64 = 24 * 60 * 60;

/// Does a set of so many services work together?
pub(super) fn compatibility(services: usize) -> CompatibilityQuestion {
    CompatibilityQuestion {
        candidate: Arc::new(snapshot("candidate", services, "1.4.1")),
        running: Some(Arc::new(snapshot("running", services, "1.3.9"))),
        changes: changes(services),
        requirements: requirements(services),
        settings: "{}".to_owned(),
        now: NOW,
    }
}

/// May it be promoted, from qa to prod, a day after it was tested?
pub(super) fn promotion(services: usize) -> PromotionQuestion {
    let candidate = Arc::new(snapshot("candidate", services, "1.4.1"));
    let stage = |name: &str, after: &[&str]| Stage {
        name: name.to_owned(),
        after: after.iter().map(|stage| (*stage).to_owned()).collect(),
    };
    let deployment = |stage: &str| Deployment {
        stage: stage.to_owned(),
        snapshot_digest: candidate.digest.clone(),
        since: NOW - DAY,
        until: None,
    };
    PromotionQuestion {
        target: stage("prod", &["qa"]),
        ladder: vec![stage("dev", &[]), stage("qa", &["dev"]), stage("prod", &["qa"])],
        running: Some(Arc::new(snapshot("running", services, "1.3.9"))),
        changes: changes(services),
        requirements: requirements(services),
        deployments: vec![deployment("dev"), deployment("qa")],
        evidence: vec![Evidence {
            kind: "test".to_owned(),
            name: "e2e".to_owned(),
            outcome: Outcome::Passed,
            value: None,
            stage: Some("qa".to_owned()),
            actor: "ci".to_owned(),
            at: NOW - DAY / 2,
        }],
        actor: Actor { name: "ada".to_owned(), groups: vec!["release".to_owned()] },
        reason: None,
        settings: "{}".to_owned(),
        now: NOW,
        candidate,
    }
}

/// Each service needs the one before it.
fn requirements(services: usize) -> Arc<[Requirement]> {
    let requirement = |n: usize| Requirement {
        dependent: Subject::Instance(format!("service-{n:05}/service-{n:05}")),
        dependency: Subject::Service(format!("service-{:05}", n - 1)),
        condition: Some(">=1.3.0, <2".to_owned()),
        active: true,
        state: Fulfilment::Met,
        found: format!("service-{:05} runs 1.4.1", n - 1),
    };
    (1..services).map(requirement).collect()
}

/// One in a hundred gets a new version.
fn changes(services: usize) -> Arc<[Change]> {
    let change = |n: usize| Change {
        subject: Subject::Instance(format!("service-{n:05}/service-{n:05}")),
        kind: ChangeKind::Image(Box::new(ImageChange {
            container: "app".to_owned(),
            before: container(n, "1.3.9"),
            after: container(n, "1.4.1"),
            order: Order::Newer,
        })),
    };
    (0..services).step_by(100).map(change).collect()
}

fn snapshot(name: &str, services: usize, version: &str) -> Snapshot {
    Snapshot {
        name: name.to_owned(),
        digest: format!("sha256:{}", "0".repeat(64)),
        instances: (0..services).map(|n| instance(n, version)).collect(),
        feature_flags: (0..services / 10).map(flag).collect(),
    }
}

fn flag(n: usize) -> FeatureFlag {
    FeatureFlag {
        key: format!("flag-{n:05}"),
        enabled: n.is_multiple_of(2),
        value: "true".to_owned(),
        service: Some(format!("service-{n:05}")),
        source: "flagd:shop".to_owned(),
    }
}

fn instance(n: usize, version: &str) -> Instance {
    let entries = |count: usize| {
        let entry = |n| Entry { key: format!("app.example.com/{n}"), value: "v".repeat(40) };
        (0..count).map(entry).collect::<Vec<_>>()
    };
    Instance {
        service: format!("service-{n:05}"),
        name: format!("service-{n:05}"),
        kind: "Deployment".to_owned(),
        containers: vec![container(n, version)],
        labels: entries(3),
        annotations: entries(2),
        environment: entries(4),
    }
}

fn container(n: usize, version: &str) -> Container {
    Container {
        name: "app".to_owned(),
        image: format!("registry.example.com/shop/service-{n:05}"),
        tag: Some(version.to_owned()),
        digest: Some(format!("sha256:{n:064x}")),
        commit: Some(format!("{n:040x}")),
        version: Some(version.to_owned()),
    }
}

/// The details beside the questions.
pub(super) fn details(services: usize, topics: &[Topic]) -> Details {
    let mut details = Details::default();
    for topic in topics {
        match topic {
            Topic::Images => details.images = Some((0..services).map(images).collect()),
            Topic::Environment => {
                details.environment = Some((0..services).map(variables).collect());
            }
            Topic::FlagStates => {
                let flags = (0..services / 10).map(flag);
                details.flag_states = Some(flags.map(state).collect());
            }
            Topic::Captures => {
                let (candidate, running) = (capture("candidate"), Some(capture("running")));
                details.captures = Some(Captures { candidate, running });
            }
            // No binding names any here.
            Topic::ConfigMaps => details.config_maps = Some(Vec::new()),
            Topic::Instances => {
                let all = || (0..services).map(pods).collect();
                let (candidate, running) = (all(), Some(all()));
                details.instances = Some(Instances { candidate, running });
            }
            Topic::Stages => details.stages = Some(["dev", "prod", "qa"].map(stage_state).into()),
            Topic::Facts => details.facts = Some(vec![approval()]),
            Topic::Beside => details.beside = Some(Beside::default()),
            Topic::Routes => {
                details.routes =
                    Some(records::Routes { candidate: Vec::new(), running: Some(Vec::new()) });
            }
        }
    }
    details
}

fn capture(name: &str) -> Capture {
    Capture {
        name: Some(name.to_owned()),
        author: Some("ada".to_owned()),
        at: Some(NOW - DAY),
        source: Some("live:dev".to_owned()),
        message: None,
    }
}

fn pods(n: usize) -> InstanceDetails {
    let Instance { service, name, labels, annotations, .. } = instance(n, AFTER);
    let container =
        ContainerDetails { name: "app".to_owned(), init: false, also_running: Vec::new() };
    InstanceDetails {
        instance: format!("{service}/{name}"),
        pod_labels: labels,
        pod_annotations: annotations,
        containers: vec![container],
        config_maps: vec![service],
    }
}

fn stage_state(stage: &str) -> StageState {
    StageState {
        stage: stage.to_owned(),
        runs: Some(Deployed {
            snapshot_digest: format!("sha256:{}", "0".repeat(64)),
            name: Some("candidate".to_owned()),
            record_number: 7,
            record_digest: format!("sha256:{}", "1".repeat(64)),
            actor: "ada".to_owned(),
            at: NOW - DAY,
            doubt: None,
        }),
    }
}

fn approval() -> Fact {
    Fact {
        kind: "approval".to_owned(),
        name: "promotion".to_owned(),
        ending: Outcome::Passed,
        value: None,
        measured: None,
        stage: Some("prod".to_owned()),
        actor: "grace".to_owned(),
        groups: Some(vec!["release".to_owned()]),
        at: NOW - DAY / 2,
        detail: Some("the load test was looked at".to_owned()),
        link: None,
    }
}

fn images(n: usize) -> InstanceImages {
    let image = format!("registry.example.com/shop/service-{n:05}:{AFTER}");
    let digest = format!("sha256:{n:064x}");
    InstanceImages {
        instance: format!("service-{n:05}/service-{n:05}"),
        images: vec![Image {
            container: "app".to_owned(),
            after: format!("{image}@{digest}"),
            before: Some(image.clone()),
            ran: Some(digest),
            manifest: image,
        }],
    }
}

fn variables(n: usize) -> InstanceVariables {
    let entries = instance(n, AFTER).environment.into_iter().map(|entry| Variable {
        container: "app".to_owned(),
        name: entry.key,
        value: Some(entry.value),
        source: records::Source::Manifest,
        unknown: None,
    });
    InstanceVariables {
        instance: format!("service-{n:05}/service-{n:05}"),
        variables: Variables { entries: entries.collect(), hidden: Vec::new() },
    }
}

fn state(flag: FeatureFlag) -> FlagState {
    let state = if flag.enabled { records::State::On } else { records::State::Off };
    FlagState {
        key: flag.key,
        state,
        targeting: None,
        values: vec![flag.value],
        source: flag.source,
    }
}
