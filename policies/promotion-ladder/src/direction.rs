//! Downgrade rule: images that would go back.

use crate::{
    settings::{Downgrade, Settings},
    wording,
};
use snapshot_policy::{
    Change, ChangeKind, Container, Finding, ImageChange, Order, PromotionQuestion, Severity,
    Subject, Weight, enumerate,
};
use std::fmt;

/// Number of characters of a digest that tell two apart.
const DIGEST_SHOWN: usize = "sha256:".len() + 8;

/// Findings about the images that are not plainly newer, one for each way of not being so.
/// A first deployment changes nothing, and has none.
pub(crate) fn judge(settings: &Settings, question: &PromotionQuestion) -> Vec<Finding> {
    let target = &question.target.name;
    let reason = wording::reason(question);
    let older = Moved::by(Order::Older, question).map(|moved| {
        let severity = match settings.downgrade {
            Downgrade::Reason if reason.is_none() => Severity::Deny,
            Downgrade::Reason | Downgrade::Warn => Severity::Warning,
            Downgrade::Deny => Severity::Deny,
        };
        let what = format!("{target} would go back: {moved}");
        let hint = match settings.downgrade {
            Downgrade::Reason => "promote what is newer, or say why it goes back: --reason",
            _ => "promote what is newer",
        };
        moved.finding(severity, "downgrade", &what, reason).hint(hint)
    });
    let diverged = Moved::by(Order::Diverged, question).map(|moved| {
        let what = format!(
            "{target} would lose commits, for each side has some that the other lacks: {moved}"
        );
        moved
            .finding(weigh(settings.diverged, reason), "version-diverged", &what, reason)
            .hint("merge what runs into what is promoted, or say why it may go: --reason")
    });
    let unknown = Moved::by(Order::Unknown, question).map(|moved| {
        let what = format!("cannot tell whether it is newer for {target}: {moved}");
        moved
            .finding(weigh(settings.unknown, reason), "order-unknown", &what, reason)
            .hint("let the tool see the git history, or tag images with versions")
    });
    older.into_iter().chain(diverged).chain(unknown).collect()
}

/// Severity of a weight; a warning in place of undecided where a reason is given: whoever
/// gives one has thought about it, and there is nothing to wait for.
fn weigh(weight: Weight, reason: Option<&str>) -> Severity {
    match weight {
        Weight::Undecided if reason.is_some() => Severity::Warning,
        weight => weight.severity(),
    }
}

/// The images that would move in one way.
struct Moved<'a>(Vec<(&'a Subject, &'a ImageChange)>);

impl<'a> Moved<'a> {
    fn by(order: Order, question: &'a PromotionQuestion) -> Option<Self> {
        let image = |change: &'a Change| match &change.kind {
            ChangeKind::Image(image) if image.order == order => Some((&change.subject, image)),
            _ => None,
        };
        let moved: Vec<_> = question.changes.iter().filter_map(image).collect();
        (!moved.is_empty()).then_some(Self(moved))
    }

    fn finding(&self, severity: Severity, code: &str, what: &str, reason: Option<&str>) -> Finding {
        let message = match reason {
            Some(reason) => format!("{what}; the reason given is {reason:?}"),
            None => what.to_owned(),
        };
        let mut finding = Finding::new(severity, code, message);
        for (subject, _) in &self.0 {
            // Containers of one instance stand together.
            if finding.subjects.last() != Some(subject) {
                finding = finding.about((*subject).clone());
            }
        }
        finding
    }
}

/// `tax/tax from 1.4.1 to 1.3.9`
impl fmt::Display for Moved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moved = self.0.iter().map(|(subject, image)| {
            let [before, after] = told_apart(&image.before, &image.after);
            format!("{} from {before} to {after}", container(subject, &image.container))
        });
        f.write_str(&enumerate(&moved.collect::<Vec<_>>()))
    }
}

/// `tax/tax`, or `tax/tax (proxy)` for a container that is not named like either.
fn container(subject: &Subject, name: &str) -> String {
    if subject.name().split('/').any(|part| part == name) {
        subject.to_string()
    } else {
        format!("{subject} ({name})")
    }
}

