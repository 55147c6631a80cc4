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
        (json!({"state": 1, "variants": variants}), "its state is 1; write \"ENABLED\" or"),
        (json!({"state": "ENABLED", "variants": ["on"]}), "its variants must be an object"),
        (json!({"state": "ENABLED", "variants": {"a": null}}), "its variant a must be"),
        (
            json!({"state": "ENABLED", "variants": variants, "defaultVariant": "of"}),
            "its defaultVariant \"of\" is not among its variants (off, on), so flagd refuses it with \
             every flag beside it, and goes on serving what it had; name one of its variants, or \
             take it out",
        ),
        (
            json!({"variants": {}, "defaultVariant": "of"}),
            "its defaultVariant \"of\" is not among its variants (it has none), so flagd",
        ),
        (
            json!({"state": "ENABLED", "variants": variants, "targeting": []}),
            "its targeting must be",
        ),
        (json!({"variants": variants, "metadata": []}), "metadata must be an object"),
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
    let odd = json!({"flags": [{"variants": {}, "defaultVariant": null}, {"state": "on"}]});
    assert!(looks_like_flagd("", &odd), "flagd does without a state, and without variants");
    for other in [
        json!(null),
        json!([]),
        json!({"flags": {}}),
        json!({"flags": []}),
        json!({"flags": {"x": {"state": "on"}, "y": {"variants": 3}}}),
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

#[test]
fn odd_definitions_are_what_flagd_serves() {
    let variants = json!({"on": true, "off": false});
    let serve = |mut definition: Value, member: &str, value: Value| {
        definition[member] = value;
        let flag = one(&definition).unwrap();
        (flag.enabled, flag.value, flag.variants.len())
    };
    let plain = json!({"state": "ENABLED", "variants": variants, "defaultVariant": "on"});
    for state in [json!("disabled"), json!("Disabled "), json!(""), json!(null)] {
        assert_eq!(serve(plain.clone(), "state", state), (true, json!(true), 2));
    }
    assert!(!serve(plain.clone(), "state", json!("DISABLED")).0);
    let stateless = one(&json!({"variants": variants, "defaultVariant": "off"})).unwrap();
    assert!(stateless.enabled && stateless.value == json!(false));
    for default in [json!(null), json!("")] {
        assert_eq!(serve(plain.clone(), "defaultVariant", default), (true, json!(null), 2));
    }
    for none in [json!({}), json!(null)] {
        let without = json!({"state": "ENABLED"});
        assert_eq!(serve(without, "variants", none), (true, json!(null), 0));
    }
    let mixed = json!({"on": 1, "off": "no"});
    assert_eq!(serve(plain.clone(), "variants", mixed), (true, json!(1), 2));
    assert_eq!(serve(plain.clone(), "description", json!("d")), (true, json!(true), 2));
    assert_eq!(serve(plain.clone(), "targeting", json!(null)), (true, json!(true), 2));
    assert_eq!(serve(plain.clone(), "metadata", json!(null)), (true, json!(true), 2));
    let owners = json!({"owners": ["a"], "requires": "tax"});
    assert_eq!(serve(plain, "metadata", owners), (true, json!(true), 2));
}

#[test]
fn a_wrong_default_hides_every_flag_beside_it() {
    let variants = json!({"on": true, "off": false});
    for wrong in [json!("of"), json!(true), json!(7)] {
        let document = json!({"flags": {
            "a": {"state": "disabled", "variants": variants, "defaultVariant": "off"},
            "b": {"state": "DISABLED", "variants": variants, "defaultVariant": wrong,
                  "metadata": {"requires": "tax", "service": "cart"}},
        }});
        let found = super::parse(&document, "f");
        let faults: Vec<_> = found.faults.iter().map(FlagError::hidden).collect();
        assert_eq!(faults, [Some("f")], "{wrong}");
        assert_eq!(found.warnings, [""; 0], "nothing of the file is served");
        let [a, b] = &found.flags[..] else { panic!("two flags") };
        for flag in [&a.flag, &b.flag] {
            assert!(flag.is_on() && flag.value.is_null() && flag.variants.is_empty());
        }
        assert_eq!(
            a.flag.unreadable.as_deref().unwrap(),
            "flagd refuses it for the wrong defaultVariant of flag b beside it, and goes on serving \
             what it had"
        );
        assert!(b.flag.unreadable.as_deref().unwrap().starts_with("its defaultVariant"));
        assert_eq!((b.flag.requires.len(), b.flag.service.as_deref()), (1, Some("cart")));
    }
}

#[test]
fn what_other_evaluators_take_otherwise_is_said_once_for_a_file() {
    let said = |document: Value| super::parse(&document, "f").warnings;
    let variants = json!({"on": true, "off": false});
    let plain = json!({"state": "ENABLED", "variants": variants, "defaultVariant": "on"});
    assert_eq!(said(json!({"flags": {"x": plain}, "$evaluators": null})), [""; 0]);
    let with = |name: &str, value: Value| {
        let mut flag = plain.clone();
        flag[name] = value;
        json!({"flags": {"x": flag}})
    };
    let python = "the in-process evaluator for Python refuses the whole file";
    let both = "the in-process evaluators for Python and Node refuse the whole file";
    for (document, expected) in [
        (
            with("state", json!("disabled")),
            format!("flag x without state ENABLED or DISABLED: flagd serves it as enabled; {both}"),
        ),
        (
            json!({"flags": {"x": {"state": "ENABLED"}}}),
            format!("flag x without variants: flagd leaves the value to the code; {both}"),
        ),
        (
            json!({"flags": {"x": {"state": "ENABLED", "variants": {}}}}),
            format!("flag x with no variant: flagd leaves the value to the code; {python}"),
        ),
        (
            with("variants", json!({"on": 1, "off": false, "of": true})),
            "flag x with variants of several types: a service gets an error for one that is not \
             of the type it asks for, or, when it asks for all flags, not of the default variant's"
                .to_owned(),
        ),
        (
            with("description", json!("")),
            format!("flag x with members that flagd ignores (description): {python}"),
        ),
        (
            with("metadata", json!({"owners": []})),
            format!(
                "flag x with metadata other than texts, numbers and booleans: flagd takes it; {python}"
            ),
        ),
        (
            json!({"flags": {}, "metadata": {"owners": []}}),
            format!(
                "metadata of all flags is no object of texts, numbers and booleans: flagd takes \
                 it; {python}"
            ),
        ),
        (
            json!({"flags": [{"key": "x", "state": "ENABLED", "variants": variants}]}),
            format!(
                "flags is a list: flagd serves it; {python}, and the one for Node finds no flag \
                 in it"
            ),
        ),
    ] {
        assert_eq!(said(document), [format!("f: {expected}")]);
    }
    let many = |count: usize| {
        let flags: serde_json::Map<_, _> = (0..count)
            .map(|at| (format!("x{at}"), json!({"state": "on", "variants": variants, "z": at})))
            .collect();
        said(json!({ "flags": flags }))
    };
    assert!(many(2)[0].starts_with("f: flags x0 and x1 without state"), "{:?}", many(2));
    assert!(many(3)[0].starts_with("f: flags x0, x1 and x2 without state"), "{:?}", many(3));
    let all = many(1000);
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[0].starts_with("f: flags x0, x1, x10 and 997 more without state"), "{all:?}");
    assert!(all[1].starts_with("f: flags x0, x1, x10 and 997 more with members"), "{all:?}");
}
