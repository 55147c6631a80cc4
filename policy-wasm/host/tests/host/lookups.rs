//! Look-ups beside the question: what a policy is told only where it asks.

use crate::fixture::{POLICY, messages, question, told};
use snapshot_policy_host::records::{
    Details, FlagState, Hidden, Image, InstanceImages, InstanceVariables, ObjectKey, Source, State,
    Topic, Variable, Variables,
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
    }
}

#[test]
fn what_is_known_is_found() {
    assert_eq!(POLICY.topics(), Topic::ALL);
    let evaluation = POLICY.check_with(&question(ASKED), &Arc::new(details()));
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
}

#[test]
fn what_nobody_knows_is_none() {
    let evaluation = told(ASKED);
    let said = messages(&evaluation);
    assert!(said[..7].iter().all(|said| *said == "None"), "{said:?}");
    assert_eq!(said[7], "on false, may be true");
}

#[test]
fn details_are_part_of_the_question() {
    let asked = question(ASKED);
    let plain = POLICY.check(&asked).question;
    assert_eq!(POLICY.check_with(&asked, &Arc::default()).question, plain);
    let with = |details: Details| POLICY.check_with(&asked, &Arc::new(details)).question;
    let known = with(details());
    assert_ne!(known, plain);
    assert_eq!(with(details()), known);
    let mut other = details();
    other.flag_states.as_mut().unwrap()[0].state = State::On;
    assert_ne!(with(other), known);
}
