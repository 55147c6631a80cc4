//! The lines that differ between two texts.

use similar::{ChangeTag, TextDiff};

use crate::render::{Hunk, HunkLine};

/// Longer texts are not compared line by line: it takes quadratic time.
const LONGEST: usize = 5_000;

/// The first lines that differ, at most `shown`, with a line around them; none
/// where the texts are too long.
pub(super) fn between(before: &str, after: &str, shown: usize) -> Option<Hunk> {
    if before.lines().count() + after.lines().count() > LONGEST {
        return None;
    }
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        lines.push(HunkLine::Place(hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let mut text = change.value().trim_end_matches('\n').to_owned();
            if change.missing_newline() && change.tag() != ChangeTag::Equal {
                text.push_str("  (no line break at the end)");
            }
            lines.push(match change.tag() {
                ChangeTag::Equal => HunkLine::Both(text),
                ChangeTag::Delete => HunkLine::Before(text),
                ChangeTag::Insert => HunkLine::After(text),
            });
        }
    }
    let omitted = lines.len().saturating_sub(shown);
    lines.truncate(shown);
    Some(Hunk { lines, omitted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_with_its_neighbours() {
        let hunk = between("a\nb\nc\nd\n", "a\nb\nx\nd\n", 10).unwrap();
        assert_eq!(
            hunk.lines,
            [
                HunkLine::Place("@@ -2,3 +2,3 @@".into()),
                HunkLine::Both("b".into()),
                HunkLine::Before("c".into()),
                HunkLine::After("x".into()),
                HunkLine::Both("d".into()),
            ]
        );
        assert_eq!(hunk.omitted, 0);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let long = (0..40).map(|line| line.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let hunk = between("", &long, 10).unwrap();
        assert_eq!((hunk.lines.len(), hunk.omitted), (10, 31));
        assert_eq!(between("", &long.repeat(200), 10), None);
    }

    #[test]
    fn a_missing_line_break_is_said() {
        let hunk = between("a\nb", "a\nb\n", 10).unwrap();
        assert_eq!(hunk.lines[2], HunkLine::Before("b  (no line break at the end)".into()));
        assert_eq!(hunk.lines[3], HunkLine::After("b".into()));
    }
}
