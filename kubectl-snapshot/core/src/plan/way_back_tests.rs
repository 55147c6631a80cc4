//! The way back leads from whatever was written of a plan to what was there before, and no further.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    Action, Journal, Need, Plan, Plans, Return, Run, Since, Step, Trace, Traces, WayBack, gate,
    server::Server,
};
use crate::{
    assembly::{CaptureOptions, test_support},
    manifest::{Kind, arbitrary},
    tree,
};

const IMAGE: &str = "/spec/template/spec/containers/0/image";

type Objects = BTreeMap<(Kind, String), Value>;

/// The way back of a plan, as an approved one gives it.
fn way_back(plan: &Plan, traces: &Traces) -> Vec<Return> {
    let approved = gate(Plans::from(plan.clone()), Vec::new(), None).expect("no policy denies it");
    approved.way_back(std::slice::from_ref(traces)).parts()[0].clone()
}

/// The way back of a plan, as the journal of its run tells it to whoever finds that.
fn way_back_of_killed(plan: &Plan, was: &Objects) -> Vec<Return> {
    let approved = gate(Plans::from(plan.clone()), Vec::new(), None).expect("no policy denies it");
    let run = Run {
        writer: "anna@laptop/7".to_owned(),
        begun: "2026-01-01T00:00:00Z".to_owned(),
        snapshot: plan.snapshot.clone(),
        digest: plan.digest,
        before: plan.digest,
        stage: None,
        namespaces: vec![plan.target.clone()],
    };
    let removed = plan.steps.iter().filter(|step| matches!(step.action, Action::Remove { .. }));
    let key = |step: &Step| (step.kind, step.name.clone());
    let removed = removed.map(|step| (key(step), was[&key(step)].clone())).collect();
    let journals = approved.journals(&run, &[removed]);
    assert_eq!(journals[0].objects.len(), plan.steps.len());
    let read = Journal::read(&journals[0].text()).expect("it is a journal");
    assert_eq!(read, journals[0]);
    WayBack::of_journals([Some(&read)]).parts()[0].clone()
}

/// Carries out steps, and keeps what is known of each.
fn write(server: &mut Server, plan: &Plan, steps: &[Step]) -> Traces {
    let mut traces = Traces::new();
    for step in steps {
        let key = (step.kind, step.name.clone());
        let was = server.objects.get(&key).cloned();
        let one = Plan { steps: vec![step.clone()], ..plan.clone() };
        server.apply(&one).expect("what was planned can be written");
        let uid = || server.get(step.kind, &step.name)["metadata"]["uid"].as_str();
        let trace = match step.action {
            Action::Patch { .. } => Trace::Changed,
            Action::Create { .. } => Trace::Created { uid: uid().map(str::to_owned) },
            Action::Remove { .. } => Trace::Removed { was: was.expect("it was there") },
        };
        traces.insert(key, trace);
    }
    traces
}

/// Does what each object needs, and returns what was left.
fn go_back(server: &mut Server, returns: &[Return]) -> Vec<(String, Since)> {
    let mut left = Vec::new();
    for one in returns {
        let key = (one.kind, one.name.clone());
        match one.need(server.objects.get(&key)) {
            Need::Nothing => {}
            Need::Patch(operations) => {
                let mut object = server.objects[&key].clone();
                tree::apply(&mut object, &operations).expect("the server takes it");
                server.write(one.kind, object);
            }
            Need::Create(manifest) => server.write(one.kind, manifest),
            Need::Delete { uid } => {
                assert_eq!(server.get(one.kind, &one.name)["metadata"]["uid"], *uid);
                server.objects.remove(&key);
            }
            Need::Gone => panic!("nothing is being deleted here"),
            Need::Left(since) => left.push((one.name.clone(), since)),
        }
    }
    left
}

/// Objects as a plan sees them, and their replicas, which belong to the place.
fn settled(objects: &Objects) -> BTreeMap<(Kind, String), (Value, Value)> {
    let settled = |(key, object): (&(Kind, String), &Value)| {
        let replicas = object["spec"]["replicas"].clone();
        (key.clone(), (super::way_back::settled(key.0, object.clone()), replicas))
    };
    objects.iter().map(settled).collect()
}

