//! Kept plans: read back, held against what would be written now, and read with distrust.

use serde_json::{Value, json};

use super::*;
use crate::{
    digest::Digest,
    plan::{Change, Plan},
    tree::Operation,
};

fn field(path: &str, before: Option<Value>, after: Option<Value>) -> FieldChange {
    FieldChange { path: path.to_owned(), before, after }
}

fn patch(name: &str, fields: Vec<FieldChange>) -> Step {
    let action = Action::Patch {
        operations: Vec::new(),
        change: Box::new(Change::default()),
        in_owners_name: None,
    };
    Step { kind: Kind::Deployment, name: name.to_owned(), fields, action }
}

fn step(name: &str, action: Action) -> Step {
    Step { kind: Kind::ConfigMap, name: name.to_owned(), fields: Vec::new(), action }
}

/// A change, a creation and a removal.
fn steps() -> Vec<Step> {
    let image = field("image", Some(json!("tax:1.3.9")), Some(json!("tax:1.4.1")));
    let null = field("args", Some(Value::Null), None);
    let old = json!({"data": {"log": "info"}});
    vec![
        patch("tax", vec![null, image]),
        step("new", Action::Create { manifest: json!({"data": {"ratio": 1.0, "text": "a\nb"}}) }),
        step("old", Action::Remove { uid: "7".to_owned(), manifest: old }),
    ]
}

fn plans(steps: Vec<Step>) -> Plans {
    let plan = Plan {
        snapshot: "rel-42".to_owned(),
        digest: Digest::of(b"rel-42"),
        target: ClusterNamespace::new("kind", "prod"),
        steps,
        leftovers: Vec::new(),
        blocked: Vec::new(),
        switches: Vec::new(),
        unswitchable: Vec::new(),
        notes: Vec::new(),
        owners: Vec::new(),
        waves: crate::plan::Waves::default(),
        images: std::collections::BTreeMap::new(),
    };
    plan.into()
}

fn kept(steps: Vec<Step>) -> KeptPlan {
    let snapshot = SnapshotRef { name: Some("rel-42".to_owned()), digest: Digest::of(b"rel-42") };
    KeptPlan {
        prune: false,
        operation: PlannedOperation::Promotion,
        snapshot,
        stage: Some("prod".parse().unwrap()),
        variables: Some("prod".to_owned()),
        pin: Pin::Auto,
        field_manager: "kubectl-snapshot".to_owned(),
        parts: KeptPart::all(&plans(steps), ["https://shop:6443"]),
    }
}

/// Differences of the plan of these steps, in words.
fn moved(steps: Vec<Step>) -> Vec<String> {
    words(&kept(steps))
}

fn words(now: &KeptPlan) -> Vec<String> {
    kept(self::steps()).moved(now).iter().map(ToString::to_string).collect()
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let plan = kept(steps());
    let document = plan.document();
    for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
        let read = KeptPlan::read(&text).unwrap();
        assert_eq!(read, plan);
        assert_eq!(read.moved(&plan), []);
        assert_eq!(read.digest(), plan.digest());
    }
}

#[test]
fn names_that_are_the_users_and_the_order_are_no_difference() {
    let mut now = kept(steps());
    now.snapshot.name = Some("sha256:1f3a".to_owned());
    now.parts[0].target.context = Some("in-cluster".to_owned());
    now.parts[0].writes.reverse();
    // As canonical JSON has it, this is one number.
    now.parts[0].writes[1].manifest = Some(json!({"data": {"ratio": 1, "text": "a\nb"}}));
    assert_eq!(words(&now), [""; 0]);
}

