//! Look-ups beside the question: what a policy is told only where it asks.

use crate::fixture::{POLICY, messages, question, told};
use snapshot_policy_host::records::{
    Beside, Capture, Captures, ConfigMap, ContainerDetails, Contents, Deployed, Details, Entry,
    Fact, FlagState, Hidden, Image, Instance, InstanceDetails, InstanceImages, InstanceVariables,
    Instances, LookUps, ObjectKey, Outcome, ResidentFlag, Route, RouteRule, RouteShare, Routes,
    Source, StageState, State, Topic, Variable, Variables,
};
use std::sync::Arc;

const ASKED: &str = r#"{"do": "look-up"}"#;

fn details() -> Details {
    let tax = || "tax/tax".to_owned();
    let variable = |name: &str, value: Option<&str>, source: Source| Variable {
        container: "app".to_owned(),
        name: name.to_owned(),
        value: value.map(str::to_owned),
        source,
        unknown: value.is_none().then(|| "it is a secret".to_owned()),
    };
    let key = |object: &str| ObjectKey { object: object.to_owned(), key: "k".to_owned() };
    let images = |instance: String| InstanceImages {
        instance,
        images: vec![Image {
            container: "app".to_owned(),
            manifest: "shop/tax:1.3.9".to_owned(),
            ran: Some("sha256:ab".to_owned()),
            before: None,
            after: "shop/tax:1.3.9@sha256:ab".to_owned(),
        }],
    };
    Details {
        images: Some(vec![images("cart/cart".to_owned()), images(tax())]),
        environment: Some(vec![InstanceVariables {
            instance: tax(),
            variables: Variables {
                entries: vec![
                    variable("A", Some("1"), Source::Manifest),
                    variable("B", Some("2"), Source::Variable("B".to_owned())),
                    variable("C", Some("3"), Source::ConfigMap(key("config"))),
                    variable("D", None, Source::Secret(key("db"))),
                    variable("E", None, Source::Other("{}".to_owned())),
                ],
                hidden: vec![Hidden {
                    container: "app".to_owned(),
                    object: "Secret payment".to_owned(),
                    prefix: "PAY_".to_owned(),
                }],
            },
        }]),
        flag_states: Some(vec![FlagState {
            key: "tax-call".to_owned(),
            state: State::Some,
            targeting: Some("{}".to_owned()),
            values: vec!["false".to_owned(), "true".to_owned()],
            source: "flagd:shop".to_owned(),
        }]),
        captures: Some(Captures {
            candidate: Capture {
                author: Some("ada".to_owned()),
                at: Some(7),
                ..Capture::default()
            },
            running: None,
        }),
        config_maps: Some(vec![config_map("schema", Some("7")), config_map("shop", None)]),
        instances: Some(Instances {
            candidate: vec![pods("cart/cart"), pods("tax/tax")],
            running: Some(vec![pods("tax/tax")]),
        }),
        stages: Some(vec![StageState {
            stage: "qa".to_owned(),
            runs: Some(Deployed {
                snapshot_digest: "sha256:ab".to_owned(),
                name: Some("rel-43".to_owned()),
                record_number: 7,
                record_digest: "sha256:cd".to_owned(),
                actor: "ada".to_owned(),
                at: 9,
                doubt: None,
            }),
        }]),
        facts: Some(vec![Fact {
            kind: "approval".to_owned(),
            name: "promotion".to_owned(),
            ending: Outcome::Failed,
            value: Some(0.5),
            measured: Some("0.5%".to_owned()),
            stage: Some("prod".to_owned()),
            actor: "grace".to_owned(),
            groups: Some(vec!["release".to_owned()]),
            at: 8,
            detail: Some("tax is wrong in AT".to_owned()),
            link: None,
        }]),
        beside: Some(beside()),
        routes: Some(Routes { candidate: vec![route()], running: Some(vec![]) }),
    }
}

fn route() -> Route {
    Route {
        kind: "HTTPRoute".to_owned(),
        name: "tax".to_owned(),
        hosts: vec![],
        rules: vec![RouteRule {
            requests: "every request".to_owned(),
            otherwise: None,
            shares: vec![RouteShare {
                backend: "tax-canary".to_owned(),
                subset: None,
                weight: 1,
                sum: 10,
                instances: vec!["tax/tax-canary".to_owned()],
            }],
        }],
    }
}

fn beside() -> Beside {
    Beside {
        instances: vec![Instance {
            service: "till".to_owned(),
            name: "till".to_owned(),
            kind: "Deployment".to_owned(),
            containers: vec![],
            labels: vec![],
            annotations: vec![],
            environment: vec![],
        }],
        feature_flags: vec![ResidentFlag {
            key: "exp-till".to_owned(),
            service: Some("till".to_owned()),
            state: State::Some,
            targeting: None,
            values: vec!["true".to_owned()],
            source: "flagd:shop".to_owned(),
        }],
    }
}

fn config_map(name: &str, version: Option<&str>) -> ConfigMap {
    let contents = version.map(|version| Contents {
        data: vec![Entry { key: "version".to_owned(), value: version.to_owned() }],
        binary: vec!["logo".to_owned()],
    });
    ConfigMap { name: name.to_owned(), contents }
}

fn pods(instance: &str) -> InstanceDetails {
    InstanceDetails {
        instance: instance.to_owned(),
        pod_labels: vec![Entry { key: "team".to_owned(), value: "finance".to_owned() }],
        pod_annotations: vec![],
        containers: vec![ContainerDetails {
            name: "migrate".to_owned(),
            init: true,
            also_running: vec!["shop/tax:1.3.8".to_owned()],
        }],
        config_maps: vec!["shop".to_owned()],
    }
}

