//! Binding of a policy: its digest, stages, mode and settings.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Decision;
use crate::{
    digest::Digest,
    name::{PolicyName, StageName},
    signature::{PublicKey, Signature},
};

/// A policy that a team has decided to ask: pinned by its digest, so that
/// everybody asks the same one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    /// Name that the team gave it.
    pub name: PolicyName,
    /// The digest of the component's bytes.
    pub policy: Digest,
    /// Stages at which it is asked; empty means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageName>,
    /// Mode: its findings decide, or only warn.
    pub mode: Mode,
    /// Settings of the policy: a JSON object.
    pub settings: Settings,
    /// ConfigMaps of a set that the policy is told of, by their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config_maps: Vec<String>,
    /// Public key of the signature that its bytes must have.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub key: Option<PublicKey>,
    /// That signature.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// Description that the policy gave of itself when it was bound.
    pub about: About,
    /// Origin of the bytes: a file's name, or a reference into a registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[expect(clippy::ref_option, reason = "serde hands over the member as it is")]
fn as_text<S: Serializer>(
    value: &Option<impl fmt::Display>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// Description that a policy gives of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// Decisions that it makes.
    pub decisions: Vec<Decision>,
}

impl Binding {
    /// True if the policy is asked at `stage`; with no stage, true only for those bound to
    /// all stages.
    #[must_use]
    pub fn applies_at(&self, stage: Option<&StageName>) -> bool {
        self.stages.is_empty() || stage.is_some_and(|stage| self.stages.contains(stage))
    }
}

/// Mode of a binding: weight of the policy's findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Findings decide.
    #[default]
    Enforce,
    /// Findings are shown, and stop nothing.
    Warn,
}

impl Mode {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Enforce, Self::Warn];

    /// The mode of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.to_string() == word)
    }

    /// True if findings decide.
    #[must_use]
    pub fn is_enforce(&self) -> bool {
        *self == Self::Enforce
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Enforce => "enforce",
            Self::Warn => "warn",
        })
    }
}

/// Settings of a policy: a JSON object, by default an empty one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(Map<String, Value>);

/// Settings that are not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("settings are an object, such as {{\"unknown\": \"warn\"}}, not {0}")]
pub struct NotAnObject(&'static str);

impl Settings {
    /// JSON text handed to the policy: `{}` where nothing is set.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The object.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// True if nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Value> for Settings {
    type Error = NotAnObject;

    fn try_from(value: Value) -> Result<Self, NotAnObject> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            // An empty file says nothing, and so sets nothing.
            Value::Null => Ok(Self::default()),
            Value::Bool(_) => Err(NotAnObject("a truth value")),
            Value::Number(_) => Err(NotAnObject("a number")),
            Value::String(_) => Err(NotAnObject("a text")),
            Value::Array(_) => Err(NotAnObject("a list")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_of_no_stage_is_asked_everywhere() {
        let stage: StageName = "prod".parse().unwrap();
        let binding = |stages: &[&str]| Binding {
            name: "our-rules".parse().unwrap(),
            policy: Digest::of(b"wasm"),
            stages: stages.iter().map(|stage| stage.parse().unwrap()).collect(),
            mode: Mode::Enforce,
            settings: Settings::default(),
            config_maps: Vec::new(),
            key: None,
            signature: None,
            about: About::default(),
            source: None,
        };
        assert!(binding(&[]).applies_at(None) && binding(&[]).applies_at(Some(&stage)));
        assert!(binding(&["qa", "prod"]).applies_at(Some(&stage)));
        assert!(!binding(&["qa"]).applies_at(Some(&stage)));
        assert!(!binding(&["prod"]).applies_at(None));
    }

    #[test]
    fn settings_are_an_object() {
        assert_eq!(Settings::try_from(Value::Null).unwrap().to_json(), "{}");
        let settings = Settings::try_from(json!({"unknown": "warn"})).unwrap();
        assert_eq!(settings.to_json(), r#"{"unknown":"warn"}"#);
        let error = Settings::try_from(json!(["warn"])).unwrap_err().to_string();
        assert_eq!(error, "settings are an object, such as {\"unknown\": \"warn\"}, not a list");
    }

    #[test]
    fn modes_are_words() {
        for mode in Mode::ALL {
            assert_eq!(Mode::named(&mode.to_string()), Some(mode));
        }
        assert_eq!(Mode::named("ignore"), None);
    }
}
