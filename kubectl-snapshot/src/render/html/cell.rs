//! Cells of a table in HTML, and the details below its rows.

use std::fmt;

use snapshot_core::diff::Presence;

use super::{Said, Toned, class, escape::Text};
use crate::render::{Cell, Detail, Hunk, HunkLine, Tone, page::Span, shorten};

/// A longer value, in columns, is shortened; two values that differ share twice as much.
const LONGEST_VALUE: usize = 300;
/// Longest text that is shown whole, in columns.
pub(super) const LONGEST_TEXT: usize = 600;

/// A word in a frame: what it means does not depend on its colour.
pub(super) struct Badge<'a>(pub(super) Tone, pub(super) &'a str);

impl fmt::Display for Badge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<b class=\"badge {}\">{}</b>", class(self.0), Text(self.1))
    }
}

/// The badge of a row or group that is on one side only, or on both.
pub(super) fn mark(presence: Presence) -> Badge<'static> {
    let word = match presence {
        Presence::Added => "added",
        Presence::Removed => "removed",
        Presence::Changed => "changed",
    };
    Badge(presence.into(), word)
}

/// A cell's contents; `said` is whether the row says already on which side it is.
pub(super) struct Contents<'a> {
    pub(super) cell: &'a Cell,
    pub(super) said: bool,
}

impl fmt::Display for Contents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cell {
            // kubectl's way of saying it; elsewhere the brackets look like a fault.
            Cell::Text(span) if span.tone == Tone::Muted && span.text == "<none>" => {
                f.write_str("<span class=\"quiet\">none</span>")
            }
            Cell::Text(span) => write!(f, "{}", Said(span)),
            Cell::Link { text, url } => {
                write!(f, "<a href=\"{}\" rel=\"noreferrer\">{}</a>", Text(url), Text(text))
            }
            Cell::Change { before, after, remark } => {
                change(f, before.as_deref(), after.as_deref(), self.said)?;
                remark
                    .iter()
                    .try_for_each(|Span { tone, text }| write!(f, " {}", Badge(*tone, text)))
            }
        }
    }
}

fn change(
    f: &mut fmt::Formatter<'_>,
    before: Option<&str>,
    after: Option<&str>,
    said: bool,
) -> fmt::Result {
    let value = |f: &mut fmt::Formatter<'_>, text: &str| {
        write!(f, "<code>{}</code>", Text(&shorten::middle(text, LONGEST_VALUE)))
    };
    match (before, after) {
        (Some(before), Some(after)) => {
            let (before, after) = shorten::pair(before, after, 2 * LONGEST_VALUE);
            write!(
                f,
                "<code>{}</code> <span class=\"to\"><i>to</i></span> <code>{}</code>",
                Text(&before),
                Text(&after)
            )
        }
        (Some(one), None) | (None, Some(one)) if said => value(f, one),
        (Some(before), None) => {
            write!(f, "{} ", mark(Presence::Removed))?;
            value(f, before)
        }
        (None, Some(after)) => {
            write!(f, "{} ", mark(Presence::Added))?;
            value(f, after)
        }
        (None, None) => Ok(()),
    }
}

/// Detail below a row.
pub(super) struct Below<'a>(pub(super) &'a Detail);

impl fmt::Display for Below<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Detail::Note(line) => write!(f, "<p class=\"note\">{}</p>", Toned(line)),
            Detail::Hunk(hunk) => lines(f, hunk),
        }
    }
}

/// Lines that differ, each with its sign.
fn lines(f: &mut fmt::Formatter<'_>, hunk: &Hunk) -> fmt::Result {
    // A box that scrolls has to be reached with the keyboard.
    f.write_str("<pre tabindex=\"0\" role=\"region\" aria-label=\"lines that differ\">")?;
    for line in &hunk.lines {
        let (class, sign, text) = match line {
            HunkLine::Place(text) => ("quiet", "", text),
            HunkLine::Both(text) => ("plain", " ", text),
            HunkLine::Before(text) => ("bad", "-", text),
            HunkLine::After(text) => ("good", "+", text),
        };
        let text = shorten::end(text, LONGEST_TEXT);
        writeln!(f, "<span class=\"{class}\">{sign}{}</span>", Text(&text))?;
    }
    if let Some(rest) = hunk.rest() {
        write!(f, "<span class=\"quiet\">{}</span>", Text(&rest))?;
    }
    f.write_str("</pre>")
}
