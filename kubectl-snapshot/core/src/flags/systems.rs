//! List of the flag systems.

use super::{
    environment::Environment, flagd::Flagd, flipt::Flipt, openfeature::OpenFeature,
    system::FlagSystem, unleash::Unleash,
};
use crate::flag::Flag;

/// Every flag system, in no order that matters.
pub(super) const SYSTEMS: &[&dyn FlagSystem] =
    &[&Flagd, &OpenFeature, &Environment, &Unleash, &Flipt];

/// The ConfigMap that a flag was read from, where its source names one.
pub(crate) fn config_map_of(flag: &Flag) -> Option<&str> {
    let (system, place) = flag.source.split_once(':')?;
    SYSTEMS.iter().find(|one| one.name() == system)?.config_map(place)
}

/// Service and instance whose environment a flag was read from, where its source names one.
pub(crate) fn instance_of(flag: &Flag) -> Option<(&str, &str)> {
    let (system, place) = flag.source.split_once(':')?;
    SYSTEMS.iter().find(|one| one.name() == system)?.instance(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_systems_own_sources_name_config_maps() {
        let of = |source: &str| {
            let flag = Flag { source: source.to_owned(), ..Flag::default() };
            config_map_of(&flag).map(str::to_owned)
        };
        assert_eq!(of("flagd:shop-flags/demo.flagd.json").as_deref(), Some("shop-flags"));
        assert_eq!(of("env:shop-flags/cart/cart/TAX_CALL"), None, "a service");
        assert_eq!(of("featureflag:shop-flags"), None, "a resource");
        assert_eq!(of("flagd:demo.flagd.json"), None, "a file");
        assert_eq!(of("other:shop-flags/key"), None);
    }

    #[test]
    fn only_variables_name_instances() {
        let of = |source: &str| {
            let flag = Flag { source: source.to_owned(), ..Flag::default() };
            instance_of(&flag).map(|(service, instance)| format!("{service} {instance}"))
        };
        assert_eq!(of("env:cart/cart-canary/cart/TAX_CALL").as_deref(), Some("cart cart-canary"));
        assert_eq!(of("flagd:shop-flags/demo.flagd.json"), None);
    }

    #[test]
    fn no_two_systems_share_a_name() {
        let mut names: Vec<_> = SYSTEMS.iter().map(|system| system.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SYSTEMS.len());
    }
}
