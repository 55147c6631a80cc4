//! Requirements that say the same, and their words.

use crate::settings::Ignored;
use crate::wording::need;
use snapshot_policy::{Fulfilment, Requirement, Subject, enumerate};

/// Requirements of the same thing, that stand alike.
#[derive(Debug, Clone)]
pub(crate) struct Group<'a> {
    /// Owners of the requirement: flags only, or services and instances only.
    pub(crate) dependents: Vec<&'a Subject>,
    pub(crate) of_flags: bool,
    pub(crate) dependency: &'a Subject,
    pub(crate) condition: Option<&'a str>,
    pub(crate) active: bool,
    pub(crate) state: Fulfilment,
    pub(crate) found: &'a str,
    pub(crate) ignored: bool,
}

impl<'a> Group<'a> {
    /// A group of one requirement.
    pub(crate) fn of(requirement: &'a Requirement, ignored: &[Ignored]) -> Self {
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
    pub(crate) fn key(&self) -> String {
        let Self { of_flags, active, state, found, ignored, .. } = self;
        let need = self.need();
        format!("{need}\0{found}\0{of_flags} {active} {ignored} {}", *state as u8)
    }

    /// True if it holds what an entry of the settings ignores.
    pub(crate) fn has(&self, entry: &Ignored) -> bool {
        self.dependents.iter().any(|dependent| entry.is(dependent, self.dependency))
    }

    /// Group of the dependents that `meant` picks; none where there are none.
    pub(crate) fn only(&self, meant: impl Fn(&Subject) -> bool) -> Option<Self> {
        let dependents: Vec<_> = self.dependents.iter().copied().filter(|it| meant(it)).collect();
        (!dependents.is_empty()).then(|| Self { dependents, ..self.clone() })
    }

    /// True if it stands for needs that nobody can read: its two ends are one.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.dependents.contains(&self.dependency)
    }

    /// All that a finding about it is about.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = Subject> {
        self.dependents.iter().copied().chain([self.dependency]).cloned()
    }

    /// `tax >=1.4.0`
    pub(crate) fn need(&self) -> String {
        need(self.dependency, self.condition)
    }

    /// `flag tax-call`, `flags a and b`, `cart/cart and ship/ship`.
    pub(crate) fn who(&self) -> String {
        if self.of_flags {
            format!("{} {}", self.one_or("flag", "flags"), self.names())
        } else {
            self.names()
        }
    }

    /// `tax-call`, `a and b`, `cart/cart and ship/ship`.
    pub(crate) fn names(&self) -> String {
        enumerate(&self.dependents.iter().map(|dependent| dependent.name()).collect::<Vec<_>>())
    }

    /// The word that goes with one, or the one that goes with several.
    pub(crate) fn one_or<'w>(&self, one: &'w str, several: &'w str) -> &'w str {
        if self.is_one() { one } else { several }
    }

    fn is_one(&self) -> bool {
        self.dependents.len() == 1
    }
}
