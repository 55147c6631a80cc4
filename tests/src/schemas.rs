//! The published JSON Schemas, and what the plugin printed held against them.
//!
//! Every run of every test goes through here, so that no report can have a member that
//! nobody has written down.

use std::{collections::BTreeMap, fs, path::Path, sync::OnceLock};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Deserializer, Value};

/// Prefix of every `apiVersion` of the plugin's documents.
const GROUP: &str = "kubectl-snapshot.dev/";
/// Base URL of the schemas, so that one can refer to another by its file's name.
const BASE: &str = "file:///schemas/";

/// The schemas by name: the `kind` of what they describe, or the store's section.
fn schemas() -> &'static BTreeMap<String, Validator> {
    static SCHEMAS: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let texts = texts();
        let mut registry = Registry::new();
        for (name, schema) in &texts {
            registry = registry.add(uri(name), schema.clone()).expect("a file's name is a URI");
        }
        let registry = registry.prepare().expect("the schemas refer to each other");
        let build = |(name, schema): (&String, &Value)| {
            let options = jsonschema::options().with_draft(Draft::Draft202012);
            let options = options.should_validate_formats(true).with_base_uri(uri(name));
            let validator = options.with_registry(&registry).build(schema);
            (name.clone(), validator.unwrap_or_else(|error| panic!("{name}.json: {error}")))
        };
        texts.iter().map(build).collect()
    })
}

fn uri(name: &str) -> String {
    format!("{BASE}{name}.json")
}

fn texts() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/schemas");
    let files = fs::read_dir(folder).expect("the schemas are there");
    let read = |path: &Path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        let text = fs::read_to_string(path).ok()?;
        let schema = serde_json::from_str(&text);
        Some((name, schema.unwrap_or_else(|error| panic!("{}: {error}", path.display()))))
    };
    files.filter_map(|entry| read(&entry.ok()?.path())).collect()
}

/// The name of every published schema.
#[must_use]
pub fn published_schemas() -> Vec<String> {
    schemas().keys().cloned().collect()
}

/// Violations of the schema of that name by a value.
///
/// # Panics
/// Where there is no such schema.
#[must_use]
pub fn schema_violations(name: &str, value: &Value) -> Vec<String> {
    let schema = schemas().get(name);
    let schema = schema.unwrap_or_else(|| panic!("there is no docs/reference/schemas/{name}.json"));
    let in_words =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    schema.iter_errors(value).map(in_words).collect()
}

/// Holds what a program printed against the schemas, where it is of the plugin.
///
/// # Panics
/// Where it is not as published.
#[track_caller]
pub(crate) fn check(stdout: &str, transcript: impl FnOnce() -> String) {
    if !stdout.trim_start().starts_with('{') || !stdout.contains(GROUP) {
        return;
    }
    // What is no JSON to its end is no report: a test may print YAML, or cut something short.
    let Ok(documents) =
        Deserializer::from_str(stdout).into_iter().collect::<Result<Vec<Value>, _>>()
    else {
        return;
    };
    let text = |document: &Value, member: &str| {
        document.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let ours = |document: &&Value| text(document, "apiVersion").starts_with(GROUP);
    for document in documents.iter().filter(ours) {
        let violations = schema_violations(&text(document, "kind"), document);
        assert!(
            violations.is_empty(),
            "not as docs/reference/schemas have it:\n{}\n{}",
            violations.join("\n"),
            transcript()
        );
    }
}
