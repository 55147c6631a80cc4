//! Parts that a reader cannot believe: nobody is stopped by what somebody else has written.

use end_to_end::{fixture, test, wait_for};
use serde_json::{Value, json};

use super::{
    OF, PART, Shop, TAX, chain_end,
    evidence::{attested, evidence},
    part, passes, record, refusal, written,
};
use crate::shop::{self, DEV};

impl Shop {
    /// The plugin as the administrator.
    fn admin(&self, line: &str) -> end_to_end::Invocation {
        self.place.plugin(line.split_whitespace())
    }

    /// A shop of two stages, with a set that was promoted to the first.
    pub(super) fn fill(&self) {
        let manifests = fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1");
        shop::fill(&self.place, &manifests);
        self.admin("capture rel-42").succeeds();
        let at = self.place.name();
        self.admin(&format!("stage set qa --at {at}")).succeeds();
        let prod = format!("{at}-prod");
        let kubectl = |words: &[&str]| self.place.cluster().kubectl(words.iter().copied());
        kubectl(&["create", "namespace", &prod]).succeeds();
        for text in [fixture("shop/secret.yaml"), manifests] {
            kubectl(&["apply", "-n", &prod, "-f", "-"]).stdin(text).succeeds();
        }
        self.admin(&format!("stage set prod --at {prod}")).succeeds();
        self.admin("promote rel-42 --to qa --yes").succeeds();
    }

    fn digest(&self) -> String {
        self.admin("list -o jsonpath={.items[0].digest}").succeeds().stdout.trim().to_owned()
    }
}

/// A record with all that the guard can see of one, which no reader takes for one.
fn half_a_record(stage: &str, number: &str, actor: &str) -> Value {
    let mut half = record(stage, number, actor);
    let text = half["data"]["record"].as_str().unwrap().replace("\"target\":", "\"tärget\":");
    half["data"]["record"] = text.into();
    half
}

#[test]
fn what_no_reader_believes_is_not_let_in() {
    let shop = Shop::guarded();
    let refused = |user: &str, object: &Value| {
        let why = shop.create(user, object);
        assert!(refusal(&why).contains("is not what its readers take"), "{}", why.transcript());
    };
    let text = |object: &mut Value, member: &str, from: &str, to: &str| {
        let text = object["data"][member].as_str().unwrap();
        assert!(text.contains(from), "{text}");
        object["data"][member] = text.replace(from, to).into();
    };
    for (from, to) in [
        ("\"Evidence\"", "\"Snapshot\""),
        ("dev/v1alpha1", "dev/v2"),
        ("\"actor\":\"developer\"", "\"actor\":\"promoter\""),
        ("\"kind\":\"test\"", "\"kind\":\"approval\""),
        ("\"outcome\":\"passed\"", "\"outcome\":\"failed\""),
        ("\"stage\":\"prod\"", "\"stage\":\"qa\""),
        ("\"snapshot\":\"sha256:1f", "\"snapshot\":\"sha256:2f"),
    ] {
        let mut wrong = evidence("1", "test", "developer");
        text(&mut wrong, "evidence", from, to);
        refused("developer", &wrong);
    }
    for member in ["evidence", "name", "outcome", "snapshot", "kind"] {
        let mut wrong = evidence("1", "test", "developer");
        wrong["data"].as_object_mut().unwrap().remove(member);
        refusal(&shop.create("developer", &wrong));
    }
    let mut large = evidence("1", "test", "developer");
    large["data"]["name"] = "x".repeat(40_000).into();
    attested(&mut large);
    refused("developer", &large);

    for (from, to) in [
        ("\"Record\"", "\"Plan\""),
        ("dev/v1alpha1", "dev/v2"),
        ("\"name\":\"promoter\"", "\"name\":\"admin\""),
        ("\"number\":1,", "\"number\":2,"),
        ("\"stage\":\"prod\"", "\"stage\":\"qa\""),
        ("\"verdict\":\"allow\"", "\"verdict\":\"deny\""),
        ("\"decision\":\"approved\"", "\"decision\":\"refused\""),
    ] {
        let mut wrong = record("prod", "000001", "promoter");
        text(&mut wrong, "record", from, to);
        refused("promoter", &wrong);
    }
    let mut listed = record("prod", "000001", "promoter");
    listed["data"]["question.promotion.chunks"] = "half of a list".into();
    refused("promoter", &listed);
    let mut empty = record("prod", "000001", "promoter");
    empty["data"]["record"] = "{}".into();
    refused("promoter", &empty);

    // Heads and chunks, and those who may store none.
    refused("developer", &part("snapshot.rel-42", &json!({"metadata": "{}"})));
    let mut chunk = part(&format!("chunk.{}", "1f".repeat(32)), &json!({}));
    chunk["immutable"] = true.into();
    refused("developer", &chunk);
    chunk["binaryData"] = json!({"chunk": "AAAA"});
    shop.bind_role("reader", "writes");
    let writes = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
        "metadata": {"name": "writes"},
        "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]}],
    });
    passes(&shop.create("admin", &writes));
    shop.wait_until_may("reader", &json!({"verb": "create", "resource": "configmaps"}));
    assert!(refusal(&shop.create("reader", &chunk)).contains("may not create snapshots"));
    passes(&shop.create("developer", &chunk));
}

