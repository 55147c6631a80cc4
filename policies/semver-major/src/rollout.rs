//! The time in between: while workloads are replaced one by one, old and new
//! versions of both ends meet, in both directions.
//!
//! Only instances that step from one major version to another, come or go are
//! looked at, and only where both ends do: who stays meets either what runs now,
//! which is nothing new, or what the set has, which is judged there.

use crate::{
    calls::{Called, Calls},
    clash::Clash,
    group,
    running::Running,
    set::{Roster, Set},
    settings::Settings,
    wording,
};
use snapshot_policy::{Finding, Weight, enumerate};
use std::collections::BTreeSet;

/// The way from what runs to the candidate.
pub(crate) struct Rollout<'a> {
    /// Instances that step to another major version, or go.
    old: Set<'a>,
    /// Instances that come from another major version, or are new.
    new: Set<'a>,
    /// Weight of old and new meeting across major versions.
    weight: Weight,
    /// Weight of an old version that cannot be compared.
    unknown: Weight,
}

/// Old and new instances that step, of one end of a call.
struct Steps<'a> {
    old: Vec<&'a Running<'a>>,
    new: Vec<&'a Running<'a>>,
}

impl<'a> Rollout<'a> {
    pub(crate) fn between(old: &Roster<'a>, new: &Roster<'a>, settings: &Settings) -> Self {
        let (weight, unknown) = (settings.rollout, settings.unknown);
        let [old, new] = [old.stepping(new), new.stepping(old)].map(Roster::by_service);
        Self { old, new, weight, unknown }
    }

    pub(crate) fn judge(&self, calls: &Calls, groups: &[Vec<&str>]) -> Vec<Finding> {
        if self.old.is_empty() || self.new.is_empty() {
            return Vec::new();
        }
        let of_calls = calls.by_server().filter(|called| called.ignored.is_none());
        let mut findings: Vec<Finding> =
            of_calls.flat_map(|called| self.judge_calls(&called)).collect();
        findings.extend(groups.iter().flat_map(|group| self.judge_group(group)));
        findings
    }

    fn judge_calls(&self, called: &Called) -> Vec<Finding> {
        let callers = Steps { old: called.callers(&self.old), new: called.callers(&self.new) };
        let servers = Steps { old: called.servers(&self.old), new: called.servers(&self.new) };
        let forth = Clash::between(&callers.old, &servers.new);
        let back = Clash::between(&callers.new, &servers.old);
        let clashes: Vec<Clash> = forth.into_iter().chain(back).collect();
        let meet = (!clashes.is_empty()).then(|| self.meet(called.server, &clashes));
        let mut unknown = callers.unknown_before(&servers);
        unknown.extend(servers.unknown_before(&callers));
        let doubt = self.cannot_tell(&format!("{} and its callers", called.server), &unknown);
        meet.into_iter().chain(doubt).collect()
    }

    fn meet(&self, server: &str, clashes: &[Clash]) -> Finding {
        let all = || clashes.iter().flat_map(Clash::all);
        let calls: Vec<String> =
            clashes.iter().map(|clash| wording::call(clash, "may call", "may call")).collect();
        let callers: Vec<&Running> =
            clashes.iter().flat_map(|clash| clash.callers.iter().copied()).collect();
        let aside = wording::leave_aside(&callers, server);
        let (calls, shared) = (enumerate(&calls), wording::shared(all()));
        let finding = self.meeting(&format!("{calls}: they do not share {shared}")).hint(format!(
            "keep the old {server} beside the new one until its callers have moved, or {aside} if \
             both versions understand both"
        ));
        wording::about(finding, all())
    }

    fn judge_group(&self, group: &[&str]) -> Vec<Finding> {
        let steps =
            Steps { old: group::members(group, &self.old), new: group::members(group, &self.new) };
        let services: BTreeSet<&str> =
            steps.new.iter().map(|running| running.instance.service.as_str()).collect();
        // One that is replaced alone meets what the set has.
        if services.len() < 2 {
            return Vec::new();
        }
        let name = format!("the group of {}", enumerate(group));
        let meet = Clash::between(&steps.old, &steps.new).map(|clash| {
            let (old, new) = (wording::versions(&clash.callers), wording::versions(&clash.servers));
            let shared = wording::shared(clash.all());
            let finding = self
                .meeting(&format!(
                    "{name} has old {old} beside new {new}: they do not share {shared}"
                ))
                .hint("keep the old ones beside the new ones until all have moved");
            wording::about(finding, clash.all())
        });
        let doubt = self.cannot_tell(&name, &steps.unknown_before(&steps));
        meet.into_iter().chain(doubt).collect()
    }

    fn meeting(&self, what: &str) -> Finding {
        let message = format!("while the rollout lasts, {what}");
        Finding::new(self.weight.severity(), "rollout-major", message)
    }

