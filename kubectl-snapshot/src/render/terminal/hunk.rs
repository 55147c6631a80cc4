//! Lines that differ, as `diff -u` prints them.

use std::{borrow::Cow, io};

use snapshot_core::visible;

use super::printer::Printer;
use crate::render::{Hunk, HunkLine, Tone, shorten};

type SignedLine<'a> = (Tone, Cow<'a, str>);

/// Prints `hunk` from the column `indent` on, no line longer than `limit`.
pub(super) fn write(
    printer: &mut Printer<'_>,
    hunk: &Hunk,
    indent: usize,
    limit: usize,
) -> io::Result<()> {
    let mut lines: Vec<SignedLine<'_>> = hunk.lines.iter().map(signed).collect();
    for at in 1..lines.len() {
        keep_difference_in_view(&mut lines, at, limit);
    }
    lines.extend(hunk.rest().map(|rest| (Tone::Muted, rest.into())));
    for (tone, text) in lines {
        printer.move_to(indent);
        printer.text(tone, &shorten::end(&text, limit))?;
        printer.end_line()?;
    }
    Ok(())
}

fn signed(line: &HunkLine) -> SignedLine<'_> {
    let (tone, sign, text) = match line {
        HunkLine::Place(text) => return (Tone::Muted, visible::line(text)),
        HunkLine::Both(text) => (Tone::Plain, ' ', text),
        HunkLine::Before(text) => (Tone::Bad, '-', text),
        HunkLine::After(text) => (Tone::Good, '+', text),
    };
    (tone, format!("{sign}{}", visible::line(text)).into())
}

/// Shortens a replaced line and its replacement so that the part that differs stays in
/// view.
fn keep_difference_in_view(lines: &mut [SignedLine<'_>], at: usize, limit: usize) {
    let is = |at: Option<usize>, tone| {
        at.and_then(|at| lines.get(at)).is_some_and(|line| line.0 == tone)
    };
    let one_for_one = is(at.checked_sub(1), Tone::Bad)
        && is(Some(at), Tone::Good)
        && !is(at.checked_sub(2), Tone::Bad)
        && !is(Some(at + 1), Tone::Good);
    if !one_for_one {
        return;
    }
    let limit = limit.saturating_sub(1);
    let (before, after) =
        shorten::differing(&lines[at - 1].1[1..], &lines[at].1[1..], limit, limit);
    let (before, after) = (format!("-{before}"), format!("+{after}"));
    (lines[at - 1].1, lines[at].1) = (before.into(), after.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(lines: Vec<HunkLine>, omitted: usize) -> String {
        let mut out = Vec::new();
        write(&mut Printer::new(&mut out, false), &Hunk { lines, omitted }, 2, 20).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_long_line_shows_where_it_differs() {
        let line = |value: u8| format!("{}timeout: {value}{}", "a".repeat(30), "z".repeat(30));
        let lines = vec![HunkLine::Before(line(1)), HunkLine::After(line(2))];
        assert_eq!(printed(lines, 0), "  -…imeout: 1zzzzzzzz…\n  +…imeout: 2zzzzzzzz…\n");
    }

    #[test]
    fn other_long_lines_lose_their_end() {
        let long = || "a".repeat(30);
        let lines = vec![
            HunkLine::Before(long()),
            HunkLine::Before(long()),
            HunkLine::After("b\u{1b}".into()),
        ];
        assert_eq!(
            printed(lines, 3),
            "  -aaaaaaaaaaaaaaaaaa…\n  -aaaaaaaaaaaaaaaaaa…\n  +b\\u{1b}\n  … and 3 more lines\n"
        );
    }
}
