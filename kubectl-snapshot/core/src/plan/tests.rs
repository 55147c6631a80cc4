//! Plans for the shop, and what keeps one from being carried out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Action, Existing, Intent, Plan, gate, plan, server::Server};
use crate::{
    assembly::test_support,
    cluster_namespace::ClusterNamespace,
    manifest::{Kind, PlaceMarks},
    owner::{Deployer, Owner},
    pin::Pin,
    policy::Decision,
    snapshot::Spec,
    tree::Operation,
    verdict::{Finding, Outcome, PolicyReport, Severity, Verdict},
};

fn set(objects: &[Value]) -> Spec {
    test_support::assemble(test_support::choices(), objects).spec
}

fn choose(host: &str) -> BTreeMap<String, String> {
    [("DB_HOST".to_owned(), host.to_owned())].into()
}

fn planned(live: &[Value], wanted: &[Value]) -> Plan {
    Server::running(live).plan(&set(wanted), &BTreeMap::new()).expect("a plan")
}

/// The operations of the only step, without the test that heads them.
fn operations(plan: &Plan) -> Vec<Operation> {
    let [step] = plan.steps.as_slice() else { panic!("one step: {plan:#?}") };
    let Action::Patch { operations, .. } = &step.action else { panic!("a patch: {step:#?}") };
    assert!(matches!(operations[0], Operation::Test { .. }), "{operations:?}");
    operations[1..].to_vec()
}

fn reasons(plan: &Plan) -> Vec<&str> {
    plan.blocked.iter().map(|blocked| blocked.reason.as_str()).collect()
}

/// The shop with one object changed in place.
fn shop_with(index: usize, change: impl FnOnce(&mut Value)) -> Vec<Value> {
    let mut objects = test_support::shop();
    change(&mut objects[index]);
    objects
}

fn container(object: &mut Value) -> &mut Value {
    &mut object["spec"]["template"]["spec"]["containers"][0]
}

fn replaced(path: &str, value: impl Into<Value>) -> Operation {
    Operation::Replace { path: path.to_owned(), value: value.into() }
}

const IMAGE: &str = "/spec/template/spec/containers/0/image";

#[test]
fn a_new_image_is_one_operation_behind_one_test() {
    let plan = planned(
        &test_support::shop(),
        &shop_with(0, |cart| *cart = test_support::cart("shop/cart:2.1.0")),
    );
    assert_eq!(operations(&plan), [replaced(IMAGE, "shop/cart:2.1.0")]);
    let fields: Vec<&str> = plan.steps[0].fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(fields, ["spec.template.spec.containers[cart].image"]);
    let Action::Patch { operations, .. } = &plan.steps[0].action else { panic!("{plan:?}") };
    assert!(
        matches!(&operations[0], Operation::Test { path, .. } if path == "/metadata/generation")
    );
}

#[test]
fn an_object_without_a_generation_is_guarded_by_its_version() {
    let plan = planned(
        &test_support::shop(),
        &shop_with(2, |config| config["data"]["log"] = "debug".into()),
    );
    let Action::Patch { operations, .. } = &plan.steps[0].action else { panic!("{plan:?}") };
    assert!(
        matches!(&operations[0], Operation::Test { path, .. } if path == "/metadata/resourceVersion")
    );
}

#[test]
fn what_is_missing_is_created_in_the_order_in_which_it_is_needed() {
    let plan = Server::default().plan(&set(&test_support::shop()), &choose("db.qa")).unwrap();
    let steps: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.kind, step.name)).collect();
    assert_eq!(
        steps,
        [
            "ServiceAccount cart",
            "ConfigMap shop-config",
            "Service cart",
            "Service tax",
            "Deployment cart",
            "Deployment tax"
        ]
    );
    let Action::Create { manifest } = &plan.steps[4].action else { panic!("{plan:?}") };
    assert_eq!(
        manifest.pointer("/spec/template/spec/containers/0/env/0/value"),
        Some(&json!("db.qa"))
    );
}