    /// Old versions that cannot be compared; about new ones, the set's own findings tell.
    fn cannot_tell(&self, who: &str, unknown: &[&Running]) -> Option<Finding> {
        if unknown.is_empty() {
            return None;
        }
        let obstacles = wording::obstacles(unknown);
        let message = format!(
            "while the rollout lasts, old and new versions of {who} meet, and whether they share a \
             major version cannot be told: {obstacles}"
        );
        // A doubt weighs no more than the certainty would.
        let severity = self.weight.min(self.unknown).severity();
        let finding = Finding::new(severity, "rollout-version-unknown", message)
            .hint("compare the versions by hand, or go there in two steps");
        Some(wording::about(finding, unknown.iter().copied()))
    }
}

impl<'a> Steps<'a> {
    /// The old ones that cannot be compared, if the other end has new ones for them to meet.
    fn unknown_before(&self, other: &Steps) -> Vec<&'a Running<'a>> {
        let old: &[_] = if other.new.is_empty() { &[] } else { &self.old };
        old.iter().copied().filter(|running| running.line.is_none()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{question, said, set};
    use snapshot_policy::CompatibilityQuestion;

    fn rollout(
        settings: &str,
        before: &[(&str, &str)],
        after: &[(&str, &str)],
    ) -> CompatibilityQuestion {
        let running = Some(set(before));
        CompatibilityQuestion { running, settings: settings.to_owned(), ..question(set(after)) }
    }

    const OLD: [(&str, &str); 2] = [("cart/cart", "1.9.0"), ("tax/tax", "1.4.1")];
    const NEW: [(&str, &str); 2] = [("cart/cart", "2.0.0"), ("tax/tax", "2.1.0")];

    #[test]
    fn both_directions_are_found() {
        let message = "rollout-major: while the rollout lasts, cart/cart 1.9.0 may call tax/tax 2.1.0 \
                       and cart/cart 2.0.0 may call tax/tax 1.4.1: they do not share a major version";
        assert_eq!(said(&rollout("{}", &OLD, &NEW)), [format!("warning {message}")]);
        assert_eq!(
            said(&rollout(r#"{"rollout": "deny"}"#, &OLD, &NEW)),
            [format!("deny {message}")]
        );
    }

    #[test]
    fn who_stays_is_judged_in_the_set() {
        // What runs now does not fit, and the step mends it.
        let before = [("cart/cart", "2.0.0"), ("tax/tax", "1.4.1")];
        assert!(said(&rollout("{}", &before, &NEW)).is_empty());
        // What will run does not fit.
        let after = [("cart/cart", "1.9.0"), ("tax/tax", "2.1.0")];
        assert_eq!(said(&rollout("{}", &OLD, &after)).len(), 1);
        // Minor steps.
        let after = [("cart/cart", "1.10.0"), ("tax/tax", "1.5.0")];
        assert!(said(&rollout("{}", &OLD, &after)).is_empty());
    }

    #[test]
    fn what_comes_and_goes_is_met_too() {
        let settings = r#"{"talks": ["cart -> tax"]}"#;
        let before = [("cart/cart", "1.9.0"), ("tax/old", "1.4.1")];
        let after = [("cart/next", "2.0.0"), ("tax/tax", "2.1.0")];
        assert_eq!(
            said(&rollout(settings, &before, &after)),
            ["warning rollout-major: while the rollout lasts, cart/cart 1.9.0 may call tax/tax \
                 2.1.0 and cart/next 2.0.0 may call tax/old 1.4.1: they do not share a major version"]
        );
    }

    #[test]
    fn an_old_version_that_cannot_be_compared_is_mentioned() {
        let before = [("cart/cart", "1.9.0"), ("tax/tax", "3f2a91c")];
        let message = "rollout-version-unknown: while the rollout lasts, old and new versions of tax \
                       and its callers meet, and whether they share a major version cannot be told: \
                       tax/tax runs commit 3f2a91c";
        let of = |settings| said(&rollout(settings, &before, &NEW)).remove(1);
        assert_eq!(of("{}"), format!("warning {message}"));
        assert_eq!(of(r#"{"rollout": "deny"}"#), format!("undecided {message}"));
        // Nobody steps across but the one that is not known.
        let after = [("cart/cart", "1.9.1"), ("tax/tax", "1.4.1")];
        assert!(said(&rollout("{}", &before, &after)).is_empty());
    }

    #[test]
    fn a_group_steps_together() {
        let settings = r#"{"requirements": false, "groups": [["cart", "tax"]]}"#;
        assert_eq!(
            said(&rollout(settings, &OLD, &NEW)),
            ["warning rollout-major: while the rollout lasts, the group of cart and tax has old \
                 cart/cart 1.9.0 and tax/tax 1.4.1 beside new cart/cart 2.0.0 and tax/tax 2.1.0: they \
                 do not share a major version"]
        );
    }

    #[test]
    fn what_is_ignored_is_ignored_on_the_way_too() {
        let said = said(&rollout(r#"{"ignore": ["cart -> tax"]}"#, &OLD, &NEW));
        assert_eq!(
            said,
            [
                "info call-ignored: cart -> tax is ignored by the settings; now it would pass without"
            ]
        );
    }
}
