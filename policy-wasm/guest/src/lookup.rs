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
    environment::{Entry, Hidden, InstanceVariables, Key, Source, Variables},
    flag_states::{FlagState, State},
    images::{Image, InstanceImages},
};

#[cfg(target_family = "wasm")]
use crate::bindings::lookup::snapshot::policy as imported;
#[cfg(not(target_family = "wasm"))]
use told as imported;
#[cfg(not(target_family = "wasm"))]
pub use told::{Details, tell};

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

/// Look-ups outside of the plugin: what a test has said is known.
#[cfg(not(target_family = "wasm"))]
mod told {
    use super::{FlagState, InstanceImages, InstanceVariables};
    use std::cell::RefCell;

    thread_local! {
        static TOLD: RefCell<Details> = RefCell::default();
    }

    /// Details that look-ups find in a native test; a list that is absent is not known.
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct Details {
        /// Images by instance.
        pub images: Option<Vec<InstanceImages>>,
        /// Environment by instance.
        pub environment: Option<Vec<InstanceVariables>>,
        /// Flags by key.
        pub flag_states: Option<Vec<FlagState>>,
    }

    /// Says what look-ups of this thread find from now on: not in a component, which is told by
    /// the plugin.
    pub fn tell(details: Details) {
        TOLD.with_borrow_mut(|told| *told = details);
    }

    pub(super) mod images {
        use super::super::{Image, InstanceImages};

        pub(crate) fn of_instance(instance: &str) -> Option<Vec<Image>> {
            all()?.into_iter().find(|one| one.instance == instance).map(|one| one.images)
        }

        pub(crate) fn all() -> Option<Vec<InstanceImages>> {
            super::TOLD.with_borrow(|told| told.images.clone())
        }
    }

    pub(super) mod environment {
        use super::super::{InstanceVariables, Variables};

        pub(crate) fn of_instance(instance: &str) -> Option<Variables> {
            all()?.into_iter().find(|one| one.instance == instance).map(|one| one.variables)
        }

        pub(crate) fn all() -> Option<Vec<InstanceVariables>> {
            super::TOLD.with_borrow(|told| told.environment.clone())
        }
    }

    pub(super) mod flag_states {
        use super::super::FlagState;

        pub(crate) fn of_flag(key: &str) -> Option<FlagState> {
            all()?.into_iter().find(|one| one.key == key)
        }

        pub(crate) fn all() -> Option<Vec<FlagState>> {
            super::TOLD.with_borrow(|told| told.flag_states.clone())
        }
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
