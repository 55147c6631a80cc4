//! Markdown of limited length.

use std::fmt::Write as _;

/// GitHub refuses comments of more than 65,536 characters; GitLab takes more.
const LIMIT: usize = 60_000;
/// What the closing note may take.
const RESERVE: usize = 1_000;

/// Collects markdown until there is no more room, and counts what has none.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    text: String,
    characters: usize,
    left_out: Vec<(&'static str, usize)>,
}

impl Sheet {
    /// Adds a piece, if there is room for it, and for `closing` behind it.
    /// Otherwise one more thing of `about` is left out.
    pub(super) fn add(&mut self, piece: &str, closing: usize, about: &'static str) -> bool {
        let length = piece.chars().count();
        if self.characters + length + closing + RESERVE > LIMIT {
            self.leave_out(about);
            return false;
        }
        self.text.push_str(piece);
        self.characters += length;
        true
    }

    /// Adds a piece for which [`Sheet::add`] kept room.
    pub(super) fn close(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.characters += piece.chars().count();
    }

    /// Adds a paragraph.
    pub(super) fn paragraph(&mut self, text: &str, about: &'static str) {
        self.add(&format!("{text}\n\n"), 0, about);
    }

    /// Notes that one more thing of `about` is left out.
    pub(super) fn leave_out(&mut self, about: &'static str) {
        match self.left_out.iter_mut().find(|(known, _)| *known == about) {
            Some((_, count)) => *count += 1,
            None => self.left_out.push((about, 1)),
        }
    }

    /// All that was added, and what was not.
    pub(super) fn finish(mut self) -> String {
        if !self.left_out.is_empty() {
            let parts: Vec<String> = self
                .left_out
                .iter()
                .map(|(about, count)| format!("{count} under {about}"))
                .collect();
            let parts = parts.join(", ");
            write!(
                self.text,
                "_This comment would be too long. Left out: {parts}. `-o json` has everything._\n\n"
            )
            .expect("writing to a string cannot fail");
        }
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}
