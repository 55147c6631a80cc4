//! Flag files that others have published: those with which flagd's own schema is tested, of
//! OpenTelemetry's demo, and of the operator for OpenFeature.

use std::fs;
use std::path::Path;

use end_to_end::{Output, plugin, shared_data, test};

/// Files with which flagd tests its schema, and how many flags each has.
const VALID: [(&str, usize); 5] = [
    ("example.flagd.json", 8),
    ("full.json", 13),
    ("minimal.json", 1),
    ("with-metadata.json", 1),
    ("with-valid-targeting.json", 1),
];

/// Those that the schema refuses, and flagd serves.
const INVALID: [&str; 2] = ["state-set-incorrectly.json", "mixed-variant-types.ffconfig.json"];

/// The schemas themselves.
const SCHEMAS: [&str; 3] = ["flags.json", "flagd.json", "targeting.json"];

/// Runs in the folder, so that messages name the file as one would type it.
fn get(folder: &str, file: &str) -> Output {
    let folder = shared_data().join(folder);
    let file = format!("./{file}");
    plugin(["get", &file, "-o", "json"]).current_dir(&folder).run()
}

#[track_caller]
fn count(read: &Output) -> usize {
    assert_eq!(read.exit, 0, "{}", read.transcript());
    read.json()["spec"]["flags"].as_object().map_or(0, serde_json::Map::len)
}

fn schemas(file: &str) -> Output {
    get("flags/flagd-schemas", file)
}

#[test]
fn valid_flags_are_read() {
    for (file, flags) in VALID {
        assert_eq!(count(&schemas(file)), flags, "{file}");
    }
}

#[test]
fn flags_that_the_schema_refuses_are_taken_as_flagd_serves_them() {
    for (file, says) in INVALID.into_iter().zip([
        "flag myBoolFlag without state ENABLED or DISABLED: flagd serves it as enabled; the \
         in-process evaluators for Python and Node refuse the whole file",
        "flag myBoolFlag with variants of several types: a service gets an error for one that is \
         not of the type it asks for",
    ]) {
        let read = schemas(file);
        assert_eq!(count(&read), 1, "{file}");
        let warning = format!("flagd:./{file}: {says}");
        assert!(read.stderr.contains(&warning), "{}", read.transcript());
    }
}

#[test]
fn schemas_are_no_flags() {
    for file in SCHEMAS {
        let read = schemas(file);
        assert_eq!((read.exit, read.stdout.as_str()), (1, ""), "{}", read.transcript());
        let says = "document 1: it is a JSON Schema; expected";
        assert!(read.stderr.contains(says), "{}", read.transcript());
    }
}

#[test]
fn every_file_of_the_schema_is_judged_as_it_judges_it() {
    let folder = shared_data().join("flags/flagd-schemas");
    let known = VALID.map(|(file, _)| file);
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_json = Path::new(&name).extension().is_some_and(|extension| extension == "json");
        if is_json && !INVALID.contains(&name.as_str()) && !SCHEMAS.contains(&name.as_str()) {
            assert!(known.contains(&name.as_str()) || schemas(&name).exit == 0, "{name}");
        }
    }
}

#[test]
fn the_demos_flags_are_read() {
    let releases = fs::read_dir(shared_data().join("otel-demo")).unwrap();
    for release in releases.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let flags = count(&get(&format!("otel-demo/{release}"), "demo.flagd.json"));
        assert!(flags > 5, "{release} has {flags} flags");
    }
}

#[test]
fn of_the_operators_samples_flags_are_read() {
    for (file, flags) in [
        ("core_v1beta1_featureflag.yaml", true),
        ("core_v1beta1_featureflagsource.yaml", false),
        ("core_v1beta1_flagd.yaml", false),
    ] {
        let read = get("flags/openfeature-operator", file);
        assert_eq!(read.exit == 0, flags, "{}", read.transcript());
    }
}