#[test]
fn what_the_set_lacks_is_left_over() {
    let plan = planned(&test_support::shop(), &test_support::shop()[..1]);
    let left: Vec<String> =
        plan.leftovers.iter().map(|one| format!("{} {}", one.kind, one.name)).collect();
    assert!(plan.steps.is_empty());
    assert_eq!(
        left,
        [
            "ConfigMap shop-config",
            "Deployment tax",
            "Service cart",
            "Service tax",
            "ServiceAccount cart"
        ]
    );
}

#[test]
fn what_is_left_over_still_runs_beside_the_set() {
    let (live, wanted) = (set(&test_support::shop()), set(&test_support::shop()[..1]));
    let plan = planned(&test_support::shop(), &test_support::shop()[..1]);
    let prospect = plan.prospect(&wanted, &live).expect("something is left");
    assert_eq!(prospect.services["tax"], live.services["tax"]);
    assert_eq!(prospect.services["cart"], wanted.services["cart"], "the set's own counts");
    assert_eq!(prospect.flags.len(), live.flags.len());
    assert_eq!(prospect.objects.len(), live.objects.len());
    let same = planned(&test_support::shop(), &test_support::shop());
    assert_eq!(same.prospect(&live, &live), None, "nothing is left over");
}

#[test]
fn what_earlier_sets_brought_is_removed_and_nothing_else() {
    let mut server = Server::running(&test_support::shop());
    let key = |kind: Kind, name: &str| (kind, name.to_owned());
    server.deployed = [
        key(Kind::ConfigMap, "shop-config"),
        key(Kind::Deployment, "tax"),
        key(Kind::Service, "tax"),
        // Not there any more.
        key(Kind::Deployment, "pricing"),
    ]
    .into();
    let wanted = set(&test_support::shop()[..1]);
    let plan = server.plan(&wanted, &BTreeMap::new()).unwrap();
    let removed: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.kind, step.name)).collect();
    assert_eq!(removed, ["Deployment tax", "Service tax", "ConfigMap shop-config"]);
    let left: Vec<&str> = plan.leftovers.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(left, ["cart", "cart"]);
    let approved = gate(plan.into(), Vec::new(), None).unwrap();
    let part = approved.parts().next().unwrap();
    assert_eq!((part.writes().len(), part.removals().len()), (0, 3));
    server.apply(approved.plans().one().unwrap()).unwrap();
    assert!(server.plan(&wanted, &BTreeMap::new()).unwrap().steps.is_empty());

    // Another of the name is not what was planned.
    let mut other = Server::running(&test_support::shop());
    for object in other.objects.values_mut() {
        object["metadata"]["uid"] = "another".into();
    }
    other.apply(approved.plans().one().unwrap()).unwrap_err();
}

#[test]
fn what_nothing_needed_yet_is_not_created_again() {
    let mut account = test_support::account("cart");
    account["automountServiceAccountToken"] = false.into();
    let live = [account, test_support::service("tax"), test_support::account("default")];
    let server = Server::running(&live);
    let plan = server.plan(&set(&test_support::shop()), &choose("db.qa")).unwrap();
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|step| (step.kind, matches!(step.action, Action::Create { .. })))
        .collect();
    assert_eq!(steps[..2], [(Kind::ServiceAccount, false), (Kind::ConfigMap, true)]);
    assert!(!plan.steps.iter().any(|step| step.kind == Kind::Service && step.name == "tax"));
    assert!(plan.leftovers.is_empty(), "what nothing needs is nobody's: {:?}", plan.leftovers);
}

#[test]
fn a_variable_keeps_its_value_unless_another_is_chosen() {
    let server =
        Server::running(&shop_with(0, |cart| container(cart)["env"][0]["value"] = "db.qa".into()));
    let set = set(&test_support::shop());
    assert!(server.plan(&set, &BTreeMap::new()).unwrap().steps.is_empty());
    assert!(server.plan(&set, &choose("db.qa")).unwrap().steps.is_empty());
    let plan = server.plan(&set, &choose("db.prod")).unwrap();
    assert_eq!(
        operations(&plan),
        [replaced("/spec/template/spec/containers/0/env/0/value", "db.prod")]
    );
}

