//! Changing one definition in a document, and leaving the rest as it is written.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{
    config_map::{self, File},
    definition,
};
use crate::manifest::{Kind, Manifest};

/// Words for a boolean flag that is on, and off.
const ON: [&str; 4] = ["on", "true", "yes", "enabled"];
const OFF: [&str; 4] = ["off", "false", "no", "disabled"];

/// Change of one flag's definition.
pub(in crate::flags) struct Change<'a> {
    /// The flag's key.
    pub(in crate::flags) key: &'a str,
    /// The flag set, where several have a flag of that key.
    pub(in crate::flags) flag_set: Option<&'a str>,
    /// New state of it.
    pub(in crate::flags) to: To<'a>,
}

/// New state of a definition.
pub(in crate::flags) enum To<'a> {
    /// A variant to serve, by its name or value.
    Variant(&'a str),
    /// Another definition, which is added to a file that lacks it.
    Definition {
        /// Name of the file in the ConfigMap; empty in a resource.
        file: String,
        /// The definition.
        definition: Value,
    },
}

impl<'a> From<&'a str> for To<'a> {
    fn from(wanted: &'a str) -> Self {
        Self::Variant(wanted)
    }
}

/// Reason why a definition cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unchangeable {
    /// No variant of that name or value.
    #[error("it serves one of {}", .0.join(", "))]
    NoVariant(Vec<String>),
    /// Several variants of that value.
    #[error("several of its variants are that: {}", .0.join(", "))]
    SeveralVariants(Vec<String>),
    /// A definition that cannot be read.
    #[error("its definition cannot be read: {0}")]
    Unreadable(String),
}

/// A ConfigMap with a change made in it.
pub(in crate::flags) struct ConfigMapChange {
    pub(in crate::flags) tree: Value,
    /// Value that the flag serves now.
    pub(in crate::flags) value: Value,
    /// Name of a file in YAML that was written anew as JSON.
    pub(in crate::flags) rewritten: Option<String>,
}

/// The variant that is meant by its name, by its value, or by a word for on and off.
pub(in crate::flags) fn variant(
    variants: &BTreeMap<String, Value>,
    wanted: &str,
) -> Result<(String, Value), Unchangeable> {
    if let Some(value) = variants.get(wanted) {
        return Ok((wanted.to_owned(), value.clone()));
    }
    let word = wanted.to_ascii_lowercase();
    let switch = if ON.contains(&word.as_str()) {
        Some(true)
    } else {
        OFF.contains(&word.as_str()).then_some(false)
    };
    let is_meant = |value: &Value| match (value, switch) {
        (Value::Bool(on), Some(wanted)) => *on == wanted,
        (Value::String(text), _) => text == wanted,
        (other, _) => serde_json::from_str::<Value>(wanted).is_ok_and(|value| value == *other),
    };
    let mut meant: Vec<_> = variants.iter().filter(|(_, value)| is_meant(value)).collect();
    match (meant.pop(), meant.is_empty()) {
        (Some((name, value)), true) => Ok((name.clone(), value.clone())),
        (None, _) => Err(Unchangeable::NoVariant(variants.keys().cloned().collect())),
        (Some((last, _)), false) => {
            let names = meant.into_iter().map(|(name, _)| name).chain([last]);
            Err(Unchangeable::SeveralVariants(names.cloned().collect()))
        }
    }
}

/// The variant that a definition is to serve, with its value.
fn chosen(definition: &Value, wanted: &str) -> Result<(String, Value), Unchangeable> {
    let variants = definition.get("variants").and_then(Value::as_object);
    let variants = variants.filter(|variants| !variants.is_empty());
    let unreadable = || Unchangeable::Unreadable("it has no variants".to_owned());
    let variants = variants.ok_or_else(unreadable)?;
    let variants = variants.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    variant(&variants, wanted)
}

