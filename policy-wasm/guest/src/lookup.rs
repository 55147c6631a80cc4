//! Look-ups: what a policy may ask about the candidate beyond its question.
//!
//! A policy that calls one of these functions imports the contract's optional interface behind
//! it, and costs what that costs; all others pay nothing. Each answers `None` where nobody knows,
//! as in a decision that was recorded before the interface was there: what cannot be told is
//! undecided, and no yes.
//!
//! Native tests say with [`tell`] what is known:
//!
//! ```
//! use snapshot_policy::{Instance, lookup};
//!
//! let cart = Instance { service: "cart".into(), name: "cart".into(), ..Instance::default() };
//! assert_eq!(lookup::images(&cart), None);
//! lookup::tell(lookup::Details {
//!     images: Some(vec![lookup::InstanceImages { instance: cart.key(), images: vec![] }]),
//!     ..lookup::Details::default()
//! });
//! assert_eq!(lookup::images(&cart), Some(vec![]));
//! ```

use crate::{FeatureFlag, Instance};

#[doc(inline)]
pub use crate::bindings::lookup::snapshot::policy::{
    beside::{ResidentFlag, State as ResidentState},
    captures::Capture,
    config_maps::{ConfigMap, Contents},
    environment::{Entry, Hidden, InstanceVariables, Key, Source, Variables},
    facts::{Ending, Fact},
    flag_states::{FlagState, State},
    images::{Image, InstanceImages},
    instances::{Container as ContainerDetails, InstanceDetails},
    routes::{Route, Rule as RouteRule, Share as RouteShare},
    stages::{Deployed, StageState},
};

#[cfg(target_family = "wasm")]
use crate::bindings::lookup::snapshot::policy as imported;
#[cfg(not(target_family = "wasm"))]
use crate::told as imported;
#[cfg(not(target_family = "wasm"))]
pub use crate::told::{Beside, Captures, Details, Instances, Routes, tell};

/// The images of an instance: as they ran, and as they will be written.
#[must_use]
pub fn images(instance: &Instance) -> Option<Vec<Image>> {
    imported::images::of_instance(&instance.key())
}

/// The images of all instances, sorted by `service/instance`.
#[must_use]
pub fn all_images() -> Option<Vec<InstanceImages>> {
    imported::images::all()
}

/// The environment that the pods of an instance will have.
#[must_use]
pub fn environment(instance: &Instance) -> Option<Variables> {
    imported::environment::of_instance(&instance.key())
}

/// The environment that the pods of all instances will have, sorted by `service/instance`.
#[must_use]
pub fn all_environments() -> Option<Vec<InstanceVariables>> {
    imported::environment::all()
}

/// For whom a flag is on.
#[must_use]
pub fn flag_state(flag: &FeatureFlag) -> Option<FlagState> {
    imported::flag_states::of_flag(&flag.key)
}

/// For whom each flag is on, sorted by key.
#[must_use]
pub fn all_flag_states() -> Option<Vec<FlagState>> {
    imported::flag_states::all()
}

/// The instances that stay where the candidate would go and are not in it, sorted by service,
/// then name.
#[must_use]
pub fn instances_beside() -> Option<Vec<Instance>> {
    imported::beside::instances()
}

/// The flags that stay where the candidate would go and are not in it, sorted by key.
#[must_use]
pub fn flags_beside() -> Option<Vec<ResidentFlag>> {
    imported::beside::feature_flags()
}

/// The routes of the candidate: how requests are shared among its instances, sorted by kind,
/// then name.
#[must_use]
pub fn routes() -> Option<Vec<Route>> {
    imported::routes::of_candidate()
}

/// The routes of what runs where the candidate would go, sorted by kind, then name.
#[must_use]
pub fn running_routes() -> Option<Vec<Route>> {
    imported::routes::of_running()
}

/// Capture of the candidate: by whom, when and why.
#[must_use]
pub fn capture() -> Option<Capture> {
    imported::captures::of_candidate()
}

/// Capture of what runs where the candidate would go.
#[must_use]
pub fn running_capture() -> Option<Capture> {
    imported::captures::of_running()
}

/// A ConfigMap of the candidate, of those that the binding names.
#[must_use]
pub fn config_map(name: &str) -> Option<ConfigMap> {
    imported::config_maps::of_name(name)
}

/// The ConfigMaps that the binding names, sorted by name.
#[must_use]
pub fn config_maps() -> Option<Vec<ConfigMap>> {
    imported::config_maps::all()
}

/// An instance of the candidate beyond its record: its pods, and rollouts under way.
#[must_use]
pub fn instance(instance: &Instance) -> Option<InstanceDetails> {
    imported::instances::of_candidate(&instance.key())
}

