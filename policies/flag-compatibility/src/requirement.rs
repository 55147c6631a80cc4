//! Findings about the requirements of the candidate set.

use crate::group::Group;
use snapshot_policy::{Finding, Fulfilment, Subject, Weight};

/// The finding for a group of requirements; none where they simply hold.
pub(crate) fn judge(group: &Group, unknown: Weight) -> Option<Finding> {
    let finding = match (group.ignored, group.active, group.state) {
        (true, ..) => ignored(group),
        (false, false, _) => inactive(group),
        (false, true, Fulfilment::Met) => return None,
        (false, true, Fulfilment::Unmet) => unmet(group),
        (false, true, Fulfilment::Unknown) => cannot_tell(group, unknown),
    };
    Some(group.subjects().fold(finding, Finding::about))
}

fn unmet(group: &Group) -> Finding {
    let (who, need, found) = (group.who(), group.need(), group.found);
    if group.of_flags {
        let (is, needs) = (group.one_or("is", "are"), group.one_or("it needs", "they need"));
        Finding::deny(
            "flag-requirement-unmet",
            format!("{who} {is} on, but {found} and {needs} {need}"),
        )
    } else {
        let needs = group.one_or("needs", "need");
        Finding::deny("service-requirement-unmet", format!("{who} {needs} {need}, but {found}"))
    }
    .hint(remedy(group))
}

/// Remedy in words: a change that makes the requirement hold.
fn remedy(group: &Group) -> String {
    let provide = match group.dependency {
        Subject::FeatureFlag(_) if group.condition.is_some() => format!("set {}", group.need()),
        Subject::FeatureFlag(key) => format!("turn {key} on"),
        Subject::Service(_) | Subject::Instance(_) => format!("run {}", group.need()),
    };
    if group.of_flags {
        format!("{provide}, or turn {} off", group.names())
    } else {
        let version = group.one_or("a version", "versions");
        format!("{provide}, or {version} of {} without that need", group.names())
    }
}

fn cannot_tell(group: &Group, unknown: Weight) -> Finding {
    if group.is_unreadable() {
        return Finding::new(
            unknown.severity(),
            "requirement-unreadable",
            format!("cannot tell what {} needs: {}", group.who(), group.found),
        )
        .hint("mend what cannot be read, or ignore it".to_owned());
    }
    let (who, needs) = (group.who(), group.one_or("needs", "need"));
    let question = match group.condition {
        Some(_) => format!("cannot tell whether there is {}, which {who} {needs}", group.need()),
        None => format!("cannot tell whether {} is there, which {who} {needs}", group.need()),
    };
    let finding = Finding::new(
        unknown.severity(),
        "requirement-unknown",
        format!("{question}: {}", group.found),
    );
    match (group.dependency, group.condition) {
        (Subject::FeatureFlag(key), _) => {
            finding.hint(format!("give flag {key} one value for all, or ignore the requirement"))
        }
        (service, Some(condition)) if condition.starts_with('@') => finding.hint(format!(
            "let the tool see {service}'s git history, or name a version instead of a commit"
        )),
        (service, _) => finding.hint(format!(
            "give {service} an image tag or label that names its version, or ignore the requirement"
        )),
    }
}

/// A flag may have several requirements: that one of them holds does not say
/// that the flag may be turned on.
fn inactive(group: &Group) -> Finding {
    let (who, need, found) = (group.who(), group.need(), group.found);
    let (is, needs) = (group.one_or("is", "are"), group.one_or("it needs", "they need"));
    let outlook = match group.state {
        _ if group.is_unreadable() => format!("; what it needs cannot be told: {found}"),
        Fulfilment::Met => format!("; {needs} {need}, which is there: {found}"),
        Fulfilment::Unmet => {
            let has = group.one_or("has", "have");
            format!(", and {has} to stay off: {needs} {need}, but {found}")
        }
        Fulfilment::Unknown => {
            format!("; {needs} {need}, and whether that is there cannot be told: {found}")
        }
    };
    Finding::info("requirement-inactive", format!("{who} {is} off{outlook}"))
}

