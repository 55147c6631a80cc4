//! Instances and flags that stay beside a candidate.

use snapshot_core::snapshot::Spec;
use snapshot_policy_host::records::{Beside, FlagState, ResidentFlag};

use super::flag_states::flag_state;
use crate::policies::{Place, question};

/// Instances and flags that stay at a place beside a set that would go there; none where that is
/// not known.
pub(in crate::policies) fn beside(set: &Spec, place: Option<&Place<'_>>) -> Option<Beside> {
    let place = place.filter(|place| place.written.is_some() || place.will_run.is_some())?;
    let nothing = Spec::default();
    let will_run = place.will_run.unwrap_or(&nothing);
    let is_of_set = |service: &str, name: &_| {
        set.services.get(service).is_some_and(|instances| instances.contains_key(name))
    };
    let instances = will_run.instances().filter(|one| !is_of_set(one.service, one.name));
    let flags = will_run.flags.iter().filter(|(key, _)| !set.flags.contains_key(*key));
    Some(Beside {
        instances: instances.map(|one| question::instance(will_run, one)).collect(),
        feature_flags: flags
            .map(|(key, flag)| {
                let FlagState { key, state, targeting, values, source } = flag_state(key, flag);
                ResidentFlag {
                    key,
                    service: flag.service.clone(),
                    state,
                    targeting,
                    values,
                    source,
                }
            })
            .collect(),
    })
}
