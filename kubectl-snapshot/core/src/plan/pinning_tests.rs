//! Plans of places that are written by tag, by digest, and by others.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Action, Plan, server::Server};
use crate::{
    assembly::{Assembled, Assembly, CaptureOptions, RunningImage, test_support},
    digest::Digest,
    manifest::Kind,
    pin::Pin,
    snapshot::Spec,
};

/// A tax of this image, where pods run this content of it.
fn running(image: &str, content: Option<&str>, level: &str) -> (Value, Assembled) {
    let env = json!([{"name": "LOG_LEVEL", "value": level}]);
    let tax = test_support::deployment("tax", image, &env);
    let read = read(&tax, content);
    (tax, read)
}

fn read(tax: &Value, content: Option<&str>) -> Assembled {
    let mut assembly = Assembly::new(CaptureOptions { lenient: true, ..CaptureOptions::default() });
    assembly.add(Kind::Deployment, tax.clone()).unwrap();
    let image = tax["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap();
    if let Some(content) = content {
        let (container, digest) = ("tax".to_owned(), Digest::of(content.as_bytes()));
        let running = RunningImage { container, image: image.to_owned(), digest, ended: None };
        assembly.add_running(Kind::Deployment, "tax", running);
    }
    assembly.finish().unwrap()
}

fn set(image: &str, content: Option<&str>) -> Spec {
    running(image, content, "info").1.spec
}

/// The images that a plan writes: of the step, and of all that was looked into.
struct Written {
    step: Option<String>,
    notes: Vec<String>,
    plan: Plan,
    server: Server,
}

fn written(
    set: &Spec,
    here: &(Value, Assembled),
    pin: Pin,
    deployer: Option<&'static str>,
) -> Written {
    let mut server = Server::running([&here.0]);
    (server.pin, server.deployer) = (pin, deployer);
    let plan = server.plan_from(&here.1, set, &BTreeMap::new()).unwrap();
    let wrote = plan.steps.iter().any(|step| matches!(step.action, Action::Patch { .. }));
    server.apply(&plan).unwrap();
    let image =
        server.get(Kind::Deployment, "tax")["spec"]["template"]["spec"]["containers"][0]["image"]
            .as_str()
            .map(str::to_owned);
    let notes = plan.notes.iter().filter(|note| !note.contains("is deployed by")).cloned();
    Written { step: image.filter(|_| wrote), notes: notes.collect(), plan, server }
}

fn pinned(image: &str, content: &str) -> String {
    format!("{image}@{}", Digest::of(content.as_bytes()))
}

const OLD: &str = "shop/tax:1.4.0";
const NEW: &str = "shop/tax:1.5.0";

#[test]
fn an_image_that_is_written_is_pinned_unless_its_owner_writes_it_again() {
    let wanted = set(NEW, Some("new"));
    let here = || running(OLD, Some("old"), "info");
    let by_tag = Some(NEW.to_owned());
    let by_digest = Some(pinned(NEW, "new"));
    for (pin, deployer, expected) in [
        (Pin::Auto, None, &by_digest),
        (Pin::Always, None, &by_digest),
        (Pin::Never, None, &by_tag),
        (Pin::Auto, Some("Helm"), &by_tag),
        (Pin::Always, Some("Helm"), &by_digest),
    ] {
        let written = written(&wanted, &here(), pin, deployer);
        assert_eq!(&written.step, expected, "{pin} {deployer:?}");
        let image = &written.plan.images[&(Kind::Deployment, "tax".to_owned())]["tax"];
        assert_eq!(Some(image), expected.as_ref());
        let left = (pin, deployer) == (Pin::Auto, Some("Helm"));
        let note = "Helm writes Deployment tax again: its images stay by tag, without the digest that the set knows";
        assert_eq!(written.notes, if left { vec![note] } else { vec![] });
    }
    assert_eq!(written(&set(NEW, None), &here(), Pin::Always, None).step, by_tag, "nobody knows");
}

#[test]
fn what_runs_already_is_not_restarted_for_its_digest() {
    let wanted = set(OLD, Some("old"));
    let here = |content, level| running(OLD, content, level);
    let step = |here, pin| written(&wanted, &here, pin, None).step;
    assert_eq!(step(here(Some("old"), "info"), Pin::Auto), None);
    assert_eq!(step(here(Some("old"), "info"), Pin::Never), None);
    let by_digest = Some(pinned(OLD, "old"));
    assert_eq!(step(here(Some("old"), "info"), Pin::Always), by_digest);
    // Its pods are replaced anyway, and the new ones would pull what the tag means by then.
    assert_eq!(step(here(Some("old"), "debug"), Pin::Auto), by_digest);
    assert_eq!(step(here(Some("old"), "debug"), Pin::Never), Some(OLD.to_owned()));
    // Nobody knows what runs.
    assert_eq!(step(here(None, "info"), Pin::Auto), by_digest);
    assert_eq!(step(here(None, "info"), Pin::Never), None);
}

#[test]
fn a_pinned_place_that_runs_the_set_needs_no_write() {
    let wanted = set(OLD, Some("old"));
    for pin in Pin::ALL {
        let here = running(&pinned(OLD, "old"), Some("old"), "info");
        assert_eq!(here.1.spec.digest(), wanted.digest());
        let written = written(&wanted, &here, pin, Some("Argo CD"));
        assert_eq!((written.step, written.notes), (None, vec![]), "{pin}");
    }
    // The set of a file without digests asks for no other.
    let here = running(&pinned(OLD, "old"), None, "info");
    assert_eq!(written(&set(OLD, None), &here, Pin::Auto, None).step, None);
}

#[test]
fn a_tag_that_moved_is_pinned_also_where_the_owner_writes_again() {
    let wanted = set(OLD, Some("meant"));
    for here in [OLD.to_owned(), pinned(OLD, "moved")] {
        let here = || running(&here, Some("moved"), "info");
        let by_digest = Some(pinned(OLD, "meant"));
        for deployer in [None, Some("Flux")] {
            assert_eq!(written(&wanted, &here(), Pin::Auto, deployer).step, by_digest);
        }
        let never = written(&wanted, &here(), Pin::Never, None);
        assert!(never.step.is_none_or(|image| image == OLD));
        assert_eq!(
            never.notes,
            [
                "Deployment tax, container tax: shop/tax:1.4.0 stays by its tag, which means another image here than in the set"
            ]
        );
    }
}

#[test]
fn what_was_written_pinned_is_the_set() {
    for image in [NEW, "shop/tax:latest", "shop/tax"] {
        let wanted = set(image, Some("new"));
        let written = written(&wanted, &running(OLD, Some("old"), "info"), Pin::Auto, None);
        assert_eq!(written.step, Some(pinned(image, "new")));
        let now = read(written.server.get(Kind::Deployment, "tax"), Some("new"));
        assert_eq!(now.spec.digest(), wanted.digest(), "{image}");
        let again = written.server.plan_from(&now, &wanted, &BTreeMap::new()).unwrap();
        assert!(again.steps.is_empty(), "{image}: {:?}", again.steps);
    }
}

#[test]
fn what_is_created_is_pinned() {
    let mut server = Server::default();
    server.deployer = Some("Helm");
    for image in [NEW, "shop/tax"] {
        let wanted = set(image, Some("new"));
        let plan = server.plan(&wanted, &BTreeMap::new()).unwrap();
        server.apply(&plan).unwrap();
        let tax = server.objects.remove(&(Kind::Deployment, "tax".to_owned())).unwrap();
        let container = &tax["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], pinned(image, "new").as_str());
        assert_eq!(read(&tax, Some("new")).spec.digest(), wanted.digest(), "{image}");
    }
}
