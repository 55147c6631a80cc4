//! One set of flags from several sources.

use std::collections::{BTreeMap, BTreeSet};

use crate::{canonical, flag::Flag, requirement::Requirement};

/// One set of flags, and where its sources contradict each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Merged {
    /// The flags by key.
    pub(crate) flags: BTreeMap<String, Flag>,
    /// Warnings for the reader, a sentence each.
    pub(crate) warnings: Vec<String>,
}

/// Makes one set of flags that several sources may define.
///
/// Of definitions that differ, the one that is on is kept, for a requirement
/// that might be needed must hold; what any of them requires is required. The
/// result does not depend on the order of `definitions`.
pub(super) fn merge(definitions: impl IntoIterator<Item = (String, Flag)>) -> Merged {
    let mut by_key: BTreeMap<String, Vec<Flag>> = BTreeMap::new();
    for (key, flag) in definitions {
        by_key.entry(key).or_default().push(flag);
    }
    let mut merged = Merged::default();
    for (key, mut definitions) in by_key {
        // One that is on, then one that says more, then the first by name; the text makes it one order.
        definitions.sort_by_cached_key(|flag| {
            (!flag.is_on(), flag.variants.is_empty(), flag.source.clone(), canonical::text(flag))
        });
        let (kept, others) = (&definitions[0], &definitions[1..]);
        let contradicting = others.iter().filter(|other| contradict(kept, other));
        merged.warnings.extend(contradicting.map(|other| warning(&key, kept, other)));
        let flag = Flag {
            service: service(&definitions),
            requires: requires(&definitions),
            ..kept.clone()
        };
        merged.flags.insert(key, flag);
    }
    merged
}

/// True if they serve different things; a source without variants or rules says nothing of
/// them.
fn contradict(kept: &Flag, other: &Flag) -> bool {
    let variants =
        !kept.variants.is_empty() && !other.variants.is_empty() && kept.variants != other.variants;
    let served = |flag: &Flag| (flag.enabled, flag.value.clone(), flag.targeting.clone());
    variants || served(kept) != served(other)
}

/// The service that the flag belongs to; one that two services read belongs to neither.
fn service(definitions: &[Flag]) -> Option<String> {
    let services: BTreeSet<&String> =
        definitions.iter().filter_map(|flag| flag.service.as_ref()).collect();
    if services.len() > 1 { None } else { services.first().map(|service| (*service).clone()) }
}

fn requires(definitions: &[Flag]) -> Vec<Requirement> {
    let mut requires: Vec<Requirement> = Vec::new();
    for requirement in definitions.iter().flat_map(|flag| &flag.requires) {
        if !requires.contains(requirement) {
            requires.push(requirement.clone());
        }
    }
    requires
}

fn warning(key: &str, kept: &Flag, other: &Flag) -> String {
    let state = |flag: &Flag| if flag.is_on() { "on" } else { "off" };
    format!(
        "flag {key} differs: {} in {}, {} in {}; {} counts",
        state(kept),
        kept.source,
        state(other),
        other.source,
        kept.source,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::parse_list;
    use proptest::prelude::*;
    use serde_json::json;

    fn flag(source: &str, on: bool, requires: &str) -> (String, Flag) {
        let requires = parse_list(requires).unwrap();
        (
            "x".into(),
            Flag {
                enabled: true,
                value: json!(on),
                source: source.into(),
                requires,
                ..Flag::default()
            },
        )
    }

    #[test]
    fn one_definition_in_two_places_is_one() {
        let merged =
            merge([flag("env:cart/b/cart/X", true, "tax"), flag("env:cart/a/cart/X", true, "tax")]);
        assert!(merged.warnings.is_empty());
        assert_eq!(merged.flags["x"], flag("env:cart/a/cart/X", true, "tax").1);
    }

    #[test]
    fn the_one_that_is_on_counts_and_every_requirement_holds() {
        let merged = merge([flag("a", false, "tax >=1.4; cart"), flag("b", true, "cart")]);
        assert_eq!(merged.flags["x"].source, "b");
        assert_eq!(merged.flags["x"].requires, parse_list("cart; tax >=1.4").unwrap());
        assert_eq!(merged.warnings, ["flag x differs: on in b, off in a; b counts"]);
    }

    #[test]
    fn a_flag_of_two_services_belongs_to_neither() {
        let of = |service: &str, source: &str| {
            let (key, flag) = flag(source, true, "");
            (key, Flag { service: Some(service.into()), ..flag })
        };
        assert_eq!(
            merge([of("cart", "a"), of("cart", "b")]).flags["x"].service.as_deref(),
            Some("cart")
        );
        let merged = merge([of("cart", "a"), of("tax", "b"), of("shop", "c")]);
        assert_eq!((merged.flags["x"].service.as_deref(), merged.warnings.len()), (None, 0));
    }

    proptest! {
        #[test]
        fn the_order_of_sources_does_not_matter(
            definitions in prop::collection::vec(("[abc]", any::<bool>(), prop::sample::select(vec!["", "tax", "tax; cart"])), 1..5),
            middle in any::<prop::sample::Index>(),
        ) {
            let mut flags: Vec<_> = definitions.iter().map(|(source, on, requires)| flag(source, *on, requires)).collect();
            let merged = merge(flags.clone());
            let middle = middle.index(flags.len());
            flags.rotate_left(middle);
            prop_assert_eq!(merge(flags), merged);
        }
    }
}
