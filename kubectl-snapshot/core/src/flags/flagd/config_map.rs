//! Flag definitions in ConfigMaps, which flagd reads as files: JSON or YAML by their ending.

use data_encoding::BASE64;
use serde_json::Value;

use super::{error::UnreadableText, recognise};
use crate::yaml::{self, Reader};

/// True if a ConfigMap may have definitions; enough to pass over most. Those in binary data
/// cannot be seen before they are decoded.
pub(super) fn may_have_flags(manifest: &str) -> bool {
    manifest.contains("flag") || manifest.contains("\"binaryData\"")
}

/// Each key that has definitions, with the document, or the reason why it cannot be read.
pub(super) fn documents(
    config_map: &Value,
) -> impl Iterator<Item = (&str, Result<Value, UnreadableText>)> {
    let members = |name: &str| config_map.get(name).and_then(Value::as_object);
    let texts = members("data").into_iter().flatten().filter_map(|(key, text)| {
        let document = document(key, text.as_str().unwrap_or_default());
        Some((key.as_str(), document.transpose()?))
    });
    let encoded = members("binaryData").into_iter().flatten().filter_map(|(key, text)| {
        let document = match decode(text.as_str().unwrap_or_default()) {
            Ok(text) => document(key, &text),
            Err(fault) if recognise::has_flagd_name(key) => Err(fault),
            Err(_) => Ok(None),
        };
        Some((key.as_str(), document.transpose()?))
    });
    texts.chain(encoded)
}

/// Files that hold definitions in a later YAML document too, which flagd does not read.
pub(super) fn with_unread_documents(config_map: &Value) -> impl Iterator<Item = &str> {
    let texts = config_map.get("data").and_then(Value::as_object);
    texts.into_iter().flatten().filter_map(|(key, text)| {
        let text = text.as_str().unwrap_or_default();
        // Few have a second document, and none is read twice for another reason.
        if !text.contains("\n---") || document(key, text).ok().flatten().is_none() {
            return None;
        }
        let documents: Vec<_> =
            yaml::documents(text, Reader::Flagd).collect::<Result<_, _>>().ok()?;
        documents.iter().skip(1).any(recognise::has_flags).then_some(key.as_str())
    })
}

/// A file of definitions in a ConfigMap.
pub(super) struct File<'a> {
    /// `data` or `binaryData`.
    pub(super) member: &'static str,
    /// Name of the file.
    pub(super) key: &'a str,
    /// Text of it.
    pub(super) text: String,
    /// True where it is read as JSON.
    pub(super) is_json: bool,
    /// The definitions.
    pub(super) document: Value,
}

/// The files that hold definitions, which can be read.
pub(super) fn files(config_map: &Value) -> impl Iterator<Item = File<'_>> {
    let members = ["data", "binaryData"].into_iter().flat_map(|member| {
        let entries = config_map.get(member).and_then(Value::as_object).into_iter().flatten();
        entries.map(move |(key, text)| (member, key.as_str(), text.as_str().unwrap_or_default()))
    });
    members.filter_map(|(member, key, text)| {
        let text = if member == "data" { text.to_owned() } else { decode(text).ok()? };
        let document = document(key, &text).ok()??;
        Some(File { member, key, is_json: !is_yaml(key, &text), text, document })
    })
}

/// A file's text as a member of the ConfigMap has it.
pub(super) fn written(member: &str, text: &str) -> String {
    if member == "data" { text.to_owned() } else { BASE64.encode(text.as_bytes()) }
}

