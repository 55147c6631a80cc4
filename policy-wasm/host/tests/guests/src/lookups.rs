//! Look-ups beside the question, as texts.

use snapshot_policy::{FeatureFlag, Instance, lookup};

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
    ]
}
