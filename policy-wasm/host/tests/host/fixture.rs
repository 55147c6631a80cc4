//! The policy under `tests/guests`, and what it is asked.

use snapshot_policy_host::records::{
    Actor, Change, ChangeKind, CompatibilityQuestion, Container, Deployment, Entry, Evidence,
    FeatureFlag, Fulfilment, Instance, Outcome, PromotionQuestion, Requirement, Snapshot, Stage,
    Subject,
};
use snapshot_policy_host::{Evaluation, Host, Limits, Policy};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

/// The component, built once for all tests.
pub(crate) static GUEST: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests/Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--release", "--quiet", "--locked", "--target", "wasm32-wasip2"])
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target);
    // What the outer cargo was told is not meant for another target.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER"] {
        cargo.env_remove(variable);
    }
    assert!(cargo.status().unwrap().success(), "the guest does not build");
    std::fs::read(target.join("wasm32-wasip2/release/hostile_policy.wasm")).unwrap()
});

/// The policy under a host whose limits no test runs into by accident.
pub(crate) static POLICY: LazyLock<Policy> = LazyLock::new(|| load(patient()));

pub(crate) fn load(limits: Limits) -> Policy {
    Host::new(limits).unwrap().load(&GUEST).unwrap()
}

/// Time enough for a machine that does many other things.
pub(crate) fn patient() -> Limits {
    Limits { time: Duration::from_mins(5), ..Limits::default() }
}

/// Evaluation of the policy with these settings.
pub(crate) fn told(settings: &str) -> Evaluation {
    POLICY.check(&question(settings))
}

/// The messages of the findings.
pub(crate) fn messages(evaluation: &Evaluation) -> Vec<&str> {
    evaluation.result.as_ref().unwrap().iter().map(|finding| finding.message.as_str()).collect()
}

/// Reason why there are no findings.
pub(crate) fn undecided(evaluation: &Evaluation) -> String {
    evaluation.result.as_ref().unwrap_err().to_string()
}

/// The shop of the story, in the state that should be refused.
pub(crate) fn question(settings: &str) -> CompatibilityQuestion {
    CompatibilityQuestion {
        candidate: shop("rel-43").into(),
        running: Some(shop("rel-42").into()),
        changes: [Change {
            subject: Subject::Instance("tax/tax".into()),
            kind: ChangeKind::Environment("LOG_LEVEL".into()),
        }]
        .into(),
        requirements: [Requirement {
            dependent: Subject::FeatureFlag("tax-call".into()),
            dependency: Subject::Service("tax".into()),
            condition: Some(">=1.4.0".into()),
            active: true,
            state: Fulfilment::Unmet,
            found: "tax runs 1.3.9".into(),
        }]
        .into(),
        settings: settings.into(),
        now: 1_760_000_000,
    }
}

pub(crate) fn promotion(settings: &str) -> PromotionQuestion {
    let CompatibilityQuestion { candidate, running, changes, requirements, settings, now } =
        question(settings);
    PromotionQuestion {
        candidate,
        target: Stage { name: "prod".into(), after: vec!["qa".into()] },
        ladder: vec![Stage { name: "qa".into(), after: vec![] }],
        running,
        changes,
        requirements,
        deployments: vec![Deployment {
            stage: "qa".into(),
            snapshot_digest: "sha256:00".into(),
            since: 1_759_000_000,
            until: None,
        }],
        evidence: vec![Evidence {
            kind: "metric".into(),
            name: "error-rate".into(),
            outcome: Outcome::Passed,
            value: Some(0.25),
            stage: Some("qa".into()),
            actor: "prometheus".into(),
            at: 1_759_900_000,
        }],
        actor: Actor { name: "jane".into(), groups: vec!["release".into()] },
        reason: Some("the tax law changes".into()),
        settings,
        now,
    }
}

fn shop(name: &str) -> Snapshot {
    Snapshot {
        name: name.into(),
        digest: "sha256:1f3a".into(),
        instances: vec![Instance {
            service: "tax".into(),
            name: "tax".into(),
            kind: "Deployment".into(),
            containers: vec![Container {
                name: "app".into(),
                image: "shop/tax".into(),
                tag: Some("1.3.9".into()),
                digest: None,
                commit: Some("3f2a91c8".into()),
                version: Some("1.3.9".into()),
            }],
            labels: vec![Entry { key: "team".into(), value: "finance".into() }],
            annotations: vec![],
            environment: vec![],
        }],
        feature_flags: vec![FeatureFlag {
            key: "tax-call".into(),
            enabled: true,
            value: "true".into(),
            service: Some("cart".into()),
            source: "flagd:shop".into(),
        }],
    }
}