fn look_ups(details: Details) -> LookUps {
    LookUps { details: Arc::new(details), config_maps: None }
}

#[test]
fn what_is_known_is_found() {
    assert_eq!(POLICY.topics(), Topic::ALL);
    let evaluation = POLICY.check_with(&question(ASKED), &look_ups(details()));
    let said = messages(&evaluation);
    let image = r#"Some([Image { container: "app", manifest: "shop/tax:1.3.9", ran: Some("sha256:ab"), before: None, after: "shop/tax:1.3.9@sha256:ab" }])"#;
    assert_eq!(said[0], image);
    assert_eq!((said[1], said[2]), ("None", "Some(2)"));
    for part in [
        r#"Entry { container: "app", name: "A", value: Some("1"), source: Source::Manifest, unknown: None }"#,
        r#"Source::Variable("B")"#,
        r#"Source::ConfigMap(Key { object: "config", key: "k" })"#,
        r#"source: Source::Secret(Key { object: "db", key: "k" }), unknown: Some("it is a secret")"#,
        r#"Source::Other("{}")"#,
        r#"Hidden { container: "app", object: "Secret payment", prefix: "PAY_" }"#,
    ] {
        assert!(said[3].contains(part), "{part} in {}", said[3]);
    }
    assert_eq!(said[4], "Some(1)");
    assert!(said[5].contains("state: State::Some"), "{}", said[5]);
    assert_eq!((said[6], said[7]), ("Some(1)", "on false, may be true"));
    for (place, part) in [
        (8, r#"author: Some("ada"), at: Some(7), source: None"#),
        (9, "None"),
        (
            10,
            r#"contents: Some(Contents { data: [Entry { key: "version", value: "7" }], binary: ["logo"] })"#,
        ),
        (11, r#"Some(ConfigMap { name: "shop", contents: None })"#),
        (12, "Some(2)"),
        (13, r#"init: true, also-running: ["shop/tax:1.3.8"]"#),
        (14, "Some(2)"),
        (15, r#"pod-labels: [Entry { key: "team", value: "finance" }]"#),
        (16, "Some(1)"),
        (17, r#"name: Some("rel-43"), record-number: 7, record-digest: "sha256:cd""#),
        (18, "Some(1)"),
        (
            19,
            r#"measured: Some("0.5%"), stage: Some("prod"), actor: "grace", groups: Some(["release"])"#,
        ),
        (20, r#"Instance { service: "till", name: "till", kind: "Deployment""#),
        (21, r#"key: "exp-till", service: Some("till"), state: State::Some"#),
        (22, r#"weight: 1, sum: 10, instances: ["tax/tax-canary"]"#),
        (23, "Some(0)"),
    ] {
        assert!(said[place].contains(part), "{part} in {}", said[place]);
    }
}

#[test]
fn the_sets_are_found_part_by_part() {
    let evaluation = POLICY.check(&question(r#"{"do": "look-up-sets"}"#));
    let said = messages(&evaluation);
    for (place, part) in [
        (
            0,
            r#"Summary { name: "rel-43", digest: "sha256:1f3a", services: 1, instances: 1, feature-flags: 1 }"#,
        ),
        (1, r#"name: "rel-42""#),
        (2, r#"["tax"]"#),
        (3, r#"version: Some("1.3.9")"#),
        (4, "[]"),
        (5, r#"Some(FeatureFlag { key: "tax-call", enabled: true"#),
        (6, "None"),
        (7, r#"["tax-call"]"#),
        (8, r#"ChangeKind::Environment("LOG_LEVEL")"#),
        (9, "[]"),
        (10, r#"[Subject::Instance("tax/tax")]"#),
        (11, r#"found: "tax runs 1.3.9""#),
    ] {
        assert!(said[place].contains(part), "{part} in {}", said[place]);
    }
}

#[test]
fn a_policy_sees_the_config_maps_that_its_binding_names() {
    let told = |names: &[&str]| LookUps {
        details: Arc::new(details()),
        config_maps: Some(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let ask = |told: &LookUps| POLICY.check_with(&question(ASKED), told);
    let (both, one, none) =
        (ask(&told(&["schema", "shop"])), ask(&told(&["shop"])), ask(&told(&[])));
    assert_eq!(messages(&both)[12], "Some(2)");
    assert_eq!((messages(&one)[10], messages(&one)[12]), ("None", "Some(1)"));
    assert_eq!((messages(&none)[10], messages(&none)[12]), ("None", "Some(0)"));
    // What it cannot see is no part of its question.
    assert_ne!(both.question, one.question);
    assert_eq!(both.question, ask(&look_ups(details())).question);
}

#[test]
fn a_finding_may_pass_by_itself() {
    let evaluation = told(r#"{"do": "wait"}"#);
    let may_pass: Vec<_> = evaluation.may_pass.into_iter().collect();
    assert_eq!(may_pass, [(1, Some(7)), (2, None)]);
}

#[test]
fn what_nobody_knows_is_none() {
    let evaluation = told(ASKED);
    let said = messages(&evaluation);
    let known: Vec<&&str> = said.iter().filter(|said| **said != "None").collect();
    assert_eq!(known, [&"on false, may be true"]);
}

#[test]
fn details_are_part_of_the_question() {
    let asked = question(ASKED);
    let plain = POLICY.check(&asked).question;
    assert_eq!(POLICY.check_with(&asked, &LookUps::default()).question, plain);
    let with = |details: Details| POLICY.check_with(&asked, &look_ups(details)).question;
    let known = with(details());
    assert_ne!(known, plain);
    assert_eq!(with(details()), known);
    let mut other = details();
    other.flag_states.as_mut().unwrap()[0].state = State::On;
    assert_ne!(with(other), known);
}