/// The objects that a capture sees, with every value.
fn seen(server: &Server) -> Vec<String> {
    let spec = server.read(CaptureOptions { lenient: true, ..CaptureOptions::default() }).spec;
    spec.objects.values().map(|one| one.text().to_owned()).collect()
}

proptest! {
    #[test]
    fn whatever_was_written_of_a_plan_is_undone(
        before in arbitrary::namespace(),
        wanted in arbitrary::namespace(),
        chosen in select(vec![None, Some("db.qa")]),
        share in 0.0..=1.0,
        removes in any::<bool>(),
    ) {
        let mut server = Server::running(&before);
        if removes {
            server.deployed = server.objects.keys().cloned().collect();
        }
        let set = test_support::assemble(test_support::choices(), &wanted).spec;
        let chosen = chosen.map(|value: &str| ("DB_HOST".to_owned(), value.to_owned()));
        let Ok(plan) = server.plan(&set, &chosen.into_iter().collect()) else { return Ok(()) };
        let (was, saw) = (server.objects.clone(), seen(&server));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a few steps")]
        let written = (plan.steps.len() as f64 * share) as usize;
        let traces = write(&mut server, &plan, &plan.steps[..written]);
        let returns = way_back(&plan, &traces);
        prop_assert_eq!(returns.len(), written);
        // Who finds the journal does not know how far the run has come.
        let half_done = server.objects.clone();
        for returns in [returns, way_back_of_killed(&plan, &was)] {
            server.objects.clone_from(&half_done);
            prop_assert_eq!(go_back(&mut server, &returns), []);
            prop_assert_eq!(settled(&server.objects), settled(&was));
            prop_assert_eq!(&seen(&server), &saw);
            // Once more: there is nothing left to do.
            for one in &returns {
                prop_assert_eq!(one.need(server.objects.get(&(one.kind, one.name.clone()))), Need::Nothing);
            }
        }
    }

    #[test]
    fn what_may_not_have_been_written_at_all_is_as_it_was(
        before in arbitrary::namespace(),
        wanted in arbitrary::namespace(),
    ) {
        let mut server = Server::running(&before);
        let set = test_support::assemble(test_support::choices(), &wanted).spec;
        let Ok(plan) = server.plan(&set, &BTreeMap::new()) else { return Ok(()) };
        let was = server.objects.clone();
        let unknown = plan.steps.iter().map(|step| {
            let trace = match step.action {
                Action::Create { .. } => Trace::Created { uid: None },
                _ => Trace::Changed,
            };
            ((step.kind, step.name.clone()), trace)
        });
        prop_assert_eq!(go_back(&mut server, &way_back(&plan, &unknown.collect())), []);
        prop_assert_eq!(server.objects, was);
    }

    #[test]
    fn what_others_have_done_beside_the_plan_stays(
        before in arbitrary::namespace(),
        wanted in arbitrary::namespace(),
    ) {
        let mut server = Server::running(&before);
        let set = test_support::assemble(test_support::choices(), &wanted).spec;
        let Ok(plan) = server.plan(&set, &BTreeMap::new()) else { return Ok(()) };
        let was = server.objects.clone();
        let traces = write(&mut server, &plan, &plan.steps);
        let theirs = |objects: &mut Objects| {
            for ((kind, _), object) in objects {
                object["metadata"]["labels"]["team.example/of"] = "shop".into();
                if *kind == Kind::Deployment {
                    object["spec"]["replicas"] = 7.into();
                }
            }
        };
        theirs(&mut server.objects);
        let returns = way_back(&plan, &traces);
        prop_assert_eq!(go_back(&mut server, &returns), []);
        let mut wanted = was;
        theirs(&mut wanted);
        prop_assert_eq!(settled(&server.objects), settled(&wanted));
    }
}

