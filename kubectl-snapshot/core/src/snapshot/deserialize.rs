//! Readers of instances, containers and environment values, of which a set has ten thousands.
//!
//! What a derive does to keep unknown members, and to find out which variant a value is, is to copy
//! every member first; these take each member as it comes.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;

use super::{Container, EnvValue, Instance, UnknownFields};

/// A field's value, unless it was there before.
fn once<E: Error, T>(field: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

fn needed<E: Error, T>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum InstanceField {
    Kind,
    Containers,
    Requires,
    UnreadableRequires,
    Configs,
    Manifest,
    Unknown(String),
}

struct InstanceVisitor;

impl<'de> Deserialize<'de> for Instance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InstanceVisitor)
    }
}

impl<'de> Visitor<'de> for InstanceVisitor {
    type Value = Instance;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct Instance")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Instance, A::Error> {
        use InstanceField as Field;
        let (mut kind, mut containers, mut requires) = (None, None, None);
        let (mut unreadable_requires, mut configs, mut manifest) = (None, None, None);
        let mut extra = UnknownFields::new();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Kind => once(&mut kind, "kind", map.next_value()?)?,
                Field::Containers => once(&mut containers, "containers", map.next_value()?)?,
                Field::Requires => once(&mut requires, "requires", map.next_value()?)?,
                Field::UnreadableRequires => {
                    once(&mut unreadable_requires, "unreadableRequires", map.next_value()?)?;
                }
                Field::Configs => once(&mut configs, "configs", map.next_value()?)?,
                Field::Manifest => once(&mut manifest, "manifest", map.next_value()?)?,
                Field::Unknown(name) => {
                    extra.insert(name, map.next_value()?);
                }
            }
        }
        Ok(Instance {
            kind: needed(kind, "kind")?,
            containers: needed(containers, "containers")?,
            requires: requires.unwrap_or_default(),
            unreadable_requires: unreadable_requires.flatten(),
            configs: configs.unwrap_or_default(),
            manifest: needed(manifest, "manifest")?,
            extra,
        })
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum ContainerField {
    Image,
    Tag,
    Digest,
    Commit,
    Version,
    Init,
    AlsoRunning,
    Env,
    Unknown(String),
}

struct ContainerVisitor;

impl<'de> Deserialize<'de> for Container {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContainerVisitor)
    }
}

impl<'de> Visitor<'de> for ContainerVisitor {
    type Value = Container;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct Container")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Container, A::Error> {
        use ContainerField as Field;
        let (mut image, mut tag, mut digest, mut commit) = (None, None, None, None);
        let (mut version, mut init, mut also_running, mut env) = (None, None, None, None);
        let mut extra = UnknownFields::new();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Image => once(&mut image, "image", map.next_value()?)?,
                Field::Tag => once(&mut tag, "tag", map.next_value()?)?,
                Field::Digest => once(&mut digest, "digest", map.next_value()?)?,
                Field::Commit => once(&mut commit, "commit", map.next_value()?)?,
                Field::Version => once(&mut version, "version", map.next_value()?)?,
                Field::Init => once(&mut init, "init", map.next_value()?)?,
                Field::AlsoRunning => once(&mut also_running, "alsoRunning", map.next_value()?)?,
                Field::Env => once(&mut env, "env", map.next_value()?)?,
                Field::Unknown(name) => {
                    extra.insert(name, map.next_value()?);
                }
            }
        }
        Ok(Container {
            image: needed(image, "image")?,
            tag: tag.flatten(),
            digest: digest.flatten(),
            commit: commit.flatten(),
            version: version.flatten(),
            init: init.unwrap_or_default(),
            also_running: also_running.unwrap_or_default(),
            env: env.unwrap_or_default(),
            extra,
        })
    }
}

impl<'de> Deserialize<'de> for EnvValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::Literal(text),
            Value::Object(mut members) => match members.get_mut("variable").map(Value::take) {
                Some(Value::String(variable)) => Self::Variable { variable },
                Some(other) => {
                    members.insert("variable".to_owned(), other);
                    Self::Reference(members.into())
                }
                None => Self::Reference(members.into()),
            },
            other => Self::Reference(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn container(value: Value) -> Result<Container, String> {
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn unknown_members_are_kept() {
        let value = json!({
            "image": "shop/cart", "tag": "1.4.0", "newer": {"a": [1]}, "init": true,
            "env": {"A": "text", "B": {"variable": "DB_HOST"}, "C": {"fieldRef": {"fieldPath": "p"}}, "D": {"variable": 1}},
        });
        let read = container(value.clone()).unwrap();
        assert_eq!(read.extra["newer"], json!({"a": [1]}));
        assert_eq!(read.env["B"], EnvValue::Variable { variable: "DB_HOST".to_owned() });
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
        let value = json!({"kind": "Deployment", "containers": {}, "manifest": crate::digest::Digest::of(b""), "newer": 1});
        let read: Instance = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
    }

    #[test]
    fn what_is_missing_or_twice_is_named() {
        assert_eq!(container(json!({})).unwrap_err(), "missing field `image`");
        assert!(container(json!([])).unwrap_err().contains("expected struct Container"));
        let twice = serde_json::from_str::<Container>(r#"{"image": "a", "image": "b"}"#);
        assert!(twice.unwrap_err().to_string().contains("duplicate field `image`"));
        assert_eq!(container(json!({"image": "a", "tag": null})).unwrap().tag, None);
    }
}
