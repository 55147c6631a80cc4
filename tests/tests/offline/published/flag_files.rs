//! The files with which flagd's own schema is tested.

use end_to_end::{Cluster, Output};

use super::published::Release;

#[test]
fn valid_flags_are_read() {
    for (file, flags) in [
        ("example.flagd.json", 8),
        ("full.json", 13),
        ("minimal.json", 1),
        ("with-metadata.json", 1),
        ("with-valid-targeting.json", 1),
    ] {
        let Some(read) = get(file) else { return };
        assert_eq!(read.exit, 0, "{}", read.transcript());
        let found = read.json()["spec"]["flags"].as_object().map_or(0, serde_json::Map::len);
        assert_eq!(found, flags, "{}", read.transcript());
    }
}

#[test]
fn flags_that_flagd_refuses_are_refused_by_file_and_name() {
    let [Some(state), Some(types)] =
        ["state-set-incorrectly.json", "mixed-variant-types.ffconfig.json"].map(get)
    else {
        return;
    };
    insta::assert_snapshot!(state, @r#"
    $ kubectl snapshot get ./state-set-incorrectly.json -o json
    exit: 1
    -- stderr --
    error: flagd:./state-set-incorrectly.json: flag myBoolFlag: its state is "WILL-FAIL"; write "ENABLED" or "DISABLED"
    "#);
    insta::assert_snapshot!(types, @r"
    $ kubectl snapshot get ./mixed-variant-types.ffconfig.json -o json
    exit: 1
    -- stderr --
    error: flagd:./mixed-variant-types.ffconfig.json: flag myBoolFlag: its variants off and on differ in type; give all of them one type
    ");
}

#[test]
fn schemas_are_no_flags() {
    for file in ["flags.json", "flagd.json", "targeting.json"] {
        let Some(read) = get(file) else { return };
        assert_eq!((read.exit, read.stdout.as_str()), (1, ""), "{}", read.transcript());
        let says = "document 1: it is a JSON Schema; expected";
        assert!(read.stderr.contains(says), "{}", read.transcript());
    }
}

/// Runs in the folder, so that messages name the file as one would type it.
fn get(file: &str) -> Option<Output> {
    let folder = Release::at("flags/flagd-schemas")?;
    let file = format!("./{file}");
    let get = Cluster::shared().plugin(["get", &file, "-o", "json"]);
    Some(get.current_dir(folder.path().as_ref()).run())
}