/// Changes a document of definitions. Returns what the flag serves now; none where the document
/// has nothing to change.
pub(in crate::flags) fn change_document(
    document: &mut Value,
    change: &Change<'_>,
) -> Result<Option<Value>, Unchangeable> {
    let defaults = document.get("metadata").and_then(Value::as_object).cloned();
    let Some(flags) = document.get_mut("flags") else { return Ok(None) };
    let is_listed = flags.is_array();
    let is_meant = |definition: &Value| {
        let set = definition::flag_set(definition, defaults.as_ref());
        change.flag_set.is_none_or(|meant| meant == set)
    };
    let found = match flags {
        Value::Object(flags) => flags.get_mut(change.key).filter(|one| is_meant(one)),
        Value::Array(flags) => flags.iter_mut().find(|one| {
            one.get("key").and_then(Value::as_str) == Some(change.key) && is_meant(one)
        }),
        _ => None,
    };
    match (&change.to, found) {
        (To::Variant(wanted), Some(definition)) => {
            let (variant, value) = chosen(definition, wanted)?;
            definition["state"] = "ENABLED".into();
            definition["defaultVariant"] = variant.into();
            Ok(Some(value))
        }
        (To::Variant(_), None) => Ok(None),
        (To::Definition { definition, .. }, Some(found)) => {
            *found = if is_listed { with_key(definition, change.key) } else { definition.clone() };
            Ok(Some(Value::Null))
        }
        (To::Definition { definition, .. }, None) => {
            match flags {
                Value::Object(flags) => {
                    flags.insert(change.key.to_owned(), definition.clone());
                }
                Value::Array(flags) => flags.push(with_key(definition, change.key)),
                _ => return Ok(None),
            }
            Ok(Some(Value::Null))
        }
    }
}

/// A definition as a list has it, which tells its key.
fn with_key(definition: &Value, key: &str) -> Value {
    let mut definition = definition.clone();
    definition["key"] = key.into();
    definition
}

/// Changes a ConfigMap that holds documents of definitions; none where it has nothing to change.
pub(in crate::flags) fn change_config_map(
    manifest: &Manifest,
    change: &Change<'_>,
) -> Result<Option<ConfigMapChange>, Unchangeable> {
    if !config_map::may_have_flags(manifest.text()) {
        return Ok(None);
    }
    let tree = manifest.tree();
    let mut changed: Option<ConfigMapChange> = None;
    for File { member, key, text, is_json, document } in config_map::files(&tree) {
        if let To::Definition { file, .. } = &change.to
            && file != key
        {
            continue;
        }
        let mut document = document;
        let Some(value) = change_document(&mut document, change)? else { continue };
        let spliced = if is_json { splice(&text, change, &document) } else { None };
        let rewritten = spliced.is_none().then(|| key.to_owned()).filter(|_| !is_json);
        let text = spliced.unwrap_or_else(|| format!("{document:#}\n"));
        let entry = changed.get_or_insert_with(|| ConfigMapChange {
            tree: tree.clone(),
            value: value.clone(),
            rewritten: None,
        });
        entry.tree[member][key] = config_map::written(member, &text).into();
        entry.rewritten = entry.rewritten.take().or(rewritten);
    }
    Ok(changed)
}