#[test]
fn another_destination_is_told_without_its_writes() {
    let mut now = kept(Vec::new());
    now.operation = PlannedOperation::Apply;
    now.stage = None;
    now.variables = None;
    now.pin = Pin::Always;
    now.snapshot.digest = Digest::of(b"rel-43");
    now.field_manager = "anna".to_owned();
    now.parts[0].server = "https://other:6443".to_owned();
    now.parts[0].target.namespace = "qa".to_owned();
    let [set, other] = [b"rel-42", b"rel-43"].map(|name| Digest::of(name));
    assert_eq!(
        words(&now),
        [
            "the operation: planned promotion, now apply".to_owned(),
            "the stage: planned prod, now none".to_owned(),
            format!("the set: planned {set}, now {other}"),
            "the variable set: planned prod, now none".to_owned(),
            "the images that are pinned: planned auto, now always".to_owned(),
            "the field manager: planned kubectl-snapshot, now anna".to_owned(),
            "the server: planned https://shop:6443, now https://other:6443".to_owned(),
            "the namespace: planned prod, now qa".to_owned(),
        ]
    );
    let mut now = kept(steps());
    now.parts.push(KeptPart { part: Some("payments".parse().unwrap()), ..now.parts[0].clone() });
    assert_eq!(words(&now).len(), 2, "a part more");
}

#[test]
fn what_has_moved_in_an_object_is_named() {
    let change = |at: usize, with: &dyn Fn(&mut Step)| {
        let mut steps = steps();
        with(&mut steps[at]);
        moved(steps)
    };
    let image = |before: &'static str, after: &'static str| {
        move |step: &mut Step| {
            step.fields[1] = field("image", Some(json!(before)), Some(json!(after)));
        }
    };
    let tax = |what: &str| vec![format!("Deployment tax, {what}")];
    assert_eq!(
        change(0, &image("tax:1.4.0", "tax:1.4.1")),
        tax("image: planned tax:1.3.9, now tax:1.4.0")
    );
    assert_eq!(
        change(0, &image("tax:1.3.9", "tax:1.4.2")),
        tax("image: planned to become tax:1.4.1, now to become tax:1.4.2")
    );
    assert_eq!(
        change(0, &|tax| tax.fields.truncate(1)),
        tax("image: planned tax:1.3.9, now tax:1.4.1")
    );
    assert_eq!(
        change(0, &|tax| tax.fields.push(field("paused", None, Some(json!(true))))),
        tax("paused: planned true, now absent")
    );
    assert_eq!(
        change(0, &|tax| tax.fields[0].before = None),
        tax("args: planned null, now absent")
    );
    let create = |step: &mut Step| {
        step.fields.clear();
        step.action = Action::Create { manifest: json!({}) };
    };
    assert_eq!(change(0, &create), ["Deployment tax: planned there, to be changed, now not there"]);
    let text = |step: &mut Step| {
        step.action = Action::Create { manifest: json!({"data": {"ratio": 1.0, "text": "a\nc"}}) };
    };
    let [said] = &change(1, &text)[..] else { panic!("one difference") };
    assert!(said.starts_with("ConfigMap new, data.text: planned to be created with 2 lines (sha"));
    let other = |uid: &'static str, log: &'static str| {
        move |step: &mut Step| {
            let manifest = json!({"data": {"log": log}});
            step.action = Action::Remove { uid: uid.to_owned(), manifest };
        }
    };
    assert_eq!(
        change(2, &other("8", "info")),
        ["ConfigMap old: planned to be removed, now another object of that name"]
    );
    assert_eq!(
        change(2, &other("7", "debug")),
        ["ConfigMap old, data.log: planned info, now debug"]
    );
}

#[test]
fn writes_that_come_and_go_are_named() {
    for (at, said) in [
        (1, "ConfigMap new: planned not there, to be created, now there, as it was to be"),
        (2, "ConfigMap old: planned to be removed, now not to be removed"),
    ] {
        let mut steps = steps();
        steps.remove(at);
        assert_eq!(moved(steps), [said]);
    }
    let mut more = steps();
    more.push(step("more", Action::Create { manifest: json!({}) }));
    assert_eq!(moved(more), ["ConfigMap more: planned there, as it is to be, now not there"]);
    let mut more = steps();
    more.push(step("more", Action::Remove { uid: "9".to_owned(), manifest: json!({}) }));
    assert_eq!(moved(more), ["ConfigMap more: planned not to be removed, now to be removed"]);
}

/// A file can say what no plan says; it is never the same, then.
#[test]
fn a_write_that_is_there_twice_is_a_difference() {
    let now = kept(steps());
    let mut twice = now.clone();
    let write = twice.parts[0].writes[0].clone();
    twice.parts[0].writes.push(write);
    assert_eq!(twice.moved(&now).len(), 1);
    let mut twice = now.clone();
    let part = twice.parts[0].clone();
    twice.parts.push(part);
    assert_eq!(twice.moved(&now).len(), 1);
}

