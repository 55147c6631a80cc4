//! Look-ups beside the question, as texts.

use snapshot_policy::sets::{self, Side};
use snapshot_policy::{FeatureFlag, Finding, Instance, Subject, lookup};

/// Each look-up of the shop's tax and of its flag, and of all.
pub(crate) fn all() -> Vec<String> {
    let service = |name: &str| Instance {
        service: name.to_owned(),
        name: name.to_owned(),
        ..Instance::default()
    };
    let (tax, other) = (service("tax"), service("other"));
    let flag = FeatureFlag { key: "tax-call".to_owned(), enabled: true, ..FeatureFlag::default() };
    vec![
        format!("{:?}", lookup::images(&tax)),
        format!("{:?}", lookup::images(&other)),
        format!("{:?}", lookup::all_images().map(|all| all.len())),
        format!("{:?}", lookup::environment(&tax)),
        format!("{:?}", lookup::all_environments().map(|all| all.len())),
        format!("{:?}", lookup::flag_state(&flag)),
        format!("{:?}", lookup::all_flag_states().map(|all| all.len())),
        format!("on {}, may be {}", flag.is_on(), flag.may_be_on()),
        format!("{:?}", lookup::capture()),
        format!("{:?}", lookup::running_capture()),
        format!("{:?}", lookup::config_map("schema")),
        format!("{:?}", lookup::config_map("shop")),
        format!("{:?}", lookup::config_maps().map(|all| all.len())),
        format!("{:?}", lookup::instance(&tax)),
        format!("{:?}", lookup::all_instances().map(|all| all.len())),
        format!("{:?}", lookup::running_instance(&tax)),
        format!("{:?}", lookup::all_running_instances().map(|all| all.len())),
        format!("{:?}", lookup::stage("qa")),
        format!("{:?}", lookup::all_stages().map(|all| all.len())),
        format!("{:?}", lookup::facts()),
        format!("{:?}", lookup::instances_beside()),
        format!("{:?}", lookup::flags_beside()),
        format!("{:?}", lookup::routes()),
        format!("{:?}", lookup::running_routes().map(|all| all.len())),
    ]
}

/// Each part of the sets.
pub(crate) fn of_sets() -> Vec<String> {
    let tax = Subject::Instance("tax/tax".to_owned());
    let flag = Subject::FeatureFlag("tax-call".to_owned());
    vec![
        format!("{:?}", sets::summary_of(Side::Candidate)),
        format!("{:?}", sets::summary_of(Side::Running)),
        format!("{:?}", sets::services(Side::Candidate)),
        format!("{:?}", sets::instances_of(Side::Running, "tax")),
        format!("{:?}", sets::instances_of(Side::Candidate, "cart")),
        format!("{:?}", sets::flag(Side::Candidate, "tax-call")),
        format!("{:?}", sets::flag(Side::Candidate, "other")),
        format!("{:?}", sets::flags(Side::Candidate)),
        format!("{:?}", sets::changes_of(&tax)),
        format!("{:?}", sets::changes_of(&flag)),
        format!("{:?}", sets::changed()),
        format!("{:?}", sets::requirements_of(&flag)),
    ]
}

/// Findings of which some may pass by themselves.
pub(crate) fn waiting() -> Vec<Finding> {
    vec![
        Finding::deny("a", "never").may_pass(),
        Finding::undecided("b", "soon").passes_at(7),
        Finding::undecided("b", "some day").may_pass(),
        Finding::undecided("c", "soon"),
    ]
}
