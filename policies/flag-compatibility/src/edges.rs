//! The requirements of a set, those that say the same taken together.

use crate::places::Places;
use crate::settings::Ignored;
use crate::wording::need;
use snapshot_policy::{Fulfilment, Requirement, Subject};

/// The requirements, in groups.
///
/// Forty services may need one tax service: that is one thing to read, and one
/// to mend, so it is one finding with forty subjects.
pub(crate) struct Edges<'a> {
    groups: Vec<Group<'a>>,
}

/// Requirements of the same thing, that stand alike.
#[derive(Debug, Clone)]
pub(crate) struct Group<'a> {
    /// Who requires: flags only, or services and instances only.
    pub(crate) dependents: Vec<&'a Subject>,
    pub(crate) of_flags: bool,
    pub(crate) dependency: &'a Subject,
    pub(crate) condition: Option<&'a str>,
    pub(crate) active: bool,
    pub(crate) state: Fulfilment,
    pub(crate) found: &'a str,
    pub(crate) ignored: bool,
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

    /// By the name of what is required.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group<'a>> {
        self.groups.iter()
    }

    /// What is to be ignored, and is not there.
    pub(crate) fn unmatched<'b>(
        &self,
        ignored: &'b [Ignored<'b>],
    ) -> impl Iterator<Item = &'b Ignored<'b>> {
        ignored.iter().filter(|entry| !self.groups.iter().any(|group| group.has(entry)))
    }
}

impl<'a> Group<'a> {
    fn of(requirement: &'a Requirement, ignored: &[Ignored]) -> Self {
        Self {
            dependents: vec![&requirement.dependent],
            of_flags: matches!(requirement.dependent, Subject::FeatureFlag(_)),
            dependency: &requirement.dependency,
            condition: requirement.condition.as_deref(),
            active: requirement.active,
            state: requirement.state,
            found: &requirement.found,
            ignored: ignored
                .iter()
                .any(|entry| entry.is(&requirement.dependent, &requirement.dependency)),
        }
    }

    /// All that its finding would say, but for who requires.
    fn key(&self) -> String {
        let Self { of_flags, active, state, found, ignored, .. } = self;
        let need = need(self.dependency, self.condition);
        format!("{need}\0{found}\0{of_flags} {active} {ignored} {}", *state as u8)
    }

    fn has(&self, entry: &Ignored) -> bool {
        self.dependents.iter().any(|dependent| entry.is(dependent, self.dependency))
    }

    /// The same for those dependents that are meant; none where none is.
    pub(crate) fn only(&self, meant: impl Fn(&Subject) -> bool) -> Option<Self> {
        let dependents: Vec<_> = self.dependents.iter().copied().filter(|it| meant(it)).collect();
        (!dependents.is_empty()).then(|| Self { dependents, ..self.clone() })
    }

    /// All that a finding about it is about.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> {
        self.dependents.iter().copied().chain([self.dependency]).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::{flag, needs, service};

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
