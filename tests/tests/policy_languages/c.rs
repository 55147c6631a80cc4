//! Policies in C.

use end_to_end::test;

use crate::program::succeed;
use crate::tools::Tools;
use crate::workplace::Workplace;

const TOOLS: Tools = Tools {
    language: "c",
    needs: &["cargo", "make", "python3"],
    files: &["Makefile"],
    pin: "_VERSION := ",
    install: "make .tools/complete",
    folder: ".tools",
};

#[test]
fn compatibility() {
    let place = Workplace::new_policy("c", "compatibility");
    TOOLS.put_into(place.path());
    succeed("make", place.path());
    place.test("no-latest");
    let imports = place.inspect()["imports"].to_string();
    assert!(!imports.contains("wasi:"), "{imports}");
}
