//! Look-ups outside of the plugin: what a test has said is known.

use crate::Instance;
use crate::lookup::{
    Capture, ConfigMap, Fact, FlagState, InstanceDetails, InstanceImages, InstanceVariables,
    ResidentFlag, Route, StageState,
};
use std::cell::RefCell;

thread_local! {
    static TOLD: RefCell<Details> = RefCell::default();
}

/// Details that look-ups find in a native test; one that is absent is not known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    /// Images by instance.
    pub images: Option<Vec<InstanceImages>>,
    /// Environment by instance.
    pub environment: Option<Vec<InstanceVariables>>,
    /// Flags by key.
    pub flag_states: Option<Vec<FlagState>>,
    /// Captures of both sets.
    pub captures: Captures,
    /// ConfigMaps that the binding names.
    pub config_maps: Option<Vec<ConfigMap>>,
    /// Instances of both sets.
    pub instances: Instances,
    /// Stages by name.
    pub stages: Option<Vec<StageState>>,
    /// Recorded facts about the candidate.
    pub facts: Option<Vec<Fact>>,
    /// Instances and flags that stay beside the candidate.
    pub beside: Beside,
    /// Routes of both sets.
    pub routes: Routes,
}

/// Routes of both sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routes {
    /// Routes of the candidate.
    pub candidate: Option<Vec<Route>>,
    /// Routes of what runs where it would go.
    pub running: Option<Vec<Route>>,
}

/// Instances and flags that stay where the candidate would go, and are not in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// Instances.
    pub instances: Option<Vec<Instance>>,
    /// Flags.
    pub feature_flags: Option<Vec<ResidentFlag>>,
}

/// Captures of both sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Captures {
    /// Capture of the candidate.
    pub candidate: Option<Capture>,
    /// Capture of what runs where it would go.
    pub running: Option<Capture>,
}

/// Instances of both sets, beyond their records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Instances {
    /// Instances of the candidate.
    pub candidate: Option<Vec<InstanceDetails>>,
    /// Instances of what runs where it would go.
    pub running: Option<Vec<InstanceDetails>>,
}

/// Says what look-ups of this thread find from now on: not in a component, which is told by
/// the plugin.
pub fn tell(details: Details) {
    TOLD.with_borrow_mut(|told| *told = details);
}

fn told<T>(read: impl FnOnce(&Details) -> T) -> T {
    TOLD.with_borrow(|details| read(details))
}

pub(crate) mod images {
    use crate::lookup::{Image, InstanceImages};

    pub(crate) fn of_instance(instance: &str) -> Option<Vec<Image>> {
        all()?.into_iter().find(|one| one.instance == instance).map(|one| one.images)
    }

    pub(crate) fn all() -> Option<Vec<InstanceImages>> {
        super::told(|details| details.images.clone())
    }
}

pub(crate) mod environment {
    use crate::lookup::{InstanceVariables, Variables};

    pub(crate) fn of_instance(instance: &str) -> Option<Variables> {
        all()?.into_iter().find(|one| one.instance == instance).map(|one| one.variables)
    }

    pub(crate) fn all() -> Option<Vec<InstanceVariables>> {
        super::told(|details| details.environment.clone())
    }
}

pub(crate) mod flag_states {
    use crate::lookup::FlagState;

    pub(crate) fn of_flag(key: &str) -> Option<FlagState> {
        all()?.into_iter().find(|one| one.key == key)
    }

    pub(crate) fn all() -> Option<Vec<FlagState>> {
        super::told(|details| details.flag_states.clone())
    }
}

pub(crate) mod captures {
    use crate::lookup::Capture;

    pub(crate) fn of_candidate() -> Option<Capture> {
        super::told(|details| details.captures.candidate.clone())
    }

    pub(crate) fn of_running() -> Option<Capture> {
        super::told(|details| details.captures.running.clone())
    }
}

pub(crate) mod config_maps {
    use crate::lookup::ConfigMap;

    pub(crate) fn of_name(name: &str) -> Option<ConfigMap> {
        all()?.into_iter().find(|one| one.name == name)
    }

    pub(crate) fn all() -> Option<Vec<ConfigMap>> {
        super::told(|details| details.config_maps.clone())
    }
}

pub(crate) mod instances {
    use crate::lookup::InstanceDetails;

    pub(crate) fn of_candidate(instance: &str) -> Option<InstanceDetails> {
        all_of_candidate()?.into_iter().find(|one| one.instance == instance)
    }

    pub(crate) fn all_of_candidate() -> Option<Vec<InstanceDetails>> {
        super::told(|details| details.instances.candidate.clone())
    }

    pub(crate) fn of_running(instance: &str) -> Option<InstanceDetails> {
        all_of_running()?.into_iter().find(|one| one.instance == instance)
    }

    pub(crate) fn all_of_running() -> Option<Vec<InstanceDetails>> {
        super::told(|details| details.instances.running.clone())
    }
}

pub(crate) mod stages {
    use crate::lookup::StageState;

    pub(crate) fn of_stage(name: &str) -> Option<StageState> {
        all()?.into_iter().find(|one| one.stage == name)
    }

    pub(crate) fn all() -> Option<Vec<StageState>> {
        super::told(|details| details.stages.clone())
    }
}

pub(crate) mod facts {
    use crate::lookup::Fact;

    pub(crate) fn all() -> Option<Vec<Fact>> {
        super::told(|details| details.facts.clone())
    }
}

pub(crate) mod beside {
    use crate::{Instance, lookup::ResidentFlag};

    pub(crate) fn instances() -> Option<Vec<Instance>> {
        super::told(|details| details.beside.instances.clone())
    }

    pub(crate) fn feature_flags() -> Option<Vec<ResidentFlag>> {
        super::told(|details| details.beside.feature_flags.clone())
    }
}

pub(crate) mod routes {
    use crate::lookup::Route;

    pub(crate) fn of_candidate() -> Option<Vec<Route>> {
        super::told(|details| details.routes.candidate.clone())
    }

    pub(crate) fn of_running() -> Option<Vec<Route>> {
        super::told(|details| details.routes.running.clone())
    }
}
