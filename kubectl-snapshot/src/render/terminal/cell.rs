//! Cells of a table on a terminal, made to fit.

use snapshot_core::{diff::Presence, visible};

use super::wrap;
use crate::render::{
    Cell, Tone,
    page::{Fit, Span},
    shorten,
};

/// Width of a value at most where the terminal sets no limit, in columns.
const LONGEST_VALUE: usize = 160;

const ARROW: &str = " → ";

/// A cell, safe to print.
pub(super) enum Safe {
    Text(Span),
    Change { before: Option<String>, after: Option<String>, remark: Option<Span>, signed: bool },
}

impl Safe {
    /// Makes `cell` safe.
    ///
    /// `mark` is the one its row has already, which need not be repeated.
    /// Without a limit on the whole table, values get one of their own.
    pub(super) fn new(cell: &Cell, mark: Option<Presence>, unlimited: bool) -> Self {
        let safe = |text: &str| visible::line(text).into_owned();
        match cell {
            Cell::Text(span) => Self::Text(Span::new(span.tone, safe(&span.text))),
            Cell::Link { text, .. } => Self::Text(Span::new(Tone::Plain, safe(text))),
            Cell::Change { before, after, remark } => {
                let (mut before, mut after) =
                    (before.as_deref().map(safe), after.as_deref().map(safe));
                if unlimited {
                    (before, after) =
                        shorten_values(before.as_deref(), after.as_deref(), 2 * LONGEST_VALUE);
                }
                let remark = remark
                    .as_ref()
                    .map(|span| Span::new(span.tone, format!(" ({})", safe(&span.text))));
                let signed = !matches!(mark, Some(Presence::Added | Presence::Removed));
                Self::Change { before, after, remark, signed }
            }
        }
    }

    /// Width that it would take, in columns.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Text(span) => shorten::width(&span.text),
            Self::Change { before, after, remark, signed } => {
                let values =
                    before.iter().chain(after).map(|value| shorten::width(value)).sum::<usize>();
                let remark = remark.as_ref().map_or(0, |remark| shorten::width(&remark.text));
                values + signs(before.is_some(), after.is_some(), *signed) + remark
            }
        }
    }

    /// Says `tax` for `tax/tax`.
    pub(super) fn fold_instance(&mut self) {
        if let Self::Text(span) = self {
            span.text = shorten::instance(&span.text).to_owned().into();
        }
    }

    /// Lines of the cell, each in at most `columns`.
    pub(super) fn fitted(&self, columns: usize, fit: Fit) -> Vec<Vec<Span>> {
        match self {
            Self::Text(span) => {
                let shorten = match fit {
                    Fit::Wrap => return wrap::wrap(std::slice::from_ref(span), Some(columns)),
                    Fit::Start => shorten::start,
                    Fit::End => shorten::end,
                    Fit::Whole | Fit::Middle | Fit::Instance => shorten::middle,
                };
                vec![vec![Span::new(span.tone, shorten(&span.text, columns).into_owned())]]
            }
            Self::Change { before, after, remark, signed } => {
                let taken = signs(before.is_some(), after.is_some(), *signed)
                    + remark.as_ref().map_or(0, |remark| shorten::width(&remark.text));
                let values = shorten_values(
                    before.as_deref(),
                    after.as_deref(),
                    columns.saturating_sub(taken),
                );
                let mut spans = change(values, *signed);
                spans.extend(remark.clone());
                vec![spans]
            }
        }
    }
}

/// Width of the arrow or the sign, in columns.
fn signs(before: bool, after: bool, signed: bool) -> usize {
    match (before, after) {
        (true, true) => shorten::width(ARROW),
        (false, false) => 0,
        _ if signed => 2,
        _ => 0,
    }
}

fn change(values: (Option<String>, Option<String>), signed: bool) -> Vec<Span> {
    let sign = |sign: &str, value: String| if signed { format!("{sign} {value}") } else { value };
    match values {
        (Some(before), Some(after)) => {
            vec![
                Span::new(Tone::Plain, before),
                Span::new(Tone::Muted, ARROW),
                Span::new(Tone::Caution, after),
            ]
        }
        (Some(before), None) => vec![Span::new(Tone::Bad, sign("-", before))],
        (None, Some(after)) => vec![Span::new(Tone::Good, sign("+", after))],
        (None, None) => Vec::new(),
    }
}

fn shorten_values(
    before: Option<&str>,
    after: Option<&str>,
    columns: usize,
) -> (Option<String>, Option<String>) {
    match (before, after) {
        (Some(before), Some(after)) => {
            let (before, after) = shorten::pair(before, after, columns);
            (Some(before.into_owned()), Some(after.into_owned()))
        }
        (before, after) => {
            let alone = |value: &str| shorten::middle(value, columns).into_owned();
            (before.map(alone), after.map(alone))
        }
    }
}
