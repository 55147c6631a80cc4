//! Unleash: the flags of an environment, as its clients are told them.
//!
//! A flag is on where Unleash says so and one of its strategies, of which one is enough, lets
//! everybody in; where none does, rules decide. One without a strategy is on for everybody, as
//! Unleash's own clients have it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    answer::StrangeAnswer,
    system::{Definition, FlagSystem},
};
use crate::{
    flag::Flag,
    flag_source::SystemType,
    requirement::{Condition, Dependency, Requirement},
};

/// Unleash: flags are nowhere in a set's objects.
pub(super) struct Unleash;

impl FlagSystem for Unleash {
    fn name(&self) -> &'static str {
        SystemType::Unleash.word()
    }
}

#[derive(Deserialize)]
struct Answer {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    name: String,
    enabled: bool,
    #[serde(default)]
    project: Option<String>,
    #[serde(default)]
    strategies: Option<Vec<Map<String, Value>>>,
    #[serde(default)]
    variants: Option<Vec<Variant>>,
    #[serde(default)]
    dependencies: Option<Vec<Parent>>,
}

#[derive(Deserialize)]
struct Variant {
    name: String,
    #[serde(default)]
    weight: Option<f64>,
    #[serde(default)]
    payload: Option<Payload>,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(rename = "type")]
    of: String,
    value: String,
}

#[derive(Deserialize)]
struct Parent {
    feature: String,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    variants: Option<Vec<String>>,
}

/// The flags of an answer to a client.
pub(super) fn read(answer: &[u8]) -> Result<Vec<Definition>, StrangeAnswer> {
    let answer: Answer = serde_json::from_slice(answer)
        .map_err(|error| StrangeAnswer::new(SystemType::Unleash, error.to_string()))?;
    Ok(answer.features.into_iter().map(definition).collect())
}

/// The flag of an answer about one.
pub(super) fn read_one(answer: &[u8]) -> Result<Vec<Definition>, StrangeAnswer> {
    let feature: Feature = serde_json::from_slice(answer)
        .map_err(|error| StrangeAnswer::new(SystemType::Unleash, error.to_string()))?;
    Ok(vec![definition(feature)])
}

fn definition(feature: Feature) -> Definition {
    let project = feature.project.as_deref().unwrap_or("default");
    let source = format!("{}:{project}", SystemType::Unleash);
    let requires = feature.dependencies.iter().flatten().flat_map(needs).collect();
    // Also of one that is off: that is what it serves once it is switched on.
    let flag = Flag { enabled: feature.enabled, source, requires, ..served(&feature) };
    // Keys are unique among all projects of an Unleash.
    let flag_set = Some(SystemType::Unleash.word().to_owned());
    Definition { key: feature.name, flag_set, flag }
}

/// Flag as it serves while it is on.
fn served(feature: &Feature) -> Flag {
    let strategies = feature.strategies.as_deref().unwrap_or_default();
    let common = feature.variants.as_deref().unwrap_or_default();
    let own: Vec<Vec<Variant>> = strategies.iter().map(variants_of).collect();
    let mut variants = BTreeMap::new();
    for variant in common.iter().chain(own.iter().flatten()).filter(|one| one.is_served()) {
        variants.insert(variant.name.clone(), variant.value());
    }
    let is_open = strategies.is_empty() || strategies.iter().any(lets_everybody_in);
    // The first strategy that lets somebody in chooses the variant.
    let first = match strategies.first() {
        Some(first) if lets_everybody_in(first) => own.first().map(Vec::as_slice),
        Some(_) => None,
        None => Some(&[][..]),
    };
    let first = first.map(|own| if own.is_empty() { common } else { own });
    let only = first.and_then(|all| {
        let mut served = all.iter().filter(|one| one.is_served());
        served.next().filter(|_| served.next().is_none())
    });
    let (value, has_rules) = match only {
        _ if !is_open => (Value::Bool(false), true),
        Some(only) => (only.value(), false),
        None => (Value::Bool(true), !variants.is_empty()),
    };
    let rules = || Value::Array(strategies.iter().cloned().map(rule).collect());
    Flag { value, variants, targeting: has_rules.then(rules), ..Flag::default() }
}

/// A strategy without what says nothing of whom it lets in.
fn rule(mut strategy: Map<String, Value>) -> Value {
    for member in ["id", "title", "sortOrder", "disabled", "featureName"] {
        strategy.remove(member);
    }
    strategy.retain(|_, value| {
        !value.is_null() && value.as_array().is_none_or(|values| !values.is_empty())
    });
    Value::Object(strategy)
}

/// True if a strategy lets everybody in.
fn lets_everybody_in(strategy: &Map<String, Value>) -> bool {
    let is_empty = |member: &str| match strategy.get(member) {
        None | Some(Value::Null) => true,
        Some(value) => value.as_array().is_some_and(Vec::is_empty),
    };
    let rollout = || {
        let rollout = strategy.get("parameters").and_then(|all| all.get("rollout"));
        match rollout {
            // A share with a point is nobody's to some of Unleash's clients, be it "100.0".
            Some(Value::String(text)) => text.parse::<u32>().ok(),
            Some(value) => value.as_u64().and_then(|share| share.try_into().ok()),
            None => None,
        }
    };
    let by_name = match strategy.get("name").and_then(Value::as_str) {
        Some("default") => true,
        Some("flexibleRollout") => rollout().is_some_and(|share| share >= 100),
        _ => false,
    };
    by_name && is_empty("constraints") && is_empty("segments")
}

