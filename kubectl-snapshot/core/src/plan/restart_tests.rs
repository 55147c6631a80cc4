//! Restarts of what has read at its start what a plan changes, and the way back from them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Action, Need, Plan, RestartMark, Step, Trace, Traces, server::Server, way_back::returns,
};
use crate::{assembly::test_support, manifest::Kind, snapshot::Spec, tree};

const NOW: &str = "2026-11-30T10:00:00Z";

fn set(objects: &[Value]) -> Spec {
    test_support::assemble(test_support::choices(), objects).spec
}

/// A Deployment that takes a variable from a key, and its ConfigMap.
fn cart(image: &str, tax: &str, other: &str) -> Vec<Value> {
    let env =
        json!({"name": "TAX", "valueFrom": {"configMapKeyRef": {"name": "cart", "key": "tax"}}});
    vec![
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"},
            "spec": {
                "selector": {"matchLabels": {"app": "cart"}},
                "template": {
                    "metadata": {"labels": {"app": "cart"}},
                    "spec": {"containers": [{"name": "cart", "image": image, "env": [env]}]},
                },
            },
        }),
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cart"},
            "data": {"tax": tax, "other": other},
        }),
    ]
}

fn planned(server: &Server, wanted: &[Value]) -> Plan {
    server.plan(&set(wanted), &BTreeMap::new()).expect("a plan")
}

/// Each step: its object, and what it restarts that for.
fn steps(plan: &Plan) -> Vec<String> {
    let told = |step: &Step| match &step.action {
        Action::Patch { change, .. } => {
            let reads = change.restart.as_ref().map(|one| one.reads.join(", "));
            let restarts = reads.map(|reads| format!(" for {reads}")).unwrap_or_default();
            format!("{} {}{restarts}", step.kind, step.name)
        }
        action => format!("{action:?}"),
    };
    plan.steps.iter().map(told).collect()
}

fn mark(server: &Server) -> Option<String> {
    let key = (Kind::Deployment, "cart".to_owned());
    RestartMark::of(Kind::Deployment, &server.objects[&key]).at
}

fn go_back(server: &mut Server, plan: &Plan) {
    let traces: Traces =
        plan.steps.iter().map(|step| ((step.kind, step.name.clone()), Trace::Changed)).collect();
    for back in returns(plan, &traces) {
        let key = (back.kind, back.name.clone());
        let mut live = server.objects[&key].clone();
        let Need::Patch(operations) = back.need(Some(&live)) else { panic!("{back:?}") };
        tree::apply(&mut live, &operations).unwrap();
        server.write(back.kind, live);
        assert_eq!(back.need(server.objects.get(&key)), Need::Nothing);
    }
}

#[test]
fn what_reads_a_changed_key_at_its_start_is_made_anew() {
    let mut server = Server::running(&cart("shop/cart:1.0.0", "off", "a"));
    let on = cart("shop/cart:1.0.0", "on", "a");
    let plan = planned(&server, &on);
    assert_eq!(steps(&plan), ["ConfigMap cart", "Deployment cart for ConfigMap cart"]);
    server.apply(&plan).unwrap();
    assert_eq!(mark(&server).as_deref(), Some(NOW));
    assert!(planned(&server, &on).steps.is_empty(), "it is no difference");
    // Going back makes them anew as well: the former template reads what was restored.
    go_back(&mut server, &plan);
    assert_eq!(mark(&server), None);
    assert!(planned(&server, &cart("shop/cart:1.0.0", "off", "a")).steps.is_empty());
}

#[test]
fn who_is_scaled_meanwhile_is_restarted_and_loses_no_annotation() {
    let mut server = Server::running(&cart("shop/cart:1.0.0", "off", "a"));
    let plan = planned(&server, &cart("shop/cart:1.0.0", "on", "a"));
    let key = (Kind::Deployment, "cart".to_owned());
    let mut scaled = server.objects[&key].clone();
    scaled["spec"]["replicas"] = 7.into();
    server.write(Kind::Deployment, scaled.clone());
    server.apply(&plan).unwrap();
    assert_eq!(mark(&server).as_deref(), Some(NOW));
    // The pods had no annotations where the plan was made: one that is there now would go.
    let mut server = Server::running(&cart("shop/cart:1.0.0", "off", "a"));
    let plan = planned(&server, &cart("shop/cart:1.0.0", "on", "a"));
    scaled["spec"]["template"]["metadata"]["annotations"] = json!({"b": "c"});
    server.write(Kind::Deployment, scaled);
    assert!(server.apply(&plan).is_err());
}

#[test]
fn whoever_was_restarted_before_gets_that_mark_back() {
    let mut objects = cart("shop/cart:1.0.0", "off", "a");
    let at = "kubectl.kubernetes.io/restartedAt";
    objects[0]["spec"]["template"]["metadata"]["annotations"] = json!({at: "before", "b": "c"});
    let mut server = Server::running(&objects);
    objects[1]["data"]["tax"] = "on".into();
    let plan = planned(&server, &objects);
    server.apply(&plan).unwrap();
    assert_eq!(mark(&server).as_deref(), Some(NOW));
    go_back(&mut server, &plan);
    assert_eq!(mark(&server).as_deref(), Some("before"));
}

#[test]
fn nobody_is_restarted_without_need() {
    let server = Server::running(&cart("shop/cart:1.0.0", "off", "a"));
    let other = planned(&server, &cart("shop/cart:1.0.0", "off", "b"));
    assert_eq!(steps(&other), ["ConfigMap cart"], "it does not read that key");
    let newer = planned(&server, &cart("shop/cart:2.0.0", "on", "a"));
    assert_eq!(steps(&newer), ["ConfigMap cart", "Deployment cart"], "it gets new pods anyway");
    // A label of the Deployment itself makes no new pods.
    let mut labelled = cart("shop/cart:1.0.0", "on", "a");
    labelled[0]["metadata"]["labels"] = json!({"team": "shop"});
    let labelled = planned(&server, &labelled);
    assert_eq!(steps(&labelled), ["ConfigMap cart", "Deployment cart for ConfigMap cart"]);
    // What is created starts with what is there.
    let empty = Server::default();
    let created = planned(&empty, &cart("shop/cart:1.0.0", "on", "a"));
    assert!(created.steps.iter().all(|step| matches!(step.action, Action::Create { .. })));
}

#[test]
fn a_config_map_that_was_missing_restarts_what_could_do_without() {
    let mut objects = cart("shop/cart:1.0.0", "on", "a");
    let server = Server::running(&objects[..1]);
    assert_eq!(planned(&server, &objects).steps.len(), 1, "its pods wait for it");
    let env = "/spec/template/spec/containers/0/env/0/valueFrom/configMapKeyRef";
    objects[0].pointer_mut(env).unwrap()["optional"] = true.into();
    let server = Server::running(&objects[..1]);
    assert_eq!(planned(&server, &objects).steps.len(), 2);
}