/// Marks that came since are nobody's business here, and nothing else that came is left out.
#[test]
fn marks_that_were_put_there_since_are_left() {
    let remove = |path: &str| Operation::Remove { path: path.to_owned() };
    let labels = |team: Option<&str>| json!({"metadata": {"labels": team.map(|team| json!({"team": team}))}});
    let labelled = |also: Option<&str>| {
        let mut step = patch("tax", steps()[0].fields.clone());
        step.fields.push(field("metadata.labels.team", Some(json!("money")), None));
        let Action::Patch { operations, change, .. } = &mut step.action else { unreachable!() };
        operations.extend([remove("/metadata/labels/team")]);
        operations.extend(also.map(remove));
        **change = Change { before: labels(Some("money")), after: labels(None), restart: None };
        step
    };
    let held = |steps: Vec<Step>| {
        let mut plans = plans(steps);
        plans.hold_to(&kept(self::steps()));
        plans.parts()[0].plan.steps.clone()
    };
    let [step] = &held(vec![labelled(Some("/spec/paused"))])[..] else { panic!("it is written") };
    assert_eq!(step.fields, steps()[0].fields);
    let Action::Patch { operations, change, .. } = &step.action else { unreachable!() };
    assert_eq!(operations, &[remove("/spec/paused")]);
    assert_eq!(change.after, change.before);
    assert_eq!(held(vec![labelled(None)]).len(), 0, "nothing but the label would be written");
    // One that is planned is written.
    let mut plans = plans(vec![labelled(None)]);
    plans.hold_to(&kept(vec![labelled(None)]));
    assert_eq!(plans.writes(), 1);
}

#[test]
fn what_is_no_plan_is_refused_with_what_it_is() {
    let refusal = |text: &str| KeptPlan::read(text).unwrap_err();
    let foreign = |found: &str| PlanFileError::Foreign { found: found.to_owned() };
    assert!(matches!(refusal(""), PlanFileError::NotJson(_)));
    assert!(matches!(refusal("kind: PlanFile"), PlanFileError::NotJson(_)));
    assert_eq!(refusal("[]"), foreign("a list"));
    assert_eq!(refusal("7"), foreign("a single value"));
    assert_eq!(refusal("{}"), foreign("none"));
    assert_eq!(refusal(r#"{"kind": "Snapshot"}"#), foreign("Snapshot"));
    let document = kept(steps()).document();
    let text = document.to_string();
    assert!(matches!(refusal(&text[..text.len() - 9]), PlanFileError::NotJson(_)));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document);
        refusal(&document.to_string())
    };
    let newer = with(&|document| document["apiVersion"] = "kubectl-snapshot.dev/v9".into());
    assert_eq!(newer, PlanFileError::Version { found: "kubectl-snapshot.dev/v9".to_owned() });
    let stage = |document: &mut Value| document["spec"]["stage"] = "qa".into();
    assert!(matches!(with(&stage), PlanFileError::Changed { .. }));
    let unheaded = |document: &mut Value| document["digest"] = Value::Null;
    assert!(matches!(with(&unheaded), PlanFileError::Malformed(_)));
    // Whoever changes a plan can change its digest as well.
    let forged = |document: &mut Value, member: &str, value: Value| {
        document["spec"][member] = value;
        let digest = Digest::of(crate::canonical::text(&document["spec"]).as_bytes());
        document["digest"] = digest.to_string().into();
    };
    for (member, value) in [
        ("parts", json!(7)),
        ("parts", json!([])),
        ("force", json!(true)),
        ("pin", json!("ever")),
        ("stage", json!("A b")),
    ] {
        let refused = with(&|document| forged(document, member, value.clone()));
        assert!(matches!(refused, PlanFileError::Malformed(_)), "{member}: {refused}");
    }
    let deep = format!(r#"{{"kind": "PlanFile", "spec": {}}}"#, "[".repeat(100_000));
    assert!(matches!(refusal(&deep), PlanFileError::NotJson(_)));
}
