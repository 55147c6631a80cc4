//! The shop of the story, on its way to production, for the tests.

use snapshot_policy::{
    Actor, Change, ChangeKind, Container, Deployment, Evidence, Finding, ImageChange, Instance,
    Order, Outcome, PromotionPolicy, PromotionQuestion, Snapshot, Stage, Subject,
};

/// 2026-11-22T10:00:00Z
pub(crate) const NOW: u64 = 1_795_341_600;
pub(crate) const HOUR: u64 = 3_600;
const DIGEST: &str = "sha256:candidate";

/// `ada` promotes `rel-42` to `prod`, which comes after `qa`, which comes after `dev`.
pub(crate) fn promotion() -> PromotionQuestion {
    let stage = |name: &str, after: &[&str]| Stage {
        name: name.to_owned(),
        after: after.iter().map(|name| (*name).to_owned()).collect(),
    };
    let ladder = vec![stage("dev", &[]), stage("qa", &["dev"]), stage("prod", &["qa"])];
    PromotionQuestion {
        candidate: Snapshot {
            name: "rel-42".to_owned(),
            digest: DIGEST.to_owned(),
            ..Snapshot::default()
        },
        target: ladder[2].clone(),
        ladder,
        deployments: vec![deployed("qa", 48, None)],
        actor: Actor { name: "ada".to_owned(), groups: vec!["shop".to_owned()] },
        now: NOW,
        ..PromotionQuestion::default()
    }
}

/// The candidate, at a stage from so many hours ago until so many hours ago.
pub(crate) fn deployed(stage: &str, since: u64, until: Option<u64>) -> Deployment {
    Deployment {
        stage: stage.to_owned(),
        snapshot_digest: DIGEST.to_owned(),
        since: NOW - since * HOUR,
        until: until.map(|hours| NOW - hours * HOUR),
    }
}

/// `ci` recorded it at `qa`, so many hours ago.
pub(crate) fn fact(kind: &str, name: &str, outcome: Outcome, hours: u64) -> Evidence {
    Evidence {
        kind: kind.to_owned(),
        name: name.to_owned(),
        outcome,
        value: None,
        stage: Some("qa".to_owned()),
        actor: "ci".to_owned(),
        at: NOW - hours * HOUR,
    }
}

/// `service` runs another image, tagged so.
pub(crate) fn update(service: &str, before: &str, after: &str, order: Order) -> Change {
    let tagged = |tag: &str| Container {
        name: service.to_owned(),
        image: format!("shop/{service}"),
        tag: Some(tag.to_owned()),
        ..Container::default()
    };
    let (container, before, after) = (service.to_owned(), tagged(before), tagged(after));
    Change {
        subject: Subject::Instance(format!("{service}/{service}")),
        kind: ChangeKind::Image(ImageChange { container, before, after, order }),
    }
}

/// One instance of `service` with one container of this image.
pub(crate) fn instance(service: &str, tag: Option<&str>, digest: Option<&str>) -> Instance {
    Instance {
        service: service.to_owned(),
        name: service.to_owned(),
        containers: vec![Container {
            name: service.to_owned(),
            image: format!("shop/{service}"),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
            ..Container::default()
        }],
        ..Instance::default()
    }
}

pub(crate) fn findings(question: &PromotionQuestion) -> Vec<Finding> {
    crate::PromotionLadder::review(question).unwrap()
}

/// Findings as text: `severity code: message`.
pub(crate) fn said(question: &PromotionQuestion) -> Vec<String> {
    findings(question).iter().map(Finding::to_string).collect()
}
