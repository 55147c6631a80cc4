use serde_json::json;

use std::collections::BTreeMap;

use super::{recognise::looks_like_flagd, *};
use crate::flag::Flag;

fn parse(value: &Value, source: &str) -> Result<BTreeMap<String, Flag>, FlagError> {
    let mut found = super::parse(value, source);
    if !found.faults.is_empty() {
        return Err(found.faults.remove(0));
    }
    Ok(found.flags.into_iter().map(|one| (one.key, one.flag)).collect())
}

fn one(definition: &Value) -> Result<Flag, FlagError> {
    parse(&json!({"flags": {"x": definition}}), "flagd:test")
        .map(|mut flags| flags.remove("x").unwrap())
}

fn refusal(definition: &Value) -> String {
    one(definition).expect_err("should be refused").to_string()
}

#[test]
fn a_flag_is_read_with_what_it_requires() {
    let flag = one(&json!({
        "state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on",
        "metadata": {"requires": "tax >=1.4; flag y", "service": "cart", "owner": 7},
    }))
    .unwrap();
    assert_eq!(
        (flag.enabled, &flag.value, flag.service.as_deref()),
        (true, &json!(true), Some("cart"))
    );
    assert_eq!(
        flag.requires.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["tax >=1.4", "flag y"]
    );
    assert_eq!(flag.source, "flagd:test");
    assert!(flag.is_on());
}

#[test]
fn a_list_of_flags_is_the_same_as_an_object() {
    let flag = json!({"state": "DISABLED", "variants": {"a": 1}});
    let mut keyed = flag.clone();
    keyed["key"] = json!("x");
    let list = parse(&json!({"flags": [keyed]}), "flagd:test").unwrap();
    assert_eq!(list["x"], one(&flag).unwrap());
    assert!(!list["x"].enabled && list["x"].value.is_null());
    let twice = parse(&json!({"flags": [keyed, keyed]}), "flagd:test").unwrap_err().to_string();
    assert_eq!(twice, "flagd:test: flag x: it is there twice; take one out");
    assert!(parse(&json!({"flags": [flag]}), "f").unwrap_err().to_string().contains("position 0"));
}

#[test]
fn metadata_of_the_set_applies_where_a_flag_has_none() {
    let flag =
        |metadata: Value| json!({"state": "ENABLED", "variants": {"a": 1}, "metadata": metadata});
    let flags = parse(
        &json!({
            "flags": {"own": flag(json!({"requires": "tax"})), "none": flag(json!({}))},
            "metadata": {"requires": "pricing", "service": "cart"},
        }),
        "f",
    )
    .unwrap();
    let summary =
        |key: &str| (flags[key].requires[0].to_string(), flags[key].service.clone().unwrap());
    assert_eq!(summary("own"), ("tax".into(), "cart".into()));
    assert_eq!(summary("none"), ("pricing".into(), "cart".into()));
}

#[test]
fn a_flag_carries_the_shared_rules_that_it_uses() {
    let set = |rules: Value| {
        json!({
            "flags": {"x": {"state": "ENABLED", "variants": {"a": 1}, "targeting": {"if": [{"$ref": "staff"}, "a"]}}},
            "$evaluators": rules,
        })
    };
    let staff = json!({"or": [{"$ref": "team"}, {"$ref": "staff"}]});
    let flags =
        parse(&set(json!({"staff": staff, "team": {"in": []}, "unused": {}})), "f").unwrap();
    assert_eq!(
        flags["x"].targeting,
        Some(
            json!({"if": [{"$ref": "staff"}, "a"], "$evaluators": {"staff": staff, "team": {"in": []}}})
        )
    );
    let missing = parse(&set(json!({"staff": staff})), "f").unwrap_err().to_string();
    assert_eq!(
        missing,
        "f: flag x: its targeting refers to \"team\", which $evaluators does not define; define it there"
    );
    let none = one(&json!({"state": "ENABLED", "variants": {"a": 1}, "targeting": {}})).unwrap();
    assert_eq!(none.targeting, None);
}

