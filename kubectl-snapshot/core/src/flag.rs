//! Feature flags as the set carries them, whatever system they came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{canonical, requirement::Requirement, unknown_fields::UnknownFields};

/// A feature flag with its value, source and requirements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// True if the flag system evaluates the flag at all.
    pub enabled: bool,
    /// The value it serves by default; null where the code decides.
    pub value: Value,
    /// The values it can serve, by variant name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<String, Value>,
    /// The rules that choose a variant for some callers, as the system wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targeting: Option<Value>,
    /// The service it belongs to, where it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Origin: `flagd:NAME/KEY`, `env:SERVICE/INSTANCE/CONTAINER/NAME`, ….
    pub source: String,
    /// Requirements that must hold while the flag is on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Requirement>,
    /// Name of the flag set, where several sets have a flag of this key: the flag is called
    /// `SET/KEY` then.
    #[serde(default, rename = "flagSet", skip_serializing_if = "Option::is_none")]
    pub flag_set: Option<String>,
    /// Reason why its definition could not be read, so that nobody knows what it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Reason why its requirements could not be read, so that nobody knows what it needs.
    #[serde(default, rename = "unreadableRequires", skip_serializing_if = "Option::is_none")]
    pub unreadable_requires: Option<String>,
    /// Fields that a newer version of this tool added.
    #[serde(flatten)]
    pub extra: UnknownFields,
}

impl Flag {
    /// The flag with its numbers as a stored snapshot has them: what has one digest must be
    /// one flag, however it was written.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let values = self.variants.values_mut().chain(&mut self.targeting).chain([&mut self.value]);
        values.for_each(|value| *value = canonical::settled(value));
        self
    }

    /// Key of the flag in its own set, which `name` may have in front of it.
    #[must_use]
    pub fn key_in_set<'a>(&self, name: &'a str) -> &'a str {
        let set = self.flag_set.as_deref();
        set.and_then(|set| name.strip_prefix(set)?.strip_prefix('/')).unwrap_or(name)
    }

    /// True if the flag may be on for some caller.
    ///
    /// A flag with targeting rules can serve another variant than its default,
    /// and one without a default leaves the choice to the code: both count as
    /// on, because a requirement that might be needed must hold. So does one that cannot be
    /// read.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.enabled && (self.targeting.is_some() || serves(&self.value))
    }

    /// For whom the flag is on, as far as its definition tells.
    #[must_use]
    pub fn state(&self) -> State {
        if self.unreadable.is_some() {
            return State::Unknown;
        }
        if !self.enabled {
            return State::Off;
        }
        // A rule can serve any of the variants, and the default where none fits.
        let values = || self.variants.values().chain([&self.value]);
        if self.targeting.is_some() && (values().any(serves) || self.variants.is_empty()) {
            let always = !self.variants.is_empty() && values().all(is_set);
            return if always { State::On } else { State::Some };
        }
        match &self.value {
            Value::Null => State::Unknown,
            value if serves(value) && self.targeting.is_none() => State::On,
            _ => State::Off,
        }
    }
}

/// Callers for whom a flag is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// On for everybody.
    On,
    /// Off for everybody.
    Off,
    /// On for some, by rules.
    Some,
    /// Unknown: its definition cannot be read, or code decides.
    Unknown,
}

/// True if a value stands for "on", and nobody else decides.
fn is_set(value: &Value) -> bool {
    !value.is_null() && serves(value)
}

/// True if a value stands for "on".
fn serves(value: &Value) -> bool {
    match value {
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => {
            !matches!(text.to_ascii_lowercase().as_str(), "" | "off" | "false" | "no" | "0")
        }
        Value::Null | Value::Array(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_disabled_or_falsy_flag_is_off() {
        let flag = |enabled, value| Flag { enabled, value, ..Flag::default() };
        assert!(flag(true, json!(true)).is_on());
        assert!(flag(true, json!("blue")).is_on());
        assert!(flag(true, json!(null)).is_on());
        for value in [json!(false), json!(0), json!("off"), json!("")] {
            assert!(!flag(true, value).is_on());
        }
        assert!(!flag(false, json!(true)).is_on());
    }

    #[test]
    fn targeting_can_turn_it_on_for_somebody() {
        let flag = Flag {
            enabled: true,
            value: json!(false),
            targeting: Some(json!({"if": []})),
            ..Flag::default()
        };
        assert!(flag.is_on());
    }

    #[test]
    fn the_state_says_for_whom() {
        let flag = |value: Value| Flag { enabled: true, value, ..Flag::default() };
        assert_eq!(flag(json!(true)).state(), State::On);
        assert_eq!(flag(json!("off")).state(), State::Off);
        assert_eq!(flag(json!(null)).state(), State::Unknown);
        assert_eq!(Flag { enabled: false, ..flag(json!(true)) }.state(), State::Off);
        let unreadable = Flag { unreadable: Some("why".to_owned()), ..flag(json!(false)) };
        assert_eq!(unreadable.state(), State::Unknown);
        let targeted = |value: Value, variants: Value| Flag {
            targeting: Some(json!({"if": []})),
            variants: serde_json::from_value(variants).unwrap(),
            ..flag(value)
        };
        let both = json!({"on": true, "off": false});
        assert_eq!(targeted(json!(false), both.clone()).state(), State::Some);
        assert_eq!(targeted(json!(true), both.clone()).state(), State::Some);
        assert_eq!(targeted(json!(false), json!({})).state(), State::Some);
        assert_eq!(targeted(json!("a"), json!({"a": "a", "b": "b"})).state(), State::On);
        assert_eq!(targeted(json!(0), json!({"none": 0, "no": "off"})).state(), State::Off);
        let disabled = Flag { enabled: false, ..targeted(json!(false), both) };
        assert_eq!(disabled.state(), State::Off);
    }

    #[test]
    fn numbers_settle_wherever_they_stand() {
        let flag = |one: Value, rule: Value| Flag {
            enabled: true,
            value: one.clone(),
            variants: [("full".to_owned(), one)].into(),
            targeting: Some(json!({"<": [{"var": "age"}, rule]})),
            ..Flag::default()
        };
        let settled = flag(json!({"rate": 1.0}), json!(18.0)).settled();
        assert_eq!(settled, flag(json!({"rate": 1}), json!(18)));
    }
}