fn deployment(image: &str) -> Value {
    test_support::deployment("cart", image, &json!([]))
}

fn planned(before: &[Value], wanted: &[Value]) -> (Server, Plan) {
    let server = Server::running(before);
    let set = test_support::assemble(test_support::choices(), wanted).spec;
    let plan = server.plan(&set, &BTreeMap::new()).expect("no variables");
    (server, plan)
}

#[test]
fn what_others_have_written_since_is_left() {
    let (mut server, plan) = planned(&[deployment("shop/cart:1")], &[deployment("shop/cart:2")]);
    let traces = write(&mut server, &plan, &plan.steps);
    let returns = way_back(&plan, &traces);
    let key = (Kind::Deployment, "cart".to_owned());
    let mut theirs = server.objects[&key].clone();
    *theirs.pointer_mut(IMAGE).expect("it has an image") = "shop/cart:3".into();
    assert_eq!(returns[0].need(Some(&theirs)), Need::Left(Since::Changed));
    assert_eq!(returns[0].need(None), Need::Left(Since::Deleted));
}

#[test]
fn what_was_created_is_deleted_as_long_as_it_is_the_same() {
    let (mut server, plan) = planned(&[], &[deployment("shop/cart:2")]);
    let traces = write(&mut server, &plan, &plan.steps);
    let returns = way_back(&plan, &traces);
    let key = (Kind::Deployment, "cart".to_owned());
    let ours = server.objects[&key].clone();
    let uid = ours["metadata"]["uid"].as_str().expect("it has one").to_owned();
    assert_eq!(returns[0].need(Some(&ours)), Need::Delete { uid });
    let mut theirs = ours.clone();
    theirs["metadata"]["uid"] = "another".into();
    assert_eq!(returns[0].need(Some(&theirs)), Need::Left(Since::Created));
    let mut changed = ours;
    *changed.pointer_mut(IMAGE).expect("it has an image") = "shop/cart:3".into();
    assert_eq!(returns[0].need(Some(&changed)), Need::Left(Since::Changed));
}

#[test]
fn what_others_have_put_into_what_was_created_is_not_deleted() {
    let config_map = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "rates"}, "data": data});
    let (mut server, plan) = planned(&[], &[config_map(json!({"vat": "19"}))]);
    let traces = write(&mut server, &plan, &plan.steps);
    let returns = way_back(&plan, &traces);
    let mut live = server.objects[&(Kind::ConfigMap, "rates".to_owned())].clone();
    live["metadata"]["labels"]["team.example/of"] = "shop".into();
    assert!(matches!(returns[0].need(Some(&live)), Need::Delete { .. }));
    live["data"]["mine"] = "1".into();
    assert_eq!(returns[0].need(Some(&live)), Need::Left(Since::Changed));
    live["data"].as_object_mut().expect("it has data").remove("mine");
    live["binaryData"] = json!({"seal": "AP8="});
    assert_eq!(returns[0].need(Some(&live)), Need::Left(Since::Changed));
}

#[test]
fn what_was_removed_comes_back_whole_once_its_name_is_free() {
    let (mut server, _) = planned(&[deployment("shop/cart:1")], &[]);
    server.deployed = server.objects.keys().cloned().collect();
    let set = test_support::assemble(test_support::choices(), &[]).spec;
    let plan = server.plan(&set, &BTreeMap::new()).expect("no variables");
    let key = (Kind::Deployment, "cart".to_owned());
    server.objects.get_mut(&key).expect("it is there")["spec"]["replicas"] = 5.into();
    let mut was = server.objects[&key].clone();
    let traces = write(&mut server, &plan, &plan.steps);
    let returns = way_back(&plan, &traces);
    let Need::Create(manifest) = returns[0].need(None) else { panic!("it is created") };
    assert_eq!(manifest["spec"]["replicas"], 5);
    assert_eq!(manifest["metadata"].get("uid"), None);
    assert_eq!(returns[0].need(Some(&was)), Need::Nothing);
    was["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    assert_eq!(returns[0].need(Some(&was)), Need::Gone);
}
