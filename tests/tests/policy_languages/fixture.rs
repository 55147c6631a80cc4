//! Fixtures, as far as the templates and the examples need them: what runs is
//! inline, and an image or a workload is all that changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use snapshot_policy_host::records::{
    Actor, Change, ChangeKind, CompatibilityQuestion, Container, Entry, Evidence, Finding,
    ImageChange, Instance, Order, Outcome, PromotionQuestion, Snapshot, Stage, Subject,
};
use snapshot_policy_host::{Decision, Policy};

/// One question, and the answer that is expected.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    #[serde(rename = "description")]
    _description: String,
    candidate: Set,
    running: Option<Set>,
    #[serde(default = "empty")]
    settings: Value,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    ladder: Vec<Value>,
    #[serde(default)]
    evidence: Vec<Fact>,
    #[serde(default)]
    actor: BTreeMap<String, Value>,
    expect: Value,
}

#[derive(Deserialize)]
struct Set {
    services: Vec<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Fact {
    kind: String,
    name: String,
    outcome: Outcome,
    stage: Option<String>,
    actor: String,
}

fn empty() -> Value {
    json!({})
}

/// Asks a policy every fixture of a folder, and compares.
#[track_caller]
pub(crate) fn hold(policy: &Policy, folder: &Path) {
    let mut asked = 0;
    for entry in fs::read_dir(folder).expect("there are fixtures") {
        let path = entry.expect("the folder can be listed").path();
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        let fixture: Fixture = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected = fixture.expect.clone();
        let answer = match policy.decisions().next() {
            Some(Decision::Promotion) => policy.review(&fixture.promotion()),
            _ => policy.check(&fixture.compatibility()),
        };
        let found = match answer.result {
            Ok(findings) => json!({"findings": findings.iter().map(written).collect::<Vec<_>>()}),
            Err(undecided) => json!({"undecided": undecided.to_string()}),
        };
        assert_eq!(found, expected, "{}\n{}", path.display(), answer.output);
        asked += 1;
    }
    assert!(asked > 1, "{} has more than one fixture", folder.display());
}

impl Fixture {
    fn compatibility(self) -> CompatibilityQuestion {
        let (candidate, running) = (self.candidate.snapshot(), self.running.map(Set::snapshot));
        CompatibilityQuestion {
            changes: running.as_ref().map_or_else(Vec::new, |it| changes(it, &candidate)),
            candidate,
            running,
            requirements: Vec::new(),
            settings: self.settings.to_string(),
            now: 1_767_225_600,
        }
    }

    fn promotion(self) -> PromotionQuestion {
        let stage = |name: &str| Stage { name: name.to_owned(), after: Vec::new() };
        let evidence = self.evidence.into_iter().map(|fact| Evidence {
            kind: fact.kind,
            name: fact.name,
            outcome: fact.outcome,
            value: None,
            stage: fact.stage,
            actor: fact.actor,
            at: 1_767_225_600,
        });
        PromotionQuestion {
            candidate: self.candidate.snapshot(),
            target: stage(&self.stage),
            ladder: self.ladder.iter().map(|it| stage(it["name"].as_str().unwrap())).collect(),
            running: None,
            changes: Vec::new(),
            requirements: Vec::new(),
            deployments: Vec::new(),
            evidence: evidence.collect(),
            actor: Actor {
                name: self.actor["name"].as_str().unwrap().to_owned(),
                groups: Vec::new(),
            },
            reason: None,
            settings: self.settings.to_string(),
            now: 1_767_225_600,
        }
    }
}

impl Set {
    fn snapshot(self) -> Snapshot {
        Snapshot {
            name: "candidate".to_owned(),
            digest: format!("sha256:{}", "0".repeat(64)),
            instances: self.services.iter().map(instance).collect(),
            feature_flags: Vec::new(),
        }
    }
}

fn instance(fields: &BTreeMap<String, Value>) -> Instance {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let service = text("service").expect("a service has a name");
    let image = text("image").expect("a service has an image");
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest.to_owned())),
        None => (image.as_str(), None),
    };
    let (repository, tag) = match rest.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag.to_owned())),
        _ => (rest, None),
    };
    let labels = fields.get("labels").and_then(Value::as_object).into_iter().flatten();
    Instance {
        name: text("instance").unwrap_or_else(|| service.clone()),
        kind: "Deployment".to_owned(),
        containers: vec![Container {
            name: text("container").unwrap_or_else(|| service.clone()),
            image: repository.to_owned(),
            tag,
            digest,
            commit: None,
            version: None,
        }],
        labels: labels
            .map(|(key, value)| entry(key, value.as_str().expect("a label is text")))
            .collect(),
        annotations: Vec::new(),
        environment: Vec::new(),
        service,
    }
}