fn variants_of(strategy: &Map<String, Value>) -> Vec<Variant> {
    let variants = strategy.get("variants").cloned().unwrap_or_default();
    serde_json::from_value(variants).unwrap_or_default()
}

impl Variant {
    /// True if anybody can get it.
    fn is_served(&self) -> bool {
        self.weight.is_none_or(|weight| weight > 0.0)
    }

    /// Value of the variant: its payload by its type, or its name.
    fn value(&self) -> Value {
        let Some(Payload { of, value }) = &self.payload else {
            return Value::String(self.name.clone());
        };
        let text = || Value::String(value.clone());
        match of.as_str() {
            "json" => serde_json::from_str(value).unwrap_or_else(|_| text()),
            "number" => {
                serde_json::from_str(value).ok().filter(Value::is_number).unwrap_or_else(text)
            }
            _ => text(),
        }
    }
}

/// Requirement of a flag on the one that it depends on. Of several variants any is enough, which no
/// requirement can say: that it is on is what holds for all of them.
fn needs(parent: &Parent) -> [Requirement; 1] {
    let state = match (parent.enabled, parent.variants.as_deref().unwrap_or_default()) {
        (Some(false), _) => "off",
        (_, [one]) => one,
        _ => "on",
    };
    let dependency = Dependency::Flag(parent.feature.clone());
    [Requirement { dependency, condition: Some(Condition::Value(state.to_owned())) }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flag::State;
    use serde_json::json;

    fn flag(feature: &Value) -> Flag {
        let mut feature = feature.clone();
        feature["name"] = json!("x");
        let answer = json!({"version": 2, "features": [feature]}).to_string();
        read(answer.as_bytes()).unwrap().remove(0).flag
    }

    fn rollout(share: &str, more: Value) -> Value {
        let mut strategy = json!({
            "name": "flexibleRollout", "constraints": [], "variants": [],
            "parameters": {"groupId": "x", "rollout": share, "stickiness": "default"},
        });
        let Value::Object(more) = more else { panic!("an object") };
        strategy.as_object_mut().unwrap().extend(more);
        strategy
    }

    fn on(strategies: &Value) -> Flag {
        flag(&json!({"enabled": true, "project": "shop", "strategies": strategies}))
    }

    #[test]
    fn a_strategy_that_lets_everybody_in_is_enough() {
        let everybody = on(&json!([rollout("10", json!({})), rollout("100", json!({}))]));
        assert_eq!(everybody.state(), State::On);
        assert_eq!((&everybody.value, &everybody.targeting), (&json!(true), &None));
        assert_eq!(everybody.source, "unleash:shop");
        assert_eq!(on(&json!([{"name": "default"}])).state(), State::On);
        assert_eq!(on(&json!([])).state(), State::On, "as Unleash's clients have it");
    }

    #[test]
    fn strategies_for_some_are_rules() {
        let constraint = json!({"constraints": [{"contextName": "userId", "operator": "IN"}]});
        for some in [
            rollout("10", json!({})),
            rollout("100.0", json!({})),
            rollout("100", constraint),
            rollout("100", json!({"segments": [1]})),
            json!({"name": "userWithId", "parameters": {"userIds": "7"}}),
            json!({"name": "ours"}),
        ] {
            let flag = on(&json!([some]));
            assert_eq!(flag.state(), State::Some, "{some}");
            assert!(flag.is_on() && flag.targeting.is_some());
        }
        let off = flag(&json!({"enabled": false, "strategies": [rollout("10", json!({}))]}));
        assert_eq!((off.state(), off.is_on()), (State::Off, false));
    }

    #[test]
    fn one_variant_is_the_value_and_several_depend() {
        let variant = |name: &str, of: &str, value: &str| json!({"name": name, "weight": 500, "payload": {"type": of, "value": value}});
        let with = |all: Value| on(&json!([rollout("100", json!({"variants": all}))]));
        for (of, text, value) in [
            ("string", "1", json!("1")),
            ("number", "1.5", json!(1.5)),
            ("json", "{\"a\": 1}", json!({"a": 1})),
            ("json", "{", json!("{")),
            ("csv", "a,b", json!("a,b")),
        ] {
            let flag = with(json!([variant("v", of, text)]));
            assert_eq!((flag.value, flag.targeting), (value, None), "{of} {text}");
        }
        let several = with(json!([variant("a", "string", "a"), variant("b", "string", "b")]));
        assert_eq!((several.state(), several.variants.len()), (State::On, 2));
        assert_eq!(several.value, json!(true));
        assert!(several.targeting.is_some());
        let named = flag(&json!({"enabled": true, "variants": [{"name": "blue", "weight": 1000}]}));
        assert_eq!(named.value, json!("blue"));
    }

    #[test]
    fn a_flag_needs_the_one_that_it_depends_on() {
        for (parent, needs) in [
            (json!({"feature": "tax"}), "flag tax=on"),
            (json!({"feature": "tax", "enabled": false, "variants": ["a"]}), "flag tax=off"),
            (json!({"feature": "tax", "enabled": true, "variants": ["a"]}), "flag tax=a"),
            (json!({"feature": "tax", "enabled": true, "variants": ["a", "b"]}), "flag tax=on"),
        ] {
            let flag = flag(&json!({"enabled": true, "dependencies": [parent]}));
            assert_eq!(flag.requires[0].to_string(), needs);
        }
    }

    #[test]
    fn an_answer_of_somebody_else_is_refused() {
        for text in ["<html>", "{}", "{\"features\": [{\"name\": \"x\"}]}"] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("its answer is none of unleash's: "), "{error}");
        }
    }
}
