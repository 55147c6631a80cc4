//! Flipt v2: the flags of a namespace, as its management API has them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    answer::{FlagWords, StrangeAnswer},
    system::{Definition, FlagSystem},
};
use crate::{flag::Flag, flag_source::SystemType};

/// Flipt: flags are nowhere in a set's objects.
pub(super) struct Flipt;

impl FlagSystem for Flipt {
    fn name(&self) -> &'static str {
        SystemType::Flipt.word()
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    resources: Vec<Resource>,
    /// Only Flipt's own answers have one.
    #[serde(rename = "revision")]
    _revision: String,
}

#[derive(Deserialize)]
struct Resource {
    key: String,
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default, rename = "type")]
    of: Option<String>,
    #[serde(default)]
    enabled: bool,
    #[serde(default)]
    variants: Option<Vec<Variant>>,
    #[serde(default)]
    rules: Option<Vec<Value>>,
    #[serde(default)]
    rollouts: Option<Vec<Value>>,
    #[serde(default)]
    default_variant: Option<String>,
    #[serde(default)]
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Variant {
    key: String,
    #[serde(default)]
    attachment: Value,
}

/// The flags of an answer about a namespace.
pub(super) fn read(answer: &[u8], namespace: &str) -> Result<Vec<Definition>, StrangeAnswer> {
    let answer: Answer = serde_json::from_slice(answer)
        .map_err(|error| StrangeAnswer::new(SystemType::Flipt, error.to_string()))?;
    // The namespace without a name of its own is called by the system's.
    let set = if namespace == "default" { SystemType::Flipt.word() } else { namespace };
    let source = format!("{}:{namespace}", SystemType::Flipt);
    let definition = |Resource { key, payload }: Resource| {
        let is_variant = payload.of.as_deref() == Some("VARIANT_FLAG_TYPE");
        let mut flag = if is_variant { by_rules(&payload) } else { by_rollouts(&payload) };
        flag.source.clone_from(&source);
        words(payload.metadata.as_ref()).put_on(&mut flag);
        Definition { key, flag_set: Some(set.to_owned()), flag }
    };
    Ok(answer.resources.into_iter().map(definition).collect())
}

/// A flag of true and false, whose own state is what nobody's rollout decides.
fn by_rollouts(payload: &Payload) -> Flag {
    let rollouts = payload.rollouts.as_deref().unwrap_or_default();
    let plain = |value: bool| Flag { enabled: value, value: value.into(), ..Flag::default() };
    match rollouts.first().map(for_all) {
        None => plain(payload.enabled),
        Some(Some(value)) => plain(value),
        Some(None) => {
            let both = [("on", true), ("off", false)];
            Flag {
                enabled: payload.enabled || rollouts.iter().any(can_be_true),
                value: payload.enabled.into(),
                variants: both.map(|(name, value)| (name.to_owned(), value.into())).into(),
                targeting: Some(rules(rollouts)),
                ..Flag::default()
            }
        }
    }
}

/// The value that a rollout has for everybody, so that no later one counts.
fn for_all(rollout: &Value) -> Option<bool> {
    let threshold = rollout.get("threshold")?;
    let share = threshold.get("percentage").and_then(Value::as_f64)?;
    let value = threshold.get("value").and_then(Value::as_bool).unwrap_or_default();
    (share >= 100.0).then_some(value)
}

fn can_be_true(rollout: &Value) -> bool {
    let by = rollout.get("threshold").or_else(|| rollout.get("segment"));
    by.and_then(|by| by.get("value")).and_then(Value::as_bool).unwrap_or_default()
}

/// A flag of variants, which its rules choose.
fn by_rules(payload: &Payload) -> Flag {
    let variants: BTreeMap<String, Value> =
        payload.variants.iter().flatten().map(|one| (one.key.clone(), one.value())).collect();
    let default = payload.default_variant.as_deref().filter(|name| !name.is_empty());
    let all = payload.rules.as_deref().unwrap_or_default();
    Flag {
        enabled: payload.enabled,
        // Where no rule matches, none is served, and the code has its own.
        value: default.and_then(|name| variants.get(name)).cloned().unwrap_or_default(),
        targeting: (!all.is_empty()).then(|| rules(all)),
        variants,
        ..Flag::default()
    }
}