/// The text with only that changed in which its document became another; none where that cannot
/// be told.
fn splice(text: &str, change: &Change<'_>, document: &Value) -> Option<String> {
    #[derive(Deserialize)]
    struct Set<'a> {
        #[serde(borrow)]
        flags: &'a RawValue,
    }
    let flags = serde_json::from_str::<Set<'_>>(text).ok()?.flags;
    let is_listed = !flags.get().starts_with('{');
    let definitions: Vec<(String, &RawValue)> = if is_listed {
        let listed: Vec<&RawValue> = serde_json::from_str(flags.get()).ok()?;
        let key = |raw: &RawValue| {
            let definition: Value = serde_json::from_str(raw.get()).ok()?;
            definition.get("key").and_then(Value::as_str).map(str::to_owned)
        };
        listed.into_iter().filter_map(|raw| Some((key(raw)?, raw))).collect()
    } else {
        let by_key: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(flags.get()).ok()?;
        by_key.into_iter().map(|(key, raw)| (key.into_owned(), raw)).collect()
    };
    let mut of_key = definitions.iter().filter(|(key, _)| key == change.key);
    let found = of_key.next().map(|(_, raw)| *raw);
    if of_key.next().is_some() {
        return None;
    }
    let edits = match (&change.to, found) {
        (To::Variant(_), Some(raw)) => {
            let new: Value = definition_of(document, change.key)?.clone();
            let members: BTreeMap<Cow<'_, str>, &RawValue> =
                serde_json::from_str(raw.get()).ok()?;
            let mut state = new.get("state")?.to_string();
            let variant = new.get("defaultVariant")?.to_string();
            let mut edits = Vec::new();
            match members.get("defaultVariant") {
                Some(raw) => edits.push((span(text, raw)?, variant)),
                None => state = format!("{state}, \"defaultVariant\": {variant}"),
            }
            if let Some(raw) = members.get("state") {
                edits.push((span(text, raw)?, state));
            } else {
                // It comes first: a definition has variants at least.
                let first = span(text, raw)?.start + 1;
                edits.push((first..first, format!("\"state\": {state}, ")));
            }
            edits
        }
        (To::Definition { definition, .. }, Some(raw)) => {
            let entry = if is_listed { &with_key(definition, change.key) } else { definition };
            vec![(span(text, raw)?, format!("{entry:#}"))]
        }
        (To::Definition { definition, .. }, None) => {
            let open = span(text, flags)?.start + 1;
            let is_empty = definitions.is_empty();
            let entry = if is_listed {
                format!("{:#}", with_key(definition, change.key))
            } else {
                format!("{}: {definition:#}", json!(change.key))
            };
            vec![(open..open, format!("\n{entry}{}", if is_empty { "\n" } else { "," }))]
        }
        (To::Variant(_), None) => return None,
    };
    let mut edits = edits;
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut changed = text.to_owned();
    for (range, replacement) in edits {
        changed.replace_range(range, &replacement);
    }
    // What cannot be read back as what was meant is written anew instead.
    serde_json::from_str::<Value>(&changed).ok().filter(|read| read == document)?;
    Some(changed)
}

/// Place of a part in the text that it was read from.
fn span(text: &str, part: &RawValue) -> Option<Range<usize>> {
    let start = part.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let end = start + part.get().len();
    (text.get(start..end)? == part.get()).then_some(start..end)
}

fn definition_of<'a>(document: &'a Value, key: &str) -> Option<&'a Value> {
    match document.get("flags")? {
        Value::Object(flags) => flags.get(key),
        Value::Array(flags) => {
            flags.iter().find(|one| one.get("key").and_then(Value::as_str) == Some(key))
        }
        _ => None,
    }
}

/// The definition that an object has of a flag, with the file that it stands in, and with what the
/// document says of all its flags.
pub(in crate::flags) fn definition_in(
    kind: Kind,
    object: &Value,
    key: &str,
    flag_set: Option<&str>,
) -> Option<(String, Value)> {
    let find = |document: &Value| {
        let defaults = document.get("metadata").and_then(Value::as_object);
        let definition = definition_of(document, key)?;
        let set = definition::flag_set(definition, defaults);
        flag_set.is_none_or(|meant| meant == set).then(|| by_itself(definition, defaults))
    };
    if kind == Kind::FeatureFlag {
        return Some((String::new(), find(object.pointer("/spec/flagSpec")?)?));
    }
    config_map::files(object)
        .find_map(|File { key: file, document, .. }| Some((file.to_owned(), find(&document)?)))
}

