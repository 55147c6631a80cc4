//! The time in between: while workloads are replaced one by one, the new ones
//! call the old ones.
//!
//! A requirement is looked at if it holds in the set, and if who requires changes
//! in the same rollout as what is required. Whoever does not change already lives
//! with what runs now. What the contract does not tell is left out: what the old
//! versions require of the new ones.

use crate::condition;
use crate::edges::Edges;
use crate::group::Group;
use crate::places::Places;
use crate::wording::need;
use snapshot_policy::{Change, ChangeKind, Finding, Fulfilment, ImageChange, Snapshot, Subject};

/// Findings about the rollout that replaces `running` by the candidate.
pub(crate) fn judge(edges: &Edges, running: &Snapshot, changes: &[Change]) -> Vec<Finding> {
    let rollout = Rollout::of(running, changes);
    edges.groups().filter_map(|group| rollout.judge(group)).collect()
}

struct Rollout<'a> {
    running: &'a Snapshot,
    changes: &'a [Change],
    /// Index of the changes, by what changes, and by the service it belongs to.
    places: Places,
}

impl<'a> Rollout<'a> {
    fn of(running: &'a Snapshot, changes: &'a [Change]) -> Self {
        let places = Places::of(changes, |change| {
            let stays =
                !matches!(change.kind, ChangeKind::InstanceRemoved | ChangeKind::FlagRemoved);
            let names =
                [Some(change.subject.to_string()), change.subject.service().map(str::to_owned)];
            names.into_iter().flatten().filter(move |_| stays)
        });
        Self { running, changes, places }
    }

    fn judge(&self, group: &Group) -> Option<Finding> {
        if !group.active || group.ignored || group.state != Fulfilment::Met {
            return None;
        }
        let group = group.only(|dependent| self.changes(dependent))?;
        let finding = match group.dependency.service() {
            _ if !self.changes(group.dependency) => return None,
            None => together(&group),
            Some(service) if self.runs(service) => self.replaced(&group)?,
            Some(_) => not_there_yet(&group),
        };
        Some(group.subjects().fold(finding, Finding::about))
    }

    fn changes(&self, subject: &Subject) -> bool {
        !self.places.get(&subject.to_string()).is_empty()
    }

    /// The contract has the instances sorted by service.
    fn runs(&self, service: &str) -> bool {
        let instances = &self.running.instances;
        instances.binary_search_by(|instance| instance.service.as_str().cmp(service)).is_ok()
    }

    /// The worst of the instances that are replaced speaks for all.
    fn replaced(&self, group: &Group) -> Option<Finding> {
        let condition = group.condition?;
        let changes = self.places.get(&group.dependency.to_string()).iter();
        changes
            .filter_map(|place| match &self.changes[*place] {
                Change { subject, kind: ChangeKind::Image(image) } => {
                    Some((condition::before(image, condition)?, subject, image))
                }
                _ => None,
            })
            .filter(|(state, ..)| *state != Fulfilment::Met)
            .min_by_key(|(state, ..)| *state == Fulfilment::Unknown)
            .map(|(state, subject, image)| old_beside_new(group, state, subject, image))
    }
}

/// Finding about a service or flag that this rollout brings.
fn not_there_yet(group: &Group) -> Finding {
    let (new, calls, need) = (group.dependency, calls(group), group.need());
    let message = format!("{new} is new: until it is there, {calls} lack {need}");
    Finding::warning("rollout-order", message).hint(remedy(group))
}

fn old_beside_new(
    group: &Group,
    state: Fulfilment,
    subject: &Subject,
    change: &ImageChange,
) -> Finding {
    let (old, new) = (&change.before, &change.after);
    let (need, calls) = (group.need(), calls(group));
    let both = format!("while {subject} goes from {old} to {new}, {calls} may still reach {old}");
    if state == Fulfilment::Unmet {
        let needs = group.one_or("it needs", "they need");
        Finding::warning("rollout-order", format!("{both}, and {needs} {need}")).hint(remedy(group))
    } else {
        let message = format!("{both}, and whether that is {need} cannot be told");
        Finding::info("rollout-order-unknown", message).hint(remedy(group))
    }
}

/// Two flags, or a flag and a version, that are switched in one rollout.
fn together(group: &Group) -> Finding {
    let (who, need, changes) = (group.who(), group.need(), group.one_or("changes", "change"));
    Finding::warning(
        "rollout-order",
        format!("{who} {changes} in the same rollout as {need}: one may be there before the other"),
    )
    .hint(remedy(group))
}

fn calls(group: &Group) -> String {
    format!("calls {} {}", if group.of_flags { "behind" } else { "of" }, group.who())
}