fn ignored(group: &Group) -> Finding {
    let (who, needs) = (group.who(), group.one_or("needs", "need"));
    let (need, found) = (group.need(), group.found);
    let state = match group.state {
        Fulfilment::Met => "holds",
        Fulfilment::Unmet => "does not hold",
        Fulfilment::Unknown => "may not hold",
    };
    Finding::info(
        "requirement-ignored",
        format!("{who} {needs} {need}, which {state} and is ignored by the settings: {found}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edges::Edges;
    use crate::settings::Settings;
    use crate::test_support::{flag, instance, needs, service};
    use snapshot_policy::{Requirement, Severity, parse_settings};

    fn findings(settings: &str, requirements: &[Requirement]) -> Vec<Finding> {
        let settings: Settings = parse_settings(settings).unwrap();
        let edges = Edges::of(requirements, &settings.ignored().unwrap());
        edges.groups().filter_map(|group| judge(group, settings.unknown)).collect()
    }

    fn finding(settings: &str, requirement: Requirement) -> Finding {
        findings(settings, &[requirement]).remove(0)
    }

    fn tax_call(state: Fulfilment, found: &str) -> Requirement {
        let found = found.to_owned();
        Requirement { state, found, ..needs(flag("tax-call"), service("tax"), ">=1.4.0") }
    }

    #[test]
    fn the_story() {
        let finding = finding("{}", tax_call(Fulfilment::Unmet, "tax runs 1.3.9"));
        assert_eq!(
            (finding.severity, finding.code.as_str()),
            (Severity::Deny, "flag-requirement-unmet")
        );
        assert_eq!(
            finding.message,
            "flag tax-call is on, but tax runs 1.3.9 and it needs tax >=1.4.0"
        );
        assert_eq!(finding.hint.unwrap(), "run tax >=1.4.0, or turn tax-call off");
        assert_eq!(finding.subjects, [flag("tax-call"), service("tax")]);
    }

    #[test]
    fn what_holds_needs_no_words() {
        assert!(findings("{}", &[tax_call(Fulfilment::Met, "tax runs 1.4.1")]).is_empty());
    }

    #[test]
    fn services_that_lack_the_same_are_one_finding() {
        let lacks = |name| Requirement {
            found: "tax runs 1.3.9".to_owned(),
            ..needs(instance(name), service("tax"), ">=1.4.0")
        };
        let findings = findings("{}", &[lacks("cart/cart"), lacks("ship/ship")]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "service-requirement-unmet");
        assert_eq!(
            findings[0].message,
            "cart/cart and ship/ship need tax >=1.4.0, but tax runs 1.3.9"
        );
        assert_eq!(
            findings[0].hint.as_deref(),
            Some("run tax >=1.4.0, or versions of cart/cart and ship/ship without that need")
        );
    }

    #[test]
    fn a_flag_may_need_a_flag() {
        let requirement = Requirement {
            found: "flag new-pricing is off".to_owned(),
            ..needs(flag("tax-call"), flag("new-pricing"), "=on")
        };
        let finding = finding("{}", requirement);
        assert_eq!(
            finding.message,
            "flag tax-call is on, but flag new-pricing is off and it needs flag new-pricing=on"
        );
        assert_eq!(finding.hint.unwrap(), "set flag new-pricing=on, or turn tax-call off");
    }

    #[test]
    fn what_cannot_be_told_weighs_what_the_settings_say() {
        let untold = tax_call(Fulfilment::Unknown, "tax runs image shop/tax:latest");
        let of = |settings: &str| finding(settings, untold.clone());
        assert_eq!(
            of("{}").message,
            "cannot tell whether there is tax >=1.4.0, which flag tax-call needs: tax runs image \
             shop/tax:latest"
        );
        assert_eq!(of("{}").severity, Severity::Undecided);
        assert_eq!(of(r#"{"unknown": "warn"}"#).severity, Severity::Warning);
        assert_eq!(of(r#"{"unknown": "deny"}"#).severity, Severity::Deny);
    }

    #[test]
    fn needs_that_nobody_can_read_are_undecided() {
        let unreadable = |active| Requirement {
            active,
            state: Fulfilment::Unknown,
            condition: None,
            found: "metadata \"requires\" must be text".to_owned(),
            ..needs(flag("tax-call"), flag("tax-call"), "")
        };
        let found = finding("{}", unreadable(true));
        assert_eq!(
            (found.severity, found.code.as_str()),
            (Severity::Undecided, "requirement-unreadable")
        );
        assert_eq!(
            found.message,
            "cannot tell what flag tax-call needs: metadata \"requires\" must be text"
        );
        assert_eq!(finding(r#"{"unknown": "warn"}"#, unreadable(true)).severity, Severity::Warning);
        assert_eq!(
            finding("{}", unreadable(false)).message,
            "flag tax-call is off; what it needs cannot be told: metadata \"requires\" must be text"
        );
    }

    #[test]
    fn a_flag_that_is_off_stays_visible() {
        let off = |state, found: &str| Requirement { active: false, ..tax_call(state, found) };
        let unmet = finding("{}", off(Fulfilment::Unmet, "tax runs 1.3.9"));
        assert_eq!((unmet.severity, unmet.code.as_str()), (Severity::Info, "requirement-inactive"));
        assert_eq!(
            unmet.message,
            "flag tax-call is off, and has to stay off: it needs tax >=1.4.0, but tax runs 1.3.9"
        );
        assert_eq!(
            finding("{}", off(Fulfilment::Met, "tax runs 1.4.1")).message,
            "flag tax-call is off; it needs tax >=1.4.0, which is there: tax runs 1.4.1"
        );
    }

    #[test]
    fn what_is_ignored_stays_visible() {
        let finding = finding(
            r#"{"ignore": ["tax-call -> tax"]}"#,
            tax_call(Fulfilment::Unmet, "tax runs 1.3.9"),
        );
        assert_eq!(
            (finding.severity, finding.code.as_str()),
            (Severity::Info, "requirement-ignored")
        );
        assert_eq!(
            finding.message,
            "flag tax-call needs tax >=1.4.0, which does not hold and is ignored by the settings: \
             tax runs 1.3.9"
        );
    }
}