impl Variant {
    /// Value of the variant: what is attached to it, or its key.
    fn value(&self) -> Value {
        let is_empty = match &self.attachment {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if is_empty { Value::String(self.key.clone()) } else { self.attachment.clone() }
    }
}

/// Rules without the names that a place gave them.
fn rules(all: &[Value]) -> Value {
    let rule = |rule: &Value| {
        let mut rule = rule.clone();
        if let Some(members) = rule.as_object_mut() {
            members.retain(|name, value| !value.is_null() && name != "id" && name != "description");
        }
        rule
    };
    Value::Array(all.iter().map(rule).collect())
}

fn words(metadata: Option<&Map<String, Value>>) -> FlagWords {
    let text = |name: &str| Some(metadata?.get(name)?.as_str()?.to_owned());
    FlagWords { requires: text("requires"), service: text("service") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flag::State;
    use serde_json::json;

    fn flag(payload: &Value) -> Flag {
        let answer = json!({"resources": [{"namespaceKey": "default", "key": "x", "payload": payload}], "revision": "3f2a"});
        read(answer.to_string().as_bytes(), "default").unwrap().remove(0).flag
    }

    fn boolean(enabled: bool, rollouts: &Value) -> Flag {
        flag(&json!({"type": "BOOLEAN_FLAG_TYPE", "enabled": enabled, "rollouts": rollouts}))
    }

    fn threshold(share: u8, value: bool) -> Value {
        json!({"type": "THRESHOLD_ROLLOUT_TYPE", "threshold": {"percentage": share, "value": value}})
    }

    #[test]
    fn a_boolean_flag_is_what_its_rollouts_make_of_it() {
        assert_eq!(boolean(true, &json!([])).state(), State::On);
        assert_eq!(boolean(false, &json!([])).state(), State::Off);
        assert_eq!(boolean(false, &json!([threshold(100, true)])).state(), State::On);
        assert_eq!(boolean(true, &json!([threshold(100, false)])).state(), State::Off);
        assert_eq!(boolean(false, &json!([threshold(10, true)])).state(), State::Some);
        assert_eq!(boolean(true, &json!([threshold(10, false)])).state(), State::Some);
        assert_eq!(boolean(false, &json!([threshold(10, false)])).state(), State::Off);
    }

    #[test]
    fn a_variant_flag_serves_its_default_where_no_rule_does() {
        let variants = json!([{"key": "a", "attachment": {"rate": 1}}, {"key": "b"}]);
        let with = |default: Value, rules: Value, enabled: bool| {
            flag(&json!({
                "type": "VARIANT_FLAG_TYPE", "enabled": enabled, "variants": variants,
                "rules": rules, "defaultVariant": default,
            }))
        };
        let served = with(json!("a"), json!([]), true);
        assert_eq!((served.value.clone(), served.state()), (json!({"rate": 1}), State::On));
        assert_eq!(with(json!("b"), json!([]), true).value, json!("b"));
        assert_eq!(with(json!(null), json!([]), true).state(), State::Unknown);
        assert!(with(json!("a"), json!([{"segments": ["beta"]}]), true).targeting.is_some());
        assert_eq!(with(json!("a"), json!([]), false).state(), State::Off);
    }

    #[test]
    fn requirements_stand_in_metadata() {
        let of = |metadata: Value| flag(&json!({"enabled": true, "metadata": metadata}));
        let tax = of(json!({"requires": "tax >=1.4", "service": "cart"}));
        assert_eq!(
            (tax.requires[0].to_string().as_str(), tax.service.as_deref()),
            ("tax >=1.4", Some("cart"))
        );
        assert!(of(json!({"requires": "tax >=x"})).unreadable_requires.is_some());
        assert!(of(json!({"requires": ["tax"]})).requires.is_empty(), "Flipt takes a list");
    }

    #[test]
    fn an_answer_of_somebody_else_is_refused() {
        for text in ["<html>", "{}", "{\"resources\": [{}], \"revision\": \"a\"}"] {
            let error = read(text.as_bytes(), "default").unwrap_err().to_string();
            assert!(error.starts_with("its answer is none of flipt's: "), "{error}");
        }
    }
}