/// The candidate's instances beyond their records, sorted by `service/instance`.
#[must_use]
pub fn all_instances() -> Option<Vec<InstanceDetails>> {
    imported::instances::all_of_candidate()
}

/// An instance that runs where the candidate would go, beyond its record.
#[must_use]
pub fn running_instance(instance: &Instance) -> Option<InstanceDetails> {
    imported::instances::of_running(&instance.key())
}

/// Instances that run where the candidate would go, beyond their records, sorted by `service/instance`.
#[must_use]
pub fn all_running_instances() -> Option<Vec<InstanceDetails>> {
    imported::instances::all_of_running()
}

/// State of a stage, by its records.
#[must_use]
pub fn stage(name: &str) -> Option<StageState> {
    imported::stages::of_stage(name)
}

/// States of the stages, sorted by name.
#[must_use]
pub fn all_stages() -> Option<Vec<StageState>> {
    imported::stages::all()
}

/// The recorded facts about the candidate, approvals among them, whole.
#[must_use]
pub fn facts() -> Option<Vec<Fact>> {
    imported::facts::all()
}

impl ConfigMap {
    /// A value in it; none where there is no such key, or no such ConfigMap.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        let data = &self.contents.as_ref()?.data;
        data.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str())
    }
}

impl Image {
    /// True if what will be written names the image by its digest, so that nothing else can be
    /// pulled.
    #[must_use]
    pub fn will_be_pinned(&self) -> bool {
        self.after.contains('@')
    }
}

impl Variables {
    /// The entries of a name, one for each container that has it.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.name == name)
    }

    /// The sources that may have a variable of this name, and do not say.
    pub fn may_hide<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Hidden> {
        self.hidden.iter().filter(move |hidden| name.starts_with(&hidden.prefix))
    }
}

impl FlagState {
    /// True if the flag is on for everybody.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == State::On
    }

    /// True unless the flag is off for everybody, and known to be.
    #[must_use]
    pub fn may_be_on(&self) -> bool {
        self.state != State::Off
    }
}

impl RouteShare {
    /// True if the backend gets more than so many of a hundred requests.
    #[must_use]
    pub fn is_over(&self, percent: u64) -> bool {
        u128::from(self.weight) * 100 > u128::from(self.sum) * u128::from(percent)
    }

    /// True if an instance is among those who get the requests.
    #[must_use]
    pub fn reaches(&self, instance: &Instance) -> bool {
        self.instances.contains(&instance.key())
    }
}

impl ResidentFlag {
    /// True if the flag is on for everybody.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == ResidentState::On
    }

    /// True unless the flag is off for everybody, and known to be.
    #[must_use]
    pub fn may_be_on(&self) -> bool {
        self.state != ResidentState::Off
    }
}

impl FeatureFlag {
    /// True if the flag is on for everybody, and known to be.
    #[must_use]
    pub fn is_on(&self) -> bool {
        flag_state(self).is_some_and(|state| state.is_on())
    }

    /// True unless the flag is off for everybody, and known to be.
    #[must_use]
    pub fn may_be_on(&self) -> bool {
        flag_state(self).is_none_or(|state| state.may_be_on()) && self.enabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_that_nobody_knows_may_be_on() {
        let flag = |enabled| FeatureFlag { key: "tax".into(), enabled, ..FeatureFlag::default() };
        tell(Details::default());
        assert!(flag(true).may_be_on() && !flag(true).is_on() && !flag(false).may_be_on());
        for (state, is_on, may_be_on) in [
            (State::On, true, true),
            (State::Some, false, true),
            (State::Unknown, false, true),
            (State::Off, false, false),
        ] {
            let (key, source) = ("tax".to_owned(), "flagd:shop".to_owned());
            let known = FlagState { key, state, targeting: None, values: vec![], source };
            tell(Details { flag_states: Some(vec![known]), ..Details::default() });
            assert_eq!(
                (flag(true).is_on(), flag(true).may_be_on()),
                (is_on, may_be_on),
                "{state:?}"
            );
        }
    }

    #[test]
    fn a_hidden_source_may_have_any_name_behind_its_prefix() {
        let hidden = |prefix: &str| Hidden {
            container: "cart".into(),
            object: "Secret payment".into(),
            prefix: prefix.into(),
        };
        let variables = Variables { entries: vec![], hidden: vec![hidden("PAY_"), hidden("")] };
        assert_eq!(variables.may_hide("PAY_KEY").count(), 2);
        assert_eq!(variables.may_hide("LOG_LEVEL").count(), 1);
        assert_eq!(variables.named("LOG_LEVEL").count(), 0);
    }
}