#[test]
fn evidence_that_is_none_stops_nobody() {
    let shop = Shop::guarded();
    shop.fill();
    let digest = shop.digest();
    let group = &digest["sha256:".len()..][..40];
    let mut junk = evidence("1", "test", "developer");
    junk["metadata"]["name"] = format!("evidence.{group}.{}", "1".repeat(16)).into();
    junk["metadata"]["labels"][OF] = group.into();
    junk["data"]["snapshot"] = digest.as_str().into();
    attested(&mut junk);
    passes(&shop.create("developer", &junk));
    let promoted = shop.admin("promote rel-42 --to qa --yes").succeeds();
    assert!(promoted.stderr.contains("it is left out"), "{}", promoted.transcript());
    let listed = shop.admin("evidence list rel-42").succeeds();
    assert!(listed.stderr.contains("its document is not the one"), "{}", listed.transcript());
    // What has the form of a fact stays, and that is said.
    let kept = shop.admin("gc --broken").succeeds();
    assert!(kept.stderr.contains("stays"), "{}", kept.transcript());
}

#[test]
fn a_record_that_is_none_stops_its_stage_until_somebody_overrides_and_no_other() {
    let shop = Shop::guarded();
    shop.fill();
    passes(&shop.create("promoter", &half_a_record("qa", "000003", "promoter")));
    // Far beyond what there is, nothing is in the way.
    passes(&shop.create("promoter", &record("qa", "999999", "promoter")));
    let verified = shop.admin("history qa --verify").exits(1);
    assert!(verified.stdout.contains("records.qa.000003"), "{}", verified.transcript());
    let undecided = shop.admin("promote rel-42 --to qa --yes").exits(4);
    assert!(undecided.stdout.contains("cannot be trusted"), "{}", undecided.transcript());
    let elsewhere = shop.admin("promote rel-42 --to prod --yes").succeeds();
    assert!(
        elsewhere.stderr.contains("the records of qa cannot be trusted"),
        "{}",
        elsewhere.stderr
    );
    shop.admin("rollback qa --to rel-42 --yes --override --reason seen").succeeds();
    shop.admin("promote rel-42 --to qa --yes").succeeds();
    let verified = shop.admin("history qa --verify").succeeds();
    for word in ["VALID CHAIN", "records.qa.000003", "records.qa.999999"] {
        assert!(verified.stdout.contains(word), "{word}: {}", verified.stdout);
    }
    let chain = shop.get("chains.qa");
    let items = shop.admin("history qa -o json").succeeds().json()["items"].clone();
    assert_eq!(chain["data"]["digest"], items[0]["digest"], "the chain has gone on step by step");
}