/// The text of binary data; the kubelet mounts it as it does the other data.
fn decode(encoded: &str) -> Result<String, UnreadableText> {
    let problem = |format, problem: String| UnreadableText { format, problem };
    let bytes =
        BASE64.decode(encoded.as_bytes()).map_err(|error| problem("base64", error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| problem("text", error.to_string()))
}

/// The definitions in a text, where it has some.
fn document(key: &str, text: &str) -> Result<Option<Value>, UnreadableText> {
    let has_name = recognise::has_flagd_name(key);
    if !has_name && !text.contains("flags") {
        return Ok(None);
    }
    let read = if is_yaml(key, text) {
        // flagd takes the first document, too.
        let first = yaml::first_document(text, Reader::Flagd);
        first.map_err(|problem| UnreadableText { format: "YAML", problem })
    } else {
        serde_json::from_str(text)
            .map_err(|error| UnreadableText { format: "JSON", problem: error.to_string() })
    };
    match read {
        Ok(document) => {
            Ok(Some(document).filter(|document| recognise::looks_like_flagd(key, document)))
        }
        Err(fault) if has_name || recognise::has_flagd_words(text) => Err(fault),
        // Not every text that speaks of flags means to be definitions.
        Err(_) => Ok(None),
    }
}

/// True if flagd reads a file as YAML.
fn is_yaml(key: &str, text: &str) -> bool {
    match key.rsplit_once('.') {
        Some((_, "json")) => false,
        Some((_, "yaml" | "yml")) => true,
        // Mounted under a name that is not known here.
        _ => !text.trim_start().starts_with('{'),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DEFINITIONS: &str = "flags:\n  tax-call:\n    state: ENABLED\n    variants: {on: true, off: false}\n    defaultVariant: on\n";

    fn found(config_map: &Value) -> Vec<(&str, Result<Value, String>)> {
        documents(config_map)
            .map(|(key, document)| (key, document.map_err(|fault| fault.to_string())))
            .collect()
    }

    #[test]
    fn definitions_are_read_by_their_ending_or_what_they_hold() {
        let expected = json!({"flags": {"tax-call": {
            "state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on",
        }}});
        let as_json = expected.to_string();
        for (key, text) in [
            ("shop.flagd.yaml", DEFINITIONS),
            ("flags.yml", DEFINITIONS),
            ("flags", DEFINITIONS),
            ("shop.flagd.json", &as_json),
            ("flags.yaml", &as_json),
            ("flags", &as_json),
        ] {
            for config_map in [
                json!({"data": {key: text}}),
                json!({"binaryData": {key: BASE64.encode(text.as_bytes())}}),
            ] {
                assert_eq!(found(&config_map), [(key, Ok(expected.clone()))], "{config_map}");
            }
        }
        let two = json!({"data": {"flags.yaml": format!("{DEFINITIONS}---\nflags: {{}}\n")}});
        assert_eq!(found(&two), [("flags.yaml", Ok(expected))]);
        assert_eq!(with_unread_documents(&two).collect::<Vec<_>>(), ["flags.yaml"]);
        for other in ["", "---\n", "---\nnotes: 1\n", "# flags\n"] {
            let config_map = json!({"data": {"flags.yaml": format!("{DEFINITIONS}{other}")}});
            assert_eq!(with_unread_documents(&config_map).count(), 0, "{other}");
        }
    }

    #[test]
    fn what_is_meant_as_definitions_and_cannot_be_read_is_said() {
        let broken = DEFINITIONS.replace("ENABLED", "[");
        for (key, text) in [
            ("shop.flagd.yaml", "flags: ["),
            ("shop.flagd.json", DEFINITIONS),
            ("flags.yaml", &broken),
            ("flags", &broken),
            ("any.json", "{\"$schema\": \"https://flagd.dev/schema/v0/flags.json\", \"flags\": "),
        ] {
            let config_map = json!({"data": {key: text}});
            let found = found(&config_map);
            assert!(matches!(&found[..], [(_, Err(_))]), "{key}: {found:?}");
        }
        let garbage = json!({"binaryData": {"shop.flagd.json": "/w==", "other": "/w=="}});
        let found = found(&garbage);
        assert!(
            matches!(&found[..], [("shop.flagd.json", Err(fault))] if fault.starts_with("text: ")),
            "{found:?}"
        );
    }

    #[test]
    fn other_files_are_left_alone() {
        let others = json!({"data": {
            "app.yaml": "flags: [a, b]\n", "jvm": "-XX:flags", "log.json": "{\"flags\": 1}",
            "template.yaml": "flags: {{ .Values.flags }}", "nginx.conf": "flags {\n",
        }});
        assert_eq!(found(&others), []);
    }
}
