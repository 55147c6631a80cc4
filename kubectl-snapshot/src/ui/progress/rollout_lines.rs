//! Lines of progress for the rollouts that are waited for.

use std::collections::BTreeMap;

use snapshot_core::visible;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Number of rollouts that get a line of their own.
const SHOWN: usize = 10;
/// Width of the spinner and its space, in columns.
const SPINNER: usize = 2;

/// The state of many rollouts.
#[derive(Debug, Default)]
pub(super) struct RolloutLines {
    total: usize,
    settled: usize,
    /// Reason for waiting, by rollout, where known.
    waiting: BTreeMap<String, String>,
}

impl RolloutLines {
    pub(super) fn new(total: usize) -> Self {
        Self { total, ..Self::default() }
    }

    pub(super) fn waiting(&mut self, workload: &str, text: &str) {
        self.waiting.insert(workload.to_owned(), visible::line(text).into_owned());
    }

    pub(super) fn settled(&mut self, workload: &str) {
        self.waiting.remove(workload);
        self.settled += 1;
    }

    /// Headline: number of rollouts that are waited for.
    pub(super) fn headline(&self) -> String {
        let rollouts = if self.total == 1 { "rollout" } else { "rollouts" };
        match self.settled {
            0 => format!("waiting for {} {rollouts}", self.total),
            settled => format!(
                "waiting for {} of {} {rollouts}",
                self.total.saturating_sub(settled),
                self.total
            ),
        }
    }

    /// Headline and lines, each of at most `columns`.
    pub(super) fn text(&self, columns: usize) -> String {
        let shown = || self.waiting.iter().take(SHOWN);
        let widest = shown().map(|(workload, _)| workload.width()).max().unwrap_or(0);
        let lines = shown().map(|(workload, text)| {
            let gap = widest - workload.width();
            format!("  {workload}{:gap$}  {text}", "")
        });
        let others = self.total.saturating_sub(self.settled + shown().count());
        let others =
            (others > 0 && !self.waiting.is_empty()).then(|| format!("  … and {others} more"));
        let lines = std::iter::once(self.headline()).chain(lines).chain(others);
        let lines: Vec<String> =
            lines.map(|line| cut(&line, columns.saturating_sub(SPINNER)).to_owned()).collect();
        lines.join("\n")
    }
}

/// Start of `line` that there is room for.
fn cut(line: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, character) in line.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken > columns {
            return &line[..at];
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_have_a_line_each() {
        let mut lines = RolloutLines::new(3);
        assert_eq!(lines.text(80), "waiting for 3 rollouts");
        lines.waiting("Deployment cart", "0 of 3 replicas are updated");
        lines.waiting("Deployment tax", "image \u{1b}[2J cannot be pulled");
        lines.waiting("Deployment cart", "1 of 3 replicas are updated");
        assert_eq!(
            lines.text(80),
            "waiting for 3 rollouts\n  Deployment cart  1 of 3 replicas are updated\n  \
             Deployment tax   image \\u{1b}[2J cannot be pulled\n  … and 1 more"
        );
        lines.settled("Deployment cart");
        assert_eq!(
            lines.text(40),
            "waiting for 2 of 3 rollouts\n  Deployment tax  image \\u{1b}[2J cann\n  … and 1 more"
        );
    }

    #[test]
    fn many_are_counted() {
        let mut lines = RolloutLines::new(44);
        (0..44)
            .for_each(|n| lines.waiting(&format!("Deployment {n}"), "0 of 1 replicas are updated"));
        let text = lines.text(80);
        assert_eq!(text.lines().count(), 12);
        assert!(text.ends_with("\n  … and 34 more"), "{text}");
    }
}