/// A definition that says itself what its document says of all, and not its key.
fn by_itself(definition: &Value, defaults: Option<&Map<String, Value>>) -> Value {
    let mut definition = definition.clone();
    if let Some(members) = definition.as_object_mut() {
        members.remove("key");
    }
    for (name, value) in defaults.into_iter().flatten() {
        if matches!(name.as_str(), "service" | "requires" | "flagSetId")
            && let Some(definition) = definition.as_object_mut()
            && let Some(own) =
                definition.entry("metadata").or_insert_with(|| json!({})).as_object_mut()
        {
            own.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    definition
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &str = r#"{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "tax-call": {"state": "DISABLED",
                 "variants": {"on": true, "off": false},   "defaultVariant": "off",
                 "metadata": {"service": "cart"}},
    "colour": {"state": "ENABLED", "variants": {"b": "blue", "r": "red"}, "defaultVariant": "b"}
  }
}"#;

    fn config_map(file: &str, text: &str) -> Manifest {
        Manifest::new(&json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "flags"},
            "data": {file: text},
        }))
    }

    fn changed(
        file: &str,
        text: &str,
        key: &str,
        to: To<'_>,
    ) -> Result<(String, Value), Unchangeable> {
        let change = Change { key, flag_set: None, to };
        let changed =
            change_config_map(&config_map(file, text), &change)?.expect("the flag is there");
        let text = changed.tree["data"][file].as_str().expect("data is text").to_owned();
        Ok((text, changed.value))
    }

    #[test]
    fn only_what_it_serves_is_another_text() {
        let (text, value) = changed("a.flagd.json", FLAGS, "tax-call", "on".into()).unwrap();
        assert_eq!(value, json!(true));
        let expected = FLAGS.replacen("DISABLED", "ENABLED", 1).replacen(
            "\"defaultVariant\": \"off\"",
            "\"defaultVariant\": \"on\"",
            1,
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_variant_is_known_by_name_value_or_word() {
        for (key, wanted, expected) in [
            ("tax-call", "true", json!(true)),
            ("tax-call", "OFF", json!(false)),
            ("colour", "r", json!("red")),
            ("colour", "red", json!("red")),
        ] {
            let (_, value) = changed("a.flagd.json", FLAGS, key, wanted.into()).unwrap();
            assert_eq!(value, expected, "{wanted}");
        }
        let refused = changed("a.flagd.json", FLAGS, "colour", "green".into()).unwrap_err();
        assert_eq!(refused.to_string(), "it serves one of b, r");
    }

    #[test]
    fn lists_and_yaml_are_changed_too() {
        let listed =
            r#"{"flags":[{"key":"x","state":"ENABLED","variants":{"on":true,"off":false}}]}"#;
        let (text, _) = changed("flags.json", listed, "x", "on".into()).unwrap();
        assert_eq!(text, listed.replace("\"ENABLED\"", "\"ENABLED\", \"defaultVariant\": \"on\""));
        let stateless = r#"{"flags": {"x": {"variants": {"on": true, "off": false}}}}"#;
        let (text, _) = changed("flags.flagd.json", stateless, "x", "on".into()).unwrap();
        let expected = r#"{"state": "ENABLED", "defaultVariant": "on", "variants""#;
        assert_eq!(text, stateless.replace("{\"variants\"", expected));
        let empty = r#"{"flags": {"x": {"variants": {}}}}"#;
        let refused = changed("flags.flagd.json", empty, "x", "on".into()).unwrap_err();
        assert_eq!(refused.to_string(), "its definition cannot be read: it has no variants");
        let yaml = "flags:\n  x: # why\n    state: ENABLED\n    variants: {on: true, off: false}\n    defaultVariant: off\n";
        let (text, value) = changed("x.flagd.yaml", yaml, "x", "on".into()).unwrap();
        assert_eq!(value, json!(true));
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["flags"]["x"]["defaultVariant"], "on");
    }

    #[test]
    fn a_definition_is_carried_over() {
        let theirs = FLAGS.replacen("DISABLED", "ENABLED", 1);
        let found = |text: &str| {
            let object = config_map("a.flagd.json", text).tree();
            definition_in(Kind::ConfigMap, &object, "tax-call", None).unwrap()
        };
        let (file, definition) = found(&theirs);
        let to = To::Definition { file: file.clone(), definition: definition.clone() };
        let (text, _) = changed("a.flagd.json", FLAGS, "tax-call", to).unwrap();
        assert_eq!(found(&text).1, definition);
        assert!(text.contains("   \"colour\": {\"state\": \"ENABLED\", \"variants\""), "{text}");
        for empty in [
            r#"{"flags": {}}"#,
            r#"{"flags": []}"#,
            r#"{"flags":{"y":{"state":"ENABLED","variants":{"on":true}}}}"#,
        ] {
            let to = To::Definition { file: file.clone(), definition: definition.clone() };
            let (text, _) = changed("a.flagd.json", empty, "tax-call", to).unwrap();
            assert_eq!(found(&text).1, definition);
        }
    }

    #[test]
    fn what_a_document_says_of_all_goes_along() {
        let text = r#"{"metadata":{"service":"tax","x":1},"flags":{"y":{"state":"ENABLED","variants":{"on":true}}}}"#;
        let object = config_map("a.flagd.json", text).tree();
        let (_, definition) = definition_in(Kind::ConfigMap, &object, "y", None).unwrap();
        assert_eq!(definition["metadata"], json!({"service": "tax"}));
    }
}