#[test]
fn what_an_older_guard_let_in_is_removed_and_that_is_recorded() {
    let shop = Shop::with_roles();
    shop.fill();
    let digest = shop.digest();
    let group = &digest["sha256:".len()..][..40];
    let mut fact = part(
        &format!("evidence.{group}.zzz"),
        &json!({
            "actor": "developer", "kind": "test", "name": "e2e", "outcome": "passed",
            "stage": "qa", "evidence": "{}",
        }),
    );
    fact["metadata"]["labels"][OF] = group.into();
    fact["immutable"] = true.into();
    let mut empty = record("qa", "000003", "promoter");
    empty["data"]["record"] = "{}".into();
    let mut chunk = part(&format!("chunk.{}", "1f".repeat(32)), &json!({}));
    chunk["immutable"] = true.into();
    chunk["binaryData"] = json!({"chunk": "AAAA"});
    let head = part("snapshot.rel-43", &json!({"metadata": "{}"}));
    let far = chain_end("prod", "999999");
    for object in [&fact, &empty, &chunk, &head, &far] {
        passes(&shop.create("developer", object));
    }
    shop.admin("init --guard").succeeds();
    let promoted = shop.admin("promote rel-42 --to qa --yes --override --reason x").succeeds();
    assert!(promoted.stderr.contains("it is left out"), "{}", promoted.transcript());
    let missing = shop.admin("history prod --verify").exits(1);
    assert!(missing.stdout.contains("records 1 to 999999 are missing"), "{}", missing.stdout);
    shop.admin("gc").exits(1);

    let would = shop.admin("gc --broken --dry-run -o json").succeeds().json();
    let kinds: Vec<&str> = would["broken"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["evidence", "chains", "records", "snapshot", "chunk"]);
    let refused = shop.place.plugin(["gc", "--broken"]).as_user("developer").exits(1);
    assert!(refusal(&refused).contains(" may not "), "{}", refused.transcript());
    let removed = shop.admin("gc --broken").succeeds();
    assert!(removed.stdout.contains("5 broken parts removed"), "{}", removed.transcript());
    assert!(shop.admin("gc --broken").succeeds().stdout.starts_with("0 chunks deleted"));
    shop.admin("history --verify").succeeds();
    shop.admin("promote rel-42 --to prod --yes").succeeds();
    let doctor = shop.admin("doctor").run().stdout;
    assert!(doctor.contains(&format!("evidence.{group}.zzz")), "{doctor}");
    assert!(doctor.contains("was removed by admin"), "{doctor}");
    // What was removed is kept, and its removal is nobody's to take away.
    let list = format!("get configmaps -l {PART}=removals -o json");
    let removals = shop.kubectl("admin", &list).json()["items"].clone();
    assert_eq!(removals.as_array().unwrap().len(), 5);
    let name = removals[0]["metadata"]["name"].as_str().unwrap();
    refusal(&shop.kubectl("admin", &format!("delete configmap {name}")));
    refusal(&shop.kubectl("admin", &format!("annotate configmap {name} note=a")));
}

#[test]
fn a_squatted_chunk_is_named_and_removed() {
    let shop = Shop::guarded();
    let capture = |user: &str, name: &str| {
        shop.place.plugin(["capture", name, "--from", "-"]).as_user(user).stdin(TAX)
    };
    capture("developer", "rel-42").succeeds();
    let list = format!("get configmaps -l {PART}=chunk -o json");
    let mut chunk = shop.kubectl("admin", &list).json()["items"][0].clone();
    shop.admin("delete rel-42").succeeds();
    shop.admin("gc --grace 0s").succeeds();
    let metadata = chunk["metadata"].as_object_mut().unwrap();
    metadata.retain(|member, _| matches!(member.as_str(), "name" | "namespace" | "labels"));
    chunk["binaryData"]["chunk"] = "AAAA".into();
    passes(&shop.create("developer", &chunk));

    let refused = capture("developer", "rel-42").exits(1);
    assert!(refused.stderr.contains("is in the way of what is to be stored"), "{}", refused.stderr);
    assert!(refused.stderr.contains("gc --broken"), "{}", refused.stderr);
    let doctor = shop.admin("doctor").exits(1).stdout;
    assert!(doctor.contains("is in the way"), "{doctor}");
    shop.admin("gc --broken").succeeds();
    capture("developer", "rel-42").succeeds();
}

#[test]
fn an_older_guard_is_known_and_replaced() {
    let shop = Shop::guarded();
    let found = |word: &str| {
        let doctor = shop.admin("doctor").run().stdout;
        doctor.contains(word).then_some(())
    };
    assert_eq!(found("an older one"), None);
    let name = format!("kubectl-snapshot-guard.{}", shop.store());
    let policy = shop.kubectl("admin", &format!("get validatingadmissionpolicy {name} -o json"));
    let rules = policy.json()["spec"]["validations"].as_array().unwrap().clone();
    let is_new = |rule: &Value| rule["expression"].as_str().unwrap().contains("variables.sound");
    let old: Vec<&Value> = rules.iter().filter(|rule| !is_new(rule)).collect();
    assert_eq!(rules.len() - old.len(), 2);
    let patch = json!({"spec": {"validations": old}});
    let cluster = shop.place.cluster();
    let patch =
        ["patch", "validatingadmissionpolicy", &name, "--type=merge", "-p", &patch.to_string()];
    cluster.kubectl(patch).succeeds();
    wait_for("the older guard", || found("an older one"));
    shop.admin("init --guard").succeeds();
    assert_eq!(found("an older one"), None);
    // Its own writes go on, the first record of a stage included.
    let mut first = record("qa", "000001", "promoter");
    written(&mut first);
    passes(&shop.create("promoter", &first));
}
