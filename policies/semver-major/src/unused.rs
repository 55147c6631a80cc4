//! Settings that have no effect on this set: as a rule, a name that is mistyped.

use crate::{
    calls::Calls,
    edge::Edge,
    set::Set,
    settings::{Settings, Stated},
};
use snapshot_policy::{Finding, enumerate};
use std::collections::BTreeSet;

/// Findings about settings that name services and calls that are not there.
pub(crate) fn tell(settings: &Settings, stated: &Stated, calls: &Calls, set: &Set) -> Vec<Finding> {
    let matched: BTreeSet<Edge> = calls
        .by_server()
        .filter_map(|called| Some((called.ignored?, called)))
        .filter(|(_, called)| !called.callers(set).is_empty() && !called.servers(set).is_empty())
        .map(|(entry, _)| entry)
        .collect();
    let no_calls = stated.ignored.iter().filter(|entry| !matched.contains(entry)).map(|entry| {
        Finding::info(
            "ignore-unused",
            format!("\"{entry}\" is to be ignored, and nothing in this set calls so"),
        )
    });
    let absent = |code: &str, setting: &str, names: &mut dyn Iterator<Item = &str>| {
        let absent: Vec<&str> = names.filter(|name| !is_there(set, name)).collect();
        (!absent.is_empty()).then(|| {
            let names = enumerate(&absent);
            Finding::info(
                code,
                format!("the setting `{setting}` names {names}, which this set does not have"),
            )
        })
    };
    let no_ends = stated.talks.iter().filter_map(|edge| {
        absent("talks-unused", "talks", &mut [edge.caller, edge.server].into_iter())
    });
    let no_members = stated
        .groups
        .iter()
        .filter_map(|group| absent("group-unused", "groups", &mut group.iter().copied()));
    let no_service = absent(
        "container-unused",
        "containers",
        &mut settings.containers.keys().map(String::as_str),
    );
    no_calls.chain(no_ends).chain(no_members).chain(no_service).collect()
}

/// A service by its name, or an instance by its key.
fn is_there(set: &Set, name: &str) -> bool {
    let (service, instance) =
        name.split_once('/').map_or((name, None), |(service, name)| (service, Some(name)));
    !set.instances(service, instance).is_empty()
}

#[cfg(test)]
mod tests {
    use crate::test_support::{question, said, set};
    use snapshot_policy::CompatibilityQuestion;

    fn said_of(settings: &str) -> Vec<String> {
        let shop = set(&[("cart/cart", "1.9.0"), ("tax/tax", "1.4.1")]);
        said(&CompatibilityQuestion { settings: settings.to_owned(), ..question(shop) })
    }

    #[test]
    fn a_mistyped_name_is_visible() {
        assert_eq!(
            said_of(r#"{"ignore": ["cart -> taxes", "cart -> taxes"]}"#)[0],
            "info ignore-unused: \"cart -> taxes\" is to be ignored, and nothing in this set calls so"
        );
        assert_eq!(
            said_of(r#"{"talks": ["cart/cart -> tax", "cart/carts -> taxes"]}"#),
            [
                "info talks-unused: the setting `talks` names cart/carts and taxes, which this set does not have"
            ]
        );
        assert_eq!(
            said_of(r#"{"containers": {"carts": "app"}}"#),
            [
                "info container-unused: the setting `containers` names carts, which this set does not have"
            ]
        );
    }
}