#[test]
fn a_chosen_value_replaces_a_reference_and_an_empty_one() {
    let host = "/spec/template/spec/containers/0/env/0";
    let reference = json!({"secretKeyRef": {"name": "db", "key": "host"}});
    let live = shop_with(0, |cart| {
        container(cart)["env"][0] = json!({"name": "DB_HOST", "valueFrom": reference});
    });
    let plan = Server::running(&live).plan(&set(&test_support::shop()), &choose("db.qa")).unwrap();
    let value = Operation::Add { path: format!("{host}/value"), value: "db.qa".into() };
    assert_eq!(
        operations(&plan),
        [Operation::Remove { path: format!("{host}/valueFrom") }, value.clone()]
    );
    // An empty value is none, so the manifests are the same text.
    let live = shop_with(0, |cart| container(cart)["env"][0]["value"] = "".into());
    let plan = Server::running(&live).plan(&set(&test_support::shop()), &choose("db.qa")).unwrap();
    assert_eq!(operations(&plan), [value]);
}

#[test]
fn a_new_variable_needs_a_value() {
    let error = Server::default().plan(&set(&test_support::shop()), &BTreeMap::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Deployment cart, container cart: the variable DB_HOST has no value here"
    );
}

#[test]
fn an_image_whose_tag_moved_is_pinned_and_stays_pinned() {
    let digest = |content: &str| Some(format!("sha256:{}", content.repeat(64)));
    let tax = |content: &str| {
        let mut set = test_support::assemble(test_support::choices(), &test_support::shop());
        let tax = set.spec.services.get_mut("tax").and_then(|tax| tax.get_mut("tax")).unwrap();
        tax.containers.get_mut("tax").unwrap().digest = digest(content);
        set
    };
    let mut server = Server::running(&test_support::shop());
    let wanted = tax("a").spec;
    let plan = server.plan_from(&tax("b"), &wanted, &BTreeMap::new()).unwrap();
    let pinned = format!("shop/tax:1.4.1@{}", digest("a").unwrap());
    assert_eq!(operations(&plan), [replaced(IMAGE, pinned.as_str())]);
    server.apply(&plan).unwrap();
    assert!(
        server.plan(&wanted, &BTreeMap::new()).unwrap().steps.is_empty(),
        "applying twice is applying once"
    );
    assert!(
        planned(&test_support::shop(), &test_support::shop()).steps.is_empty(),
        "a digest that is not known has not moved"
    );
}

#[test]
fn an_image_that_runs_already_keeps_its_name_unless_the_set_pins_it() {
    let tax = |image: &str| [test_support::deployment("tax", image, &json!([]))];
    assert!(planned(&tax("redis:7.2"), &tax("docker.io/library/redis:7.2")).steps.is_empty());
    let pinned = format!("redis:7.2@sha256:{}", "a".repeat(64));
    assert!(planned(&tax(&pinned), &tax("redis:7.2")).steps.is_empty());
    assert_eq!(
        operations(&planned(&tax("redis:7.2"), &tax(&pinned))),
        [replaced(IMAGE, pinned.as_str())]
    );
}

#[test]
fn a_pull_policy_follows_its_image() {
    let tax = |image: &str| [test_support::deployment("tax", image, &json!([]))];
    let policy = "/spec/template/spec/containers/0/imagePullPolicy";
    let plan = planned(&tax("shop/tax:latest"), &tax("shop/tax:1.4.1"));
    assert_eq!(
        operations(&plan),
        [replaced(IMAGE, "shop/tax:1.4.1"), replaced(policy, "IfNotPresent")]
    );
    let plan = planned(&tax("shop/tax:1.4.1"), &tax("shop/tax"));
    assert_eq!(operations(&plan), [replaced(IMAGE, "shop/tax"), replaced(policy, "Always")]);
    let rules = |image: &str| {
        let mut tax = tax("shop/tax:1");
        tax[0]["spec"]["template"]["spec"]["volumes"] =
            json!([{"name": "rules", "image": {"reference": image}}]);
        tax
    };
    let plan = planned(&rules("shop/rules"), &rules("shop/rules:1"));
    let volume = "/spec/template/spec/volumes/0/image";
    assert_eq!(
        operations(&plan),
        [
            replaced(&format!("{volume}/pullPolicy"), "IfNotPresent"),
            replaced(&format!("{volume}/reference"), "shop/rules:1"),
        ]
    );
}

