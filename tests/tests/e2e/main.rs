//! The plugin as users run it, against a real control plane.
//!
//! One module a subject; one test binary, so that one control plane serves all. What needs no
//! cluster is tested in `offline`.

mod access;
mod apply;
mod as_kubectl;
mod back;
mod bad_input;
mod builders;
mod capture;
mod completion;
mod compose;
mod connect;
mod control_plane;
mod desk;
mod diff;
mod docs;
mod doctor;
mod drivers;
mod environment;
mod evidence;
mod export;
mod fault_harness;
mod files;
mod flag_systems;
mod gc;
mod git;
mod golden;
mod guard;
mod harness;
mod html;
mod krew;
mod labels;
mod learn;
mod lost_answers;
mod output;
mod owners;
mod page;
mod parts;
mod places;
mod plan_files;
mod plugin;
mod policy;
mod promote;
mod published;
mod real_shops;
mod registry;
mod round_trip;
mod routes;
mod scale;
mod scaler;
mod shop;
mod stage;
mod status;
mod traces;
mod unleash;
mod versions;

use std::path::Path;
use std::process::ExitCode;

use end_to_end::test;

fn main() -> ExitCode {
    end_to_end::run()
}

#[test]
fn every_test_is_registered() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e");
    end_to_end::assert_all_registered(&here);
}