#[test]
fn mistakes_name_the_source_the_flag_and_the_remedy() {
    let variants = json!({"on": true, "off": false});
    for (definition, expected) in [
        (json!(true), "it must be an object"),
        (json!({"variants": variants}), "its state is missing; write \"ENABLED\" or \"DISABLED\""),
        (json!({"state": "enabled", "variants": variants}), "its state is \"enabled\"; write"),
        (json!({"state": "ENABLED"}), "it has no variants"),
        (json!({"state": "ENABLED", "variants": {}}), "it has no variants"),
        (json!({"state": "ENABLED", "variants": {"a": null}}), "its variant a must be"),
        (
            json!({"state": "ENABLED", "variants": {"a": 1, "b": "1"}}),
            "its variants a and b differ in type",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "defaultVariant": "of"}),
            "its defaultVariant \"of\" is not among its variants (off, on)",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "targeting": []}),
            "its targeting must be",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "metadata": {"a": []}}),
            "metadata \"a\" must be a string",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "metadata": {"requires": 1}}),
            "metadata \"requires\" must be text",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "metadata": {"requires": "tax 1.4"}}),
            "metadata \"requires\": requirement \"tax 1.4\": expected",
        ),
    ] {
        let refusal = refusal(&definition);
        assert!(refusal.starts_with(&format!("flagd:test: flag x: {expected}")), "{refusal}");
    }
}

#[test]
fn recognition_is_conservative() {
    let flags = json!({"flags": {"x": {"state": "ENABLED", "variants": {"a": 1}}}});
    assert!(looks_like_flagd("", &flags));
    assert!(looks_like_flagd("demo.flagd.json", &json!({})));
    assert!(looks_like_flagd(
        "",
        &json!({"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": {}})
    ));
    assert!(looks_like_flagd("", &json!({"$schema": "../flags.json"})));
    for other in [
        json!(null),
        json!([]),
        json!({"flags": {}}),
        json!({"flags": ["a"]}),
        json!({"flags": {"x": {"enabled": true}}}),
    ] {
        assert!(!looks_like_flagd("flags.json", &other), "{other}");
    }
}

#[test]
fn one_that_cannot_be_read_leaves_the_others_alone() {
    let variants = json!({"on": true, "off": false});
    let found = super::parse(
        &json!({"flags": {
            "good": {"state": "ENABLED", "variants": variants, "defaultVariant": "on"},
            "stale": {
                "state": "ENABLED", "variants": variants, "defaultVariant": "off",
                "targeting": {"if": [{"$ref": "staff"}, "on", "off"]},
                "metadata": {"requires": "tax >=1.4"},
            },
            "needy": {"state": "DISABLED", "variants": variants, "metadata": {"requires": "tax 1"}},
        }}),
        "f",
    );
    let flags: BTreeMap<String, Flag> =
        found.flags.into_iter().map(|one| (one.key, one.flag)).collect();
    assert_eq!(
        (flags["good"].value.clone(), flags["good"].unreadable.clone()),
        (json!(true), None)
    );
    let stale = &flags["stale"];
    assert!(stale.is_on() && stale.value.is_null() && stale.variants.is_empty());
    let reason = stale.unreadable.as_deref().unwrap();
    assert!(reason.starts_with("its targeting refers to \"staff\""), "{reason}");
    assert_eq!(stale.requires[0].to_string(), "tax >=1.4", "what it needs is known");
    let needy = &flags["needy"];
    assert!(!needy.is_on() && needy.unreadable.is_none() && needy.unreadable_requires.is_some());
    let faults: Vec<_> =
        found.faults.iter().map(|fault| (fault.to_string(), fault.hidden())).collect();
    assert!(faults[0].0.starts_with("f: flag needy: metadata \"requires\""), "{faults:?}");
    assert!(faults[1].0.starts_with("f: flag stale: its targeting"), "{faults:?}");
    assert!(faults.iter().all(|(_, hidden)| hidden.is_none()));
    let all = super::parse(&json!({"flags": 1}), "f");
    assert_eq!(all.faults[0].hidden(), Some("f"));
    let keyless = super::parse(
        &json!({"flags": [{"key": "a", "state": "ENABLED", "variants": variants}, {"state": "ENABLED"}]}),
        "f",
    );
    assert_eq!((keyless.flags.len(), keyless.faults[0].hidden()), (1, Some("f")));
}

#[test]
fn a_key_belongs_to_its_flag_set() {
    let flag = |metadata: Value| {
        json!({
            "key": "x", "state": "ENABLED", "variants": {"a": 1}, "metadata": metadata,
        })
    };
    let sets = |document: Value| {
        let found = super::parse(&document, "f");
        let sets = found.flags.into_iter().map(|one| one.flag_set.unwrap()).collect::<Vec<_>>();
        (sets, found.faults.len())
    };
    let app = flag(json!({"flagSetId": "app"}));
    let defaults = json!({"flagSetId": "web"});
    assert_eq!(
        sets(json!({"flags": [app, flag(json!({}))], "metadata": defaults})),
        (vec!["app".to_owned(), "web".to_owned()], 0)
    );
    assert_eq!(
        sets(json!({"flags": [flag(json!({"flagSetId": 7})), flag(json!({}))]})),
        (vec!["7".to_owned(), String::new()], 0)
    );
    assert_eq!(sets(json!({"flags": [app, app]})).1, 1);
}