fn remedy(group: &Group) -> String {
    let first = need(group.dependency, None);
    format!("apply writes {first} first; another deployer may not")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{self, commit, flag, holds, instance, service, version};
    use snapshot_policy::Container;

    fn changed(kind: ChangeKind, subject: Subject) -> Change {
        Change { subject, kind }
    }

    fn image(subject: Subject, before: Container, after: Container) -> Change {
        changed(ChangeKind::Image(test_support::update(before, after)), subject)
    }

    fn messages(requirement: snapshot_policy::Requirement, changes: &[Change]) -> Vec<String> {
        let requirements = [requirement];
        let findings =
            judge(&Edges::of(&requirements, &[]), &test_support::runs(&["cart", "tax"]), changes);
        findings
            .into_iter()
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect()
    }

    #[test]
    fn a_flag_that_is_switched_while_its_service_is_replaced() {
        let requirement = holds(flag("tax-call"), service("tax"), ">=1.4.0");
        let switched = changed(ChangeKind::FlagChanged, flag("tax-call"));
        let tax = image(instance("tax/tax"), version("1.3.9"), version("1.4.1"));
        assert_eq!(
            messages(requirement.clone(), &[switched.clone(), tax.clone()]),
            [
                "rollout-order: while tax/tax goes from 1.3.9 to 1.4.1, calls behind flag tax-call may \
                 still reach 1.3.9, and it needs tax >=1.4.0"
            ]
        );
        // One of both alone meets what is there already.
        assert!(messages(requirement.clone(), std::slice::from_ref(&switched)).is_empty());
        assert!(messages(requirement.clone(), &[tax]).is_empty());
        // What runs now is new enough.
        let tax = image(instance("tax/tax"), version("1.4.0"), version("1.4.1"));
        assert!(messages(requirement, &[switched, tax]).is_empty());
    }

    #[test]
    fn a_proxy_that_is_replaced_too_is_not_the_service() {
        let requirement = holds(instance("cart/cart"), service("tax"), ">=1.4.0");
        let cart = image(instance("cart/cart"), version("2.0.0"), version("2.1.0"));
        let proxy = image(instance("tax/tax"), version("1.2.0"), version("1.3.0"));
        assert!(messages(requirement, &[cart, proxy]).is_empty());
    }

    #[test]
    fn a_commit_that_cannot_be_compared_is_mentioned() {
        let requirement = holds(instance("cart/cart"), service("tax"), "@3f2a91c");
        let cart = image(instance("cart/cart"), version("2.0.0"), version("2.1.0"));
        let tax = image(instance("tax/tax"), commit("aaaaaaa1"), commit("bbbbbbb1"));
        assert_eq!(
            messages(requirement, &[cart, tax]),
            [
                "rollout-order-unknown: while tax/tax goes from @aaaaaaa to @bbbbbbb, calls of cart/cart may still \
                 reach @aaaaaaa, and whether that is tax @3f2a91c cannot be told"
            ]
        );
    }

    #[test]
    fn a_service_that_is_new_is_not_there_at_first() {
        let requirement = holds(instance("cart/cart"), service("pricing"), ">=1.0");
        let cart = image(instance("cart/cart"), version("2.0.0"), version("2.1.0"));
        let pricing = changed(ChangeKind::InstanceAdded, instance("pricing/pricing"));
        assert_eq!(
            messages(requirement, &[cart, pricing]),
            [
                "rollout-order: pricing is new: until it is there, calls of cart/cart lack pricing >=1.0"
            ]
        );
    }

    #[test]
    fn two_flags_are_not_switched_in_one_instant() {
        let requirement = holds(flag("tax-call"), flag("new-pricing"), "=on");
        let switched = |key: &str| changed(ChangeKind::FlagChanged, flag(key));
        assert_eq!(
            messages(requirement, &[switched("tax-call"), switched("new-pricing")]),
            [
                "rollout-order: flag tax-call changes in the same rollout as flag new-pricing=on: one may \
                 be there before the other"
            ]
        );
    }

    #[test]
    fn only_those_that_change_are_named() {
        let requirements = [
            holds(instance("cart/cart"), service("tax"), ">=1.4.0"),
            holds(instance("ship/ship"), service("tax"), ">=1.4.0"),
        ];
        let changes = [
            image(instance("cart/cart"), version("2.0.0"), version("2.1.0")),
            image(instance("tax/tax"), version("1.3.9"), version("1.4.1")),
        ];
        let findings =
            judge(&Edges::of(&requirements, &[]), &test_support::runs(&["cart", "tax"]), &changes);
        assert_eq!(findings[0].subjects, [instance("cart/cart"), service("tax")]);
    }
}
