//! Evidence: facts in one's own name, and approvals by those who may approve.

use end_to_end::test;

use serde_json::{Value, json};

use super::{OF, Shop, part, passes, refusal};

const DIGEST: &str = "1f3a5b7c1f3a5b7c1f3a5b7c1f3a5b7c1f3a5b7c";

pub(super) fn evidence(id: &str, kind: &str, actor: &str) -> Value {
    let snapshot = format!("sha256:{DIGEST}{}", "0".repeat(24));
    let data = json!({
        "kind": kind, "name": "e2e", "outcome": "passed", "stage": "prod", "actor": actor,
        "snapshot": snapshot,
    });
    let mut evidence = part(&format!("evidence.{DIGEST}.{}", id.repeat(16)), &data);
    attested(&mut evidence);
    evidence["metadata"]["labels"][OF] = DIGEST.into();
    evidence["immutable"] = true.into();
    evidence
}

/// Gives a piece of evidence the document that goes with its members.
pub(super) fn attested(evidence: &mut Value) {
    let data = &evidence["data"];
    // Canonical JSON: its members are sorted.
    let text = format!(
        r#"{{"apiVersion":"kubectl-snapshot.dev/v1alpha1","fact":{{"actor":{},"at":7,"kind":{},"name":{},"outcome":{},"stage":{}}},"kind":"Evidence","snapshot":{}}}"#,
        data["actor"], data["kind"], data["name"], data["outcome"], data["stage"], data["snapshot"]
    );
    evidence["data"]["evidence"] = text.into();
}

#[test]
fn a_developer_adds_evidence_in_their_own_name() {
    let shop = Shop::guarded();
    passes(&shop.create("developer", &evidence("1", "test", "developer")));
    let why = shop.create("developer", &evidence("2", "test", "promoter"));
    assert!(refusal(&why).contains("says that its actor is \"promoter\""));
    let why = shop.create("nobody", &evidence("2", "test", "nobody"));
    assert!(why.stderr.contains("cannot create resource"), "{}", why.transcript());
    // Nobody changes it, and nobody deletes it.
    let name = format!("configmap/evidence.{DIGEST}.{}", "1".repeat(16));
    for user in ["developer", "admin"] {
        refusal(&shop.kubectl(user, &format!("annotate {name} note=a")));
        refusal(&shop.kubectl(user, &format!("label {name} {OF}=other --overwrite")));
        refusal(&shop.kubectl(user, &format!("delete {name}")));
    }
}

#[test]
fn the_groups_of_evidence_are_those_of_who_writes_it() {
    let shop = Shop::guarded();
    let with = |id: &str, groups: &str| {
        let mut evidence = evidence(id, "test", "developer");
        let text = evidence["data"]["evidence"].as_str().unwrap();
        let text = text.replace(r#""at":7,"#, &format!(r#""at":7,"groups":{groups},"#));
        evidence["data"]["evidence"] = text.into();
        shop.create("developer", &evidence)
    };
    let why = with("1", r#"["release","system:authenticated"]"#);
    assert!(refusal(&why).contains("is in other groups than developer is"));
    refusal(&with("1", "[]"));
}

#[test]
fn an_approval_takes_the_right_to_approve_that_stage() {
    let shop = Shop::guarded();
    insta::assert_snapshot!(
        "approval_without_the_right",
        shop.create("developer", &evidence("1", "approval", "developer"))
    );
    passes(&shop.create("promoter", &evidence("1", "approval", "promoter")));
    shop.grant("developer", "approve", "stages", "qa");
    let mut qa = evidence("2", "approval", "developer");
    qa["data"]["stage"] = "qa".into();
    attested(&mut qa);
    passes(&shop.create("developer", &qa));
    let why = shop.create("developer", &evidence("3", "approval", "developer"));
    assert!(refusal(&why).contains("may not approve stages/prod"));
    let mut nowhere = evidence("3", "approval", "promoter");
    nowhere["data"].as_object_mut().unwrap().remove("stage");
    assert!(refusal(&shop.create("promoter", &nowhere)).contains("is no evidence"));
}

#[test]
fn evidence_belongs_to_the_digest_of_its_name() {
    let shop = Shop::guarded();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut wrong = evidence("1", "test", "developer");
        change(&mut wrong);
        refusal(&shop.create("developer", &wrong)).to_owned()
    };
    let other = "2".repeat(40);
    let wrong: [&dyn Fn(&mut Value); 5] = [
        &|it| it["metadata"]["labels"][OF] = other.as_str().into(),
        &|it| it["metadata"]["name"] = "evidence.1f3a.1".into(),
        &|it| it["metadata"]["name"] = format!("evidence.{DIGEST}").into(),
        &|it| it["data"]["kind"] = "".into(),
        &|it| it["metadata"]["name"] = format!("evidence.{other}.1").into(),
    ];
    for change in wrong {
        assert!(refused(change).contains("is no evidence"));
    }
    assert!(refused(&|it| it["immutable"] = false.into()).contains("immutable: true"));
}
