//! The set as it will be.

use crate::{
    calls::{Called, Calls},
    clash::{Clash, Doubt},
    edge::Edge,
    set::Set,
    wording,
};
use snapshot_policy::{Finding, Weight};

/// Findings about the calls of the set.
pub(crate) fn judge(calls: &Calls, set: &Set, unknown: Weight) -> Vec<Finding> {
    calls.by_server().flat_map(|called| judge_calls(&called, set, unknown)).collect()
}

fn judge_calls(called: &Called, set: &Set, unknown: Weight) -> Vec<Finding> {
    let (callers, servers) = (called.callers(set), called.servers(set));
    let itself =
        matches!((&callers[..], &servers[..]), ([one], [other]) if std::ptr::eq(*one, *other));
    // An instance understands itself; whether a service is there at all is not for this policy.
    if itself || callers.is_empty() || servers.is_empty() {
        return Vec::new();
    }
    let clash = Clash::between(&callers, &servers);
    let doubt = Doubt::between(&callers, &servers);
    if let Some(entry) = called.ignored {
        return vec![ignored(entry, clash.as_ref(), doubt.as_ref())];
    }
    let denied = clash.map(|clash| differs(called.server, &clash));
    let untold = doubt.map(|doubt| cannot_tell(called.server, &doubt, unknown));
    denied.into_iter().chain(untold).collect()
}

fn differs(server: &str, clash: &Clash) -> Finding {
    let (call, shared) = (wording::call(clash, "calls", "call"), wording::shared(clash.all()));
    let aside = wording::leave_aside(&clash.callers, server);
    let finding = Finding::deny("major-differs", format!("{call}: they do not share {shared}"))
        .hint(format!("run {server} and its callers at one major version, or {aside}"));
    wording::about(finding, clash.all())
}

fn cannot_tell(server: &str, doubt: &Doubt, unknown: Weight) -> Finding {
    let (severity, aside) = (unknown.severity(), wording::leave_aside(&doubt.callers, server));
    let finding = Finding::new(severity, "version-unknown", wording::doubt(server, doubt))
        .hint(format!("{}, or {aside}", wording::remedy(&doubt.unknown)));
    wording::about(finding, doubt.all())
}

fn ignored(entry: Edge, clash: Option<&Clash>, doubt: Option<&Doubt>) -> Finding {
    let told = |outlook: String| {
        Finding::info("call-ignored", format!("{entry} is ignored by the settings{outlook}"))
    };
    match (clash, doubt) {
        (Some(clash), _) => {
            let call = wording::call(clash, "calls", "call");
            wording::about(told(format!(", and would be denied: {call}")), clash.all())
        }
        (None, Some(doubt)) => {
            let obstacles = wording::obstacles(&doubt.unknown);
            wording::about(told(format!(", and could not be told: {obstacles}")), doubt.all())
        }
        (None, None) => told("; now it would pass without".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{findings, needs_tax, question, said, set};
    use snapshot_policy::{CompatibilityQuestion, Subject};

    fn with(settings: &str, instances: &[(&str, &str)]) -> CompatibilityQuestion {
        CompatibilityQuestion { settings: settings.to_owned(), ..question(set(instances)) }
    }

    #[test]
    fn services_that_talk_share_a_major_version() {
        assert!(said(&with("{}", &[("cart/cart", "1.9.0"), ("tax/tax", "1.4.1")])).is_empty());
        let question = with("{}", &[("cart/cart", "1.9.0"), ("tax/tax", "2.0.0")]);
        let found = findings(&question).remove(0);
        assert_eq!(
            found.message,
            "cart/cart 1.9.0 calls tax/tax 2.0.0: they do not share a major version"
        );
        assert_eq!(
            found.hint.as_deref(),
            Some("run tax and its callers at one major version, or ignore \"cart -> tax\"")
        );
        let subjects = ["cart/cart", "tax/tax"].map(|key| Subject::Instance(key.to_owned()));
        assert_eq!(found.subjects, subjects);
    }

    #[test]
    fn many_callers_of_one_service_are_one_finding() {
        let shop = [
            ("cart/cart", "1.9.0"),
            ("ship/ship", "1.0.0"),
            ("tax/next", "2.0.0"),
            ("tax/tax", "1.4.1"),
        ];
        let requirements = vec![needs_tax("ship/ship"), needs_tax("cart/cart")];
        assert_eq!(
            said(&CompatibilityQuestion { requirements, ..with("{}", &shop) }),
            [
                "deny major-differs: cart/cart 1.9.0 and ship/ship 1.0.0 call tax/next 2.0.0: they do \
                 not share a major version"
            ]
        );
    }

    #[test]
    fn below_one_the_minor_version_counts_unless_set() {
        let shop = [("cart/cart", "0.9.0"), ("tax/tax", "0.4.1")];
        assert_eq!(
            said(&with("{}", &shop)),
            ["deny major-differs: cart/cart 0.9.0 calls tax/tax 0.4.1: they do not share a minor \
                 version, which counts below 1.0.0"]
        );
        assert!(said(&with(r#"{"zero": "major"}"#, &shop)).is_empty());
    }

    #[test]
    fn what_cannot_be_compared_weighs_what_the_settings_say() {
        let shop = [("cart/cart", "1.9.0"), ("tax/tax", "3f2a91c")];
        assert_eq!(
            said(&with("{}", &shop)),
            [
                "undecided version-unknown: cannot tell whether cart/cart shares a major version with \
                 tax: tax/tax runs commit 3f2a91c"
            ]
        );
        assert!(said(&with(r#"{"unknown": "warn"}"#, &shop))[0].starts_with("warning "));
        assert!(said(&with(r#"{"unknown": "deny"}"#, &shop))[0].starts_with("deny "));
        let dates = [("cart/cart", "2024.1.15"), ("tax/tax", "2024.2.1")];
        assert_eq!(
            said(&with("{}", &dates)),
            [
                "undecided version-unknown: cannot tell whether cart/cart shares a major version with \
                 tax: cart/cart runs 2024.1.15, which is no semantic version and tax/tax runs \
                 2024.2.1, which is no semantic version"
            ]
        );
    }

    #[test]
    fn what_is_ignored_stays_visible() {
        let ignore = r#"{"ignore": ["cart -> tax"]}"#;
        for (tax, outlook) in [
            ("2.0.0", ", and would be denied: cart/cart 1.9.0 calls tax/tax 2.0.0"),
            ("3f2a91c", ", and could not be told: tax/tax runs commit 3f2a91c"),
            ("1.4.1", "; now it would pass without"),
        ] {
            assert_eq!(
                said(&with(ignore, &[("cart/cart", "1.9.0"), ("tax/tax", tax)])),
                [format!("info call-ignored: cart -> tax is ignored by the settings{outlook}")]
            );
        }
    }

    #[test]
    fn an_instance_understands_itself() {
        let itself = r#"{"talks": ["tax -> tax"]}"#;
        assert!(said(&with(itself, &[("tax/tax", "3f2a91c")])).is_empty());
        assert_eq!(
            said(&with(itself, &[("tax/tax", "1.4.1"), ("tax/next", "2.0.0")])),
            [
                "deny major-differs: tax/next 2.0.0 and tax/tax 1.4.1 call tax/next 2.0.0 and tax/tax \
                 1.4.1: they do not share a major version"
            ]
        );
    }

    #[test]
    fn a_service_that_is_not_there_is_not_for_this_policy() {
        assert!(said(&with("{}", &[("cart/cart", "1.9.0")])).is_empty());
    }
}
