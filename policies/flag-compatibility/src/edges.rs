//! Requirements of a set, those that say the same taken together.

use crate::group::Group;
use crate::places::Places;
use crate::settings::Ignored;
use snapshot_policy::Requirement;

/// The requirements, in groups.
///
/// Forty services may need one tax service: that is one thing to read, and one
/// to mend, so it is one finding with forty subjects.
pub(crate) struct Edges<'a> {
    groups: Vec<Group<'a>>,
}

impl<'a> Edges<'a> {
    pub(crate) fn of(requirements: &'a [Requirement], ignored: &[Ignored]) -> Self {
        let alone: Vec<Group> = requirements.iter().map(|it| Group::of(it, ignored)).collect();
        let places = Places::of(&alone, |group| [group.key()]);
        let together = |places: &Vec<usize>| Group {
            dependents: places.iter().map(|place| alone[*place].dependents[0]).collect(),
            ..alone[places[0]].clone()
        };
        Self { groups: places.iter().map(together).collect() }
    }

    /// Groups, by the name of what is required.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group<'a>> {
        self.groups.iter()
    }

    /// Ignored requirements of the settings that are not in the set.
    pub(crate) fn unmatched<'b>(
        &self,
        ignored: &'b [Ignored<'b>],
    ) -> impl Iterator<Item = &'b Ignored<'b>> {
        ignored.iter().filter(|entry| !self.groups.iter().any(|group| group.has(entry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{flag, needs, service};

    #[test]
    fn what_says_the_same_is_one_group() {
        let requirements = [
            needs(service("cart/cart"), service("tax"), ">=1.4.0"),
            needs(service("ship/ship"), service("tax"), ">=1.4.0"),
            needs(flag("tax-call"), service("tax"), ">=1.4.0"),
            needs(service("cart/cart"), service("tax"), ">=1.5.0"),
        ];
        let edges = Edges::of(&requirements, &[]);
        let sizes: Vec<usize> = edges.groups().map(|group| group.dependents.len()).collect();
        assert_eq!(sizes, [2, 1, 1]);
    }
}
