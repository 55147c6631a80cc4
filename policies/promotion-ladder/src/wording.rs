//! Wording of findings.

use snapshot_policy::{PromotionQuestion, Snapshot};

/// Number of characters of a digest that tell snapshots apart.
const SHORT: usize = "sha256:".len() + 8;

/// The snapshot's name, or its digest in short.
pub(crate) fn named(snapshot: &Snapshot) -> &str {
    match snapshot.name.as_str() {
        "" => snapshot.digest.get(..SHORT).unwrap_or(&snapshot.digest),
        name => name,
    }
}

/// The reason that was given, if it says anything.
pub(crate) fn reason(question: &PromotionQuestion) -> Option<&str> {
    question.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_without_a_name_goes_by_its_digest() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let unnamed = Snapshot { digest, ..Snapshot::default() };
        assert_eq!(named(&unnamed), "sha256:abababab");
        assert_eq!(named(&Snapshot { name: "rel-42".to_owned(), ..unnamed }), "rel-42");
    }

    #[test]
    fn blanks_are_no_reason() {
        let reason_of = |text: &str| {
            let given = Some(text.to_owned());
            let question = PromotionQuestion { reason: given, ..PromotionQuestion::default() };
            reason(&question).map(str::to_owned)
        };
        assert_eq!(reason_of(" hotfix\n").as_deref(), Some("hotfix"));
        assert_eq!(reason_of("  "), None);
    }
}