fn changes(running: &Snapshot, candidate: &Snapshot) -> Vec<Change> {
    let is = |one: &Instance, other: &Instance| key(one) == key(other);
    let removed = running
        .instances
        .iter()
        .filter(|one| candidate.instances.iter().all(|other| !is(one, other)));
    let removed = removed.map(|one| Change {
        subject: Subject::Instance(key(one)),
        kind: ChangeKind::InstanceRemoved,
    });
    let others = candidate.instances.iter().filter_map(|after| {
        match running.instances.iter().find(|before| is(before, after)) {
            Some(before) if before == after => None,
            Some(before) => Some(change(before, after)),
            None => Some(Change {
                subject: Subject::Instance(key(after)),
                kind: ChangeKind::InstanceAdded,
            }),
        }
    });
    removed.chain(others).collect()
}

fn change(before: &Instance, after: &Instance) -> Change {
    let image = ImageChange {
        container: after.containers[0].name.clone(),
        before: before.containers[0].clone(),
        after: after.containers[0].clone(),
        order: Order::Newer,
    };
    Change { subject: Subject::Instance(key(after)), kind: ChangeKind::Image(Box::new(image)) }
}

fn key(instance: &Instance) -> String {
    format!("{}/{}", instance.service, instance.name)
}

/// As many services as the largest customer has, half of which change, all of one
/// team; each with the labels, annotations and variables that real ones have.
pub(crate) fn ten_thousand_services(settings: &Value) -> CompatibilityQuestion {
    let entries = |count: usize| (0..count).map(|n| entry(&format!("app.example.com/{n}"), "v"));
    let set = |version: &str| Snapshot {
        name: version.to_owned(),
        digest: format!("sha256:{}", "0".repeat(64)),
        instances: (0..10_000)
            .map(|n: usize| {
                let tag = if n.is_multiple_of(2) { version } else { "1.0.0" };
                let name = format!("service-{n:05}");
                Instance {
                    kind: "Deployment".to_owned(),
                    containers: vec![Container {
                        name: "app".to_owned(),
                        image: format!("registry.example/shop/{name}"),
                        tag: Some(tag.to_owned()),
                        digest: Some(format!("sha256:{n:064x}")),
                        commit: Some(format!("{n:040x}")),
                        version: Some(tag.to_owned()),
                    }],
                    labels: entries(3).chain([entry("team", "checkout")]).collect(),
                    annotations: entries(3).collect(),
                    environment: entries(4).collect(),
                    service: name.clone(),
                    name,
                }
            })
            .collect(),
        feature_flags: Vec::new(),
    };
    let (running, candidate) = (set("1.3.9"), set("1.4.1"));
    CompatibilityQuestion {
        changes: (0..10_000)
            .step_by(2)
            .map(|n| change(&running.instances[n], &candidate.instances[n]))
            .collect(),
        candidate,
        running: Some(running),
        requirements: Vec::new(),
        settings: settings.to_string(),
        now: 1_767_225_600,
    }
}

fn entry(key: &str, value: &str) -> Entry {
    Entry { key: key.to_owned(), value: value.to_owned() }
}

/// A finding as fixtures write it.
fn written(finding: &Finding) -> Value {
    let mut written = json!({
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
    });
    let subjects = finding.subjects.iter().map(|subject| match subject {
        Subject::Service(name) => format!("service {name}"),
        Subject::Instance(key) => format!("instance {key}"),
        Subject::FeatureFlag(key) => format!("flag {key}"),
    });
    if !finding.subjects.is_empty() {
        written["subjects"] = subjects.collect();
    }
    if let Some(hint) = &finding.hint {
        written["hint"] = json!(hint);
    }
    written
}
