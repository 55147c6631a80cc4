//! Recognition of flagd's documents.

use serde_json::Value;

/// File name endings that flagd's own documentation uses.
const ENDINGS: [&str; 3] = [".flagd.json", ".flagd.yaml", ".flagd.yml"];

/// True if a document that is no manifest holds definitions, be they wrong ones.
pub(super) fn is_file(name: &str, document: &Value) -> bool {
    has_flags(document) || looks_like_flagd(name, document)
}

/// True if a document has the member that definitions stand in.
pub(super) fn has_flags(document: &Value) -> bool {
    document.get("flags").is_some_and(|flags| flags.is_object() || flags.is_array())
}

/// True if a name is one that flagd's own documentation gives to definitions.
pub(super) fn has_flagd_name(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// True if a text that cannot be read was meant as definitions, by the words in it.
pub(super) fn has_flagd_words(text: &str) -> bool {
    text.contains("flagd.dev/schema/")
        || ["flags", "state", "variants"].into_iter().all(|word| text.contains(word))
}

/// True if a document is meant for flagd: by its name, its schema, or the shape of every flag.
pub(super) fn looks_like_flagd(name: &str, value: &Value) -> bool {
    let by_name = has_flagd_name(name);
    let by_schema = value.get("$schema").and_then(Value::as_str).is_some_and(names_flagd);
    by_name || by_schema || value.get("flags").is_some_and(has_flags_only)
}

fn names_flagd(schema: &str) -> bool {
    schema.contains("flagd.dev/schema/") || schema.rsplit('/').next() == Some("flags.json")
}

/// True of flags alone: each has a state or variants, which flagd both does without, and one of
/// them has enough to tell by.
fn has_flags_only(flags: &Value) -> bool {
    let has = |flag: &Value, name: &str| flag.get(name).is_some();
    let may_be = |flag: &Value| has(flag, "state") || has(flag, "variants");
    let is_flag =
        |flag: &Value| has(flag, "variants") && (has(flag, "state") || has(flag, "defaultVariant"));
    match flags {
        Value::Object(flags) => flags.values().all(may_be) && flags.values().any(is_flag),
        Value::Array(flags) => flags.iter().all(may_be) && flags.iter().any(is_flag),
        _ => false,
    }
}
