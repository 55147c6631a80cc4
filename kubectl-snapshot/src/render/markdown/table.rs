//! A table in markdown, and what is said below its rows.

use snapshot_core::{diff::Presence, visible};

use super::{
    escape::{code, html, prose},
    length_limited::{Entries, Entry},
    sentence_case, text, urgency,
};
use crate::render::{Cell, Detail, Hunk, HunkLine, Row, Table, page::Group, shorten};

/// More rows than this are folded away.
const UNFOLDED_ROWS: usize = 25;
/// A longer value, in columns, is shortened.
const LONGEST_VALUE: usize = 120;

/// `table`, which stands under the heading `about`, in pieces.
pub(super) fn entries(table: &Table, about: &'static str) -> Entries {
    let columns = Columns::of(table);
    let rows: usize = table.groups.iter().map(|group| group.rows.len().max(1)).sum();
    let mut entries: Vec<Entry> = Vec::new();
    for group in &table.groups {
        if group.rows.is_empty() {
            let row = (columns.line(Some(group), None), Vec::new());
            entries.push(Entry { urgency: urgency::of_title(group), rows: vec![row] });
        }
        for (position, row) in group.rows.iter().enumerate() {
            let urgency = urgency::of(group, row);
            let line = columns.line((position == 0).then_some(group), Some(row));
            let below = row.details.iter().filter_map(|detail| hunk(group, row, detail)).collect();
            match entries.last_mut() {
                Some(entry) if position > 0 && (columns.grouped || columns.goes_on(row)) => {
                    entry.urgency = entry.urgency.max(urgency);
                    entry.rows.push((line, below));
                }
                _ => entries.push(Entry { urgency, rows: vec![(line, below)] }),
            }
        }
    }
    Entries { about, header: columns.header(table), rows: entries, folded: rows > UNFOLDED_ROWS }
}

/// Columns shown in markdown: those of `-o wide` and empty ones are left out.
struct Columns {
    shown: Vec<usize>,
    grouped: bool,
    marked: bool,
}

impl Columns {
    fn of(table: &Table) -> Self {
        let is_used =
            |at: &usize| table.headed || table.rows().any(|row| !row.cells[*at].is_empty());
        let shown = (0..table.columns.len()).filter(|at| !table.columns[*at].wide).filter(is_used);
        let marked =
            |group: &Group| group.mark.is_some() || group.rows.iter().any(|row| row.mark.is_some());
        Self {
            shown: shown.collect(),
            grouped: !table.grouped_by.is_empty(),
            marked: table.groups.iter().any(marked),
        }
    }

    /// True if a row continues the one before it: its first cell is empty.
    fn goes_on(&self, row: &Row) -> bool {
        self.shown.first().is_some_and(|at| row.cells[*at].is_empty())
    }

    fn header(&self, table: &Table) -> String {
        let names = self.shown.iter().map(|at| table.columns[*at].name);
        let group = self.grouped.then_some(table.grouped_by);
        let mark = self.marked.then_some("");
        let names: Vec<String> =
            group.into_iter().chain(mark).chain(names).map(sentence_case).collect();
        format!("{}{}\n", cells(&names), "|---".repeat(names.len()) + "|")
    }

    fn line(&self, group: Option<&Group>, row: Option<&Row>) -> String {
        let title = self.grouped.then(|| group.map(|group| text(&group.title)).unwrap_or_default());
        let mark = row.and_then(|row| row.mark).or(group.and_then(|group| group.mark));
        let said = self.marked && matches!(mark, Some(Presence::Added | Presence::Removed));
        let mark = self.marked.then(|| word(mark).to_owned());
        let values = self
            .shown
            .iter()
            .map(|at| row.map(|row| cell(&row.cells[*at], said)).unwrap_or_default());
        let mut line: Vec<String> = title.into_iter().chain(mark).chain(values).collect();
        let notes =
            row.into_iter().flat_map(|row| &row.details).filter_map(|detail| match detail {
                Detail::Note(note) => Some(format!("<br>{}", text(note))),
                Detail::Hunk(_) => None,
            });
        if let Some(last) = line.last_mut() {
            last.extend(notes);
        }
        cells(&line)
    }
}

fn cells(texts: &[String]) -> String {
    format!("| {} |\n", texts.join(" | "))
}

fn word(mark: Option<Presence>) -> &'static str {
    match mark {
        Some(Presence::Added) => "added",
        Some(Presence::Removed) => "removed",
        Some(Presence::Changed) => "changed",
        None => "",
    }
}

/// A cell; `said` is whether the row says already on which side it is.
fn cell(cell: &Cell, said: bool) -> String {
    match cell {
        Cell::Text(span) => prose(&span.text),
        Cell::Link { text, url } => format!("[{}]({url})", prose(text)),
        Cell::Change { before, after, remark } => {
            let values = match (before, after) {
                (Some(before), Some(after)) => {
                    let (before, after) = shorten::pair(before, after, 2 * LONGEST_VALUE);
                    format!("{} → {}", code(&before), code(&after))
                }
                (before, after) => {
                    let word = match before {
                        _ if said => "",
                        Some(_) => "removed ",
                        None => "added ",
                    };
                    let value = before.iter().chain(after).next();
                    value
                        .map(|value| {
                            format!("{word}{}", code(&shorten::middle(value, LONGEST_VALUE)))
                        })
                        .unwrap_or_default()
                }
            };
            let remark =
                remark.as_ref().map(|span| format!(" ({})", prose(&span.text))).unwrap_or_default();
            format!("{values}{remark}")
        }
    }
}

/// The lines that differ, folded away under the names of what they belong to.
fn hunk(group: &Group, row: &Row, detail: &Detail) -> Option<String> {
    let Detail::Hunk(hunk) = detail else { return None };
    let title: String = group.title.0.iter().map(|span| &*span.text).collect();
    let names = row.cells.iter().filter_map(|cell| match cell {
        Cell::Text(span) => Some(&*span.text),
        Cell::Link { .. } | Cell::Change { .. } => None,
    });
    let names: Vec<String> =
        std::iter::once(&*title).chain(names).filter(|name| !name.is_empty()).map(html).collect();
    Some(format!(
        "<details><summary>{}</summary>\n\n{}\n</details>\n\n",
        names.join(", "),
        fenced(hunk)
    ))
}

fn fenced(hunk: &Hunk) -> String {
    let lines = hunk.lines.iter().map(|line| match line {
        HunkLine::Place(text) => visible::line(text).into_owned(),
        HunkLine::Both(text) => format!(" {}", visible::line(text)),
        HunkLine::Before(text) => format!("-{}", visible::line(text)),
        HunkLine::After(text) => format!("+{}", visible::line(text)),
    });
    let body = lines.chain(hunk.rest()).collect::<Vec<_>>().join("\n");
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}diff\n{body}\n{fence}\n")
}