/// One version may have been built twice, or moved to another repository.
fn told_apart(before: &Container, after: &Container) -> [String; 2] {
    let sides = [before, after];
    if before.to_string() != after.to_string() {
        return sides.map(Container::to_string);
    }
    sides.map(|side| match &side.digest {
        _ if before.image != after.image => format!("{}:{side}", side.image),
        Some(digest) => format!("{side}@{}", digest.get(..DIGEST_SHOWN).unwrap_or(digest)),
        None => format!("{side} without a digest"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{findings, promotion, said, update};

    fn moved(settings: &str, reason: Option<&str>, changes: &[Change]) -> PromotionQuestion {
        PromotionQuestion {
            changes: changes.to_vec(),
            reason: reason.map(str::to_owned),
            settings: settings.to_owned(),
            ..promotion()
        }
    }

    fn back() -> Change {
        update("tax", "1.4.1", "1.3.9", Order::Older)
    }

    #[test]
    fn nothing_goes_back_in_silence() {
        assert_eq!(
            said(&moved("{}", None, &[back()])),
            ["deny downgrade: prod would go back: tax/tax from 1.4.1 to 1.3.9"]
        );
        assert_eq!(
            said(&moved("{}", Some("1.4.1 rounds wrongly"), &[back()])),
            [
                "warning downgrade: prod would go back: tax/tax from 1.4.1 to 1.3.9; the reason given \
                 is \"1.4.1 rounds wrongly\""
            ]
        );
        assert!(said(&moved("{}", Some("  "), &[back()]))[0].starts_with("deny "));
        let newer = update("tax", "1.3.9", "1.4.1", Order::Newer);
        assert!(said(&moved("{}", None, &[newer])).is_empty());
    }

    #[test]
    fn the_settings_may_be_stricter_or_not() {
        let deny = r#"{"downgrade": "deny"}"#;
        assert!(said(&moved(deny, Some("hotfix"), &[back()]))[0].starts_with("deny "));
        let warn = r#"{"downgrade": "warn"}"#;
        assert!(said(&moved(warn, None, &[back()]))[0].starts_with("warning "));
    }

    #[test]
    fn commits_that_would_be_lost_are_undecided_without_a_reason() {
        let diverged = [update("cart", "aaaaaaa", "bbbbbbb", Order::Diverged)];
        assert_eq!(
            said(&moved("{}", None, &diverged)),
            [
                "undecided version-diverged: prod would lose commits, for each side has some that the \
                 other lacks: cart/cart from aaaaaaa to bbbbbbb"
            ]
        );
        assert!(said(&moved("{}", Some("rebased"), &diverged))[0].starts_with("warning "));
        let deny = r#"{"diverged": "deny"}"#;
        assert!(said(&moved(deny, Some("rebased"), &diverged))[0].starts_with("deny "));
    }

    #[test]
    fn what_nobody_can_tell_is_told() {
        let rebuilt = |digest: &str| Container {
            digest: Some(format!("sha256:{}", digest.repeat(32))),
            tag: Some("1.4.1".to_owned()),
            ..Container::default()
        };
        let mut change = update("tax", "", "", Order::Unknown);
        change.kind = ChangeKind::Image(ImageChange {
            container: "proxy".to_owned(),
            before: rebuilt("ab"),
            after: rebuilt("cd"),
            order: Order::Unknown,
        });
        assert_eq!(
            said(&moved("{}", None, &[change.clone()])),
            [
                "warning order-unknown: cannot tell whether it is newer for prod: tax/tax (proxy) from \
                 1.4.1@sha256:abababab to 1.4.1@sha256:cdcdcdcd"
            ]
        );
        let undecided = r#"{"unknown": "undecided"}"#;
        assert!(said(&moved(undecided, None, &[change]))[0].starts_with("undecided "));
    }

    #[test]
    fn a_whole_set_that_goes_back_is_one_finding() {
        let changes: Vec<Change> = (0..40)
            .map(|n| update(&format!("service-{n}"), "2.0.0", "1.0.0", Order::Older))
            .collect();
        let findings = findings(&moved("{}", None, &changes));
        assert_eq!((findings.len(), findings[0].subjects.len()), (1, 40));
        assert!(findings[0].message.ends_with("and 37 more"), "{}", findings[0].message);
    }
}
