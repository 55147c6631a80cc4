//! Services that the operator says share one major version.

use crate::{
    clash::{Clash, Doubt},
    running::Running,
    set::Set,
    wording,
};
use snapshot_policy::{Finding, Weight, enumerate};
use std::collections::BTreeSet;

/// Findings about the groups in the candidate set.
pub(crate) fn judge(groups: &[Vec<&str>], set: &Set, unknown: Weight) -> Vec<Finding> {
    groups.iter().flat_map(|group| judge_group(group, set, unknown)).collect()
}

/// The instances of a group that are in a set.
pub(crate) fn members<'s>(group: &[&str], set: &'s Set<'s>) -> Vec<&'s Running<'s>> {
    group.iter().flat_map(|service| set.instances(service, None)).collect()
}

fn judge_group(group: &[&str], set: &Set, unknown: Weight) -> Vec<Finding> {
    let members = members(group, set);
    if members.len() < 2 {
        return Vec::new();
    }
    let name = format!("the group of {}", enumerate(group));
    let differs = Clash::between(&members, &members).map(|clash| {
        let (shared, versions) = (wording::shared(clash.all()), first_of_each(&clash.callers));
        let message = format!("{name} does not share {shared}: {versions}");
        let finding = Finding::deny("group-major-differs", message).hint(
            "run all of them at one major version, or take what does not belong out of the group",
        );
        wording::about(finding, clash.all())
    });
    let untold = Doubt::between(&members, &members).map(|doubt| {
        let obstacles = wording::obstacles(&doubt.unknown);
        let message = format!("cannot tell whether {name} shares a major version: {obstacles}");
        let finding = Finding::new(unknown.severity(), "version-unknown", message)
            .hint(wording::remedy(&doubt.unknown));
        wording::about(finding, doubt.unknown.iter().copied())
    });
    differs.into_iter().chain(untold).collect()
}

/// One instance of each major version, for the reader to see which there are.
fn first_of_each(members: &[&Running]) -> String {
    let mut seen = BTreeSet::new();
    let first: Vec<&Running> =
        members.iter().filter(|running| seen.insert(running.line)).copied().collect();
    wording::versions(&first)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{said, set};
    use snapshot_policy::CompatibilityQuestion;

    fn grouped(instances: &[(&str, &str)]) -> Vec<String> {
        said(&CompatibilityQuestion {
            candidate: set(instances),
            settings: r#"{"groups": [["cart", "tax", "web"]]}"#.to_owned(),
            ..CompatibilityQuestion::default()
        })
    }

    #[test]
    fn a_group_shares_one_major_version() {
        let shop = [("cart/cart", "1.9.0"), ("tax/tax", "1.4.1"), ("web/web", "1.0.0")];
        assert!(grouped(&shop).is_empty());
        let shop = [("cart/cart", "1.9.0"), ("tax/tax", "2.0.0"), ("web/web", "1.0.0")];
        assert_eq!(
            grouped(&shop),
            ["deny group-major-differs: the group of cart, tax and web does not share a major \
                 version: cart/cart 1.9.0 and tax/tax 2.0.0"]
        );
        let shop = [("cart/cart", "1.9.0"), ("tax/tax", "3f2a91c"), ("web/web", "1.0.0")];
        assert_eq!(
            grouped(&shop),
            [
                "undecided version-unknown: cannot tell whether the group of cart, tax and web shares \
                 a major version: tax/tax runs commit 3f2a91c"
            ]
        );
    }

    #[test]
    fn those_of_a_group_that_are_not_there_are_named() {
        assert_eq!(
            grouped(&[("cart/cart", "1.9.0"), ("tax/tax", "1.4.1")]),
            ["info group-unused: the setting `groups` names web, which this set does not have"]
        );
    }
}
