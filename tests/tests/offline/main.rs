//! The plugin as users run it, where there is no cluster: no control plane is built or started,
//! and Go may be absent.

mod bad_input;
mod bisect;
mod check;
mod completion;
mod compose;
mod diff;
mod doctor;
mod environment;
mod evidence;
mod flags;
mod git;
mod golden;
mod harness;
mod html;
mod init;
mod krew;
mod learn;
mod output;
mod plugin;
mod policy;
mod policy_new;
mod published;
mod readme;
mod registry;
mod scale;
mod shop;
mod signals;
mod then;

use std::path::Path;
use std::process::ExitCode;

use end_to_end::test;

fn main() -> ExitCode {
    end_to_end::run_offline()
}

#[test]
fn every_test_is_registered() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offline");
    end_to_end::assert_all_registered(&here);
}
