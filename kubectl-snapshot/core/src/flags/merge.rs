//! One set of flags from several sources.

use std::collections::{BTreeMap, BTreeSet};

use super::system::Definition;
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
/// In flagd a key belongs to a set of flags. Where several sets have it, they are different
/// flags, and called by their set: `web/new-checkout`. Of definitions that differ, the one that
/// is on is kept, for a requirement that might be needed must hold; what any of them requires is
/// required. The result does not depend on the order of `definitions`.
pub(super) fn merge(definitions: impl IntoIterator<Item = Definition>) -> Merged {
    let mut merged = Merged::default();
    for (key, mut definitions) in by_name(definitions, &mut merged.warnings) {
        // One that nobody can read, then one that is on, then one that says more, then the first
        // by name; the text makes it one order.
        definitions.sort_by_cached_key(|flag| {
            (
                flag.unreadable.is_none(),
                !flag.is_on(),
                flag.variants.is_empty(),
                flag.source.clone(),
                canonical::text(flag),
            )
        });
        let (kept, others) = (&definitions[0], &definitions[1..]);
        let contradicting = others.iter().filter(|other| contradict(kept, other));
        merged.warnings.extend(contradicting.map(|other| warning(&key, kept, other)));
        let flag = Flag {
            service: service(&definitions),
            requires: requires(&definitions),
            unreadable_requires: definitions
                .iter()
                .find_map(|flag| flag.unreadable_requires.clone()),
            ..kept.clone()
        };
        merged.flags.insert(key, flag);
    }
    merged
}

/// The flags by the name that each goes by, with their numbers in one form.
fn by_name(
    definitions: impl IntoIterator<Item = Definition>,
    warnings: &mut Vec<String>,
) -> BTreeMap<String, Vec<Flag>> {
    let mut by_key: BTreeMap<String, Vec<Definition>> = BTreeMap::new();
    for definition in definitions {
        warnings.extend(rounding(&definition));
        by_key.entry(definition.key.clone()).or_default().push(definition);
    }
    let mut by_name: BTreeMap<String, Vec<Flag>> = BTreeMap::new();
    for (key, definitions) in by_key {
        let sets: BTreeSet<&str> =
            definitions.iter().filter_map(|one| one.flag_set.as_deref()).collect();
        let several = sets.len() > 1;
        for Definition { flag_set, flag, .. } in definitions {
            let flag_set = flag_set.filter(|set| several && !set.is_empty());
            let name = flag_set.as_ref().map_or_else(|| key.clone(), |set| format!("{set}/{key}"));
            by_name.entry(name).or_default().push(Flag { flag_set, ..flag }.settled());
        }
    }
    by_name
}

/// A warning about a number of a flag that JSON cannot keep.
fn rounding(Definition { key, flag, .. }: &Definition) -> Option<String> {
    let values = flag.variants.values().chain(&flag.targeting).chain([&flag.value]);
    canonical::rounding(format_args!("flag {key} in {}", flag.source), values)
}

/// True if they serve different things; a source without variants or rules says nothing of
/// them.
fn contradict(kept: &Flag, other: &Flag) -> bool {
    let variants =
        !kept.variants.is_empty() && !other.variants.is_empty() && kept.variants != other.variants;
    let served = |flag: &Flag| {
        (flag.enabled, flag.value.clone(), flag.targeting.clone(), flag.unreadable.is_some())
    };
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
    let state = |flag: &Flag| match flag {
        Flag { unreadable: Some(_), .. } => "unreadable",
        flag if flag.is_on() => "on",
        _ => "off",
    };
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

    fn flag(source: &str, on: bool, requires: &str) -> Definition {
        let requires = parse_list(requires).unwrap();
        let flag = Flag {
            enabled: true,
            value: json!(on),
            source: source.into(),
            requires,
            ..Flag::default()
        };
        Definition { key: "x".into(), flag_set: None, flag }
    }

    fn in_set(flag_set: &str, definition: Definition) -> Definition {
        Definition { flag_set: Some(flag_set.to_owned()), ..definition }
    }

    #[test]
    fn one_definition_in_two_places_is_one() {
        let merged =
            merge([flag("env:cart/b/cart/X", true, "tax"), flag("env:cart/a/cart/X", true, "tax")]);
        assert!(merged.warnings.is_empty());
        assert_eq!(merged.flags["x"], flag("env:cart/a/cart/X", true, "tax").flag);
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
            let mut definition = flag(source, true, "");
            definition.flag.service = Some(service.into());
            definition
        };
        assert_eq!(
            merge([of("cart", "a"), of("cart", "b")]).flags["x"].service.as_deref(),
            Some("cart")
        );
        let merged = merge([of("cart", "a"), of("tax", "b"), of("shop", "c")]);
        assert_eq!((merged.flags["x"].service.as_deref(), merged.warnings.len()), (None, 0));
    }

    #[test]
    fn one_key_in_two_sets_is_two_flags() {
        let web = in_set("web", flag("a", true, ""));
        let app = in_set("app", flag("a", false, ""));
        let merged = merge([web.clone(), app.clone()]);
        let found: Vec<_> =
            merged.flags.iter().map(|(name, flag)| (name.as_str(), flag.is_on())).collect();
        assert_eq!(found, [("app/x", false), ("web/x", true)]);
        assert_eq!(merged.flags["web/x"].flag_set.as_deref(), Some("web"));
        assert_eq!(merged.warnings, [""; 0], "they do not contradict each other");
        // One set, however it is called, leaves the key alone.
        let alone = merge([web.clone(), flag("env:cart/cart/cart/X", true, "")]);
        assert_eq!(alone.flags.keys().collect::<Vec<_>>(), ["x"]);
        assert_eq!(alone.flags["x"].flag_set, None);
        // The set without a name is one, too.
        let unnamed = merge([web, in_set("", flag("a", false, ""))]);
        assert_eq!(unnamed.flags.keys().collect::<Vec<_>>(), ["web/x", "x"]);
        let twice = merge([
            app.clone(),
            in_set("app", flag("b", true, "")),
            in_set("c", flag("c", true, "")),
        ]);
        assert_eq!(twice.warnings, ["flag app/x differs: on in b, off in a; b counts"]);
    }

    #[test]
    fn one_that_cannot_be_read_is_not_outvoted() {
        let mut stale = flag("b", true, "");
        stale.flag.unreadable = Some("its variants differ".to_owned());
        let merged = merge([flag("a", true, "tax"), stale]);
        assert!(merged.flags["x"].unreadable.is_some());
        assert_eq!(merged.flags["x"].requires, parse_list("tax").unwrap());
        assert_eq!(merged.warnings, ["flag x differs: unreadable in b, on in a; b counts"]);
    }

    #[test]
    fn a_number_that_is_rounded_is_said() {
        let mut big = flag("a", true, "");
        big.flag.value = json!(9_007_199_254_740_993_u64);
        let merged = merge([big]);
        assert_eq!(merged.flags["x"].value, json!(9_007_199_254_740_992_u64));
        assert!(
            merged.warnings[0].starts_with("flag x in a: the number 9007199254740993 is rounded")
        );
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
