//! Facts as they are recorded, whatever is asked of them.

use snapshot_policy::{Evidence, Outcome};

/// Kind of evidence by which somebody agrees.
pub(crate) const APPROVAL: &str = "approval";

/// True if a rule with these targets applies to `target`; no targets means all.
pub(crate) fn applies(targets: &[String], target: &str) -> bool {
    targets.is_empty() || targets.iter().any(|name| name == target)
}

/// Leaves in `newest` which of both decides.
pub(crate) fn keep_newest<'a>(newest: &mut &'a Evidence, fact: &'a Evidence) {
    let weight = |fact: &Evidence| (fact.at, fact.outcome == Outcome::Failed);
    if weight(fact) > weight(newest) {
        *newest = fact;
    }
}

/// True if it is a pass dated in the future.
pub(crate) fn is_premature(fact: &Evidence, now: u64) -> bool {
    fact.outcome == Outcome::Passed && fact.at > now
}

/// Name of the person who recorded a fact.
pub(crate) fn who(fact: &Evidence) -> &str {
    if fact.actor.is_empty() { "somebody" } else { &fact.actor }
}