#[test]
fn an_account_goes_with_its_twin() {
    let without = shop_with(0, |cart| {
        cart["spec"]["template"]["spec"].as_object_mut().unwrap().remove("serviceAccountName");
    });
    let plan = planned(&test_support::shop(), &without);
    let removed =
        |member: &str| Operation::Remove { path: format!("/spec/template/spec/{member}") };
    assert_eq!(operations(&plan), [removed("serviceAccount"), removed("serviceAccountName")]);
}

#[test]
fn what_the_cluster_says_nothing_of_is_not_removed() {
    let (live, wanted) = (set(&[test_support::config_map("shop-config", "info")]), Spec::default());
    let key = (Kind::ConfigMap, "shop-config".to_owned());
    let planned = |existing: BTreeMap<(Kind, String), Existing>| {
        let plan = plan(Intent {
            name: "rel-42",
            digest: wanted.digest(),
            target: &ClusterNamespace::new("kind", "qa"),
            set: &wanted,
            live: &live,
            unused: &[],
            unserved: &[],
            pins: &BTreeMap::new(),
            pin: Pin::Auto,
            existing: &existing,
            chosen: &BTreeMap::new(),
            marks: &PlaceMarks::default(),
            now: "",
            deployed: &[key.clone()].into(),
        })
        .unwrap();
        let removed = plan.steps.into_iter().map(|step| match step.action {
            Action::Remove { uid, .. } => uid,
            other => panic!("{other:?}"),
        });
        (removed.collect::<Vec<_>>(), plan.leftovers.len())
    };
    let known = Existing { uid: "1".to_owned(), ..Existing::default() };
    assert_eq!(planned([(key.clone(), known)].into()), (vec!["1".to_owned()], 0));
    assert_eq!(planned([(key.clone(), Existing::default())].into()), (Vec::new(), 1));
    assert_eq!(planned(BTreeMap::new()), (Vec::new(), 1));
}

#[test]
fn marks_are_written_one_by_one() {
    let marked = |labels: Value, annotations: Value| {
        let mut config = test_support::config_map("shop-config", "info");
        config["metadata"] =
            json!({"name": "shop-config", "labels": labels, "annotations": annotations});
        set(&[config])
    };
    let key = (Kind::ConfigMap, "shop-config".to_owned());
    let planned = |live: &Spec, wanted: &Spec, has_labels: bool, has_annotations: bool| {
        let facts = Existing { has_labels, has_annotations, ..Existing::default() };
        let (existing, chosen) = ([(key.clone(), facts)].into(), BTreeMap::new());
        let digest = wanted.digest();
        let intent = Intent {
            name: "rel-42",
            digest,
            target: &ClusterNamespace::new("kind", "qa"),
            set: wanted,
            live,
            unused: &[],
            unserved: &[],
            pins: &BTreeMap::new(),
            pin: Pin::Auto,
            existing: &existing,
            chosen: &chosen,
            marks: &PlaceMarks::default(),
            now: "",
            deployed: &BTreeSet::new(),
        };
        operations(&plan(intent).unwrap())
    };
    let add = |path: &str, value: Value| Operation::Add { path: path.to_owned(), value };
    let (none, team) =
        (marked(json!({}), json!({})), marked(json!({"team": "cart"}), json!({"a/b": "1"})));
    assert_eq!(
        planned(&none, &team, false, true),
        [
            add("/metadata/labels", json!({})),
            add("/metadata/annotations/a~1b", json!("1")),
            add("/metadata/labels/team", json!("cart")),
        ],
        "labels are new to the object, annotations are there"
    );
    let removed = |path: &str| Operation::Remove { path: path.to_owned() };
    assert_eq!(
        planned(&team, &none, true, true),
        [removed("/metadata/annotations/a~1b"), removed("/metadata/labels/team")]
    );
}

