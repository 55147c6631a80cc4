//! Policies in every language that `policy new` has a template for, and the
//! examples under `policies/`: built by the language's ordinary tools, loaded
//! by the plugin's host, and asked what their fixtures ask.
//!
//! Rust is always there. The tools of the other languages are installed into
//! the user's cache folder, once, as the template's own files say; where that is
//! impossible the test is ignored, or fails with `KUBECTL_SNAPSHOT_TEST_LANGUAGES=all`.

mod c;
mod javascript;
mod program;
mod python;
mod refusal;
mod rust;
mod tools;
mod workplace;

use std::path::Path;
use std::process::ExitCode;

use end_to_end::test;

fn main() -> ExitCode {
    end_to_end::run()
}

#[test]
fn every_test_is_registered() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_languages");
    end_to_end::assert_all_registered(&here);
}