#[test]
fn a_renamed_config_map_is_created_and_referred_to() {
    let shop = |name: &str, log: &str| {
        let mut objects = shop_with(0, |cart| {
            container(cart)["env"][2]["valueFrom"]["configMapKeyRef"]["name"] = name.into();
        });
        objects[2] = test_support::config_map(name, log);
        objects
    };
    let plan =
        planned(&shop("shop-config-2222222222", "info"), &shop("shop-config-fhm9f7tdt5", "debug"));
    let steps: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.kind, step.name)).collect();
    assert_eq!(steps, ["ConfigMap shop-config-fhm9f7tdt5", "Deployment cart"]);
    let Action::Patch { operations, .. } = &plan.steps[1].action else { panic!("{plan:?}") };
    let path = "/spec/template/spec/containers/0/env/2/valueFrom/configMapKeyRef/name";
    assert_eq!(operations[1..], [replaced(path, "shop-config-fhm9f7tdt5")]);
    assert_eq!(plan.leftovers[0].name, "shop-config-2222222222");
}

#[test]
fn what_the_api_would_refuse_is_known_before() {
    let stateful = |service: &str, image: &str| {
        let mut tax = test_support::deployment("tax", image, &json!([]));
        tax["kind"] = "StatefulSet".into();
        tax["spec"]["serviceName"] = service.into();
        [tax]
    };
    assert_eq!(
        reasons(&planned(&stateful("tax", "shop/tax:1"), &stateful("tax", "shop/tax:2"))),
        [""; 0]
    );
    assert_eq!(
        reasons(&planned(&stateful("tax", "shop/tax:1"), &stateful("taxes", "shop/tax:2"))),
        [
            "spec.serviceName cannot be changed; delete the StatefulSet (with --cascade=orphan its pods keep running), and the next apply creates it anew"
        ]
    );
    let moved = shop_with(1, |tax| {
        tax["spec"]["selector"]["matchLabels"]["tier"] = "back".into();
        tax["spec"]["template"]["metadata"]["labels"]["tier"] = "back".into();
    });
    assert_eq!(
        reasons(&planned(&test_support::shop(), &moved)),
        [
            "spec.selector.matchLabels.tier cannot be changed; delete the Deployment (with --cascade=orphan its pods keep running), and the next apply creates it anew"
        ]
    );
}

#[test]
fn an_immutable_config_map_keeps_its_contents() {
    let config = |log: &str, labels: Value| {
        let mut config = test_support::config_map("shop-config", log);
        config["immutable"] = true.into();
        config["metadata"]["labels"] = labels;
        [config]
    };
    let live = config("info", json!({}));
    assert_eq!(reasons(&planned(&live, &config("info", json!({"team": "cart"})))), [""; 0]);
    assert_eq!(
        reasons(&planned(&live, &config("debug", json!({})))),
        ["it is immutable; delete it first, and the next apply creates it anew"]
    );
    assert_eq!(
        reasons(&planned(&live, &[test_support::config_map("shop-config", "info")])).len(),
        1,
        "nor can it be made mutable"
    );
}

#[test]
fn a_service_keeps_whether_it_has_an_address() {
    let service = |spec: Value| {
        let mut service = test_support::service("tax");
        service["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        [test_support::deployment("tax", "shop/tax:1.4.1", &json!([])), service]
    };
    let (plain, headless) = (service(json!({})), service(json!({"clusterIP": "None"})));
    let refusal =
        "spec.clusterIP cannot be changed; delete the Service, and the next apply creates it anew";
    assert_eq!(reasons(&planned(&plain, &headless)), [refusal]);
    assert_eq!(reasons(&planned(&headless, &plain)), [refusal]);
    let external = service(json!({"type": "ExternalName", "externalName": "tax.example.com"}));
    assert_eq!(reasons(&planned(&external, &headless)), [""; 0]);
    let balanced =
        |class: &str| service(json!({"type": "LoadBalancer", "loadBalancerClass": class}));
    assert_eq!(reasons(&planned(&balanced("a/b"), &balanced("a/c"))).len(), 1);
    assert_eq!(reasons(&planned(&balanced("a/b"), &plain)), [""; 0]);
}

#[test]
fn a_service_of_one_family_is_made_one_again() {
    let service = |policy: Value| {
        let mut service = test_support::service("tax");
        service["spec"]["ipFamilyPolicy"] = policy;
        [test_support::deployment("tax", "shop/tax:1.4.1", &json!([])), service]
    };
    let plan = planned(&service("PreferDualStack".into()), &service(Value::Null));
    assert_eq!(operations(&plan), [replaced("/spec/ipFamilyPolicy", "SingleStack")]);
    let plan = planned(&service(Value::Null), &service("PreferDualStack".into()));
    assert!(
        matches!(&operations(&plan)[..], [Operation::Add { path, .. }] if path == "/spec/ipFamilyPolicy")
    );
}

#[test]
fn a_deployer_that_will_write_again_is_named() {
    let (live, wanted) = (
        set(&test_support::shop()),
        set(&shop_with(1, |tax| container(tax)["image"] = "shop/tax:1.5.0".into())),
    );
    let owner = Owner { deployer: Deployer::ArgoCd, name: "web".into() };
    let facts = Existing { owner: Some(owner), ..Existing::default() };
    let (existing, chosen) =
        ([((Kind::Deployment, "tax".to_owned()), facts)].into(), BTreeMap::new());
    let intent = Intent {
        name: "rel-42",
        digest: wanted.digest(),
        target: &ClusterNamespace::new("kind", "qa"),
        set: &wanted,
        live: &live,
        unused: &[],
        unserved: &[],
        pins: &BTreeMap::new(),
        pin: Pin::Auto,
        existing: &existing,
        chosen: &chosen,
        marks: &PlaceMarks::default(),
        now: "",
        deployed: &BTreeSet::new(),
    };
    let mut plan = plan(intent).unwrap();
    plan.heed_owners(&existing, &BTreeMap::new());
    let [note] = &plan.owners[..] else { panic!("{:?}", plan.owners) };
    assert_eq!((note.owner.as_str(), note.objects.len()), ("Argo CD application web", 1));
    assert!(plan.notes.is_empty());
}

fn report(outcome: Outcome) -> PolicyReport {
    PolicyReport {
        policy: "flag-compatibility".into(),
        digest: None,
        decision: Decision::Compatibility,
        config_maps: Vec::new(),
        question_digest: None,
        settings: crate::policy::Settings::default(),
        mode: crate::policy::Mode::Enforce,
        outcome,
    }
}

fn said(severity: Severity) -> PolicyReport {
    let finding = Finding {
        severity,
        code: "c".into(),
        message: "m".into(),
        subjects: Vec::new(),
        hint: None,
        may_pass: None,
    };
    report(Outcome::Decided { findings: vec![finding] })
}

#[test]
fn the_gate_lets_through_what_nothing_speaks_against() {
    let plan = || {
        planned(
            &test_support::shop(),
            &shop_with(0, |cart| *cart = test_support::cart("shop/cart:2.1.0")),
        )
    };
    let not_asked = report(Outcome::NotAsked { reason: "it decides promotions".into() });
    for reports in
        [vec![], vec![said(Severity::Info)], vec![said(Severity::Warning), not_asked.clone()]]
    {
        let approved = gate(plan().into(), reports, None).expect("approved");
        assert_eq!(approved.plans().writes(), 1);
    }
    let failed = report(Outcome::Undecided { reason: "it ran out of time".into() });
    for (last, verdict) in [
        (said(Severity::Deny), Verdict::Deny),
        (said(Severity::Undecided), Verdict::Undecided),
        (failed, Verdict::Undecided),
    ] {
        let reports = vec![said(Severity::Info), not_asked.clone(), last];
        let refusal = gate(plan().into(), reports.clone(), None).expect_err("refused");
        assert_eq!((refusal.verdict, refusal.policies), (verdict, reports));
    }
}
